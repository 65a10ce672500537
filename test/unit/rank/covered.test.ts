// Tests what a candidate adds to the kept text: names count once and then less, copies of a pair less each time.
import { expect, test } from 'vitest';
import type { NameTable, NameWorth, PairWorth } from '../../../src/core/evidence';
import { Covered } from '../../../src/rank/covered';
import type { Contribution } from '../../../src/rank/coverageModel';

const names: NameWorth = {
  table: { count: 3 } as NameTable,
  mention: Float32Array.of(1, 2, 4),
  definition: Float32Array.of(8, 16, 32),
  repeatDecay: 0.25,
  markerTokens: 0,
};
const pairs: PairWorth = {
  table: { count: 2, pairs: new Int32Array(0) },
  worth: Float32Array.of(64, 256),
  repeatDecay: 0.5,
};
const nothing = { mentions: new Set<number>(), definitions: new Set<number>(), pairs: [] };
const part = (
  worth: number,
  mentions: number[],
  definitions: number[] = [],
  pairsOfPart: number[] = [],
): Contribution => ({
  worth,
  mentions: new Set(mentions),
  definitions: new Set(definitions),
  pairs: new Set(pairsOfPart),
});
/** What contributions add one after another. */
function worthOf(covered: Covered, ...all: Contribution[]): number {
  const worth = all.reduce((sum, next) => {
    const own = covered.worthOf(next, sum);
    covered.hold(next);
    return own;
  }, 0);
  all.forEach((c) => covered.release(c));
  return worth;
}

test('a name counts in full once, then with its decay', () => {
  const covered = new Covered(names, undefined, nothing);
  expect(worthOf(covered, part(0.5, [0, 2]))).toBe(5.5);
  covered.add(part(0, [2]));
  expect(worthOf(covered, part(0, [0, 2]))).toBe(1 + 4 * 0.25);
  expect(worthOf(covered, part(0, [1]), part(0, [1]))).toBe(2 + 2 * 0.25);
});

test('a definition counts once', () => {
  const covered = new Covered(names, undefined, nothing);
  expect(worthOf(covered, part(0, [], [1]), part(0, [], [1, 2]))).toBe(16 + 32);
  covered.add(part(0, [], [1]));
  expect(worthOf(covered, part(0, [], [1, 2]))).toBe(32);
});

test('what a name always brings is added to each mention', () => {
  const covered = new Covered({ ...names, always: Float32Array.of(0.5, 0, 0) }, undefined, nothing);
  expect(worthOf(covered, part(0, [0, 1]))).toBe(1.5 + 2);
  covered.add(part(0, [0]));
  expect(worthOf(covered, part(0, [0]))).toBe(0.5 + 0.25);
});

test('each copy of a pair counts half as much as the one before, down to the eighth', () => {
  const covered = new Covered(names, pairs, nothing);
  for (let copies = 0; copies < 10; copies++) {
    expect(worthOf(covered, part(0, [], [], [1]))).toBe(256 * 0.5 ** Math.min(7, copies));
    covered.add(part(0, [], [], [1]));
  }
  expect(worthOf(covered, part(0, [], [], [0]))).toBe(64);
});

test('copies within one question count as well', () => {
  const covered = new Covered(names, pairs, nothing);
  const copy = part(0, [], [], [0]);
  expect(worthOf(covered, copy, copy, copy)).toBe(64 + 32 + 16);
  expect(worthOf(covered, copy)).toBe(64); // nothing is held any more
});

test('what is never cut is covered from the start', () => {
  const covered = new Covered(names, pairs, { mentions: new Set([0]), definitions: new Set([0]), pairs: [0, 0] });
  expect(worthOf(covered, part(0, [0], [0], [0]))).toBe(0.25 + 64 / 4);
});
