// Tests the user's constraints: pins stay, exclusions are cut at every budget, markers select their statement.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CompressionError } from '../../../src/core/errors';
import { fitToTokens, stepsUnder } from '../../../src/cut/fit';
import { matches } from '../../../src/files/globs';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { parseStructure } from '../../../src/parse/structure';
import { constraintSpans, matchingLines, type Constraints } from '../../../src/cut/constraints';
import { unitsToCut } from '../../../src/cut/drops';
import { Lines } from '../../../src/core/lines';
import type { Span } from '../../../src/core/span';
import { linesUnit, structureOf } from '../../support/structures';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, evidence, options } from './promises';

const grammars = testGrammars();
const nothing: Constraints = { pins: [], drops: [], protectedPatterns: [], droppedPatterns: [], inlineMarkers: true };

async function cut(
  text: string,
  languageId: string,
  asked: Partial<Constraints>,
  allowed: number,
  path = 'a',
): Promise<ReturnType<typeof fitToTokens> & { kept: string; gone: string }> {
  const structure = await parseStructure({ path, languageId, text }, grammars);
  const { pins, drops, protects } = constraintSpans(structure, { ...nothing, ...asked });
  const order = orderCuts(structure, evidence(text, 5), pins, { drops, protects });
  const fit = fitToTokens(order, allowed, options);
  checkRendered(structure, order, fit.rendered);
  const part = (kept: boolean): string =>
    fit.rendered.spans
      .filter((s) => s.kept === kept)
      .map((s) => text.slice(s.start, s.end))
      .join('');
  return { ...fit, kept: part(true), gone: part(false) };
}
const ALL = 1e9;

const TS = `import { a } from './a';

// namm:keep the heart of it
function heart() {
  const x = a();
  return x;
}

function plain() {
  console.log('one');
  debug(
    'two',
    'three',
  );
  const y = 1; // namm:drop
  return y + 2;
}

/** Says nothing. */
// namm:drop
function noise() {
  return 0;
}

// namm:drop-start
const p = 1;
const q = 2;
// namm:drop-end
export const last = plain();
`;

describe('markers in comments', () => {
  test('with budget to spare only what they exclude goes', async () => {
    const { gone, rendered } = await cut(TS, 'typescript', {}, ALL);
    for (const part of ['const y = 1;', 'function noise()', 'Says nothing', 'const p', 'const q', 'namm:drop-end'])
      expect(gone).toContain(part);
    for (const part of ['heart', 'console.log', 'return y', 'export const last', 'import'])
      expect(gone).not.toContain(part);
    expect(rendered.spans.filter((s) => s.reason === 'excluded').length).toBeGreaterThan(2);
  });
  test('without budget what they keep stays', async () => {
    const { kept } = await cut(TS, 'typescript', {}, 1);
    expect(kept).toContain('function heart() {\n  const x = a();\n  return x;\n}\n');
    expect(kept).not.toContain('plain()');
  });
  test('they can be ignored', async () => {
    const { gone } = await cut(TS, 'typescript', { inlineMarkers: false }, ALL);
    expect(gone).toBe('');
  });
  test('a pin wins over an exclusion, down to the statement', async () => {
    const at = TS.indexOf('const q');
    const { gone, kept } = await cut(TS, 'typescript', { pins: [{ start: at, end: at + 7 }] }, ALL);
    expect(kept).toContain('const q = 2;');
    expect(gone).toContain('const p = 1;');
  });
  test('a word in the middle of a comment, a string or another word is none', async () => {
    const text =
      "// not namm:drop\nconst a = 'namm:drop';\n// namm:dropped\nconst b = 2;\n// namm:drop-everything\nconst c = 3;\n";
    expect((await cut(text, 'typescript', {}, ALL)).gone).toBe('');
  });
  test('markup, Python, and a language without a grammar', async () => {
    const tsx =
      'export const V = () => (\n  <div>\n    {/* namm:drop */}\n    <A\n      b="c"\n    />\n    <B />\n  </div>\n);\n';
    const markup = await cut(tsx, 'typescriptreact', {}, ALL);
    expect(markup.gone).toContain('b="c"');
    expect(markup.kept).toContain('<B />');
    const py =
      'import os\n\n\ndef a():\n    # namm:drop\n    print(1)\n    return 2\n\n\ndef b():  # namm:drop\n    x = 1\n    return x\n';
    const python = await cut(py, 'python', {}, ALL);
    expect(python.gone).toContain('print(1)');
    expect(python.gone).toContain('def b()');
    expect(python.kept).toContain('return 2');
    const lua = 'local a = 1\n-- namm:drop\nfunction f()\n  g()\nend\nlocal b = 2\n';
    const plain = await cut(lua, 'lua', {}, ALL);
    expect(plain.gone).toContain('g()');
    expect(plain.kept).toContain('local b = 2');
  });
  test('an open region reaches the end', async () => {
    const { gone, kept } = await cut(
      'const a = 1;\n// namm:drop-start\nconst b = 2;\nconst c = 3;\n',
      'typescript',
      {},
      ALL,
    );
    expect(kept).toContain('const a = 1;');
    expect(gone).toContain('const c = 3;');
  });
});

describe('spans and patterns', () => {
  test('a statement that begins on a matching line goes as a whole; without one nothing does', async () => {
    const { gone } = await cut(
      TS,
      'typescript',
      { droppedPatterns: ['^\\s*debug\\(', "'three'"], inlineMarkers: false },
      ALL,
    );
    expect(gone.trim()).toBe("debug(\n    'two',\n    'three',\n  );");
  });
  test('protected lines stay', async () => {
    const { kept } = await cut(TS, 'typescript', { protectedPatterns: ['console\\.log'] }, 1);
    expect(kept).toContain("console.log('one');");
  });
  test('what is no regular expression is said', async () => {
    await expect(cut(TS, 'typescript', { droppedPatterns: ['('] }, ALL)).rejects.toThrow(CompressionError);
  });
  test('a selection inside a statement takes the statement with it', async () => {
    const at = TS.indexOf("'two'");
    const { gone } = await cut(TS, 'typescript', { drops: [{ start: at, end: at + 4 }], inlineMarkers: false }, ALL);
    expect(gone).toBe("  debug(\n    'two',\n    'three',\n  );\n");
  });
  test('a line that is protected by its look alone goes when the user says so', async () => {
    const text = "'use strict';\nconst a = 1;\n";
    expect((await cut(text, 'javascript', {}, 1)).kept).toContain('use strict');
    expect((await cut(text, 'javascript', { drops: [{ start: 0, end: text.length }] }, ALL)).gone).toContain(
      'use strict',
    );
  });
  test.each(cases(['createAction.ts', 'auth.go', 'JsonArray.java', 'background.py'], ['background.py']))(
    '%s: what is excluded is gone at every budget, and more budget keeps a superset',
    async (file) => {
      const text = readFileSync(`test/samples/${file}`, 'utf8');
      const languageId = { ts: 'typescript', go: 'go', java: 'java', py: 'python' }[file.split('.')[1]!]!;
      const structure = await parseStructure({ path: file, languageId, text }, grammars);
      const third = { start: Math.floor(text.length / 3), end: Math.floor((2 * text.length) / 3) };
      const order = orderCuts(structure, evidence(text, 6), [], { drops: [third] });
      expect(order.forced).toBeGreaterThan(0);
      expect(stepsUnder(order, -Infinity)).toBe(order.forced);
      const floor = renderPrefix(order, order.forced, options);
      let before: number | undefined;
      for (const ratio of [1, 0.6, 0.3]) {
        const { rendered, steps } = fitToTokens(order, Math.floor(floor.recipientTokens * ratio), options);
        checkRendered(structure, order, rendered);
        expect(steps).toBeGreaterThanOrEqual(Math.max(order.forced, before ?? 0));
        before = steps;
      }
    },
  );
});

describe('lines that match a pattern', () => {
  const matching = (text: string, ...patterns: readonly string[]): string[] =>
    matchingLines(text, new Lines(text), patterns).map((s) => text.slice(s.start, s.end));
  test('one of several, on a single line without the white space at its end', () => {
    expect(matching('one\ntwo  \n\n  three\n', 'e$', '^t.o$')).toEqual(['one\n', 'two  \n', '  three\n']);
    expect(matching('one\n\ntwo\n', '^')).toEqual(['one\n', 'two\n']); // an empty line matches nothing
    expect(matching('one\ntwo\n')).toEqual([]);
    expect(matching('\u{1f600}\nab\n', '^.$')).toEqual(['\u{1f600}\n']); // by characters
  });
  test('what is no pattern is named', () => {
    expect(() => matching('', '(')).toThrow(
      expect.objectContaining({
        reason: 'badRequest',
        detail: '"(" is no regular expression',
        cause: expect.any(SyntaxError),
      }),
    );
  });
});

describe('units to cut', () => {
  const text = 'a\nb\n  c\n  d\ne\nf\n';
  const inner = [3, 4].map((n) => linesUnit(text, n));
  const structure = structureOf(text, [
    linesUnit(text, 1),
    linesUnit(text, 2, 4, inner),
    linesUnit(text, 5),
    linesUnit(text, 6),
  ]);
  const found = (drops: readonly [number, number][], pins: readonly Span[] = []): string[] =>
    unitsToCut(
      structure,
      drops.map(([start, end]) => ({ start, end })),
      pins,
    ).map((u) => text.slice(u.start, u.end));
  const at = (part: string): number => text.indexOf(part);

  test('lie within the lines of the span, the outermost', () => {
    expect(found([[at('b'), at('e') + 1]])).toEqual(['b\n  c\n  d\n', 'e\n']);
    expect(found([[at('c'), at('d') + 1]])).toEqual(['  c\n', '  d\n']);
    expect(found([[at('c'), at('e') + 1]])).toEqual(['  c\n', '  d\n', 'e\n']);
    expect(found([[at('a'), at('a')]])).toEqual(['a\n']);
    expect(found([[at('a'), at('b')]])).toEqual(['a\n']);
  });
  test('or begin on its first line', () => {
    expect(found([[at('b'), at('b') + 1]])).toEqual(['b\n  c\n  d\n']);
    expect(found([[at('b'), at('c') + 1]])).toEqual(['  c\n']);
  });
  test('are divided by what stays, and are in text order', () => {
    expect(found([[at('b'), at('d') + 1]], [{ start: at('c'), end: at('c') + 1 }])).toEqual(['  d\n']);
    expect(found([[at('b'), at('b') + 1]], [{ start: at('c'), end: at('c') + 1 }])).toEqual([]);
    expect(
      found([
        [at('f'), at('f') + 1],
        [at('a'), at('a') + 1],
        [at('a'), at('b')],
      ]),
    ).toEqual(['a\n', 'f\n']);
    expect(
      found([
        [at('d'), at('d') + 1],
        [at('b'), at('e')],
      ]),
    ).toEqual(['b\n  c\n  d\n', '  d\n']);
  });
  test('are not those around a group that cannot be cut', () => {
    const group = { ...structure, units: [linesUnit(text, 1, 2, [linesUnit(text, 2)], { cuttable: false })] };
    expect(unitsToCut(group, [{ start: 0, end: 4 }], []).map((u) => u.start)).toEqual([2]);
  });
  test('a protected line in the span goes, beside it it stays', () => {
    const strict = "'use strict';\na\n";
    const whole = structureOf(strict, [linesUnit(strict, 1, 2, [linesUnit(strict, 1), linesUnit(strict, 2)])]);
    expect(unitsToCut(whole, [{ start: 0, end: strict.length }], []).map((u) => u.end)).toEqual([strict.length]);
    expect(unitsToCut(whole, [{ start: 14, end: 15 }], []).map((u) => u.start)).toEqual([14]);
    const last = "a\n'use strict';\n";
    const behind = structureOf(last, [linesUnit(last, 1, 2)]);
    expect(unitsToCut(behind, [{ start: 0, end: 1, begins: true }], [])).toEqual([]); // a pattern does not outweigh it
    expect(unitsToCut(behind, [{ start: 0, end: 1 }], [])).toEqual(behind.units);
  });
});

describe('what a marker selects', () => {
  const selected = (text: string, languageId = 'typescript', comments = true): [string[], string[]] => {
    const found = [...text.matchAll(/\/\/.*|\/\*.*?\*\//g)].map((m) => ({
      start: m.index,
      end: m.index + m[0].length,
    }));
    const structure = { ...structureOf(text, undefined, languageId), comments: comments ? found : undefined };
    const { pins, drops } = constraintSpans(structure, nothing);
    const words = (spans: readonly Span[]): string[] => spans.map((s) => text.slice(s.start, s.end));
    return [words(pins), words(drops)];
  };
  test.each([
    ['its line, behind code', 'a\nb // namm:drop\nc\n', [[], ['b // namm:drop\n']]],
    ['its line, behind code, to keep it', 'a\nb // namm:keep\nc\n', [['b // namm:keep\n'], []]],
    ['its line, before code', 'a\n/* namm:drop */ b\nc\n', [[], ['/* namm:drop */ b\n']]],
    ['the next statement, with itself', 'a\n// namm:drop\nb\nc\n', [[], ['// namm:drop\nb\n']]],
    ['the next statement alone, to keep it', 'a\n// namm:keep\nb\nc\n', [['b\n'], []]],
    [
      'the next statement behind comments and blank lines',
      '// namm:drop\n\n// x\n/* y */\nb\nc\n',
      [[], ['// namm:drop\n\n// x\n/* y */\nb\n']],
    ],
    ['comments above it as well', 'a\n// x\n// namm:drop\nb\n', [[], ['// x\n// namm:drop\nb\n']]],
    ['no comments above a blank line', '// w\n\n// x\n// namm:drop\nb\n', [[], ['// x\n// namm:drop\nb\n']]],
    ['no other marker above', '// namm:keep\n// namm:drop\nb\n', [['b\n'], ['// namm:drop\nb\n']]],
    [
      'what stands between start and end',
      'a\n// namm:drop-start\nb\n// namm:drop-end\nc\n',
      [[], ['// namm:drop-start\nb\n// namm:drop-end\n']],
    ],
    ['everything behind an open start', 'a\n// namm:keep-start x\nb\nc', [['// namm:keep-start x\nb\nc'], []]],
    [
      'from the first of two starts',
      '// namm:drop-start\na\n// namm:drop-start\nb\n// namm:drop-end\nc\n',
      [[], ['// namm:drop-start\na\n// namm:drop-start\nb\n// namm:drop-end\n']],
    ],
    ['nothing with an end alone', 'a\n// namm:drop-end\nb\n', [[], []]],
    ['nothing in the middle of a comment', 'a // not namm:drop\nb\n', [[], []]],
    ['nothing without the marker', 'a // x\nb\n', [[], []]],
  ])('%s', (_, text, expected) => expect(selected(text)).toEqual(expected));

  test.each([
    ['lua', 'a\nb -- namm:drop\nc\n', 'b -- namm:drop\n'],
    ['css', 'a\n/* namm:drop */\nb\n', '/* namm:drop */\nb\n'],
    ['ini', '; namm:drop\na\n', '; namm:drop\na\n'],
    ['html', '<!-- namm:drop -->\na\n', '<!-- namm:drop -->\na\n'],
    ['ruby', '# x\n  # namm:drop\na\n', '# x\n  # namm:drop\na\n'],
    ['matlab', 'a % namm:drop  \nb\n', 'a % namm:drop  \n'],
  ])('without a grammar: %s', (languageId, text, drop) =>
    expect(selected(text, languageId, false)).toEqual([[], [drop]]),
  );
  test('all of them, in the lists they belong to', () => {
    const { pins, protects, drops } = constraintSpans(structureOf('a\nb\nc\n'), {
      pins: [
        { start: 2, end: 3 },
        { start: 0, end: 2 },
      ],
      drops: [{ start: 4, end: 5 }],
      protectedPatterns: ['c'],
      droppedPatterns: ['^a'],
      inlineMarkers: false,
    });
    expect(pins).toEqual([{ start: 0, end: 3 }]);
    expect(protects).toEqual([{ start: 4, end: 6 }]);
    expect(drops).toEqual([
      { start: 4, end: 5 },
      { start: 0, end: 2, begins: true },
    ]);
  });
});

test('globs by the rules of .gitignore', () => {
  expect(matches(['*.test.ts', '!keep.test.ts'], 'src/a.test.ts')).toBe(true);
  expect(matches(['*.test.ts', '!keep.test.ts'], 'src/keep.test.ts')).toBe(false);
  expect(matches(['src/'], 'src/deep/a.ts')).toBe(true);
  expect(matches(['a.ts'], '/root/a.ts')).toBe(true);
  expect(matches([], 'a')).toBe(false);
});
