// Tests what may go in schemas and image files: blocks that may not become empty, names that must be found, lines of an instruction.
import { expect, test } from 'vitest';
import { going } from '../../support/going';

test.each([
  [
    'one field of a type stays, and one type',
    'graphql',
    'type A {\n  b: C\n  d: E\n}\ntype F {\n  g: H\n}\n',
    ['d: E 1', 'type F { 3'],
  ],
  [
    'a description belongs to what it describes',
    'graphql',
    'type A {\n  b: C\n  """\n  d\n  """\n  e: F\n  "g"\n  h: I\n}\n',
    ['""" 4', '"g" 2'],
  ],
  [
    'directives and interfaces belong to the head',
    'graphql',
    'scalar A\ntype B\n  implements C & D\n@e(f: "g") {\n  h: I\n  j: K\n}\n',
    ['type B 6', 'j: K 1'],
  ],
  [
    'one of the arguments stays',
    'graphql',
    'scalar A\ntype B {\n  c(\n    d: E\n    f: G\n  ): H\n}\n',
    ['type B { 6', 'f: G 1'],
  ],
  [
    'one field stays behind the arguments of a field, and a comment is no head',
    'graphql',
    '# a\n{\n  b(\n    c: 1\n    d: 2\n  ) {\n    e\n    f\n  }\n}\n',
    ['# a 1', 'd: 2 1', 'f 1'],
  ],
  [
    'a condition around lines of a recipe',
    'makefile',
    'a:\n\tb\nifdef C\n\td\nelse\n# e\n\tf\nendif\n\tg\nifdef H\ni = 1\nendif\n',
    ['a: 9', 'b 1', 'ifdef C 6', 'd 1', '# e 2', '# e 1', 'g 1', 'ifdef H 3', 'i = 1 1'],
  ],
  [
    'the first value of an enum and one field of a oneof stay',
    'proto',
    'enum A {\n  option deprecated = true;\n  B = 0;\n  C = 1;\n}\nmessage D {\n  oneof e {\n    F g = 1;\n    F h = 2;\n  }\n}\n',
    ['enum A { 5', 'option deprecated = true; 1', 'C = 1; 1', 'message D { 6', 'oneof e { 4', 'F h = 2; 1'],
  ],
  [
    'an enum with aliases stays whole, and so does the syntax',
    'proto',
    'syntax = "proto3";\nenum A {\n  option allow_alias = true;\n  B = 0;\n  C = 0;\n}\n',
    ['enum A { 5'],
  ],
  [
    'a list of options stays whole',
    'proto',
    'message A {\n  B c = 1 [\n    (d) = 1,\n    (e) = 2\n  ];\n  F g = 2 [(h) = {\n    i: 1\n    j: 2\n  }];\n}\n',
    ['message A { 10', 'B c = 1 [ 4', 'F g = 2 [(h) = { 4', 'i: 1 1', 'j: 2 1'],
  ],
  [
    'another branch on a line of its own',
    'scss',
    '@if a {\n  b: c;\n}\n@else if d {\n  e: f;\n}\n',
    ['@if a { 6', 'b: c; 1', 'e: f; 1'],
  ],
  [
    'a comment above a field belongs to it',
    'proto',
    'message A {\n  // b\n  C d = 1;\n}\n',
    ['message A { 4', '// b 2', '// b 1'],
  ],
  [
    'the first stage stays, and one that is copied from',
    'dockerfile',
    'ARG A\nARG B\nFROM c:$A AS d\nRUN e\nFROM f AS g\nRUN h\nFROM i\nCOPY --from=g j k\nFROM l\nRUN m\n',
    ['ARG B 1', 'RUN e 1', 'RUN h 1', 'FROM i 2', 'COPY --from=g j k 1', 'FROM l 2', 'RUN m 1'],
  ],
  [
    'a number counts the stages',
    'dockerfile',
    'FROM a\nFROM b\nFROM c\nCOPY --from=1 d e\n',
    ['FROM c 2', 'COPY --from=1 d e 1'],
  ],
  [
    'words of an instruction, but not the first',
    'dockerfile',
    'FROM a\nRUN b -y \\\n  c \\\n  d \\\n  # e\n  f="g h" \\\n  && i\n',
    ['RUN b -y \\ 6', 'd \\ 1', 'f="g h" \\ 1'],
  ],
  [
    'commands of an instruction that are complete',
    'dockerfile',
    'FROM a\nRUN b \\\n && c d \\\n && e "f" \\\n && g \\\n    h \\\n && i \\\n && j\n',
    ['RUN b \\ 7', '&& c d \\ 1', '&& i \\ 1'],
  ],
  [
    'another sign that continues lines',
    'dockerfile',
    '# escape=`\nFROM a\nRUN b `\n  c\nWORKDIR d\\\nRUN e\n',
    ['# escape=` 1', 'RUN b ` 2', 'WORKDIR d\\ 1', 'RUN e 1'],
  ],
  ['a comment ends with its line', 'dockerfile', '# a \\\nFROM b\nRUN c\n', ['# a \\ 1', 'RUN c 1']],
  [
    'the outermost element and the document type stay',
    'xml',
    '<?xml version="1.0"?>\n<!DOCTYPE a [\n  <!ENTITY b "c">\n]>\n<a>\n  <d>e</d>\n</a>\n',
    ['<?xml version="1.0"?> 1', '<d>e</d> 1'],
  ],
  [
    'expressions over several lines',
    'terraform',
    '# a\nlocals {\n  # b\n  c = var.d ?\n  [\n    1,\n    2\n  ]\n  : []\n  e = <<-F\n    g {\n  F\n}\nh "i" {\n  j = { k = 1 }\n}\n',
    ['# a 13', '# a 1', '# b 7', '# b 1', '1, 1', '2 1', 'e = <<-F 3', 'h "i" { 3', 'j = { k = 1 } 1'],
  ],
  [
    'a value below its property',
    'scss',
    'a {\n  b:\n    c,\n    d;\n  e: f;\n  &:hover {\n    g: h;\n  }\n}\n',
    ['a { 9', 'b: 3', 'e: f; 1', '&:hover { 3', 'g: h; 1'],
  ],
  [
    'a string between any signs of dollars',
    'sql',
    'create function a() as $f$\nbegin\n  b;\nend;\n$f$;\n\nselect $1;\n',
    ['create function a() as $f$ 5', 'select $1; 1'],
  ],
  [
    'what a pointer names',
    'yaml',
    'a:\n  $ref: "#/defs/b"\ndefs:\n  b:\n    c: 1\n    d:\n      $ref: \'#/defs/b\'\n  e:\n    f: 1\n',
    ['a: 2', '$ref: "#/defs/b" 1', 'd: 2', "$ref: '#/defs/b' 1", 'e: 2', 'f: 1 1'],
  ],
])('%s (%s)', async (_, languageId, text, units) => {
  expect(await going(languageId, text)).toEqual(units);
});
