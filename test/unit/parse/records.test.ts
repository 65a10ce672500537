// Tests what goes together in texts without a grammar: records with their heads, control tags, statements, anchors.
import { expect, test } from 'vitest';
import { going } from '../../support/going';

test.each([
  [
    'a section with its keys',
    'ini',
    '[a]\nb = 1\nc = 2\n\n[d]\ne = 3\n',
    ['[a] 3', 'b = 1 1', 'c = 2 1', '[d] 2', 'e = 3 1'],
  ],
  ['keys before the first section', 'ini', 'a = 1\n[b]\nc = 2\n', ['a = 1 1', '[b] 2', 'c = 2 1']],
  [
    'a table with its keys',
    'toml',
    '[a]\nb = 1\n[c]\nd = [\n  [1],\n  [2]\n]\n',
    ['[a] 2', 'b = 1 1', '[c] 5', 'd = [ 4', '[1], 1', '[2] 1'],
  ],
  [
    'a table inside an array of tables',
    'toml',
    '[[a]]\nb = 1\n[a.c]\nd = 2\n[e]\nf = 3\n',
    ['[[a]] 4', 'b = 1 1', '[a.c] 2', 'd = 2 1', '[e] 2', 'f = 3 1'],
  ],
  [
    'an array of tables inside another one',
    'toml',
    '[[ a ]]\nb = 1\n[[a."c"]]\nd = 2\n[a.c.e]\nf = 3\n[[a.c]]\ng = 4\n[[a]]\nh = 5\n',
    [
      '[[ a ]] 8',
      'b = 1 1',
      '[[a."c"]] 4',
      'd = 2 1',
      '[a.c.e] 2',
      'f = 3 1',
      '[[a.c]] 2',
      'g = 4 1',
      '[[a]] 2',
      'h = 5 1',
    ],
  ],
  ['a document', 'yaml', 'a: 1\nb: 2\n---\nc: 3\nd: 4\n', ['a: 1 2', 'b: 2 1', '--- 3', 'c: 3 1', 'd: 4 1']],
  [
    'what names an object',
    'yaml',
    'kind: A\nmetadata:\n  name: b\n  labels:\n    c: d\nspec:\n  e: f\n',
    ['labels: 2', 'c: d 1', 'spec: 2', 'e: f 1'],
  ],
  ['an anchor with an alias', 'yaml', 'a: &b\n  c: 1\n  d: 2\ne: *b\nf: &g 1\n', ['d: 2 1', 'e: *b 1', 'f: &g 1 1']],
  [
    'a plain scalar over several lines',
    'yaml',
    'a: b\n  c: d\nlist:\n- e\n  f\n- g: h\n   i\n  j: k\n- l\n',
    ['a: b 2', 'list: 7', '- e 2', '- g: h 3', 'j: k 1', '- l 1'],
  ],
  ['a plain scalar below its key', 'yaml', 'a:\n  b c\n  d\n  e\nf: g\n', ['a: 4', 'b c 3', 'f: g 1']],
  ['a plain scalar behind an anchor and a tag', 'yaml', 'a: &b !!str c\n  d\ne: f\n', ['a: &b !!str c 2', 'e: f 1']],
  ['what is no plain scalar', 'yaml', 'a: # b\n  c: d\n-\n  e: f\n', ['a: # b 2', 'c: d 1', '- 2', 'e: f 1']],
  ['a key of several lines', 'yaml', '? - a\n  - b\n: c\n? d\n: - e\n  - f\ng: h\n', ['? - a 3', '? d 3', 'g: h 1']],
  ['a directive', 'yaml', '%YAML 1.2\n---\na: b\n---\nc: d\n', ['%YAML 1.2 1', 'a: b 1', '--- 2', 'c: d 1']],
  [
    'a quote inside a block scalar',
    'yaml',
    'a: |\n  b "\n  "\n  c\nd:\n  e: "f"\n  g: |-\n    "\n  h: i\n- |\n "\n- "j"\n',
    ['a: | 4', 'd: 8', 'e: "f" 1', 'g: |- 2', 'h: i 1', '- | 2', '- "j" 1'],
  ],
  [
    'a key that is a word of other languages',
    'yaml',
    'a: 1\ndefault: 2\nwhen: 3\n',
    ['a: 1 1', 'default: 2 1', 'when: 3 1'],
  ],
  [
    'a block of EJS',
    'html',
    '<% if (a < b && c["{"]) { %>\n<p>d</p>\n<% } else { %>\n<p>e</p>\n<% } %>\n<%= f %>\n<% g.forEach((h) => { -%>\n<i>h</i>\n<%_ }); _%>\n<p>k</p>\n',
    [
      '<% if (a < b && c["{"]) { %> 5',
      '<p>d</p> 1',
      '<p>e</p> 1',
      '<%= f %> 1',
      '<% g.forEach((h) => { -%> 3',
      '<i>h</i> 1',
      '<p>k</p> 1',
    ],
  ],
  [
    'a comment before a lone carriage return',
    'python',
    '# a\rb = 1\r# c\rd = 2\r',
    ['# a 1', 'b = 1 1', '# c 1', 'd = 2 1'],
  ],
  [
    'a list of Tcl',
    'tcl',
    'set a {\n  b\n  c\n}\nset d {\ne\n  {f g}\n}\nproc h {} {\n  i\n  # j\n  k\n}\nswitch $l {\n  m {\n    n\n  }\n  default {}\n}\n',
    ['set a { 4', 'set d { 4', 'proc h {} { 5', 'i 1', '# j 1', 'k 1', 'switch $l { 6'],
  ],
  [
    'the text of an element',
    'html',
    '<title>\na\nb\n</title>\n<textarea name="c">\nd\n\n<p>e\n</textarea>\n<p>f</p>\n',
    ['<title> 4', '<textarea name="c"> 5', '<p>f</p> 1'],
  ],
  [
    'a template',
    'html',
    '<p>a</p>\n{% if b %}\n<p>c</p>\n{% else %}\n<p>d</p>\n{% endif %}\n<p>e</p>\n',
    ['<p>a</p> 1', '{% if b %} 5', '<p>c</p> 1', '<p>d</p> 1', '<p>e</p> 1'],
  ],
  [
    'a template in a template',
    'html',
    '{% for a in b %}\n  {% if a > b %}\n  <i>c</i>\n  {% endif %}\n{% endfor %}\n',
    ['{% for a in b %} 5', '{% if a > b %} 3', '<i>c</i> 1'],
  ],
  [
    'a template that begins inside a tag',
    'html',
    '<p>a</p>\n{% if a %}\n<div>\n{% endif %}\nb</div>\n',
    ['<p>a</p> 1'],
  ],
  [
    'a template in data',
    'yaml',
    'a:\n  {{- if .b }}\n  c: 1\n  {{- else }}\n  d: 2\n  {{- end }}\ne: 3\n',
    ['a: 6', '{{- if .b }} 5', 'c: 1 1', 'd: 2 1', 'e: 3 1'],
  ],
  [
    'an inline assignment',
    'html',
    '{% set a = 1 %}\n{% set b %}\nc\n{% endset %}\n',
    ['{% set a = 1 %} 1', '{% set b %} 3', 'c 1'],
  ],
  [
    'a block of Handlebars',
    'handlebars',
    '{{#each a}}\n<i>b</i>\n{{else}}\nc\n{{/each}}\n',
    ['{{#each a}} 5', '<i>b</i> 1', 'c 1'],
  ],
  [
    'a block of Svelte',
    'svelte',
    '{#if a}\n  <p>b</p>\n{:else}\n  <p>c</p>\n{/if}\n',
    ['{#if a} 5', '<p>b</p> 1', '<p>c</p> 1'],
  ],
  [
    'a block of Blade',
    'blade',
    '@foreach ($a as $b)\n<i>c</i>\n@endforeach\n@csrf\n',
    ['@foreach ($a as $b) 3', '<i>c</i> 1', '@csrf 1'],
  ],
  [
    'a block of ERB',
    'erb',
    '<% a.each do |b| %>\n<i>c</i>\n<% end %>\n<i>d</i>\n',
    ['<% a.each do |b| %> 3', '<i>c</i> 1', '<i>d</i> 1'],
  ],
  ['an open block', 'html', '{% if a %}\nb\n{% endfor %}\nc\n', ['b 1', 'c 1']],
  [
    'a condition',
    'makefile',
    'ifeq ($(A),1)\nB = 1\nelse\nB = 2\nendif\nC = 3\n',
    ['ifeq ($(A),1) 5', 'B = 1 1', 'B = 2 1', 'C = 3 1'],
  ],
  ['a definition', 'makefile', 'define a\n\t@b\nendef\nc:\n\td\n', ['define a 3', '@b 1', 'c: 2', 'd 1']],
  [
    'an environment',
    'latex',
    '\\begin{a}\nb\n\\begin{c}\nd\n\\end{c}\n\\end{a}\n',
    ['\\begin{a} 6', 'b 1', '\\begin{c} 3', 'd 1'],
  ],
  [
    'a statement',
    'sql',
    "UPDATE a\nSET b = 'c;\nd'\nWHERE e;\n\nDELETE FROM f\nWHERE g; -- h\nSELECT 1;\n",
    ['UPDATE a 4', 'DELETE FROM f 2', 'SELECT 1; 1'],
  ],
  [
    'the rows of a table but the last',
    'sql',
    'CREATE TABLE a (\n  b INT,\n  c DECIMAL(1,\n    2),\n  d INT\n);\n',
    ['CREATE TABLE a ( 6', 'b INT, 1'],
  ],
  [
    'the rows of values but the last',
    'sql',
    'INSERT INTO a VALUES\n  (1, 2),\n  (3, 4),\n  (5, 6);\n',
    ['INSERT INTO a VALUES 4', '(1, 2), 1', '(3, 4), 1'],
  ],
  [
    'a routine',
    'sql',
    'CREATE PROCEDURE a()\nBEGIN\n  IF b THEN\n    c;\n  END IF;\nEND;\nSELECT 1;\n',
    ['CREATE PROCEDURE a() 6', 'SELECT 1; 1'],
  ],
  [
    'a routine with blocks in it',
    'sql',
    "CREATE PROCEDURE a()\nBEGIN\n  BEGIN\n    b('end');\n  END;\n\n  SELECT CASE c WHEN 1 THEN 2 END;\n  CASE d\n    WHEN 1 THEN e;\n  END CASE;\n  LOOP\n    f;\n  END LOOP;\nEND;\nSELECT 1;\n",
    ['CREATE PROCEDURE a() 14', 'SELECT 1; 1'],
  ],
  [
    'a routine with declarations',
    'sql',
    'CREATE FUNCTION a RETURN INT IS\n  b INT := CASE c WHEN 1 THEN 2 END;\n  PROCEDURE d IS\n  BEGIN\n    e;\n  END d;\n\nBEGIN\n  RETURN 1;\nEND a;\nSELECT 1;\n',
    ['CREATE FUNCTION a RETURN INT IS 10', 'SELECT 1; 1'],
  ],
  [
    'a package',
    'sql',
    'CREATE PACKAGE BODY a AS\n  PROCEDURE b IS\n  BEGIN\n    c;\n  END b;\n\n  PROCEDURE d IS\n  BEGIN\n    e;\n  END d;\nEND a;\nCREATE PACKAGE f AS\n  PROCEDURE b;\nEND f;\nSELECT 1;\n',
    ['CREATE PACKAGE BODY a AS 11', 'CREATE PACKAGE f AS 3', 'SELECT 1; 1'],
  ],
  [
    'a trigger that calls a function',
    'sql',
    'CREATE TRIGGER a BEFORE INSERT ON b\n  EXECUTE FUNCTION c();\nSELECT 1;\n',
    ['CREATE TRIGGER a BEFORE INSERT ON b 2', 'SELECT 1; 1'],
  ],
  [
    'a batch',
    'sql',
    'CREATE PROCEDURE a AS\n  SET NOCOUNT ON;\n\n  SELECT 1;\nGO\nSELECT 2;\n',
    ['CREATE PROCEDURE a AS 5', 'SELECT 2; 1'],
  ],
  [
    'an open routine',
    'sql',
    'CREATE PROCEDURE a()\nBEGIN\n  b;\n\nCREATE PROCEDURE c()\nBEGIN\n  d;\nEND;\n',
    ['CREATE PROCEDURE a() 3', 'CREATE PROCEDURE c() 4'],
  ],
  ['a statement without an end', 'sql', 'SELECT a\nFROM b\n\nSELECT c\nFROM d\n', ['SELECT a 2', 'SELECT c 2']],
  [
    'a template of PHP',
    'php',
    '<?php\na();\n?>\n<p>b</p>\n<?php if ($c): ?>\n<p>d</p>\n<?php else: ?>\n<p>e</p>\n<?php endif; ?>\n<?php foreach ($f as $g) { ?>\n<i><?= $g->h ?></i>\n<?php } ?>\n',
    ['<?php 3', 'a(); 1', '<p>b</p> 1', '<?php if ($c): ?> 5', '<p>d</p> 1', '<p>e</p> 1', '<i><?= $g->h ?></i> 1'],
  ],
  ['a pipeline', 'r', 'a <- b |>\n  c() |>\n  d()\ne %>%\nf()\ng()\n', ['a <- b |> 3', 'e %>% 2', 'g() 1']],
  ['a pipeline', 'elixir', 'a = b\n|> c()\n|> d()\ne()\n', ['a = b 3', 'e() 1']],
  ['a chain of concatenations', 'lua', 'a = "b"\n  .. "c"\n  .. "d"\ne()\n', ['a = "b" 3', 'e() 1']],
])('%s in %s', async (_, languageId, text, expected) => expect(await going(languageId, text)).toEqual(expected));

test('what a grammar cannot read beside the rest is read for it', async () => {
  const jsx = 'const a = (\n  <A>\n    <B c="/d?e=f&g=h" />\n    <C />\n  </A>\n);\n';
  expect(await going('typescriptreact', jsx)).toContain('<B c="/d?e=f&g=h" /> 1');
  const shell = 'f() {\n  one\n}\nfor i do\n  a\n  b\ndone\n';
  expect(await going('shellscript', shell)).toEqual(['f() { 3', 'one 1', 'for i do 4', 'a 1', 'b 1']);
});

test('a blank in front of CRLF, or at the end of a line, is no text of JSX', async () => {
  const text = 'const a = (\n  <A>\n    <B />\n    <C>\n      d\n    </C>\n  </A>\n);\n';
  const plain = await going('javascriptreact', text);
  expect(plain).toContain('<B /> 1');
  const returns = await going('javascriptreact', text.replaceAll('\n', '\r\n'));
  expect(returns).toEqual(plain);
  expect((await going('javascriptreact', text.replace('<B />', '<B />  ')))[1]).toBe(plain[1]);
});

test('a comment above an item of a list in YAML belongs to the list', async () => {
  const text = 'a:\n# b\n- c: 1\n  d: 2\n# e\n- f\ng: 3\n';
  expect(await going('yaml', text)).toEqual(['a: 6', '# b 3', '# b 1', 'd: 2 1', '# e 2', '# e 1', 'g: 3 1']);
});
