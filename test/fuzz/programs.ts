// Makes programs by their structure: deep nesting, long runs, unclosed parts; and mutations of real files.
import { readdirSync, readFileSync } from 'node:fs';
import { NOISE } from '../support/pieces';
import type { RandomSource } from './random';

interface Shapes {
  /** What opens and closes; a line break inside is a line break of the program. */
  readonly nests: readonly (readonly [string, string])[];
  /** What may stand inside, alone. */
  readonly leaves: readonly string[];
  /** What is repeated. */
  readonly runs: readonly string[];
}

const BRACKETS: Shapes['nests'] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
];
const C_LIKE: Shapes = {
  nests: [...BRACKETS, ['if (a) {\n', '}\n'], ['f(', ');\n'], ['/* ', ' */'], ['"', '"'], ['for (;;) {\n', '}\n']],
  leaves: ['a', '1', 'b = 2;\n', '// note\n', 'return a;\n', 'f();\n'],
  runs: ['a + ', 'a, ', '-', '!', ';', '\n', '/* x */', '// y\n', '"s" ', 'a ? b : ', 'a.b.', 'x = '],
};
const withNests = (nests: Shapes['nests'], leaves: readonly string[] = []): Shapes => ({
  nests: [...C_LIKE.nests, ...nests],
  leaves: [...C_LIKE.leaves, ...leaves],
  runs: C_LIKE.runs,
});
const SCRIPT = withNests(
  [
    ['() => {\n', '}\n'],
    ['`${', '}`'],
    ['class A {\n', '}\n'],
    ['switch (a) {\ncase 1:\n', '}\n'],
    ['const x = [\n', '];\n'],
    ['try {\n', '} finally {}\n'],
  ],
  ['import a from "a";\n', '/[a]/g', 'export { a };\n'],
);

/** By the name of a file of the language. */
const SHAPES: Readonly<Record<string, Shapes>> = {
  'a.ts': SCRIPT,
  'a.js': SCRIPT,
  'a.tsx': withNests(
    [
      ['<A>\n', '</A>\n'],
      ['<B x={', '} />\n'],
      ['{/* ', ' */}'],
    ],
    ['text\n', '<C />\n'],
  ),
  'a.go': withNests(
    [
      ['func f() {\n', '}\n'],
      ['type T struct {\n', '}\n'],
      ['`', '`'],
    ],
    ['package a\n', 'a := 1\n'],
  ),
  'a.rs': withNests(
    [
      ['fn f() {\n', '}\n'],
      ['match a {\n', '}\n'],
      ['impl A {\n', '}\n'],
    ],
    ['let a = 1;\n', 'use a::b;\n'],
  ),
  'a.java': withNests(
    [
      ['class A {\n', '}\n'],
      ['void f() {\n', '}\n'],
      ['@A(', ')\n'],
    ],
    ['int a = 1;\n'],
  ),
  'a.c': withNests(
    [
      ['void f() {\n', '}\n'],
      ['#if A\n', '#endif\n'],
      ['struct s {\n', '};\n'],
    ],
    ['int a;\n', '#define A 1\n'],
  ),
  'a.cpp': withNests(
    [
      ['namespace n {\n', '}\n'],
      ['class A {\n', '};\n'],
      ['#ifdef A\n', '#endif\n'],
    ],
    ['int a;\n'],
  ),
  'a.cs': withNests(
    [
      ['namespace n {\n', '}\n'],
      ['class A {\n', '}\n'],
      ['#region a\n', '#endregion\n'],
    ],
    ['using A;\n'],
  ),
  'a.json': {
    nests: [
      ['[', ']'],
      ['{"a": ', '}'],
    ],
    leaves: ['1', '"s"', 'null', '{"b": 2}'],
    runs: ['1, ', '"a": ', ',', '\n', '"s", '],
  },
  'a.py': {
    nests: [...BRACKETS, ['f(', ')\n'], ['"""', '"""\n'], ['# ', '\n'], ['x = [\n', ']\n'], ['lambda: (', ')']],
    leaves: ['a = 1\n', 'pass\n', 'import a\n', 'return\n', '# note\n', 'if a: b()\n', 'def f(): pass\n'],
    runs: ['a + ', 'not ', '    ', '\n', '# x\n', 'a = ', '"s" ', '-', '@d\n'],
  },
  'a.md': {
    nests: [
      ['- ', '\n'],
      ['> ', '\n'],
      ['```\n', '```\n'],
      ['<div>\n', '</div>\n'],
      ['**', '**'],
      ['[a](', ')'],
    ],
    leaves: ['# Head\n\n', 'text\n', '| a | b |\n', '1. one\n', '\n'],
    runs: ['# a\n', '- a\n', '> ', '  - ', '|', '*', '\n', '`'],
  },
  'a.html': {
    nests: [
      ['<b>', '</b>'],
      ['<div class="a">\n', '</div>\n'],
      ['<script>\n', '</script>\n'],
      ['<!-- ', ' -->\n'],
    ],
    leaves: ['text\n', '<br>\n', '&amp;'],
    runs: ['<i>', '</i>', 'a ', '\n', '<!-- x -->\n'],
  },
  'a.yaml': {
    nests: [
      ['a:\n  ', '\n'],
      ['- ', '\n'],
      ['{', '}'],
    ],
    leaves: ['b: 1\n', '# note\n', '---\n', '"s"'],
    runs: ['- a\n', 'k: v\n', '  ', '# x\n', '\n'],
  },
};
const MOST_UNITS = 6_000;

interface Program {
  /** Its name tells its language. */
  readonly path: string;
  readonly text: string;
}

/** A program of any language: a tree of nests and leaves, in which some parts are repeated, unclosed or closed twice. */
export function randomProgram(random: RandomSource): Program {
  const [path, { nests, leaves, runs }] = random.pick(Object.entries(SHAPES));
  let text = '';
  const depth = random.pick([2, 4, 12, 60, 400]);
  const unclosed = random.pick([0, 0, 0.05, 0.5]);
  const closers: string[] = [];
  while (text.length < MOST_UNITS) {
    const kind = random.below(10);
    if (kind < 4 && closers.length < depth) {
      const [open, close] = random.pick(nests);
      text += (random.happens(0.1) ? open.repeat(1 + random.below(depth)) : open).slice(0, MOST_UNITS);
      closers.push(close);
    } else if (kind < 6 && closers.length) {
      const close = closers.pop()!;
      if (!random.happens(unclosed)) text += close;
    } else if (kind === 6) text += random.pick(runs).repeat(random.below(random.pick([4, 40, 400])));
    else if (kind === 7 && random.happens(0.1)) text += random.pick(NOISE).slice(0, 100);
    else text += random.pick(leaves);
    if (random.happens(0.02)) break;
  }
  while (closers.length && !random.happens(unclosed / 4)) text += closers.pop()!;
  return { path, text: random.happens(0.8) ? text : text.replaceAll('\n', random.pick(['\r\n', '\r', ' '])) };
}

const SAMPLES = readdirSync('test/samples')
  .filter((name) => name !== 'README.md')
  .map((name) => ({ name, text: readFileSync(`test/samples/${name}`, 'utf8') }));

/** A part of a real file, with lines left out, doubled or moved, and units replaced. */
export function mutatedProgram(random: RandomSource): Program {
  const { name, text } = random.pick(SAMPLES);
  const lines = text.split('\n');
  const from = random.below(lines.length);
  const part = lines.slice(from, from + 1 + random.below(120));
  for (let n = random.below(6); n > 0; n--) {
    const at = random.below(part.length + 1);
    const how = random.below(4);
    if (how === 0) part.splice(at, 1 + random.below(3));
    else if (how === 1 && part.length) part.splice(at, 0, ...Array<string>(random.below(30)).fill(random.pick(part)));
    else if (how === 2 && part.length) part.splice(at, 0, random.pick(lines));
    else if (part[at] !== undefined) {
      const line = part[at]!;
      const cut = random.below(line.length + 1);
      part[at] =
        line.slice(0, cut) +
        random.pick(['(', ')', '{', '}', '"', "'", '`', '/*', '*/', '//', '#', '', '\\']) +
        line.slice(cut + random.below(3));
    }
  }
  return { path: name, text: part.join('\n') };
}
