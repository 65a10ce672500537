// Knows means of paired measurements and how sure they are.
import { random } from '../cases/cases';

export const mean = (a: readonly number[]): number => a.reduce((x, y) => x + y, 0) / Math.max(1, a.length);

/** 95 % interval of a statistic over resampled cases; the same cases for everything that is compared. */
export function interval(
  cases: number,
  statistic: (sample: readonly number[]) => number,
  rounds = 1000,
): [number, number] {
  const next = random(99);
  const values = Array.from({ length: rounds }, () => statistic(Array.from({ length: cases }, () => next(cases)))).sort(
    (a, b) => a - b,
  );
  return [values[Math.floor(rounds * 0.025)]!, values[Math.ceil(rounds * 0.975) - 1]!];
}
