// Tests which statements are named as the next to go and the first to come back.
import { expect, test } from 'vitest';
import { nextCuts } from '../../../src/inspector/nextCuts';

const ranked = [5, 4, 3, 2, 1].map((worth, i) => ({ start: i, end: i + 1, worth, class: 'body' as const }));
const worths = (kept: number): number[][] => {
  const { go, come } = nextCuts(ranked, kept, 2);
  return [go.map((s) => s.worth), come.map((s) => s.worth)];
};

test('the statement of least worth goes first, the one of most worth comes back first', () => {
  expect(worths(3)).toEqual([
    [3, 4],
    [2, 1],
  ]);
  expect(worths(5)).toEqual([[1, 2], []]);
  expect(worths(1)).toEqual([[5], [4, 3]]);
  expect(worths(0)).toEqual([[], [5, 4]]);
  expect(nextCuts([], 0, 2)).toEqual({ go: [], come: [] });
});
