// The texts whose length the growth bench doubles: each family repeats one thing that a text may have too much of.

export interface Family {
  readonly name: string;
  /** The language that the text is given in. */
  readonly languageId: string;
  /** A text of about this many UTF-16 units. */
  make(units: number): string;
}

const repeated = (part: string) => (units: number) => part.repeat(Math.ceil(units / part.length));
const lines = (line: (i: number) => string) => (units: number) => {
  const out: string[] = [];
  for (let i = 0, length = 0; length < units; i++) length += out[out.push(line(i)) - 1]!.length;
  return out.join('');
};
/** Nests to the depth that gives a text of this length. */
const nested =
  (open: string, close: string, step = '') =>
  (units: number): string => {
    const level = open.length + close.length;
    // A level at depth d has 2 * d * step more units.
    const depth = step
      ? Math.ceil((-level + Math.sqrt(level * level + 4 * step.length * units)) / (2 * step.length))
      : Math.ceil(units / level);
    const down: string[] = [];
    const up: string[] = [];
    for (let i = 0; i < depth; i++) {
      down.push(step.repeat(i), open);
      up.push(close, step.repeat(i));
    }
    return down.join('') + up.reverse().join('');
  };
const word = (i: number): string => `${'abcdefghij'[i % 10]}word${i.toString(36)}`;

/** In languages without a grammar, except where the grammar reads the text without trouble: the grammars have limits of their own. */
export const FAMILIES: readonly Family[] = [
  { name: 'brackets nested', languageId: 'less', make: nested('(', ')') },
  { name: 'brackets open', languageId: 'less', make: repeated('([{') },
  { name: 'blocks nested', languageId: 'kotlin', make: nested('if (x) {\n', '}\n', ' ') },
  {
    name: 'blocks 400 deep',
    languageId: 'kotlin',
    make: (units) => repeated(nested('if (x) {\n', '}\n', ' ')(170_000))(units).slice(0, units),
  },
  { name: 'statements nested', languageId: 'typescript', make: nested('if (a) {\n', '}\n') },
  { name: 'one character', languageId: 'plaintext', make: repeated('a') },
  { name: 'one blank', languageId: 'plaintext', make: repeated(' ') },
  { name: 'line breaks', languageId: 'less', make: repeated('\n') },
  { name: 'one sign', languageId: 'perl', make: repeated('=') },
  { name: 'one long line', languageId: 'less', make: lines((i) => `a${i}(b) { c: d }; `) },
  { name: 'short lines', languageId: 'yaml', make: lines((i) => `a${i}: b\n`) },
  { name: 'short lines with CR', languageId: 'less', make: lines((i) => `a${i} {}\r`) },
  { name: 'block comments', languageId: 'less', make: repeated('/* a */\n') },
  { name: 'block comments in one line', languageId: 'less', make: repeated('/* a */ ') },
  { name: 'open comments', languageId: 'less', make: repeated('/* a\n') },
  { name: 'ends of comments', languageId: 'less', make: repeated('a */\n') },
  { name: 'open strings', languageId: 'kotlin', make: repeated('x = "a\n') },
  { name: 'open quotes', languageId: 'perl', make: repeated('\'"`') },
  { name: 'slashes', languageId: 'kotlin', make: repeated('= /[a\\') },
  { name: 'tags', languageId: 'html', make: repeated('<p class="a">b</p>\n') },
  { name: 'tags nested', languageId: 'xml', make: nested('<a b="c">\n', '</a>\n', ' ') },
  { name: 'tags in one line', languageId: 'xml', make: nested('<a>', '</a>') },
  { name: 'tags open', languageId: 'html', make: repeated('<a ') },
  {
    name: 'attributes of one tag',
    languageId: 'xml',
    make: (units) => `<a\n${lines((i) => `  b${i}="c"\n`)(units)}/>\n`,
  },
  { name: 'long attributes', languageId: 'xml', make: repeated(`<a b="${'c d '.repeat(250)}"/>\n`) },
  { name: 'scripts open', languageId: 'html', make: repeated('<script>\n') },
  { name: 'HTML comments open', languageId: 'html', make: repeated('<!--\n<!-- ') },
  { name: 'Markdown list', languageId: 'markdown', make: lines((i) => `- a${i}\n`) },
  { name: 'Markdown list nested', languageId: 'markdown', make: nested('- a\n', '', '  ') },
  {
    name: 'Markdown quotes',
    languageId: 'markdown',
    make: (units) => nested('>', '')(units / 2) + ' a\n'.repeat(units / 6),
  },
  {
    name: 'Markdown table',
    languageId: 'markdown',
    make: (units) => `| a | b |\n|---|---|\n${lines((i) => `| a${i} | b |\n`)(units)}`,
  },
  {
    name: 'Markdown math and links',
    languageId: 'markdown',
    make: lines((i) => `With $a_{${i}}$ and [b](c${i} "d"), **e**, \`f\`.\n${i % 5 ? '' : '\n$$g$$\n\n'}`),
  },
  { name: 'Markdown marks open', languageId: 'markdown', make: repeated('$a [b](c **d `e\n') },
  {
    name: 'Markdown sections',
    languageId: 'markdown',
    make: lines((i) => `${'#'.repeat(1 + (i % 6))} a${i}\n\nb\n\n`),
  },
  { name: 'Markdown HTML', languageId: 'markdown', make: lines((i) => `# a${i}\n\n<b>\n\n`) },
  { name: 'markers', languageId: 'less', make: lines((i) => `//${i}…\n`) },
  { name: 'notes to keep', languageId: 'kotlin', make: lines((i) => `// namm:keep\nf(${i});\n`) },
  {
    name: 'prose',
    languageId: 'plaintext',
    make: lines((i) => `This is the sentence number ${i} about ${word(i)} and more.\n${i % 5 ? '' : '\n'}`),
  },
  { name: 'word list', languageId: 'plaintext', make: lines((i) => `${word(i)}\n`) },
  {
    name: 'comments in TypeScript',
    languageId: 'typescript',
    make: lines((i) => `// about ${word(i)}\n${i % 9 ? '' : `f(${i});\n`}`),
  },
  {
    name: 'block comments in TypeScript',
    languageId: 'typescript',
    make: lines((i) => `/** About ${word(i)}. */\n${i % 9 ? '' : `f(${i});\n`}`),
  },
  {
    name: 'comments in one statement',
    languageId: 'typescript',
    make: (units) => `f(\n${repeated('  // a\n')(units)}  1);\n`,
  },
  { name: 'statements', languageId: 'typescript', make: lines((i) => `const ${word(i)} = ${word(i >> 1)}(${i});\n`) },
  { name: 'statements in one line', languageId: 'typescript', make: lines((i) => `f(${i}); `) },
  {
    name: 'template strings',
    languageId: 'typescript',
    make: lines((i) => `const ${word(i)} = \`a ${'${'}b} c ${i}\`;\n`),
  },
  {
    name: 'one template string',
    languageId: 'typescript',
    make: (units) => `const a = \`\n${lines((i) => `  b ${'${'}${word(i)}} c\n`)(units)}\`;\n`,
  },
  {
    name: 'JSX lines of text',
    languageId: 'typescriptreact',
    make: (units) => `const a = (\n  <p>\n${lines((i) => `    About ${word(i)} and more\n`)(units)}  </p>\n);\n`,
  },
  {
    name: 'JSX elements',
    languageId: 'typescriptreact',
    make: (units) => `const a = (\n  <ul>\n${lines((i) => `    <li>{${word(i)}}</li>\n`)(units)}  </ul>\n);\n`,
  },
  {
    name: 'JSX lines and elements',
    languageId: 'typescriptreact',
    make: (units) =>
      `const a = (\n  <ul>\n${lines((i) => `    About ${word(i)}\n    <li>{${word(i)}}</li>\n`)(units)}  </ul>\n);\n`,
  },
  {
    name: 'JSX behind statements with its words',
    languageId: 'typescriptreact',
    make: (units) =>
      `${lines((i) => `const ${word(i)} = f(${i});\n`)(units / 2)}const a = (\n  <ul>\n${lines((i) => `    About ${word(i)}\n    <li>{x${i}}</li>\n`)(units / 2)}  </ul>\n);\n`,
  },
  { name: 'Python', languageId: 'python', make: lines((i) => `def ${word(i)}(a):\n    b(a)\n    return a\n\n`) },
  { name: 'JSON', languageId: 'json', make: (units) => `[\n${lines((i) => `  { "a": ${i} },\n`)(units)}  {}\n]\n` },
];
