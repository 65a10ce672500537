// Chooses which entries a cache keeps: by NAMM's threshold rules, and by the budgets of H2O and key norm.

/**
 * The rule per head (docs/NAMM.md 3.1, 3.2, `keep_mask_per_head`): an entry stays if its score reaches the threshold; the
 * newest entry always stays; of more than `cacheSize` entries the best stay, of equal scores the later one.
 *
 * Example: scores [1, -1, 2, -3] with threshold 0 keep the slots [0, 2, 3]; with cacheSize 2 they keep [2, 3].
 *
 * @param scores [n] of one head, from the oldest slot to the newest
 * @returns kept slots, ascending
 */
export function keepPerHead(scores: ArrayLike<number>, threshold: number, cacheSize = Infinity): number[] {
  const n = scores.length;
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if (scores[i]! >= threshold || i === n - 1) kept.push(i);
  if (kept.length <= cacheSize) return kept;
  const value = (i: number): number => (i === n - 1 ? Infinity : scores[i]!);
  return kept
    .sort((a, b) => value(b) - value(a) || b - a)
    .slice(0, cacheSize)
    .sort((a, b) => a - b);
}

/**
 * The rule of the public code (docs/NAMM.md 3.2, `keep_aligned`): every head of a layer keeps its K best entries, where K
 * is the largest number that any head keeps by its threshold.
 * @param scores [heads][n], from the oldest slot to the newest. @returns kept slots per head, ascending
 */
export function keepAligned(scores: readonly ArrayLike<number>[], threshold: number, cacheSize = Infinity): number[][] {
  const wanted = scores.map((s) => keepPerHead(s, threshold).length);
  const most = wanted.reduce((a, b) => Math.max(a, b), 0);
  const k = Math.min(most, cacheSize);
  return scores.map((s) => keepPerHead(s, -Infinity, k));
}

/**
 * The slots of the k largest scores, ascending; of equal scores the earlier slot. The key norm rule (l2compress) is this
 * on -norm.
 */
export function keepTop(scores: ArrayLike<number>, k: number): number[] {
  return Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k)
    .sort((a, b) => a - b);
}
