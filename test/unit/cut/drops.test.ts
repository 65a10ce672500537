// Tests marks: each line that is left out goes, or the effect says why it stays and what around it could go; each pin stays.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DropEffect } from '../../../src/core/context';
import { Lines } from '../../../src/core/lines';
import type { Span } from '../../../src/core/span';
import { constraintSpans } from '../../../src/cut/constraints';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts, type CutOrder } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import { BRIEF } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const structureOf = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path, text), text }, testGrammars());

const linesOf = (text: string, from: number, to = from): Span => {
  const lines = new Lines(text);
  return { start: lines.span(from - 1).start, end: lines.span(to - 1).end };
};

interface Marked {
  /** What goes, as it is written. */
  readonly gone: string;
  readonly fault: DropEffect['fault'];
  readonly around: string | undefined;
}

async function leftOut(path: string, text: string, mark: Span, pins: readonly Span[] = []): Promise<Marked> {
  const structure = await structureOf(path, text);
  const order = orderCuts(structure, evidence(text, 5), pins, { drops: [mark] });
  checkRendered(structure, order, renderPrefix(order, order.forced, options));
  const [{ goes, fault, around }] = order.drops as [DropEffect];
  const words = (spans: readonly Span[]): string => spans.map((s) => text.slice(s.start, s.end)).join('');
  return { gone: words(goes), fault, around: around && words([around]) };
}

const CALL = `export function start(): void {
  listen(
    'one',
    options(1)
      .with('two')
      .with('three'),
  );
  const x = 1;
}
`;

describe('a line that is left out', () => {
  test('takes the smallest statement around it that can stand alone', async () => {
    const call = CALL.slice(CALL.indexOf('  listen'), CALL.indexOf('  const'));
    for (const line of [2, 3, 5, 7])
      expect(await leftOut('a.ts', CALL, linesOf(CALL, line))).toEqual({
        gone: call,
        fault: undefined,
        around: undefined,
      });
    expect(await leftOut('a.ts', CALL, linesOf(CALL, 6, 8))).toMatchObject({
      gone: '  const x = 1;\n',
      fault: 'part',
      around: call,
    });
    expect(await leftOut('a.ts', CALL, linesOf(CALL, 9))).toMatchObject({ gone: CALL });
    const both = 'f(\n  1,\n);\ng(\n  2,\n);\n';
    expect(await leftOut('a.js', both, linesOf(both, 3, 4))).toMatchObject({ gone: both, fault: undefined });
    expect(await leftOut('a.js', both, linesOf(both, 3, 6))).toMatchObject({ gone: 'g(\n  2,\n);\n', fault: 'part' });
    expect(await leftOut('a.js', both, linesOf(both, 2, 3))).toMatchObject({
      gone: 'f(\n  1,\n);\n',
      fault: undefined,
    });
  });
  test('of a comment takes the comment, not the code below it', async () => {
    const comment = '/**\n * Words.\n */\n';
    const text = `${comment}export function f() {\n  g();\n}\n`;
    for (const line of [1, 2, 3])
      expect(await leftOut('a.ts', text, linesOf(text, line))).toEqual({
        gone: comment,
        fault: undefined,
        around: undefined,
      });
    expect(await leftOut('a.ts', text, linesOf(text, 4))).toMatchObject({ gone: text }); // code takes its comment
    const behind = 'f(/* a\n  b */\n  1,\n);\n';
    expect(await leftOut('a.ts', behind, linesOf(behind, 1))).toMatchObject({ gone: behind });
  });
  test('stays with what the user keeps, and says so', async () => {
    const pin = { start: CALL.indexOf("'one'"), end: CALL.indexOf("'one'") + 3 };
    expect(await leftOut('a.ts', CALL, linesOf(CALL, 5), [pin])).toEqual({
      gone: '',
      fault: 'pinned',
      around: undefined,
    });
  });
  test('stays where syntax needs it, or the grammar cannot read it', async () => {
    const go = 'package a\n\nvar x = 1\n';
    expect(await leftOut('a.go', go, linesOf(go, 1))).toEqual({ gone: '', fault: 'syntax', around: undefined });
    const broken = 'export class A {\n  a( { { [ ;\n  b = 2;\n}\n';
    expect(await leftOut('a.ts', broken, linesOf(broken, 2))).toMatchObject({ gone: '', fault: 'unparsed' });
    const from = 'from a import (\n    b,\n    c,\n)\nb(c)\n';
    expect(await leftOut('a.py', from, linesOf(from, 3))).toMatchObject({ gone: from.slice(0, from.indexOf('b(c)')) });
  });
  test('is nothing, if it is blank', async () => {
    expect(await leftOut('a.ts', 'a();\n\nb();\n', { start: 5, end: 6 })).toEqual({
      gone: '',
      fault: 'blank',
      around: undefined,
    });
  });
  test('takes nothing larger with it for a pattern, and the statement for a comment', async () => {
    const text = 'f(\n  1,\n  2, // namm:drop\n);\ng();\n';
    const structure = await structureOf('a.ts', text);
    const cut = (droppedPatterns: readonly string[], inlineMarkers: boolean): number => {
      const asked = { pins: [], drops: [], protectedPatterns: [], droppedPatterns, inlineMarkers };
      return orderCuts(structure, evidence(text, 1), [], { drops: constraintSpans(structure, asked).drops }).forced;
    };
    expect(cut(['1,'], false)).toBe(0);
    expect(cut([], true)).toBe(1);
  });
});

/** Numbers in [0, most) from a seed. */
function randoms(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296) * most);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => `${f.parentPath}/${f.name}`.replaceAll('\\', '/'))
    .filter((f) => /\/\w[^/]*\.\w+$/.test(f) && !/\/\.|README|__pycache__|\.(png|svg|onnx|pyc|tsv|csv|txt)$/.test(f));

/** The words of the marked lines, each in its line. */
function wordsIn(text: string, mark: Span): Span[] {
  return [...text.slice(mark.start, mark.end).matchAll(/[^\s\ufeff][^\n\r]*/g)].map(({ index, 0: words }) => ({
    start: mark.start + index,
    end: mark.start + index + words.trimEnd().length,
  }));
}

const isCut = ({ spans }: ReturnType<typeof renderPrefix>, { start, end }: Span): boolean =>
  spans.every((s) => !s.kept || s.end <= start || s.start >= end);

test('200 random marks on real files: each changes the result as it says, or says why not', async () => {
  const files = [
    ...filesIn('test/samples'),
    ...filesIn('test/samples'),
    ...filesIn('src'),
    ...filesIn('extension'),
    ...filesIn('training'),
    ...filesIn('docs'),
  ].filter((f) => readFileSync(f).length < 40_000);
  const random = randoms(31);
  const seen = new Map<string, number>();
  const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (let n = 0; n < (BRIEF ? 20 : 200); n++) {
    const path = files[random(files.length)]!;
    const text = readFileSync(path, 'utf8');
    const structure = await structureOf(path, text);
    const lines = new Lines(text).starts.length;
    const from = 1 + random(lines);
    const mark = linesOf(text, from, Math.min(lines, from + random(random(2) ? 1 : 6)));
    const words = wordsIn(text, mark);
    const place = `${path}:${from}`;
    const orderOf = (pins: readonly Span[], drops: readonly Span[]): CutOrder =>
      orderCuts(structure, evidence(text, n), pins, { drops });
    if (random(4) === 0) {
      const { rendered } = fitToTokens(orderOf([mark], []), Math.ceil(counter.count(text) / 20), options);
      for (const s of rendered.spans) expect(s.kept || s.end <= mark.start || s.start >= mark.end, place).toBe(true);
      count('kept');
      continue;
    }
    const order = orderOf([], [mark]);
    const rendered = renderPrefix(order, order.forced, options);
    checkRendered(structure, order, rendered);
    const [effect] = order.drops as [DropEffect];
    for (const goes of effect.goes) expect(isCut(rendered, goes), place).toBe(true);
    const stays = words.filter((w) => !isCut(rendered, w));
    expect(stays.length > 0 || !words.length, place).toBe(effect.fault !== undefined);
    expect(effect.fault === 'blank', place).toBe(!words.length);
    count(
      effect.fault ??
        (effect.goes.every((g) => g.start >= mark.start && g.end <= mark.end) ? 'gone' : 'gone with its statement'),
    );
    if (effect.fault === 'part') expect(effect.around, place).toBeDefined();
    if (!effect.around) continue;
    const larger = orderOf([], [effect.around]);
    expect(isCut(renderPrefix(larger, larger.forced, options), stays[0]!), place).toBe(true);
  }
  const sum = [...seen.values()].reduce((a, b) => a + b);
  expect(sum).toBe(BRIEF ? 20 : 200);
  const whole = (seen.get('gone') ?? 0) + (seen.get('gone with its statement') ?? 0) + (seen.get('kept') ?? 0);
  expect(whole, JSON.stringify([...seen])).toBeGreaterThan(0.75 * (sum - (seen.get('blank') ?? 0)));
});
