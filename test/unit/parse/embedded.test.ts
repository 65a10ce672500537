// Tests what may go in HTML and components: scripts and styles by their grammars, tags that need each other, expressions in tags.
import { expect, test } from 'vitest';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { testGrammars } from '../../support/grammars';

const structureOf = (languageId: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path: 'a', languageId, text }, testGrammars());
const all = (list: readonly Unit[]): Unit[] => list.flatMap((u) => [u, ...all(u.children)]);

/** The units that may go, each as its first line, the number of its lines, and the language of its marker: `a 3 css`. */
async function going(languageId: string, text: string): Promise<string[]> {
  return all((await structureOf(languageId, text)).units)
    .filter((u) => u.cuttable || u.member)
    .map((u) => {
      const lines = text.slice(u.start, u.end).trimEnd().split('\n');
      return `${lines[0]!.trim()} ${lines.length}${u.language ? ` ${u.language}` : ''}`;
    });
}

test.each([
  [
    'statements of a script over several lines',
    'html',
    '<p>a</p>\n<script>\n  if (b)\n    c();\n  d\n    .e()\n    .f();\n</script>\n',
    ['<p>a</p> 1', '<script> 7', 'if (b) 2 javascript', 'd 3 javascript'],
  ],
  [
    'a script that its grammar cannot read',
    'html',
    '<script>\n  f({{ a }});\n  b();\n</script>\n',
    ['<script> 4', 'f({{ a }}); 1 javascript', 'b(); 1 javascript'],
  ],
  [
    'a script on the line of its tag',
    'html',
    '<script>a();\nb();\nc();</script>\n<p>d</p>\n',
    ['<script>a(); 3', 'b(); 1 javascript', '<p>d</p> 1'],
  ],
  [
    'data and templates in scripts',
    'html',
    '<script type="application/ld+json">\n[\n  1\n]\n</script>\n<script type="text/template">\n  <b>c</b>\n</script>\n',
    ['<script type="application/ld+json"> 5', '<script type="text/template"> 3', '<b>c</b> 1 html'],
  ],
  [
    'a style in a comment',
    'html',
    '<!--[if a]>\n<style>\n  b {}\n</style>\n<![endif]-->\n<style>\n  c {\n  }\n</style>\n',
    ['<!--[if a]> 5', '<style> 4', 'c { 2 css'],
  ],
  ['what every page has', 'html', '<html>\n<body>\n  <p>a</p>\n</body>\n</html>\n', ['<p>a</p> 1']],
  [
    'the script and the style of a component',
    'vue',
    '<script lang="ts">\nconst a: B = {\n  c: 1,\n};\n</script>\n<style>\n.d {\n  e: f;\n}\n</style>\n',
    ['const a: B = { 3 typescript', 'c: 1, 1 typescript', '<style> 5', '.d { 3 css', 'e: f; 1 css'],
  ],
  [
    'a condition over several elements',
    'vue',
    '<template>\n  <a v-if="b > 1" />\n  <!-- c -->\n  <d e="f > g"\n    v-else-if="h" />\n  <i v-else>j</i>\n  <k />\n</template>\n',
    ['<a v-if="b > 1" /> 5', '<!-- c --> 1', '<d e="f > g" 2', '<i v-else>j</i> 1', '<k /> 1'],
  ],
  [
    'what a component holds in other languages',
    'vue',
    '<template lang="pug">\n  a\n    b\n</template>\n<i18n>\n{\n  "c": [\n    1,\n    2\n  ]\n}\n</i18n>\n<style lang="scss">\n.d {\n  // e\n  f: g;\n}\n</style>\n',
    ['<i18n> 8', '1, 1 json', '<style lang="scss"> 6', '.d { 4 scss', '// e 1 scss', 'f: g; 1 scss'],
  ],
  [
    'the element of a transition',
    'vue',
    '<template>\n  <transition>\n    <p>\n      a\n    </p>\n  </transition>\n</template>\n',
    ['<transition> 5', 'a 1'],
  ],
  [
    'an expression over several lines in a tag',
    'svelte',
    '<script lang="ts">\n  let a;\n</script>\n<b\n  on:c={() => {\n    d();\n  }}\n  e\n/>\n<p>{f}</p>\n',
    ['let a; 1 typescript', '<b 6', '<p>{f}</p> 1'],
  ],
])('%s (%s)', async (_, languageId, text, units) => {
  expect(await going(languageId, text)).toEqual(units);
});

test('names, comments and errors of a script are those of the text', async () => {
  const text = '<p>a</p>\n<script>\n// b\nfunction c() {\n  d();\n}\n</script>\n';
  const structure = await structureOf('html', text);
  expect(structure.definitions.map(({ name, span }) => [name, text.slice(span.start, span.end)])).toEqual([['c', 'c']]);
  expect(structure.comments!.map(({ start, end }) => text.slice(start, end))).toEqual(['// b']);
  expect(structure.errorsIn(text)).toBe(0);
  expect(structure.errorsIn(text.replace('}', ''))).toBeGreaterThan(0);
});
