// Tests how files share a budget, in texts of ten-token lines: by size, by need, with floors, and with their last shares.
import { describe, expect, test } from 'vitest';
import type { Span } from '../../../src/core/span';
import { orderCuts } from '../../../src/cut/order';
import { cutUnder, shareBudget, type Sharer } from '../../../src/cut/share';
import { lengthCounter } from '../../support/counters';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

const options = { markers: false, counter: lengthCounter };

/** A file of ten-token lines; the first lines are cut first. @param least worth of the first line; each further one is worth 1 more */
function file(lines: number, pins: readonly Span[] = [], drops: readonly Span[] = [], size = 1, least = 0): Sharer {
  const text = Array.from({ length: lines }, (_, i) => `line ${String(i).padStart(3, '0')}.\n`).join('');
  const units = Array.from({ length: lines / size }, (_, i) => linesUnit(text, i * size + 1, (i + 1) * size));
  const structure = structureOf(text, units);
  const order = orderCuts(
    structure,
    { bounds: boundsOf(text, 10), values: Float32Array.from({ length: lines }, (_, i) => least + i) },
    pins,
    { drops },
  );
  return { source: structure.source, order, before: text.length, options };
}
/** Tokens of each file when all of them share `tokens`, without what stands around them. */
function shares(
  files: readonly Sharer[],
  tokens: number,
  previous: readonly (number | undefined)[] = [],
  byNeed = false,
): { tokens: number[]; floors: (number | undefined)[] } {
  const whole = files.reduce((sum, f) => sum + f.before, 0);
  const { before } = shareBudget(files, { kind: 'keepRatio', keepRatio: 1 }, [], lengthCounter);
  const around = before - whole;
  const limit = { kind: 'maxTokens', maxTokens: tokens + around } as const;
  const out = shareBudget(files, limit, previous, lengthCounter, {}, undefined, byNeed);
  expect(out.before).toBe(before);
  expect(out.after).toBe(out.rendered.reduce((sum, r) => sum + r.recipientTokens, around));
  expect(out.floorReason !== undefined).toBe(out.after > tokens + around);
  return { tokens: out.rendered.map((r) => r.recipientTokens), floors: out.rendered.map((r) => r.floor) };
}
const none = [undefined, undefined];

describe('without a history', () => {
  test('by size', () => {
    expect(shares([file(30), file(10)], 200)).toEqual({ tokens: [150, 50], floors: none });
    expect(shares([file(30), file(10)], 400)).toEqual({ tokens: [300, 100], floors: none });
    expect(shares([file(30), file(10)], 0)).toEqual({ tokens: [0, 0], floors: none });
  });
  test('a floor is paid for by the others', () => {
    const pinned = file(10, [{ start: 0, end: 80 }]);
    expect(shares([file(30), pinned], 200)).toEqual({ tokens: [120, 80], floors: none });
    expect(shares([pinned, file(30), file(30)], 330)).toEqual({ tokens: [80, 120, 120], floors: [...none, undefined] });
    expect(shares([file(30), pinned], 40)).toEqual({ tokens: [0, 80], floors: [undefined, 80] });
  });
  test('what large units leave unused is offered to the others', () => {
    expect(shares([file(30), file(9, [], [], 3)], 200)).toEqual({ tokens: [170, 30], floors: none });
    expect(shares([file(30, [], [], 10), file(18, [], [], 6)], 200)).toEqual({ tokens: [100, 60], floors: none });
  });
  test('each keeps some code, unless a total in tokens forbids it', () => {
    const coarse = file(10, [], [], 10);
    expect(shares([file(30), coarse], 200)).toEqual({ tokens: [100, 100], floors: none });
    expect(shares([file(30), coarse], 110)).toEqual({ tokens: [10, 100], floors: none });
    expect(shares([file(30), coarse], 109)).toEqual({ tokens: [100, 0], floors: none });
    const whole = shareBudget([file(30), coarse], { kind: 'keepRatio', keepRatio: 1 }, [], lengthCounter);
    const around = whole.before - 400;
    const ratio = { kind: 'keepRatio', keepRatio: (around + 100) / whole.before } as const;
    const out = shareBudget([file(30), coarse], ratio, [], lengthCounter);
    expect(out).toMatchObject({ floorReason: 'code', after: around + 110, rendered: [{ floor: 10 }, { floor: 100 }] });
  });
  test('a single file needs no rounds', () => {
    expect(shares([file(10)], 55)).toEqual({ tokens: [50], floors: [undefined] });
    expect(shares([file(10, [{ start: 0, end: 80 }])], 55)).toEqual({ tokens: [80], floors: [80] });
  });
  test('a ratio', () => {
    const out = shareBudget([file(10)], { kind: 'keepRatio', keepRatio: 0.35 }, [], lengthCounter, { alone: 'block' });
    expect(out.rendered[0]!.recipientTokens).toBe(30);
    expect(out.after - 30).toBe(out.before - 100);
    expect(out.floorReason).toBeUndefined();
    const floor = shareBudget(
      [file(10, [{ start: 0, end: 80 }])],
      { kind: 'keepRatio', keepRatio: 0.35 },
      [],
      lengthCounter,
    );
    expect(floor).toMatchObject({ floorReason: 'kept', rendered: [{ floor: 80 }] });
    const all = shareBudget([file(10), file(10)], { kind: 'keepRatio', keepRatio: 1 }, [], lengthCounter);
    expect(all.after).toBe(all.before);
  });
  test('excluded lines go even if all would fit, and their markers count', () => {
    const drops = [{ start: 0, end: 10 }];
    expect(shares([file(3, [], drops), file(2)], 50).tokens).toEqual([20, 20]);
    const marked: Sharer = { ...file(3, [], drops), options: { ...options, markers: true } };
    const out = shareBudget([marked], { kind: 'maxTokens', maxTokens: 30 }, [], lengthCounter);
    expect(out.rendered[0]!.text).toBe('line 001.\nline 002.\n'); // the marker would make it longer
    const longer: Sharer = { ...file(3, [], [{ start: 0, end: 20 }]), options: { ...options, markers: true } };
    const fitted = shareBudget([longer], { kind: 'maxTokens', maxTokens: 30 }, [], lengthCounter);
    expect(fitted.rendered[0]!.text).toMatch(/^\/\/1… #[a-z2-7]{4}\nline 002\.\n$/);
    expect(shareBudget([longer], { kind: 'keepRatio', keepRatio: 1 }, [], lengthCounter).after).toBe(21);
  });
});

describe('by need', () => {
  const asked = (least: number): Sharer => file(10, [], [], 1, least);
  const of = (files: readonly Sharer[], tokens: number, previous?: readonly (number | undefined)[]): number[] =>
    shares(files, tokens, previous, true).tokens;
  test('what is worth least goes first, whichever file it stands in', () => {
    expect(of([file(10), asked(100)], 120)).toEqual([20, 100]);
    expect(of([asked(6), file(10)], 100)).toEqual([80, 20]);
    expect(of([asked(100), file(30), asked(50)], 150)).toEqual([100, 10, 40]); // some code of each stays
  });
  test('a floor is paid for by the others', () => {
    expect(of([file(10, [{ start: 0, end: 80 }]), asked(100)], 120)).toEqual([80, 40]);
    expect(shares([file(10, [{ start: 0, end: 80 }]), asked(100)], 60, [], true)).toEqual({
      tokens: [80, 0],
      floors: [80, undefined],
    });
  });
  test('a hard limit holds, even if no code of a file stays', () => {
    expect(of([file(10), asked(100)], 10)).toEqual([0, 10]);
    expect(of([file(10), asked(100)], 0)).toEqual([0, 0]);
  });
  test('a file keeps the share that it had', () => {
    expect(of([file(10), asked(100)], 120, [20, 100])).toEqual([20, 100]);
    expect(of([file(10), asked(100)], 120, [20, undefined])).toEqual([20, 100]);
    expect(of([file(10), asked(100)], 120, [undefined, 100])).toEqual([20, 100]);
    expect(of([file(10), asked(100)], 120, [60, undefined])).toEqual([20, 100]); // too little would be left
  });
});

describe('files that had a share', () => {
  const two = (previous: readonly (number | undefined)[]): number[] =>
    shares([file(30), file(10)], 200, previous).tokens;
  test('keep it', () => {
    expect(two([150, 50])).toEqual([150, 50]);
    expect(two([170, 30])).toEqual([170, 30]);
    expect(two([160, 40])).toEqual([160, 40]);
  });
  test('and the others get their fair share of what is left', () => {
    expect(two([150, undefined])).toEqual([150, 50]);
    expect(two([undefined, 80])).toEqual([120, 80]);
    expect(two([160, undefined])).toEqual([160, 40]);
  });
  test('lose it if too little is left for the others', () => {
    expect(two([170, undefined])).toEqual([150, 50]);
    expect(two([undefined, 90])).toEqual([150, 50]);
  });
  test('lose it if too much stays unused', () => {
    expect(two([50, undefined])).toEqual([150, 50]);
    expect(two([100, 50])).toEqual([150, 50]);
  });
  test('lose it from the last file on if they do not fit', () => {
    expect(two([140, 90])).toEqual([140, 50]);
    expect(two([170, 60])).toEqual([150, 50]);
    expect(shares([file(10), file(10), file(10)], 150, [60, 40, 90]).tokens).toEqual([60, 40, 50]);
    expect(shares([file(10), file(10), file(10)], 150, [60, undefined, 90]).tokens).toEqual([60, 40, 40]);
  });
});

test('a threshold cuts the units below it in every file', () => {
  const files = [file(30), file(10)];
  const out = cutUnder(files, 4, lengthCounter);
  expect(out.rendered.map((r) => r.recipientTokens)).toEqual([260, 60]);
  expect(out.before - out.after).toBe(80);
});
