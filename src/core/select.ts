// Knows which entries a cache keeps: the threshold rules of NAMM, and the budgets of H2O and key norm.

/**
 * Per-head rule (NAMM.md 3.2): score >= threshold; the newest entry always stays; at most `cacheSize` of the best.
 * @param scores [n] of one head, slot order old -> new. @returns kept slots, ascending.
 */
export function keepPerHead(scores: ArrayLike<number>, threshold: number, cacheSize = Infinity): number[] {
  const n = scores.length;
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if (scores[i]! >= threshold || i === n - 1) kept.push(i);
  if (kept.length <= cacheSize) return kept;
  const value = (i: number): number => (i === n - 1 ? Infinity : scores[i]!);
  // On equal scores the earlier slot goes first.
  return kept
    .sort((a, b) => value(b) - value(a) || b - a)
    .slice(0, cacheSize)
    .sort((a, b) => a - b);
}

/**
 * Rule of the public code (NAMM.md 3.2): every head of a layer keeps its K best, K = the most that any head wants.
 * @param scores [heads][n]. @returns kept slots per head, ascending.
 */
export function keepAligned(scores: readonly ArrayLike<number>[], threshold: number, cacheSize = Infinity): number[][] {
  const wanted = scores.map((s) => keepPerHead(s, threshold).length);
  const k = Math.min(Math.max(...wanted), cacheSize);
  return scores.map((s) => keepPerHead(s, -Infinity, k));
}

/**
 * H2O (official H2OKVCache_LayerWise): the last `recent` slots stay, of the others the `heavy` largest sums.
 * Ties: earlier slot first. @param sums [n] accumulated attention of one head.
 */
export function keepHeavyHitters(sums: ArrayLike<number>, heavy: number, recent: number): number[] {
  const n = sums.length;
  const all = Array.from({ length: n }, (_, i) => i);
  if (n <= heavy + recent) return all;
  const candidates = all.slice(0, n - recent).sort((a, b) => sums[b]! - sums[a]! || a - b);
  return [...candidates.slice(0, heavy).sort((a, b) => a - b), ...all.slice(n - recent)];
}

/** The k largest scores, ties to the earlier slot; ascending slots. Key norm (l2compress) is this on -norm. */
export function keepTop(scores: ArrayLike<number>, k: number): number[] {
  return Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k)
    .sort((a, b) => a - b);
}
