// Tests the promises of a cut on real files: verbatim, valid, nested, within the budget, protected, reversible.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SourceText } from '../../../src/core/context';
import { fitToTokens } from '../../../src/cut/fit';
import { languageOf } from '../../../src/languages/languages';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { parseStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { BRIEF, cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, keptOf, options } from './promises';

const grammars = testGrammars();
const samples = readdirSync('test/samples').filter((f) => f !== 'README.md');
const load = (file: string): SourceText => ({
  path: file,
  languageId: languageOf(file),
  text: readFileSync(`test/samples/${file}`, 'utf8'),
});

test('there is a sample of every language with a grammar', () => {
  const languages = new Set(samples.map((s) => languageOf(s)));
  for (const id of [
    'typescript',
    'typescriptreact',
    'javascript',
    'python',
    'go',
    'rust',
    'java',
    'c',
    'cpp',
    'csharp',
    'json',
    'shellscript',
    'css',
    'php',
    'ruby',
    'powershell',
    'terraform',
  ])
    expect(languages).toContain(id);
});

describe.each(cases(samples, ['ConfirmDialog.tsx', 'concurrency.py']))('%s', (file) => {
  const source = load(file);
  test('ratio 1 is the identity, every budget is met or its floor is told, more budget keeps a superset', async () => {
    const structure = await parseStructure(source, grammars);
    for (const seed of cases([1, 2], [1])) {
      const order = orderCuts(structure, evidence(source.text, seed), []);
      const whole = renderPrefix(order, 0, options);
      expect(whole.text).toBe(source.text);
      let before: boolean[] | undefined;
      for (const ratio of cases([0.9, 0.75, 0.5, 0.25, 0.1], [0.75, 0.25])) {
        const allowed = Math.floor(whole.recipientTokens * ratio);
        const { rendered, floor } = fitToTokens(order, allowed, options);
        checkRendered(structure, order, rendered);
        if (floor === undefined) expect(rendered.recipientTokens).toBeLessThanOrEqual(allowed);
        else expect(rendered.recipientTokens).toBe(floor);
        const kept = keptOf(rendered);
        if (before) kept.forEach((k, i) => k && !before![i] && expect.fail(`unit ${i} is back at ${ratio}`));
        before = kept;
        // Asking for what came out gives the same again.
        expect(fitToTokens(order, rendered.recipientTokens, options).rendered.text).toBe(rendered.text);
      }
    }
  });

  test('pins survive', async () => {
    const structure = await parseStructure(source, grammars);
    const middle = source.text.indexOf('\n', source.text.length / 2) + 1;
    const pin = { start: middle, end: Math.min(source.text.length, middle + 60) };
    const order = orderCuts(structure, evidence(source.text, 3), [pin]);
    const { rendered } = fitToTokens(order, 1, options);
    checkRendered(structure, order, rendered);
    expect(rendered.text).toContain(source.text.slice(pin.start, pin.end));
  });

  test('without markers nothing is added but placeholders', async () => {
    const structure = await parseStructure(source, grammars);
    const order = orderCuts(structure, evidence(source.text, 4), []);
    const { rendered } = fitToTokens(order, Math.floor(counter.count(source.text) / 2), { markers: false, counter });
    expect(rendered.elisions.length).toBeGreaterThan(0);
    checkRendered(structure, order, rendered, false);
  });
});

describe('odd texts', () => {
  const odd: Record<string, [string, string]> = {
    empty: ['a.ts', ''],
    'one line': ['a.py', 'x = 1'],
    crlf: ['a.ts', 'const a = 1;\r\n\r\nfunction f() {\r\n  return a;\r\n}\r\n'],
    bom: ['a.py', '\ufeff# note\n# more\nx = 1\ny = 2\n'],
    'lone surrogates': ['a.js', 'var a = "\ud800";\nvar b = 1;\nvar c;\n'],
    'syntax errors': ['a.go', 'package a\nfunc ( {{{\nvar x = 1\nfunc g() {}\n'],
    'emptied suites': [
      'a.py',
      'class A:\n    """Doc."""\n\n    def f(self):\n        # why\n        return 1\n\n\nif A:\n    pass\nelse:\n    A()\n',
    ],
    'no grammar': ['a.yaml', 'a:\n  b: 1\n  c: 2\nd: 3\n'],
    markdown: ['a.md', '# A\n\ntext\n\n```\ncode\n\nmore\n```\n\nend\n'],
    'a long line': ['a.js', `var x = "${'ab '.repeat(BRIEF ? 1000 : 30_000)}";\nvar y = 2;\n`],
  };
  test.each(Object.entries(odd))('%s', async (_, [path, text]) => {
    const source = { path, languageId: languageOf(path), text };
    const structure = await parseStructure(source, grammars);
    for (const seed of cases([1, 2, 3, 4, 5, 6], [1])) {
      const order = orderCuts(structure, evidence(text, seed), []);
      for (let n = 0; n <= order.steps.length; n++) checkRendered(structure, order, renderPrefix(order, n, options));
    }
  });
});

describe('what real parsers taught', () => {
  /** Every unit that may go, as the source of its own. */
  const units = async (path: string, text: string): Promise<string[]> => {
    const all = (list: readonly Unit[]): Unit[] => list.flatMap((u) => [u, ...all(u.children)]);
    const { units: roots } = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
    return all(roots).flatMap((u) => (u.cuttable || u.member ? [text.slice(u.start, u.end)] : []));
  };

  test.each([
    [
      'the head of a switch',
      'a.go',
      'package a\n\nfunc f() {\n\tswitch x {\n\tcase 1:\n\t\tg()\n\tdefault:\n\t\th()\n\t}\n}\n',
      ['\tswitch x {\n', '\tcase 1:\n', '\tdefault:\n'],
    ],
    [
      'the head of a case',
      'a.ts',
      'switch (x) {\n  case 1:\n    f();\n  default:\n    g();\n}\n',
      ['  case 1:\n', '  default:\n'],
    ],
    [
      'the value that later constants repeat',
      'a.go',
      'package a\n\nconst (\n\t// why\n\tA = iota\n\tB\n)\n',
      ['\tA = iota\n'],
    ],
    ['the last enumerator behind a comment', 'a.c', 'enum e {\n  // why\n  A\n};\n', ['  A\n']],
    [
      'the end of a declaration in a branch',
      'a.cc',
      'int a;\nstatic bool q =\n#ifdef M\n    true;\n#else\n    false;\n#endif\nint b;\nint c;\n',
      ['    true;\n', '    false;\n'],
    ],
    [
      'the body of a member in a fragment',
      'a.cs',
      '}\n}\n}\nclass A\n{\n    [Fact]\n    void F()\n        => G();\n}\n((\n',
      ['class A\n', '{\n', '    [Fact]\n', '        => G();\n'],
    ],
    [
      'the end of a chained statement in a fragment',
      'a.rs',
      '}}}\nfn f() {\n    let p = project()\n        .file("a")\n        .build();\n    g();\n}\n((\n',
      ['        .build();\n'],
    ],
    [
      'the head of a branch',
      'a.sh',
      'if a; then # why\n  b\nelif c\n  d\nthen\n  e\nfi\n',
      ['if a; then # why\n', 'elif c\n', '  d\n', 'then\n', 'fi\n'],
    ],
    [
      'a command that the grammar misreads',
      'a.sh',
      'f() {\n  one\n  two\n  three\n  four\n}\ng() {\n  five\n  six\n}\nfor i do :\n  a\n  b\ndone\nc\n',
      ['for i do :\n', 'done\n', '  a\n', '  b\n'],
    ],
    [
      'a line of a string in quotes',
      'a.sh',
      "f() {\n  awk '\nBEGIN { a }\n{\n  b }\n' c\n}\nd\n",
      ['BEGIN { a }\n', '  b }\n', "' c\n"],
    ],
    [
      'a value over several lines',
      'a.css',
      '.a {\n  b:\n    "c",\n    d;\n  e: f;\n}\n',
      ['  b:\n', '    "c",\n', '    d;\n'],
    ],
    [
      'a branch alone',
      'a.php',
      '<?php if ($a): ?>\n<p>b</p>\n<?php else: ?>\n<p>c</p>\n<?php endif; ?>\n<p>d</p>\n',
      ['<?php if ($a): ?>\n', '<?php else: ?>\n', '<?php endif; ?>\n'],
    ],
    [
      'the end of a case',
      'a.php',
      '<?php\nswitch ($a) {\n  case 1:\n    b();\n    break;\n  default:\n    c();\n}\n',
      ['    break;\n', '  case 1:\n'],
    ],
    ['the only branch of a case', 'a.rb', 'case a\nin [b]\n  c\nend\nd\n', ['in [b]\n  c\n', 'case a\n']],
    [
      'the handler before its else',
      'a.rb',
      'begin\n  a\nrescue\n  b\nelse\n  c\nend\nd\n',
      ['rescue\n  b\n', 'begin\n'],
    ],
    ['a line of a comment', 'a.rb', 'a\n=begin\nb\n=end\nc\n', ['=begin\n', 'b\n', '=end\n']],
    ['a line of a here-string', 'a.ps1', '$a = @"\nb\n"@\nc\n', ['b\n', '"@\n']],
    ['a line of a pipeline', 'a.ps1', 'a |\n  b |\n  c\nd\n', ['a |\n', '  b |\n', '  c\n']],
    ['a word of a list', 'a.rb', 'a = %w[\n  b\n  c\n]\nd = %i(\n  e\n)\n', ['  b\n', '  c\n', '  e\n']],
    ['a word of a list in a fragment', 'a.rb', 'end\nend\n)\na = %w[\n  b\n  c\n]\nd\n', ['  b\n', '  c\n']],
    ['a word of a list', 'a.pl', 'my @a = qw(\n  b\n  c\n);\nd;\n', ['  b\n', '  c\n']],
    ['a word of a list', 'a.ex', 'a = ~w(\n  b\n  c\n)\nd\n', ['  b\n', '  c\n']],
    ['a line of verbatim text', 'a.tex', '\\begin{verbatim}\nb\nc\n\\end{verbatim}\nd\n', ['b\n', 'c\n']],
    ['a line of character data', 'a.xml', '<a>\n<![CDATA[\nb\nc\n]]>\n</a>\n<d/>\n', ['b\n', 'c\n']],
    [
      'a line of Ruby in a page',
      'a.erb',
      '<p>x</p>\n<%\n  a = 1\n  b = 2\n%>\n<script>\n<%\n  c\n%>\n</script>\n',
      ['  a = 1\n', '  b = 2\n', '  c\n'],
    ],
    [
      'a line of PHP in a page',
      'a.blade.php',
      "<p>x</p>\n@php\n  $a = 1;\n@endphp\n<?php\n  b();\n?>\n{{ c(\n  d\n) }}\n@include('e', [\n  'f' => 1,\n  'g' => 2,\n])\n",
      ['  $a = 1;\n', '@endphp\n', '  b();\n', '  d\n', "  'f' => 1,\n"],
    ],
    [
      'a line of code in a page',
      'a.astro',
      '---\nconst a = 1;\nif (a <b) c();\n---\n<p>x</p>\n<ul>\n{a.map((b) => {\n  const c = b;\n  return c;\n})}\n</ul>\n',
      ['const a = 1;\n', '  const c = b;\n', '  return c;\n'],
    ],
    [
      'a line of a handler',
      'a.svelte',
      '<p>x</p>\n<b on:c={() => {\n  d();\n  e();\n}}>f</b>\n',
      ['  d();\n', '  e();\n'],
    ],
    [
      'a line of a value',
      'a.vue',
      '<p>x</p>\n<b :c="d.map(\n  (e) => {\n  f();\n  g();\n})">h</b>\n<i>j</i>\n',
      ['  f();\n', '  g();\n', '})">h</b>\n'],
    ],
    ['a line of an expression', 'a.hbs', '<p>x</p>\n{{a\n  b=1\n  c=2\n}}\n', ['  b=1\n', '  c=2\n']],
    ['an attribute of a tag', 'a.hbs', '<p>x</p>\n<a\n  b="1"\n  c="2"\n>d</a>\n', ['  b="1"\n', '  c="2"\n']],
    ['a line of a heredoc', 'a.rb', 'f(<<~A)\n  one\ntwo\nA\ng\n', ['  one\n', 'two\n', 'A\n']],
    [
      'a line of a string',
      'a.sh',
      'a="one\ntwo\n"\ncat <<X\n  three\nfour\nX\nb\n',
      ['two\n', '"\n', '  three\n', 'four\n', 'X\n'],
    ],
    [
      'a line of a string that begins on a continued line',
      'a.sh',
      'f a \\\n  "b\nc\n" \\\n  d\ng\n',
      ['  "b\n', 'c\n', '" \\\n', '  d\n'],
    ],
    [
      'the end of a branch of a case',
      'a.sh',
      'case $x in\n  a)\n    f\n    ;;\n  b)\n    g;;\nesac\n',
      ['    ;;\n', '    f\n    ;;\n'],
    ],
    ['the rest of arguments', 'a.rb', 'def f\n  g a,\n    b\n  h\nend\n', ['    b\n']],
    ['half of a bracket', 'a.php', '<?php\nf(g(\n1), [\n  2]);\n', ['f(g(\n', '1), [\n', '  2]);\n']],
  ])('%s does not go alone', async (_, path, text, never) => {
    const found = await units(path, text);
    expect(found.length).toBeGreaterThan(0);
    for (const part of never) {
      expect(text).toContain(part);
      expect(found).not.toContain(part);
    }
  });

  test.each([
    ['a.sh', 'f() {\n  a\n  b\n}\ncase $x in\n  a)\n    c\n    ;;\nesac\n', '  a)\n    c\n    ;;\n'],
    ['a.css', '@media print {\n  .a {\n    b: c;\n  }\n  .d {\n    e: f;\n  }\n}\n', '  .a {\n    b: c;\n  }\n'],
    ['a.ps1', 'function A {\n  param($b)\n  c\n  if ($d) {\n    e\n    f\n  }\n}\n', '    e\n'],
    ['a.php', '<?php\n$a = [\n  1,\n  2,\n];\n', '  1,\n'],
    ['a.rb', 'a = [\n  b,\n  c\n]\nd.each do |e|\n  f\nend\n', '  b,\n'],
    ['a.groovy', 'class A(\n  val a: Int,\n) : B {\n  fun f() = 1\n}\n', '  fun f() = 1\n'],
    ['a.css', '/* note */\n.a {\n  x: 1;\n}\n\n.b {\n  y: 2;\n}\n', '.b {\n  y: 2;\n}\n'],
    ['a.php', '<?php\nclass A\n{\n    function f()\n    {\n        g();\n        h();\n    }\n}\n', '        g();\n'],
    ['a.rb', 'def f\n  g\n  h\nend\n', '  g\n'],
    ['a.sh', 'if a; then\n  b\nelse\n  c\nfi\n', '  b\n'],
  ])('blocks divide: %s', async (path, text, part) => expect(await units(path, text)).toContain(part));

  test.each([
    [
      'a branch of a condition',
      'a.py',
      'if a:\n    b()\nelif (c and\n      d):\n    e()\nelse:\n    f()\n',
      ['elif (c and\n      d):\n    e()\n', 'else:\n    f()\n', '    b()\n'],
      ['if a:\n'],
    ],
    [
      'what a loop does at its end',
      'a.py',
      'for a in (\n    1,\n):\n    b()\nelse:\n    c()\n',
      ['else:\n    c()\n'],
      ['    1,\n', '):\n'],
    ],
    [
      'names of an import, but one',
      'a.py',
      'from a import (\n    b,\n    c as d,\n    e,\n)\nf()\n',
      ['    b,\n', '    c as d,\n'],
      ['from a import (\n', '    e,\n', ')\n'],
    ],
    [
      'names of an import',
      'a.ts',
      "import {\n  A,\n  type B,\n} from 'a';\nexport {\n  A,\n  B\n};\n",
      ['  A,\n', '  type B,\n', '  B\n'],
      ['import {\n'],
    ],
    [
      'names of a use',
      'a.rs',
      'use a::{\n    b,\n    c::{D, E},\n};\n',
      ['    b,\n', '    c::{D, E},\n'],
      ['use a::{\n'],
    ],
    [
      'attributes of an element',
      'a.tsx',
      'const a = (\n  <B\n    c={1}\n    d={() => {\n      e();\n    }}\n    {...f}\n  >\n    <G\n      h="1"\n      i\n    />\n  </B>\n);\n',
      ['    c={1}\n', '      e();\n', '    {...f}\n', '      i\n'],
      ['  <B\n', '    />\n'],
    ],
    [
      'statements of a case, but the last',
      'a.c',
      'int f(int x) {\n  switch (x) {\n  case A:\n  case B: {\n    g();\n    break;\n  }\n  case C:\n    h();\n    i();\n    break;\n  default:\n    j();\n  }\n}\n',
      ['    g();\n', '    h();\n', '    i();\n'],
      ['  case C:\n', '    j();\n'],
    ],
    [
      'statements of a section, but the last',
      'a.cs',
      'class A\n{\n    int F(int x)\n    {\n        switch (x)\n        {\n            case 1:\n                G();\n                H();\n                break;\n            default:\n                return 1;\n        }\n    }\n}\n',
      ['                G();\n', '                H();\n'],
      ['                break;\n', '                return 1;\n'],
    ],
    [
      'statements of a group',
      'a.java',
      'class A {\n  int f(int x) {\n    switch (x) {\n      case 1:\n        g();\n        break;\n      default:\n        return 1;\n    }\n  }\n}\n',
      ['        g();\n', '        break;\n', '        return 1;\n'],
      [],
    ],
    [
      'a branch of the preprocessor',
      'a.cs',
      'class A\n{\n#if B\n    void F() { }\n#else\n    void G() { }\n#endif\n    void H() { }\n}\n',
      ['#if B\n    void F() { }\n#else\n    void G() { }\n#endif\n', '    void F() { }\n', '    void G() { }\n'],
      ['#else\n', '#endif\n'],
    ],
  ])('%s: %s', async (_, path, text, go, stay) => {
    const found = await units(path, text);
    for (const part of go) expect(found).toContain(part);
    for (const part of stay) {
      expect(text).toContain(part);
      expect(found).not.toContain(part);
    }
    const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
    for (const seed of cases([1, 2, 3], [1])) {
      const order = orderCuts(structure, evidence(text, seed), []);
      for (let n = 0; n <= order.steps.length; n++) checkRendered(structure, order, renderPrefix(order, n, options));
    }
  });

  test('a shell block that lost its commands keeps a command', async () => {
    const text = 'if a; then\n  # why\n  b\nelse\n  c\n  d\nfi\n';
    const structure = await parseStructure({ path: 'a.sh', languageId: 'shellscript', text }, grammars);
    const bare = { markers: false, counter };
    const order = orderCuts(structure, evidence(text, 1), [{ start: 0, end: 1 }]);
    expect(renderPrefix(order, order.steps.length, bare).text).toBe('if a; then\n  :\nfi\n');
  });

  test.each([
    ['f() {\n  a\n}\ng\n', 'f() {\n  :\n}\n'],
    ['for i in 1; do\n  a\n  b\ndone\ng\n', 'for i in 1; do\n  :\ndone\n'],
    ['(\n  a\n)\ng\n', '(\n  :\n)\n'],
    ['case a in\n  b)\n    c\n    d\n    ;;\nesac\ng\n', 'case a in\nesac\n'],
    ['if a; then # why\n  b\nfi\ng\n', 'if a; then # why\n  :\nfi\n'],
  ])('a shell block is never empty: %j', async (text, least) => {
    const structure = await parseStructure({ path: 'a.sh', languageId: 'shellscript', text }, grammars);
    const order = orderCuts(structure, evidence(text, 1), [{ start: 0, end: 1 }]);
    expect(renderPrefix(order, order.steps.length, { markers: false, counter }).text).toBe(least);
  });

  test('a marker in the HTML of a PHP file is an HTML comment', async () => {
    const text = '<?php\na();\nb();\n?>\n<p>c</p>\n<?php\nd();\ne();\n';
    const structure = await parseStructure({ path: 'a.php', languageId: 'php', text }, grammars);
    const order = orderCuts(structure, evidence(text, 1), [{ start: 0, end: 1 }]);
    for (let n = 0; n <= order.steps.length; n++) {
      const html = /\?>\n([^]*?)<\?php|\?>\n([^]*)$/.exec(renderPrefix(order, n, options).text)?.[1] ?? '';
      expect(html).not.toContain('//');
    }
    const page = '<ul>\n<?php if ($a): ?>\n<li>b</li>\n<?php endif; ?>\n</ul>\n';
    const units = (await parseStructure({ path: 'a.php', languageId: 'php', text: page }, grammars)).units;
    expect(units.every((u) => !u.cuttable || u.language === 'html')).toBe(true);
  });

  test.each([
    ['a.php', '<p><?= a() ?></p>\n<style>\n.b {\n  c: d;\n}\n</style>\n<script>\ne();\nf();\n</script>\n'],
    ['a.erb', '<p><%= a %></p>\n<style>\n.b {\n  c: d;\n}\n</style>\n<script>\ne();\nf();\n</script>\n'],
    ['a.blade.php', '<p>{{ a }}</p>\n<style>\n.b {\n  c: d;\n}\n</style>\n<script>\ne();\nf();\n</script>\n'],
    ['a.hbs', '<p>{{a}}</p>\n<style>\n.b {\n  c: d;\n}\n</style>\n<script>\ne();\nf();\n</script>\n'],
    ['a.astro', '<p>{a}</p>\n<style>\n.b {\n  c: d;\n}\n</style>\n<script>\ne();\nf();\n</script>\n'],
  ])('a marker in a style or a script is a comment of its language: %s', async (path, text) => {
    const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
    const all = (list: readonly Unit[]): Unit[] => list.flatMap((u) => [u, ...all(u.children)]);
    const languages = new Map(all(structure.units).map((u) => [text.slice(u.start, u.end), u.language]));
    expect([languages.get('  c: d;\n'), languages.get('e();\n')]).toEqual(['css', 'javascript']);
  });

  test('a part of a PHP file without a tag is cut by its lines', async () => {
    expect(await units('a.php', 'function f()\n{\n    a();\n    b();\n}\n')).toContain('    a();\n');
  });

  test('an error deep inside leaves the rest of a file to its grammar', async () => {
    // This grammar knows no nested brackets around a raw string, the compiler does.
    const body = 'fn f() {\n    g(str![[r#"\n[E] the `-Z` flag\n\n"#]]);\n    one();\n    two();\n    three();\n}\n';
    expect(await units('a.rs', body)).toContain('    three();\n');
    expect(await units('a.rs', body)).not.toContain('[E] the `-Z` flag\n');
  });

  test('a whole #if goes whatever its macros look like to the grammar, half of one does not', async () => {
    expect(await units('a.h', '#ifdef A\nM(a)\n#else\nN(a)\n#endif\n#ifdef B\nM(b)\n#endif\n')).toContain(
      '#ifdef A\nM(a)\n#else\nN(a)\n#endif\n',
    );
    expect(await units('a.h', '#ifdef A\nvoid f() {\n#else\nvoid g() {\n#endif\n}\n')).toEqual([]);
  });

  test('a blank line that is pinned stays', async () => {
    const text = 'const a = 1;\n\n\nconst b = 2;\n\n';
    const structure = await parseStructure({ path: 'a.ts', languageId: 'typescript', text }, grammars);
    const order = orderCuts(structure, evidence(text, 1), [{ start: 13, end: 14 }]);
    checkRendered(structure, order, renderPrefix(order, order.steps.length, options));
  });

  test('an error that the cursor does not show is one', async () => {
    const text = 'class A\n{\n    public List<B> C { get; set; } = [];\n}\n';
    const { errorsIn } = await parseStructure({ path: 'a.cs', languageId: 'csharp', text }, grammars);
    expect(errorsIn(text)).toBeGreaterThan(0);
  });
});

test('golden: what is cut, as the reader sees it', async () => {
  const text =
    'import os\n\n\ndef first(a):\n    """Adds."""\n    b = a + 1\n    return b\n\n\ndef second():\n    return os.name\n';
  const structure = await parseStructure({ path: 'g.py', languageId: 'python', text }, grammars);
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  const values = new Float32Array(text.length).fill(1);
  values.fill(0, text.indexOf('    """'), text.indexOf('def second'));
  const order = orderCuts(structure, { bounds, values }, []);
  const count = order.steps.findIndex((s) => s.key > 0);
  const { text: got, elisions } = renderPrefix(order, count, options);
  expect(got).toBe(
    `import os\n\n\ndef first(a):\n    ... #5… #${elisions[0]!.id.slice(0, 4)}\n\n\ndef second():\n    return os.name\n`,
  );
});
