// Tests which parts of a text can be cut, and what is known of the rest: Markdown, broken texts, definitions, classes.
import { describe, expect, test } from 'vitest';
import { TOKEN_CLASSES } from '../../../src/core/context';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { testGrammars } from '../../support/grammars';
import { boundsOf } from '../../support/structures';

const grammars = testGrammars();
const read = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path), text }, grammars);
const all = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...all(u.children)]);
const cuttable = async (path: string, text: string): Promise<string[]> =>
  all((await read(path, text)).units).flatMap((u) => (u.cuttable || u.member ? [text.slice(u.start, u.end)] : []));
const words = (text: string, spans: readonly { start: number; end: number }[]): string[] =>
  spans.map((s) => text.slice(s.start, s.end));

describe('Markdown', () => {
  const fence = (lines: number, language = 'js'): string =>
    `\`\`\`${language}\n${Array.from({ length: lines }, (_, i) => (i === 4 ? '\n' : `a${i};\n`)).join('')}\`\`\`\n`;
  test.each<[string, string, string[]]>([
    ['a heading in a quote begins no section', '> # A\n>\n> b\n\nc\n', ['> # A\n>\n> b\n', 'c\n']],
    ['a section without its other tag stays', '# A\n\n<div>\n\n# B\n\n</div>\n', []],
    [
      'a section with both tags can go',
      '# A\n\n<div>\n\n## B\n\n</div>\n\nx\n',
      ['# A\n\n<div>\n\n## B\n\n</div>\n\nx\n', 'x\n'],
    ],
    [
      'a section ends at a heading of its level',
      '## A\n\na\n\n### B\n\nb\n\n## C\n\nc\n',
      ['## A\n\na\n\n### B\n\nb\n', 'a\n', '### B\n\nb\n', 'b\n', '## C\n\nc\n', 'c\n'],
    ],
    ['a deeper section first', '### A\n\na\n\n# B\n\nb\n', ['### A\n\na\n', 'a\n', '# B\n\nb\n', 'b\n']],
    ['a front matter may end with dots', '---\na: 1\n...\n\nb\n', ['b\n']],
    ['a front matter has an end', '---\na: 1\n\nb\n', ['---\n', 'a: 1\n', 'b\n']],
    ['a front matter is the first line', '--- \na: 1\n---  \nb\n', ['b\n']],
    ['a rule inside a text begins none', 'a\n\n---\n\nb: 1\n\n---\n', ['a\n', '---\n', 'b: 1\n', '---\n']],
    ['a line that begins like its end ends none', '---\na: 1\n---- x\n---\nb\n', ['b\n']],
    ['code of ten lines is divided', fence(10), [fence(10), 'a0;\na1;\na2;\na3;\n', 'a5;\na6;\na7;\na8;\na9;\n']],
    ['code of nine lines is not', fence(9), [fence(9)]],
    ['nor is code without comments', fence(10, 'json'), [fence(10, 'json')]],
    ['nor code of an unknown language', fence(10, ''), [fence(10, '')]],
    ['nor code without a blank line', fence(12).replace('\n\n', '\n'), [fence(12).replace('\n\n', '\n')]],
    ['definitions of links are lines', '[a]: b\n[c]: d\n\ne\n', ['[a]: b\n', '[c]: d\n', 'e\n']],
    [
      'an item keeps its first block',
      '- a\n\n  b\n\n  - c\n- d\n',
      ['- a\n\n  b\n\n  - c\n', '  b\n', '  - c\n', '- d\n'],
    ],
    ['a table without a body is one', '| a |\n|---|\n\nb\n', ['| a |\n|---|\n', 'b\n']],
    [
      'two tables',
      '| a |\n|---|\n| 1 |\n\nb\n\n| c |\n|---|\n| 2 |\n',
      ['| a |\n|---|\n| 1 |\n', '| 1 |\n', 'b\n', '| c |\n|---|\n| 2 |\n', '| 2 |\n'],
    ],
    ['without a line break at its end', 'a\n\nb', ['a\n', 'b']],
  ])('%s', async (_, text, expected) => expect(await cuttable('a.md', text)).toEqual(expected));

  test('a byte order mark is in no block', async () => {
    expect((await read('a.md', '\ufeffa\n\nb\n')).units.map((u) => u.start)).toEqual([1, 4]);
    expect(await cuttable('a.md', '\ufeff---\na: 1\n---\nb\n')).toEqual(['b\n']);
    expect((await read('a.md', 'a\n\nb\ufeff\n')).units.map((u) => u.start)).toEqual([0, 3]);
  });
  test('a comment is one if nothing else is in its block', async () => {
    const comments = async (text: string): Promise<boolean[]> => (await read('a.md', text)).units.map((u) => u.comment);
    expect(await comments('<!-- a\n b -->\n\nc\n')).toEqual([true, false]);
    expect(await comments('  <!---->\n')).toEqual([true]);
    expect(await comments('<!-- a --> b\n\n<!-- a --> <!-- b -->\n')).toEqual([false, false]);
  });
});

describe('a text that the grammar cannot read', () => {
  const broken = `export const broken = {{{ ;\n${'function ( {{ ] value => ;\n'.repeat(12)}`;
  test('is cut by its lines, and none of it is parsed', async () => {
    const structure = await read('a.ts', broken);
    expect(structure.unparsed).toEqual([{ start: 0, end: broken.length }]);
    expect(structure.errorsIn(broken)).toBeGreaterThan(0);
    expect(structure.errorAt).toBeLessThan(60);
  });
  test('in part is cut around it', async () => {
    const text = 'one();\ntwo();\n\nconst a = ] ;\n\nthree();\nfour();\nfive();\n';
    const structure = await read('a.ts', text);
    expect(words(text, structure.unparsed).join('')).toContain('const a = ] ;');
    expect(await cuttable('a.ts', text)).toEqual(expect.arrayContaining(['one();\n', 'four();\n', 'five();\n']));
    expect(await cuttable('a.ts', text)).not.toContain('const a = ] ;\n');
    expect(text.slice(structure.errorAt)).toMatch(/^= ] ;/);
  });
  test('has no error if it has none', async () => {
    const structure = await read('a.ts', 'a();\n');
    expect([structure.errorAt, structure.errorsIn('a();\n'), structure.unparsed]).toEqual([undefined, 0, []]);
    expect(structure.errorsIn('a(;\n')).toBeGreaterThan(0);
    const plain = await read('a.groovy', 'a(\n');
    expect([plain.errorAt, plain.errorsIn('a('), plain.unparsed, plain.comments]).toEqual([
      undefined,
      0,
      [],
      undefined,
    ]);
    expect(plain.definitions).toEqual([]);
  });
});

describe('what is known of a text', () => {
  test('definitions and comments, also of one that is cut off', async () => {
    const text = '  f() { /* a */ }\n}\n\n// b\nfunction g(h) {\n  class I {}\n';
    const structure = await read('a.ts', text);
    expect(structure.definitions.map((d) => [d.name, text.slice(d.span.start, d.span.end)])).toEqual([
      ['f', 'f'],
      ['g', 'g'],
      ['I', 'I'],
    ]);
    expect(words(text, structure.comments!)).toEqual(['/* a */', '// b']);
  });
  test.each([
    ['a.go', 'package a\n\nconst B = 1\n\ntype C struct{}\n\nfunc d() {}\n', ['B', 'C', 'd']],
    ['a.py', 'class A:\n    def b(self):\n        c = 1\n', ['A', 'b']],
    ['a.c', 'int a(int b) { return 1; }\nstruct c { int d; };\nenum e { F };\n', ['a', 'c', 'e']],
    ['a.rs', 'fn a() {}\nstruct B { c: u8 }\nenum D { E }\ntrait F {}\n', ['a', 'B', 'c', 'D', 'E', 'F']],
  ])('definitions: %s', async (path, text, names) =>
    expect((await read(path, text)).definitions.map((d) => d.name)).toEqual(names),
  );
  test('protected lines, also behind a byte order mark', async () => {
    const text = '\ufeff#!/bin/sh\na\n#!/bin/sh\n';
    expect(words(text, (await read('a.sh', text)).protectedSpans)).toEqual(['\ufeff#!/bin/sh\n']);
    const late = "a();\n'use strict';\n";
    expect(words(late, (await read('a.ts', late)).protectedSpans)).toEqual(["'use strict';\n"]);
  });
  test.each([
    ['a.ts', "import a from 'b';\n", 'import', 'import'],
    ['a.ts', "const a = 'bcd';\n", 'bcd', 'literal'],
    ['a.ts', 'const a = 123;\n', '123', 'literal'],
    ['a.ts', 'function f(arg) {\n  inner();\n}\n', 'arg', 'signature'],
    ['a.ts', 'function f(arg) {\n  inner();\n}\n', 'inner', 'body'],
    ['a.ts', 'a();\n/** doc */\nb();\n', 'doc', 'docstring'],
    ['a.ts', 'a(); // why\n', 'why', 'comment'],
    ['a.ts', 'a(); // why\n', '(', 'punctuation'],
    ['a.ts', '// Copyright me\na();\n', 'me', 'licence'],
    ['a.py', 'def f():\n    """Doc."""\n    return "str"\n', 'Doc', 'docstring'],
    ['a.py', 'def f():\n    """Doc."""\n    return "str"\n', 'str', 'literal'],
    ['a.go', 'package abc\n', 'abc', 'import'],
    ['a.rb', 'a\n# why\n# so\n', 'so', 'comment'],
  ])('classes: %s %j: %s', async (path, text, word, expected) => {
    const classes = (await read(path, text)).classes(boundsOf(text));
    expect(TOKEN_CLASSES[classes[text.lastIndexOf(word)]!]).toBe(expected);
  });
});

describe('comments', () => {
  test.each<[string, string, string, string[]]>([
    ['of another kind are another unit', 'a.rs', '// a\n/// b\n/// c\nfn f() {}\n', ['// a\n', '/// b\n/// c\n']],
    ['behind code continue none', 'a.ts', 'f(); // a\n// b\ng();\n', ['// b\n']],
    ['end at a directive', 'a.ts', '// a\n// b namm:keep\n// c\nf();\n', ['// a\n', '// b namm:keep\n', '// c\n']],
    ['of one line are not divided', 'a.ts', '/* a */\nf();\n', ['/* a */\n']],
    ['with words on their last line are not divided', 'a.ts', '/* a\n\n b */\nf();\n', ['/* a\n\n b */\n']],
    [
      'that begin with an empty line',
      'a.ts',
      '/*\n *\n * a\n *\n * b\n */\nf();\n',
      ['/*\n *\n * a\n *\n * b\n */\n', ' * b\n'],
    ],
    ['of lines with empty ones at their edges', 'a.ts', '//\n// a\n//\nf();\n', ['//\n// a\n//\n']],
  ])('%s', async (_, path, text, expected) => {
    const found = (await cuttable(path, text)).filter((w) => /^\s*(\/\/|\/\*|\*)/.test(w) && !/fn f|g\(/.test(w));
    expect(found).toEqual(expected);
  });
  test('without a grammar belong to the declaration directly below', async () => {
    expect(await cuttable('a.rb', '# a\ndef f\n  g\nend\n')).toContain('# a\ndef f\n  g\nend\n');
    for (const text of [
      '# a\n\ndef f\n  g\nend\n',
      '# a\nf 1\n',
      '  # a\ndef f\n  g\nend\n',
      '# namm:keep\ndef f\n  g\nend\n',
    ])
      expect((await cuttable('a.rb', text))[0]).toMatch(/^ *# .*\n$/);
    expect(await cuttable('a.yaml', '# a\nb: 1\nc: 2\n')).toEqual(['# a\nb: 1\n', '# a\n', 'c: 2\n']);
    expect(await cuttable('a.css', '/* a */\n.b {}\n')).toEqual(['/* a */\n.b {}\n', '/* a */\n']);
    expect(await cuttable('a.css', '/* a */ .b {}\n')).toEqual(['/* a */ .b {}\n']);
    expect(await cuttable('a.css', '/**/\n\n.b {}\n')).toEqual(['/**/\n', '.b {}\n']);
  });
});

test.each([
  ['a.rs', '#[test]\nfn a() {\n    b();\n}\n', '#[test]\n'],
  ['a.rs', '/// A.\n#[test]\n// b\nfn a() {\n    b();\n}\n', '#[test]\n'],
  ['a.ts', '@A()\nclass B {\n  c() {}\n}\n', '@A()\n'],
  ['a.ts', 'class B {\n  @A()\n  // b\n  c() {}\n}\n', '  @A()\n'],
])('an attribute goes with what follows: %s %j', async (path, text, attribute) => {
  const found = await cuttable(path, text);
  expect(found).not.toContain(attribute);
  expect(found.some((part) => part.includes(attribute))).toBe(true);
});

describe('parts of a container', () => {
  test.each<[string, string, string, string[], string[]]>([
    [
      'the first case of a match stays',
      'a.py',
      'match a:\n    case 1:\n        b()\n    case 2:\n        c()\n',
      ['    case 2:\n        c()\n'],
      ['    case 1:\n        b()\n'],
    ],
    [
      'text between tags stays',
      'a.tsx',
      'const a = (\n  <A>\n    text\n    <B />\n    {c}\n  </A>\n);\n',
      ['    {c}\n'],
      ['    text\n', '  <A>\n'],
    ],
    [
      'the first of a list with leading commas stays',
      'a.ts',
      'const a = [\n  1\n  , 2\n  , 3\n];\n',
      ['  , 2\n', '  , 3\n'],
      ['  1\n'],
    ],
    ['any of a list can go', 'a.ts', 'const a = [\n  1,\n  2,\n  3\n];\n', ['  1,\n', '  2,\n', '  3\n'], []],
    [
      'what shares a line goes together',
      'a.ts',
      'function f() {\n  a(); b();\n  c(); }\n',
      ['  a(); b();\n'],
      ['  c(); }\n'],
    ],
    [
      'labels and access stay',
      'a.cc',
      'class A {\n public:\n  void b();\n  int c;\n};\n',
      ['  void b();\n', '  int c;\n'],
      [' public:\n'],
    ],
    [
      'a block of statements over their lines',
      'a.go',
      'package a\n\nfunc f() {\n\tif a {\n\t\tb()\n\t} else {\n\t\tc()\n\t}\n}\n',
      ['\tif a {\n\t\tb()\n\t} else {\n\t\tc()\n\t}\n', '\t\tb()\n', '\t\tc()\n'],
      ['\t} else {\n'],
    ],
    ['a comment behind code goes with it', 'a.ts', 'a(); // x\n// y\nb();\n', ['a(); // x\n', '// y\n'], []],
    [
      'a comment in markup is an expression',
      'a.tsx',
      'const a = (\n  <A>\n    {/* x */}\n    <B />\n  </A>\n);\n',
      ['    {/* x */}\n', '    <B />\n'],
      [],
    ],
    [
      'half of a region stays',
      'a.cs',
      'class A\n{\n    #region b\n    int c;\n    #endregion\n    int d;\n}\n',
      ['    int c;\n', '    int d;\n'],
      ['    #region b\n', '    #endregion\n'],
    ],
  ])('%s', async (_, path, text, go, stay) => {
    const found = await cuttable(path, text);
    for (const part of go) expect(found).toContain(part);
    for (const part of stay) {
      expect(text).toContain(part);
      expect(found).not.toContain(part);
    }
  });

  test('markup, suites and comments say so', async () => {
    const tsx = await read('a.tsx', 'const a = (\n  <A>\n    <B />\n  </A>\n);\nf();\n');
    expect(
      all(tsx.units)
        .filter((u) => u.markup && u.cuttable)
        .map((u) => tsx.source.text.slice(u.start, u.end)),
    ).toEqual(['    <B />\n']);
    const py = await read('a.py', 'def f():\n    a()\n    # why\n    b()\nc()\n');
    const [f] = py.units;
    expect(f!.suite).toBeUndefined();
    expect(f!.children.map((u) => [u.comment, u.suite !== undefined])).toEqual([
      [false, true],
      [true, true],
      [false, true],
    ]);
    expect(new Set(f!.children.map((u) => u.suite)).size).toBe(1);
    expect(f!.children[0]!.suite!.members).toEqual(f!.children);
  });

  test('three hundred levels deep and deeper stay whole', async () => {
    const depth = (units: readonly Unit[]): number => Math.max(0, ...units.map((u) => 1 + depth(u.children)));
    const text = `a = ${'[\n1,\n'.repeat(400)}${']\n'.repeat(400)};\n`;
    const { units, errorsIn } = await read('a.js', text);
    expect(errorsIn(text)).toBe(0);
    expect(depth(units)).toBeGreaterThan(140);
    expect(depth(units)).toBeLessThan(310);
  });
});
