// Compares what the caches kept in two reports of the same text.
import type { InspectReport } from '../core/context';
import { cachesOf, keptBy, type Scope } from './scope';

/** How two scorers agree. A decision is one token in one cache of the scope. */
export interface Agreement {
  /** Number of decisions to keep by both, by the first only, by the second only, by neither. */
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
  /** Share of equal decisions, 0…1. */
  readonly equal: number;
  /** Pearson correlation of the retention per token; undefined if one of the two is constant. */
  readonly correlation: number | undefined;
}

/** Whether two reports are of the same tokens and caches. */
export function comparable(a: InspectReport, b: InspectReport): boolean {
  return (
    a.layers === b.layers && a.heads === b.heads && a.ids.length === b.ids.length && a.bounds.at(-1) === b.bounds.at(-1)
  );
}

/** @param first and `second`: `comparable` reports */
export function agreement(first: InspectReport, second: InspectReport, scope: Scope): Agreement {
  const tokens = first.ids.length;
  const seen = [0, 0, 0, 0]; // 2 * kept by first + kept by second
  for (const c of cachesOf(first, scope))
    for (let i = c * tokens; i < (c + 1) * tokens; i++) seen[2 * first.keeps[i]! + second.keeps[i]!]!++;
  const [neither, onlySecond, onlyFirst, both] = seen as [number, number, number, number];
  return {
    both,
    onlyFirst,
    onlySecond,
    neither,
    equal: (both + neither) / Math.max(1, both + neither + onlyFirst + onlySecond),
    correlation: correlation(keptBy(first, scope), keptBy(second, scope)),
  };
}

/** @returns [layers][heads] share of tokens with equal decisions, 0…1 */
export function agreementPerCache(first: InspectReport, second: InspectReport): number[][] {
  return Array.from({ length: first.layers }, (_, layer) =>
    Array.from({ length: first.heads }, (_, head) => agreement(first, second, { kind: 'cache', layer, head }).equal),
  );
}

/** Pearson correlation of two rows of equal length; undefined if one of them is constant. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  const n = a.length;
  const mean = (row: ArrayLike<number>): number => Array.from(row).reduce((s, x) => s + x, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i]! - ma, b[i]! - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : undefined;
}
