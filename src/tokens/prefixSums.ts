// Sums per-token values over stretches of text.
import { firstIndexWhere } from '../core/search';

/** Sum and number of the tokens that begin in [start, end). */
export interface Mass {
  readonly sum: number;
  readonly tokens: number;
}

/** Index of the first token that begins at or behind `offset`. @param bounds [n + 1] token bounds. */
function firstAt(bounds: Int32Array, offset: number): number {
  return firstIndexWhere(bounds, (bound) => bound >= offset, 0, bounds.length - 1);
}

/**
 * @param bounds [n + 1] token bounds, UTF-16. @param values [n] one value per token
 * @returns the mass of [start, end), in the time of two binary searches. Example: with bounds [0, 3, 5] and values [1, 2],
 * (0, 4) has the sum 3 and 2 tokens
 */
export function massOf(bounds: Int32Array, values: Float32Array): (start: number, end: number) => Mass {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return (start, end) => {
    const a = firstAt(bounds, start);
    const b = Math.max(a, firstAt(bounds, end));
    return { sum: sums[b]! - sums[a]!, tokens: b - a };
  };
}
