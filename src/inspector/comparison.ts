// Knows how two reports of the same text agree: token by token, cache by cache, class by class.
import type { InspectReport, TokenClass } from '../core/context';
import { cachesOf, keptBy, type Scope } from './scope';
import { classShares } from './summary';

export interface Agreement {
  /** Decisions (tokens × caches of the scope) by who kept. */
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
  /** Share of decisions that are equal, 0…1. */
  readonly equal: number;
  /** Pearson correlation of the retention per token; undefined where one of them does not vary. */
  readonly correlation: number | undefined;
  readonly classes: readonly {
    readonly name: TokenClass;
    readonly tokens: number;
    readonly first: number;
    readonly second: number;
  }[];
}

/** Whether two reports speak of the same tokens and caches. */
export function comparable(a: InspectReport, b: InspectReport): boolean {
  return (
    a.layers === b.layers && a.heads === b.heads && a.ids.length === b.ids.length && a.bounds.at(-1) === b.bounds.at(-1)
  );
}

export function agreement(first: InspectReport, second: InspectReport, scope: Scope): Agreement {
  const tokens = first.ids.length;
  const seen = [0, 0, 0, 0]; // 2 * kept by first + kept by second
  for (const c of cachesOf(first, scope))
    for (let i = c * tokens; i < (c + 1) * tokens; i++) seen[2 * first.keeps[i]! + second.keeps[i]!]!++;
  const [neither, onlySecond, onlyFirst, both] = seen as [number, number, number, number];
  const theirs = new Map(classShares(second, scope).map((c) => [c.name, c.kept]));
  return {
    both,
    onlyFirst,
    onlySecond,
    neither,
    equal: (both + neither) / Math.max(1, both + neither + onlyFirst + onlySecond),
    correlation: correlation(keptBy(first, scope), keptBy(second, scope)),
    classes: classShares(first, scope).map((c) => ({
      name: c.name,
      tokens: c.tokens,
      first: c.kept,
      second: theirs.get(c.name) ?? 0,
    })),
  };
}

/** @returns [layers][heads] share of tokens on which the two caches decide alike */
export function agreementPerCache(first: InspectReport, second: InspectReport): number[][] {
  return Array.from({ length: first.layers }, (_, layer) =>
    Array.from({ length: first.heads }, (_, head) => agreement(first, second, { kind: 'cache', layer, head }).equal),
  );
}

/** Share of the scope's caches that keep a token, first − second, −1…1. @returns [tokens] */
export function difference(first: InspectReport, second: InspectReport, scope: Scope): Float32Array {
  const [a, b] = [keptBy(first, scope), keptBy(second, scope)];
  const caches = cachesOf(first, scope).length;
  return Float32Array.from(a, (kept, t) => (kept - b[t]!) / caches);
}

export interface Stretch {
  readonly first: number; // token
  readonly last: number; // token, inclusive
  /** Sum over its tokens of first − second. */
  readonly weight: number;
}

/** Stretches of neighbouring tokens on which the two differ most, the heaviest first. */
export function strongest(differences: Float32Array, count: number): Stretch[] {
  const out: { first: number; last: number; weight: number }[] = [];
  differences.forEach((d, t) => {
    if (Math.abs(d) < 0.25) return;
    const before = out.at(-1);
    if (before && before.last >= t - 2 && Math.sign(before.weight) === Math.sign(d)) {
      before.last = t;
      before.weight += d;
    } else out.push({ first: t, last: t, weight: d });
  });
  return out.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.first - b.first).slice(0, count);
}

/** Pearson correlation of two rows of one length; undefined where one of them does not vary. */
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
