// Tests which lines stand under which, and which stay together, in texts without a grammar.
import { expect, test } from 'vitest';
import { Lines } from '../../../src/core/lines';
import { controlsIn } from '../../../src/parse/controls';
import { stretchesOf } from '../../../src/parse/stretches';
import { lineTreeOf, type LineNode } from '../../../src/parse/lineTree';

function treeOf(languageId: string, text: string, language?: string): LineNode[] {
  const lines = new Lines(text);
  const stretches = stretchesOf(text, language ?? languageId, lines);
  return lineTreeOf({ path: 'a', languageId, text }, lines, () => language, stretches);
}

/** Each node as its depth with its first and last line: `0 1-3`. */
function outline(languageId: string, text: string, language?: string): string {
  const lines = new Lines(text);
  const show = (nodes: readonly LineNode[], depth: number): string[] =>
    nodes.flatMap((n) => [
      `${depth} ${lines.at(n.start) + 1}-${lines.at(n.end - 1) + 1}`,
      ...show(n.children, depth + 1),
    ]);
  return show(treeOf(languageId, text, language), 0).join(', ');
}

test.each([
  ['deeper lines', 'lua', 'a\n  b\n    c\n  d\ne\n', '0 1-4, 1 2-3, 2 3-3, 1 4-4, 0 5-5'],
  ['lines that get less deep', 'lua', '    a\n  b\nc\n', '0 1-1, 0 2-2, 0 3-3'],
  ['blank lines between them', 'lua', 'a\n\n  b\n\nc\n', '0 1-3, 1 3-3, 0 5-5'],
  ['what closes', 'ruby', 'a do\n  b\nend\nc\n', '0 1-3, 1 2-2, 0 4-4'],
  ['a word that begins like a closing one', 'ruby', 'a\nending\n', '0 1-1, 0 2-2'],
  ['a list under its key', 'yaml', 'a:\n- b\n- c\nd: 1\n', '0 1-3, 1 2-2, 1 3-3, 0 4-4'],
  ['a list at the depth of its key', 'yaml', 'a:\n  b:\n  - d\n', '0 1-3, 1 2-3, 2 3-3'],
  ['a dash inside a line', 'yaml', 'a: 1\nb - c\n', '0 1-1, 0 2-2'],
  ['a dash elsewhere', 'nim', 'a\n- b\n', '0 1-1, 0 2-2'],
  ['a block scalar', 'yaml', 't: |\n  raw\n  raw\nu: 1\n', '0 1-3, 0 4-4'],
  ['a folded one with an indicator', 'yaml', 't: >-2 \n  raw\n', '0 1-2'],
  ['no block scalar', 'yaml', 't: | x\n  raw\n', '0 1-2, 1 2-2'],
  ['a plain one that goes on', 'yaml', 't: a>b\n  raw\n', '0 1-2'],
  ['a head before its block', 'php', 'f(\n    a,\n    b\n) {\n    c;\n}\n', '0 1-6, 1 5-5'],
  ['a head with a comment', 'php', 'f() { // x {\n    c;\n}\n', '0 1-3, 1 2-2'],
  ['a head that ends above', 'php', 'f() {\n\n    // b\n    c;\n}\n', '0 1-5, 1 3-3, 1 4-4'],
  ['the rest of a statement', 'php', 'a =\n    b;\nc;\n', '0 1-2, 0 3-3'],
  ['the rest of a statement in a block', 'php', 'f() {\n    a\n        b;\n    c;\n}\n', '0 1-5, 1 2-3, 1 4-4'],
  ['block parameters', 'php', 'f { |a, b|\n    c\n}\n', '0 1-3, 1 2-2'],
  ['an attribute', 'php', '#[A(1)]\nf() {\n    a;\n}\ng();\n', '0 1-4, 1 3-3, 0 5-5'],
  ['no attribute', 'ruby', '@a\nb\n', '0 1-1, 0 2-2'],
  ['a chain', 'php', 'a()\n->b();\nc();\n', '0 1-2, 0 3-3'],
  ['no chain', 'ruby', 'a\n&& b\n', '0 1-1, 0 2-2'],
  ['selectors', 'css', '.a,\n.b {\n  c: 1;\n}\n', '0 1-4, 1 3-3'],
  ['a comma inside a line', 'css', '.a, .x {}\n.b {}\n', '0 1-1, 0 2-2'],
  ['a comma elsewhere', 'php', 'a,\nb;\n', '0 1-1, 0 2-2'],
  ['an end of a branch', 'shellscript', 'case a in\n  a)\n    b\n    ;;\nesac\n', '0 1-5, 1 2-4, 2 3-3, 2 4-4'],
  [
    'an end of a branch below its pattern',
    'shellscript',
    'case a in\n  a) # x\n    b\n  ;;\nesac\n',
    '0 1-5, 1 2-4, 2 3-3',
  ],
  ['an end of a branch alone', 'shellscript', ';;\na\n', '0 1-1, 0 2-2'],
  ['a string', 'shellscript', 'a="x\n  y"\nb\n', '0 1-2, 0 3-3'],
  ['a quote in a string', 'shellscript', "a='\"'\nb\n", '0 1-1, 0 2-2'],
  ['a quote in a longer string', 'shellscript', "a='x\"y'\nb\n", '0 1-1, 0 2-2'],
  ['an escaped quote', 'shellscript', 'a=\\"\nb\n', '0 1-1, 0 2-2'],
  ['a quote in a comment', 'shellscript', '# it"s\na # "x\nb\n', '0 1-1, 0 2-2, 0 3-3'],
  ['a quote behind no comment', 'shellscript', 'a#"x\ny"\nb\n', '0 1-2, 0 3-3'],
  ['a quote in another language', 'lua', 'a "x\nb\n', '0 1-1, 0 2-2'],
  ['a here document', 'shellscript', 'cat <<EOF\n  x\nEOFX\n  EOF\nb\n', '0 1-4, 0 5-5'],
  ['a fence', 'plaintext', '```js\na\n\n  b\n```\nc\n', '0 1-5, 0 6-6'],
  ['another fence', 'plaintext', ' ~~~\na\n~~~ \nc\n', '0 1-3, 0 4-4'],
  ['a comment', 'php', 'a; /* b\n c */\nd;\n', '0 1-2, 0 3-3'],
  ['a comment in a line', 'php', '/* b */ a;\nd;\n', '0 1-1, 0 2-2'],
  ['a comment that begins again', 'php', '/* b */ /* c */\nd;\n', '0 1-1, 0 2-2'],
  ['no comment', 'php', '"/*";\nd;\n', '0 1-1, 0 2-2'],
  ['a string of three quotes', 'kotlin', 'a = """b\nc"""\nd\n', '0 1-2, 0 3-3'],
  ['a string of three quotes in a line', 'kotlin', 'a = """b"""\nd\n', '0 1-1, 0 2-2'],
  ['continued lines', 'makefile', 'a: \\\n b \\\n c\nd:\n', '0 1-3, 0 4-4'],
  ['a string in a continued line', 'shellscript', 'f a \\\n  "b\nc" \\\n  d\ne\n', '0 1-4, 0 5-5'],
  ['a statement of Perl', 'perl', 'return $a->{b}\n  if c\n  || d;\ne();\n', '0 1-3, 0 4-4'],
  ['a branch behind a comment', 'perl', 'if (a) { b() }\n\n# c\nelse { d() }\ne();\n', '0 1-4, 0 5-5'],
  ['behind a document of Perl', 'perl', '=head1 A\n\nb\n\n=cut\nc();\n', '0 1-5, 0 6-6'],
  [
    'a list behind a block',
    'perl',
    'my @a = map { $_->{b} }\n  grep { $_ }\nsort { c({}) }\n  @d;\ne();\n',
    '0 1-4, 0 5-5',
  ],
  ['a block of the same name', 'perl', 'sub first { 1 }\na();\neval { 2 }\n;b();\n', '0 1-1, 0 2-2, 0 3-3, 0 4-4'],
  ['a bare block', 'perl', 'a();\n{\n  b();\n}\nif (c)\n{\n  d();\n}\n', '0 1-1, 0 2-4, 1 3-3, 0 5-8'],
  ['unfinished lines', 'ruby', 'g a,\n  b\nh\n', '0 1-2, 0 3-3'],
  ['an operator before a comment', 'r', 'a <- b + # c\n  d\ne\n', '0 1-2, 0 3-3'],
  ['an operator above a comment', 'r', 'a <- b +\n# c\nd\ne\n', '0 1-3, 0 4-4'],
  [
    'a comment that ends like an operator',
    'r',
    'a\n# Load ----\nb\n# ====\nc # -\nd\n',
    '0 1-1, 0 2-2, 0 3-3, 0 4-4, 0 5-5, 0 6-6',
  ],
  ['a comment that ends like an operator', 'julia', '# a =\nb\n', '0 1-1, 0 2-2'],
  ['a comment of dashes', 'lua', 'a()\n-- b\nc()\n--------\nd()\n', '0 1-1, 0 2-2, 0 3-3, 0 4-4, 0 5-5'],
  ['a minus', 'lua', 'a = b\n- c\nd()\n', '0 1-2, 0 3-3'],
  ['a word that continues, alone', 'haskell', 'a = b\nwhere\n', '0 1-2'],
  ['a comma before a comment', 'ruby', 'g a, # b\n  c\nh\n', '0 1-2, 0 3-3'],
  ['a comma in a comment', 'ruby', 'g # a,\n  c\n', '0 1-2, 1 2-2'],
  ['a table with a comment', 'toml', '[a]\nb = 1\n[c] # d\ne = 1\n', '0 1-2, 1 2-2, 0 3-4, 1 4-4'],
  ['a table with a quoted bracket', 'toml', '[a]\nb = 1\n[c."]["]\ne = 1\n', '0 1-2, 1 2-2, 0 3-4, 1 4-4'],
  ['a section with a comment', 'ini', '[a]\nb = 1\n[c] ; d\ne = 1\n', '0 1-2, 1 2-2, 0 3-4, 1 4-4'],
  ['a block scalar with a comment', 'yaml', 't: | # a\n  raw\n  raw\nu: 1\n', '0 1-3, 0 4-4'],
  ['a comment that ends like a block scalar', 'yaml', 't: # a ->\n  b: 1\n', '0 1-2, 1 2-2'],
  ['a tag', 'html', '<a\n  b="c"\n>\nd\n', '0 1-3, 0 4-4'],
])('%s: %s', (_, languageId, text, expected) => expect(outline(languageId, text)).toBe(expected));

test('a part in another language is read by its rules', () => {
  expect(outline('vue', '.a,\n.b {\n  c: 1;\n}\n', 'css')).toBe('0 1-4');
  expect(outline('vue', 'a,\nb\n', 'javascript')).toBe('0 1-1, 0 2-2');
  expect(outline('vue', 'if (a <b\n  c)\nd\n', 'javascript')).toBe('0 1-2, 1 2-2, 0 3-3');
});

test('a shell block without indentation is one node', () => {
  const text = 'case a in\nb) c;;\nesac\nif d; then e; fi\nf\n';
  const { roles, pairs } = controlsIn(text, 'shellscript', new Lines(text));
  expect([...roles]).toEqual([
    [0, { kind: 'opens' }],
    [2, { kind: 'closes' }],
  ]);
  expect(pairs.within(text.indexOf('if d'), text.indexOf('f\n'))).toBe(true);
});

test('the end of a branch of a shell case stays with its last command', () => {
  const [node] = treeOf('shellscript', 'case a in\n  b)\n    c;;\n  d) e;;\nesac\n');
  const [b, d] = node!.children;
  expect([b!.stays, b!.children[0]!.stays, d!.stays]).toEqual([false, true, false]);
  const [behind] = treeOf('shellscript', 'case a in\n  b)\n    c;; # d (e)\n  f)\n    g\nesac\n');
  expect(behind!.children[0]!.children[0]!.stays).toBe(true);
});

test('a byte order mark is in no line', () => {
  expect(treeOf('lua', '\ufeffa\nb\n').map((n) => n.start)).toEqual([1, 3]);
  expect(treeOf('lua', 'a\nb\ufeff').map((n) => n.start)).toEqual([0, 2]);
});

test('the three hundredth level is the last', () => {
  const text = Array.from({ length: 310 }, (_, i) => `${' '.repeat(i)}a\n`).join('');
  const nodes = outline('lua', text).split(', ');
  expect(nodes).toHaveLength(300);
  expect(nodes.at(-1)).toBe('299 300-310');
});

test('statements of one branch of a block are in one suite', () => {
  const [block] = treeOf('shellscript', 'if a; then\n  b\n  c\nelse\n  d\nfi\n');
  const [b, c, d] = block!.children.map((n) => n.suite);
  expect(b).toBeDefined();
  expect(c).toBe(b);
  expect(d).toBeDefined();
  expect(d).not.toBe(b);
  expect(treeOf('ruby', 'a do\n  b\nend\n')[0]!.children[0]!.suite).toBeUndefined();
});
