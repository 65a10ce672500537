// Tests that agreement counts every decision, and that changes between two cuts are counted as a person would.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedStretches, droppedEdges, isDropped } from '../../../src/inspector/changes';
import { agreement, agreementPerCache, comparable } from '../../../src/inspector/comparison';
import { ALL } from '../../../src/inspector/scope';
import { opposite, small } from './report';

test('with itself everything agrees, with its opposite nothing', () => {
  expect(agreement(small, small, ALL)).toMatchObject({ both: 11, neither: 9, onlyFirst: 0, onlySecond: 0, equal: 1 });
  expect(agreement(small, small, ALL).correlation).toBeCloseTo(1);
  expect(agreement(small, opposite, ALL)).toMatchObject({
    both: 0,
    neither: 0,
    onlyFirst: 11,
    onlySecond: 9,
    equal: 0,
  });
  expect(agreement(small, opposite, ALL).correlation).toBeCloseTo(-1);
  expect(agreementPerCache(small, small)).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

test('a scorer that keeps everything has no correlation', () => {
  const all = { ...small, keeps: small.keeps.map(() => 1) };
  expect(agreement(small, all, ALL).correlation).toBeUndefined();
});

test('another text is not compared', () => {
  expect(comparable(small, opposite)).toBe(true);
  expect(comparable(small, { ...small, ids: small.ids.subarray(1) })).toBe(false);
});

const spans = (kept: readonly boolean[]): { start: number; end: number; kept: boolean }[] =>
  kept.map((k, i) => ({ start: i, end: i + 1, kept: k }));
const drops = (text: string): Int32Array => droppedEdges(spans([...text].map((c) => c === '.')));

test('edges join neighbours', () => {
  expect([...drops('.xx.x')]).toEqual([1, 3, 4, 5]);
  expect([...drops('....')]).toEqual([]);
  expect([0, 1, 2, 3, 4].map((i) => isDropped(drops('.xx.x'), i))).toEqual([false, true, true, false, true]);
});

test.each([
  ['....', '....', 0],
  ['.xx.', '.xx.', 0],
  ['....', '.xx.', 1],
  ['.xx.', '.xxx', 1],
  ['.xx.x.', 'xx....', 3],
  ['xx..', '..xx', 2],
  ['x...', '...x', 2],
])('%s to %s: %i spans change', (a, b, n) => {
  expect(changedStretches(drops(a), drops(b))).toBe(n);
  expect(changedStretches(drops(b), drops(a))).toBe(n);
});

test('changes: as counting place by place', () => {
  const text = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const n = Math.min(a.length, b.length);
      let expected = 0;
      for (let i = 0; i < n; i++)
        if (a[i] !== b[i] && (i === 0 || a[i - 1] === b[i - 1] || a[i - 1] !== a[i])) expected++;
      expect(changedStretches(droppedEdges(spans(a.slice(0, n))), droppedEdges(spans(b.slice(0, n))))).toBe(expected);
    }),
  );
});
