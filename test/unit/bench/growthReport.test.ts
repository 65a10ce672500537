// Tests what the growth bench concludes from the points of a series.
import { expect, test } from 'vitest';
import { fitOf, growthTables, TIME, WORK, type Series } from '../../../bench/speed/growthReport';

/** Points at doubled lengths whose cost is `first` times the length in thousands to the power of `exponent`. */
const series = (stage: string, first: number, exponent: number, count = 8): Series => ({
  stage,
  family: 'lines',
  points: Array.from({ length: count }, (_, i) => ({ units: 1000 * 2 ** i, cost: first * 2 ** (i * exponent) })),
  ended: undefined,
});

test('the exponent is the slope at the end, of at most five points', () => {
  const { exponent, points } = fitOf(series('rank', 100, 1.5), TIME)!;
  expect(exponent).toBeCloseTo(1.5, 9);
  expect(points).toBe(5);
  const bent = [...series('rank', 100, 1, 3).points, ...series('rank', 100, 2).points.slice(3)];
  expect(fitOf({ points: bent }, TIME)!.exponent).toBeCloseTo(2, 9);
});

test('points below the floor do not count, and two are no line', () => {
  expect(fitOf(series('rank', 1, 1), TIME)!.points).toBe(3); // 32, 64, 128 ms
  expect(fitOf(series('rank', 0.5, 1), TIME)).toBeUndefined();
  expect(fitOf(series('rank', 1, 1), WORK)).toBeUndefined();
});

test('the tables name what is steep, what has no exponent, and what ended early', () => {
  const ended = { ...series('sizes', 100, 1.3), ended: { units: 128_000, reason: 'over 10 s' } };
  const page = growthTables([series('rank', 100, 1), ended, series('floor', 0.1, 1)], TIME);
  expect(page).toContain('3 series; 2 have an exponent, 1 of them above 1.2.');
  expect(page).toContain('fewer than 3 points of 0.02 s; their last is 0.01 s at most');
  expect(page).toContain('| sizes | lines | 1.30 (5) |');
  expect(page).toContain('| sizes | lines | 128 k | over 10 s |');
  expect(page).toContain('| floor | 1 | 0 |  |  | 0.01 s for 128 k | lines |');
});
