// The reference of H2O's eviction rule, for the golden vectors.

/**
 * H2O's rule (H2OKVCache_LayerWise of its public code): the last `recent` slots stay, and of the others the `heavy` ones
 * with the largest sums, of equal sums the earlier one.
 * @param sums [n] accumulated attention of one head. @returns kept slots, ascending
 */
export function keepHeavyHitters(sums: ArrayLike<number>, heavy: number, recent: number): number[] {
  const n = sums.length;
  const all = Array.from({ length: n }, (_, i) => i);
  if (n <= heavy + recent) return all;
  const candidates = all.slice(0, n - recent).sort((a, b) => sums[b]! - sums[a]! || a - b);
  return [...candidates.slice(0, heavy).sort((a, b) => a - b), ...all.slice(n - recent)];
}
