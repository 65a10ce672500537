// Tests tables: no budget leaves a part of a small one, whatever the language; a long one, and one that holds code, are divided.
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { markersIn } from '../../../src/elisions/markers';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const structureOf = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path), text }, testGrammars());

/** The rows of a text that stay, by budget: those of the given words. */
async function rowsLeft(path: string, text: string, words: RegExp): Promise<Set<number>> {
  const structure = await structureOf(path, text);
  const out = new Set<number>();
  for (const seed of [1, 2, 3, 4]) {
    const order = orderCuts(structure, evidence(text, seed), []);
    for (let ratio = 0.05; ratio < 1; ratio += 0.05) {
      const { rendered } = fitToTokens(order, Math.floor(counter.count(text) * ratio), options);
      checkRendered(structure, order, rendered);
      out.add(rendered.text.match(words)?.length ?? 0);
    }
  }
  return out;
}

const rows = (count: number, row: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => row(n + 1)).join('');
const around = (text: string, line: (n: number) => string): string =>
  rows(4, line) + text + rows(4, (n) => line(n + 4));

describe('no budget leaves a part of', () => {
  const js = (n: number): string => `call${n}('some', 'words', ${n});\n`;
  test.each<[what: string, path: string, text: string]>([
    ['an array', 'a.js', around(`const hooks = [\n${rows(7, (n) => `  'row${n}',\n`)}];\n`, js)],
    [
      'an array of records',
      'a.ts',
      around(
        `export const hooks = [\n${rows(7, (n) => `  {\n    name: 'row${n}',\n    since: ${n},\n  },\n`)}];\n`,
        js,
      ),
    ],
    ['a record', 'a.ts', around(`export const codes = {\n${rows(7, (n) => `  row${n}: ${n},\n`)}};\n`, js)],
    ['an enum', 'a.ts', around(`enum E {\n${rows(7, (n) => `  row${n},\n`)}}\n`, js)],
    [
      'a switch of values',
      'a.ts',
      around(
        `function f(a) {\n  switch (a) {\n${rows(7, (n) => `    case ${n}:\n      return 'row${n}';\n`)}  }\n}\n`,
        js,
      ),
    ],
    [
      'a list of Python',
      'a.py',
      around(`HOOKS = [\n${rows(7, (n) => `    "row${n}",\n`)}]\n`, (n) => `call${n}("some", "words", ${n})\n`),
    ],
    [
      'a dictionary of Python',
      'a.py',
      around(`HOOKS = {\n${rows(7, (n) => `    "row${n}": ${n},\n`)}}\n`, (n) => `call${n}("some", "words", ${n})\n`),
    ],
    [
      'a group of constants of Go',
      'a.go',
      `package a\n\nconst (\n\trow1 = iota\n${rows(6, (n) => `\trow${n + 1}\n`)})\n\nfunc f() {\n${rows(9, (n) => `\tcall${n}("some", "words")\n`)}}\n`,
    ],
    [
      'an enum of Rust',
      'a.rs',
      `pub enum E {\n${rows(7, (n) => `    row${n},\n`)}}\n\nfn f() {\n${rows(9, (n) => `    call${n}("some", "words");\n`)}}\n`,
    ],
    [
      'a match of Rust',
      'a.rs',
      `fn g(a: u8) -> &'static str {\n    match a {\n${rows(6, (n) => `        ${n} => "row${n}",\n`)}        _ => "row7",\n    }\n}\n\nfn f() {\n${rows(9, (n) => `    call${n}("some", "words");\n`)}}\n`,
    ],
    [
      'an enum of C',
      'a.c',
      `enum e {\n${rows(7, (n) => `  row${n},\n`)}};\n\nvoid f(void) {\n${rows(9, (n) => `  call${n}("some", "words");\n`)}}\n`,
    ],
    [
      'an initializer of C',
      'a.c',
      `static const char *names[] = {\n${rows(7, (n) => `  "row${n}",\n`)}};\n\nvoid f(void) {\n${rows(9, (n) => `  call${n}("some", "words");\n`)}}\n`,
    ],
    [
      'an enum of C#',
      'a.cs',
      `enum E\n{\n${rows(7, (n) => `    row${n},\n`)}}\n\nclass A\n{\n    void F()\n    {\n${rows(9, (n) => `        Call${n}("some", "words");\n`)}    }\n}\n`,
    ],
    [
      'an array of PHP',
      'a.php',
      `<?php\n${around(`$hooks = [\n${rows(7, (n) => `    'row${n}' => ${n},\n`)}];\n`, js)}`,
    ],
    [
      'a hash of Ruby',
      'a.rb',
      around(`HOOKS = {\n${rows(7, (n) => `  row${n}: ${n},\n`)}}\n`, (n) => `call${n}('some', 'words')\n`),
    ],
    [
      'a table of Lua',
      'a.lua',
      around(`local hooks = {\n${rows(7, (n) => `  'row${n}',\n`)}}\n`, (n) => `call${n}('some', 'words')\n`),
    ],
    [
      'an enum of Kotlin',
      'a.kt',
      `enum class E {\n${rows(7, (n) => `    row${n},\n`)}}\n\nfun f() {\n${rows(9, (n) => `    call${n}("some", "words")\n`)}}\n`,
    ],
    [
      'a list of Terraform',
      'a.tf',
      around(
        `locals {\n  hooks = [\n${rows(7, (n) => `    "row${n}",\n`)}  ]\n}\n`,
        (n) => `variable "some_words_${n}" {\n  default = ${n}\n}\n`,
      ),
    ],
  ])('%s', async (_, path, text) => {
    const left = await rowsLeft(path, text, /\brow\d/g);
    expect([...left].sort()).toEqual([0, 7]);
  });
});

test('a long table is divided, and so is one that holds code', async () => {
  const long = `export const codes = [\n${rows(100, (n) => `  { name: 'row${n}', code: ${n} },\n`)}];\n`;
  expect((await rowsLeft('a.ts', long, /\brow\d/g)).size).toBeGreaterThan(10);
  const left = await structureOf('a.ts', long);
  const order = orderCuts(left, evidence(long, 1), []);
  for (const ratio of [0.9, 0.6, 0.3]) {
    const { text, elisions } = fitToTokens(order, Math.floor(counter.count(long) * ratio), options).rendered;
    const kept = text.match(/\brow\d/g)!.length;
    const counts = [...text.matchAll(/…(?: (\d+) more)?/g)].map((m) => Number(m[1]));
    expect(counts.reduce((a, b) => a + b) + kept).toBe(100); // what is left says how many are missing
    expect(markersIn(text).map((m) => m.id)).toEqual(elisions.map((e) => e.id));
  }
  const code = `export const store = {\n${rows(6, (n) => `  row${n}(value) {\n    const sum = value + ${n};\n    return call(sum, 'some', 'words');\n  },\n`)}};\n`;
  expect((await rowsLeft('a.ts', code, /\brow\d/g)).size).toBeGreaterThan(2);
  const branches = `function f(a) {\n  switch (a) {\n${rows(6, (n) => `    case ${n}: {\n      row${n}(a);\n      other(a);\n      return 'words';\n    }\n`)}  }\n}\n`;
  expect((await rowsLeft('a.ts', branches, /\brow\d/g)).size).toBeGreaterThan(2);
});

test('comments in a table go, and a row goes alone if the user leaves it out', async () => {
  const text = `export enum Level {\n  /** Nothing of it is ever said to anybody. */\n  None,\n  Some,\n  All,\n}\nexport const a = [\n  'one',\n  'two',\n];\n`;
  const structure = await structureOf('a.ts', text);
  const all = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...all(u.children)]);
  expect(all(structure.units).filter((u) => u.comment && u.cuttable)).toHaveLength(1);
  const start = text.indexOf("  'two'");
  const order = orderCuts(structure, evidence(text, 1), [], { drops: [{ start, end: start + 3 }] });
  const rendered = renderPrefix(order, order.forced, options);
  checkRendered(structure, order, rendered);
  expect(rendered.text).toMatch(/ {2}'one',\n\/\/9… 1 more #\w{4}\n\];\n$/);
  expect(order.drops).toEqual([{ goes: [{ start, end: start + 9 }] }]);
});

test.each([
  ['several on a line', 'a.js', 'const a = [\n  1, 2, 3,\n  4, 5,\n  6,\n];\n', 2, 3, '//2… 5 more'],
  ['without a comma at the end', 'a.py', 'A = [\n    1,\n    2\n]\n', 2, 3, '#2… 2 more'],
  ['with attributes', 'a.rs', 'enum E {\n    #[a]\n    #[b]\n    One,\n    Two,\n}\n', 2, 5, '//2… 2 more'],
  ['with comments', 'a.ts', 'const a = {\n  // one\n  b: 1, // two\n  c: 2,\n};\n', 2, 4, '//2… 2 more'],
  ['not where no comma divides them', 'a.sh', 'a=(\n  b c d\n  e\n)\n', 2, 2, '#2…'],
  ['not of statements', 'a.ts', 'function f() {\n  a();\n  b();\n}\n', 2, 3, '//2…'],
  ['not of the table itself', 'a.ts', 'const a = [\n  1,\n  2,\n];\nb();\n', 1, 4, '//1…'],
])('a marker counts the members that are missing, %s', async (_, path, text, from, to, marker) => {
  const structure = await structureOf(path, text);
  const lines = text.split('\n');
  const offset = (line: number): number => lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const drops = Array.from({ length: to - from + 1 }, (_, i) => ({
    start: offset(from + i),
    end: offset(from + i + 1),
  }));
  for (const list of [drops, [...drops].reverse(), [{ start: drops[0]!.start, end: drops.at(-1)!.end }]]) {
    const order = orderCuts(structure, evidence(text, 1), [], { drops: list });
    const rendered = renderPrefix(order, order.forced, options);
    checkRendered(structure, order, rendered);
    expect(rendered.text).toMatch(new RegExp(`^\\s*${marker.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}( #\\w{4})?$`, 'm'));
  }
});
