// Tests how a cut text reads: what belongs together is cut together, and the rest looks as if written by hand.
import { describe, expect, test } from 'vitest';
import { TOKEN_CLASSES } from '../../../src/core/context';
import { languageOf } from '../../../src/languages/languages';
import { cutText, fill, holesOf } from '../../../src/cut/holes';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { testGrammars } from '../../support/grammars';

const grammars = testGrammars();
const read = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path), text }, grammars);
const all = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...all(u.children)]);
const wordsOf = ({ source: { text }, units }: CodeStructure): string[] =>
  all(units).flatMap((u) => (u.cuttable ? [text.slice(u.start, u.end)] : []));

/** The text without the outermost units that begin with these words, its markers as `…`. */
async function without(path: string, text: string, ...words: string[]): Promise<string> {
  const { source, units } = await read(path, text);
  const gone = words.map((w) => {
    const unit = all(units).find((u) => u.cuttable && text.slice(u.start, u.end).trimStart().startsWith(w));
    if (!unit) throw new Error(`nothing begins with ${w}`);
    return unit;
  });
  return cutText(source, gone).replace(/\d+[a-z]?…( #[a-z2-7]{4})?/g, '…');
}

describe('a comment', () => {
  test('of several lines is one unit, its paragraphs are parts of it', async () => {
    const found = wordsOf(
      await read('a.go', 'package a\n\n// One thought,\n// two lines.\n//\n// Another.\n\nvar x = 1\n'),
    );
    expect(found).toEqual([
      '// One thought,\n// two lines.\n//\n// Another.\n',
      '// One thought,\n// two lines.\n//\n',
      '// Another.\n',
      'var x = 1\n',
    ]);
  });

  test.each(['a.ts', 'a.php'])(
    'in a block keeps its first paragraph, the others and each tag are parts of it: %s',
    async (path) => {
      const comment =
        '/**\n * Does a thing,\n * once.\n *\n * More about it:\n * ```\n * f();\n *\n * @g\n * ```\n *\n * @param a what\n *   it takes\n * @return b\n */\n';
      const text = `${path === 'a.php' ? '<?php\n' : ''}${comment}function f(a) {}\n`;
      const found = wordsOf(await read(path, text)).filter((w) => w !== text);
      expect(found.filter((w) => comment.includes(w))).toEqual([
        comment,
        ' * More about it:\n * ```\n * f();\n *\n * @g\n * ```\n *\n',
        ' * @param a what\n *   it takes\n',
        ' * @return b\n',
      ]);
      expect(await without(path, text, '* More', '* @return')).toBe(
        text.replace(/ \* More[^@]*@g\n \* ```\n \*\n/, '').replace(' * @return b\n', ''),
      );
    },
  );

  test.each([
    ['tags alone: the first goes with what opens it', '/**\n * @param a\n * @param b\n */\n', [' * @param b\n']],
    ['words where it ends', '/* One.\n *\n * Two. */\n', []],
    ['words for a tool', '/**\n * One.\n *\n * namm:keep is ours.\n */\n', []],
    ['one paragraph', '/*\n * One,\n * two.\n */\n', []],
    ['two comments in its lines', '/*\n One.\n\n /* Two.\n */\n', []],
  ])('in a block with %s', async (_, comment, parts) => {
    const found = wordsOf(await read('a.ts', `${comment}\nf();\n`));
    expect(found).toEqual([comment, ...parts, 'f();\n']);
  });

  test('is parted by code, by a blank line, by another column, by words for a tool', async () => {
    const text = '// a\n// b\n\n// c\nf();\n// d\n  // e\n// @ts-check\n// f\ng();\n';
    expect(wordsOf(await read('a.ts', text)).filter((w) => w.trimStart().startsWith('//'))).toEqual([
      '// a\n// b\n',
      '// c\n',
      '// d\n',
      '  // e\n',
      '// @ts-check\n',
      '// f\n',
    ]);
  });

  test('keeps fenced code in one part', async () => {
    const found = wordsOf(await read('a.rs', '/// Doc.\n///\n/// ```\n/// a();\n///\n/// b();\n/// ```\nfn f() {}\n'));
    expect(found).toContain('/// ```\n/// a();\n///\n/// b();\n/// ```\n');
    expect(found).not.toContain('/// b();\n/// ```\n');
  });

  test.each([
    ['a.ts', '// about f\n// and more\nfunction f() {\n  g();\n}\n', '// about f'],
    ['a.ts', 'class A {\n  /** about f */\n  f() {}\n}\n', '/** about f'],
    ['a.py', 'import a\n\n\n# about f\n@d\ndef f():\n    return 1\n', '# about f'],
    ['a.go', 'package a\n\n// F is\n// about f.\nfunc F() {}\n', '// F is'],
    ['a.java', 'class A {\n  /** about f */\n  @B\n  void f() {}\n}\n', '/** about f'],
    ['a.c', '/* about f */\nint f(void)\n{\n  return 1;\n}\n', '/* about f'],
    ['a.rb', 'class A\n  # about f\n  # and more\n  def f\n    g\n  end\nend\n', '# about f'],
    [
      'a.php',
      '<?php\nclass A\n{\n    /**\n     * about f\n     */\n    public function f()\n    {\n        g();\n    }\n}\n',
      '/**',
    ],
    ['a.yaml', 'b: 1\n# about a\na:\n  c: 2\n', '# about a'],
  ])('goes with the declaration below it, and can go before: %s', async (path, text, comment) => {
    const whole = all((await read(path, text)).units).filter(
      (u) => u.cuttable && text.slice(u.start, u.end).trimStart().startsWith(comment),
    );
    expect(whole.map((u) => u.comment)).toEqual([false, true]);
    expect(whole[0]!.end).toBeGreaterThan(whole[1]!.end);
  });

  test('stays by itself above a statement, behind a blank line, or when it steers a tool', async () => {
    for (const text of [
      'function f() {\n  // why\n  g();\n}\n',
      '// note\n\nfunction f() {}\n',
      '// @ts-check\nfunction f() {}\n',
    ])
      expect(
        all((await read('a.ts', text)).units)
          .filter((u) => text.slice(u.start, u.end).trimStart().startsWith('//'))
          .map((u) => u.comment),
      ).toEqual([true]);
  });

  test('between a head and its block can go', async () => {
    expect(await without('a.py', 'def f():\n    # why\n    # so\n    return 1\n', '# why')).toBe(
      'def f():\n    return 1\n',
    );
    expect(await without('a.ts', 'f(\n  // why\n  1,\n);\n', '// why')).toBe('f(\n  1,\n);\n');
  });

  test.each([
    ['a.go', '// Copyright A.\n// Use of this is free\n// for all.\n\npackage a\n'],
    ['a.rb', '# Copyright A.\n# Use of this is free\n# for all.\n\nf\n'],
    ['a.php', '<?php\n/*\n * Copyright A.\n * Use of this is free\n */\n\nf();\n'],
  ])('that is a licence is one unit and of that class throughout: %s', async (path, text) => {
    const structure = await read(path, text);
    const header = all(structure.units).find((u) => u.cuttable && text.slice(u.start, u.end).includes('Copyright'))!;
    expect(text.slice(header.start, header.end)).toMatch(/Copyright[^]*Use of this/);
    const words = ['Copyright', 'Use', 'free'].map((w) => text.indexOf(w));
    const classes = structure.classes(Int32Array.from([...words.flatMap((at) => [at, at + 3]), text.length]));
    expect([classes[0], classes[2], classes[4]].map((c) => TOKEN_CLASSES[c!])).toEqual([
      'licence',
      'licence',
      'licence',
    ]);
  });
});

test.each([
  [
    'a.ts',
    'class A {\n    f() {\n        a();\n        b();\n    }\n}\n',
    'class A {\n    f() {\n//…\n        b();\n    }\n}\n',
  ],
  ['a.tsx', 'f(\n  <p>\n    <a />\n    <b />\n  </p>,\n);\n', 'f(\n  <p>\n{/*…*/}\n    <b />\n  </p>,\n);\n', '<a />'],
  ['a.py', 'def f():\n    a()\n    b()\n', 'def f():\n#…\n    b()\n'],
  [
    'b.py',
    'def f():\n    if x:\n        a()\n        b()\n    c()\n',
    'def f():\n    if x:\n        a()\n        #…\n    c()\n',
    'b()',
  ],
  ['c.py', 'def f():\n    a()\n    b()\n', 'def f():\n    a()\n    #…\n', 'b()'],
  ['a.sql', 'SELECT 1;\n\nSELECT 2;\n', 'SELECT 1;\n\n-- …\n', 'SELECT 2'], // `--2` is no comment in MySQL
  ['a.rb', 'def f\n  a()\n  b()\nend\n', 'def f\n  a()\n#…\nend\n', 'b()'],
  [
    'a.md',
    `- x\n\n  \`\`\`ts\n  a();\n\n${'  b();\n'.repeat(20)}  \`\`\`\n`,
    `- x\n\n  \`\`\`ts\n  //…\n\n${'  b();\n'.repeat(20)}  \`\`\`\n`,
  ],
])(
  'a marker stands at the margin, except where its indentation alone tells which block lost something: %s',
  async (path, text, left, what = 'a()') => {
    expect(await without(path, text, what)).toBe(left);
  },
);

describe('blank lines', () => {
  test('behind a hole part it from the code that follows', async () => {
    expect(await without('a.py', 'def f():\n    a()\n    b()\n\n\ndef g():\n    c()\n', 'a()', 'b()')).toBe(
      'def f():\n    ... #…\n\n\ndef g():\n    c()\n',
    );
    expect(await without('a.go', 'package a\n\nvar x = 1\n\nfunc f() {}\n', 'var x')).toBe(
      'package a\n\n//…\n\nfunc f() {}\n',
    );
  });

  test('between two cuts go with them', async () => {
    expect(await without('a.ts', 'a();\n\nb();\n\nc();\n\nd();\n', 'b()', 'c()')).toBe('a();\n\n//…\n\nd();\n');
  });

  test('are not doubled by a comment that went, nor left at an end', async () => {
    expect(await without('a.ts', 'a();\n\n// why\n\nb();\n', '// why')).toBe('a();\n\nb();\n');
    expect(await without('a.ts', 'function f() {\n  // why\n\n  b();\n}\n', '// why')).toBe(
      'function f() {\n  b();\n}\n',
    );
    expect(await without('a.ts', 'function f() {\n  a();\n  b();\n\n}\n', 'b()')).toBe(
      'function f() {\n  a();\n//…\n}\n',
    );
    expect(await without('a.ts', '// why\n\nb();\n\nc();\n\n', '// why', 'c()')).toBe('b();\n\n//…\n');
  });

  test('in front of a comment that went from above a declaration part it from a hole', async () => {
    const text = 'package a\n\nvar x = 1\n\n// F is.\nfunc F() {}\n\nvar y = 2\n';
    const { source, units } = await read('a.go', text);
    const unit = (words: string, comment = false): Unit =>
      all(units).find((u) => u.comment === comment && text.slice(u.start, u.end).startsWith(words))!;
    const cut = (...gone: Unit[]): string => cutText(source, gone).replace(/\d+…( #\w{4})?/g, '…');
    expect(cut(unit('var x'), unit('// F', true))).toBe('package a\n\n//…\n\nfunc F() {}\n\nvar y = 2\n');
    expect(cut(unit('var x'), unit('// F'))).toBe('package a\n\n//…\n\nvar y = 2\n');
    expect(cut(unit('var x'), unit('// F', true), unit('// F'))).toBe('package a\n\n//…\n\nvar y = 2\n');
  });

  test('in front of a comment that went with those behind it part what follows from a hole', async () => {
    expect(await without('a.ts', 'a();\n\n// why\n\nb();\n', 'a()', '// why')).toBe('//…\n\nb();\n');
    expect(await without('a.ts', 'a();\n\n// why\n\nb();\n\nc();\n', 'a()', '// why', 'b()')).toBe('//…\n\nc();\n');
    for (const behind of ['', '\n'])
      expect(await without('a.ts', `function f() {\n  a();\n  b();\n\n  // why\n${behind}}\n`, 'b()', '// why')).toBe(
        'function f() {\n  a();\n//…\n}\n',
      );
  });

  test('without markers part what a cut left over', async () => {
    const text = 'def f():\n    a()\n\n\ndef g():\n    b()\n\n    c()\n';
    const { source, units } = await read('a.py', text);
    const gone = all(units).filter((u) => /^    [ab]\(\)\n$/.test(text.slice(u.start, u.end)));
    expect(fill(text, holesOf(source, gone, false))).toBe('def f():\n    ...\n\n\ndef g():\n    c()\n');
  });

  test('stay where a comment went from between two thoughts', async () => {
    expect(await without('a.ts', 'a();\n// why\n\nb();\n', '// why')).toBe('a();\n\nb();\n');
  });
});

describe('Markdown', () => {
  const text =
    '# A\n\nOne paragraph\nof two lines.\n\n## B\n\n```js\na\n\nb\n```\n\n| h | i |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n- one\n  more\n- two\n  - three\n\n## C\n\nend\n\n[x]: http://y\n';

  test('is cut by blocks', async () => {
    expect(wordsOf(await read('a.md', text))).toEqual([
      text,
      'One paragraph\nof two lines.\n',
      text.slice(text.indexOf('## B'), text.indexOf('\n## C')),
      '```js\na\n\nb\n```\n',
      '| h | i |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n',
      '| 1 | 2 |\n',
      '| 3 | 4 |\n',
      '- one\n  more\n',
      '- two\n  - three\n',
      '  - three\n',
      '## C\n\nend\n\n[x]: http://y\n',
      'end\n',
      '[x]: http://y\n',
    ]);
  });

  test('what stands for a row is a row', async () => {
    expect(await without('a.md', text, '| 1')).toContain('|---|---|\n| <!--…--> |\n| 3 | 4 |\n');
    expect(await without('a.md', text, '| h')).toContain('```\n\n<!--…-->\n\n- one');
  });

  test('half of a pair of tags never goes alone', async () => {
    const html = 'a\n\n<details>\n<summary>S</summary>\n\nb\n\n</details>\n\n<br>\n\n<p>\nc\n</p>\n';
    expect(wordsOf(await read('a.md', html))).toEqual(['a\n', 'b\n', '<br>\n', '<p>\nc\n</p>\n']);
  });

  test('a front matter stays', async () => {
    expect(wordsOf(await read('a.md', '---\ntitle: a\n---\n\nb\n'))).toEqual(['b\n']);
  });

  test('whatever ends its lines', async () => {
    for (const eol of ['\r\n', '\r'])
      expect(wordsOf(await read('a.md', text.replaceAll('\n', eol))).map((w) => w.replaceAll(eol, '\n'))).toEqual(
        wordsOf(await read('a.md', text)),
      );
  });
});

describe('without a grammar', () => {
  test('a list of selectors is the head of its block', async () => {
    const found = wordsOf(await read('a.scss', '.x {\n  .a,\n  .b {\n    c: 1;\n  }\n  d: 2;\n}\n'));
    expect(found).toContain('  .a,\n  .b {\n    c: 1;\n  }\n');
    expect(found).not.toContain('  .a,\n');
  });

  test('a chain of calls is one statement', async () => {
    expect(
      wordsOf(
        await read('a.php', '<?php\nfunction f()\n{\n    $a = b()\n        ->c()\n        ?->d();\n    e();\n}\n'),
      ),
    ).not.toContain('        ?->d();\n');
  });

  test('a tag over several lines and what it holds go together', async () => {
    const html = '<main>\n  <a\n    href="b"\n    @c="() => d()"\n  >\n    e\n  </a>\n  <hr>\n</main>\n';
    expect(wordsOf(await read('a.html', html))).toEqual([
      html,
      '  <a\n    href="b"\n    @c="() => d()"\n  >\n    e\n  </a>\n',
      '    e\n',
      '  <hr>\n',
    ]);
  });

  test('what is embedded is marked in its own language', async () => {
    expect(await without('a.html', '<script>\n  a();\n  b();\n</script>\n', 'a()')).toBe(
      '<script>\n//…\n  b();\n</script>\n',
    );
    expect(await without('a.vue', '<style>\n.a {\n  b: 1;\n  c: 2;\n}\n</style>\n', 'b: 1')).toBe(
      '<style>\n.a {\n/*…*/\n  c: 2;\n}\n</style>\n',
    );
    expect(wordsOf(await read('a.vue', '<script setup>\nconst a = 1;\nconst b = 2;\n</script>\n'))).toEqual([
      'const a = 1;\n',
      'const b = 2;\n',
    ]);
  });

  test('long code in a fence goes in part, between blank lines', async () => {
    const code = [
      'import a',
      'import b',
      '',
      'def f():',
      '    return a',
      '',
      'print(',
      '',
      ')',
      'f()',
      'b()',
      '',
      'end()',
    ]
      .map((l) => `${l}\n`)
      .join('');
    const text = `One.\n\n\`\`\`python\n${code}\`\`\`\n`;
    expect(await without('a.md', text, 'def f')).toContain('import b\n\n#…\n\nprint(');
    expect(wordsOf(await read('a.md', text))).not.toContain('print(\n');
    expect(wordsOf(await read('a.md', text.replace('python', 'unknown')))).toHaveLength(2);
  });

  test('a paragraph of prose is one, a list of entries is not', async () => {
    const prose = 'A sentence that is long enough to be broken\ninto several lines, as a person does it.\n';
    expect(wordsOf(await read('a.txt', `${prose}\npytest\nnumpy\n`))).toEqual([prose, 'pytest\n', 'numpy\n']);
  });
});
