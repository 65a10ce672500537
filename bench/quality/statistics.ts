// Means of paired measurements, and bootstrap intervals of what is computed from them.
import { seededRandom } from '../cases/cases';

export const sum = (values: readonly number[]): number => values.reduce((x, y) => x + y, 0);

export const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);

/**
 * The 95 % interval of a statistic over resampled cases (percentile bootstrap). Every call resamples in the same order, so
 * what is compared is measured on the same samples.
 * @param cases how many there are
 * @param statistic of a sample: case numbers, drawn with replacement
 */
export function interval(
  cases: number,
  statistic: (sample: readonly number[]) => number,
  rounds = 1000,
): [number, number] {
  const next = seededRandom(99);
  const values = Array.from({ length: rounds }, () => statistic(Array.from({ length: cases }, () => next(cases)))).sort(
    (a, b) => a - b,
  );
  return [values[Math.floor(rounds * 0.025)]!, values[Math.ceil(rounds * 0.975) - 1]!];
}
