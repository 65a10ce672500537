// Groups tokens into the bands of the heat map by retention, the share of caches that kept them.
import { firstIndexWhere } from '../../src/core/search';

/** Number of bands. */
export const BANDS = 7;

/** @param retention 0…1. @returns 0 … BANDS - 1; the first band is for retention 0 alone, the last for 1 alone. */
export function bandOf(retention: number): number {
  if (retention <= 0) return 0;
  if (retention >= 1) return BANDS - 1;
  return 1 + Math.min(BANDS - 3, Math.floor(retention * (BANDS - 2)));
}

/**
 * Joins neighbouring tokens of one band, for the tokens that touch [from, to). Offsets are UTF-16 units.
 * @param bounds [tokens + 1]
 * @param retention [tokens]
 */
export function heatRuns(
  bounds: Int32Array,
  retention: Float32Array,
  from: number,
  to: number,
): { start: number; end: number; band: number }[] {
  const out: { start: number; end: number; band: number }[] = [];
  const first = firstIndexWhere(retention, (_, token) => bounds[token + 1]! > from);
  for (let t = first; t < retention.length && bounds[t]! < to; t++) {
    const [start, end] = [bounds[t]!, bounds[t + 1]!];
    if (end <= start) continue;
    const band = bandOf(retention[t]!);
    const last = out.at(-1);
    if (last && last.band === band && last.end === start) last.end = end;
    else out.push({ start, end, band });
  }
  return out;
}
