// Orders the layers of a report, and follows what they hold along the text.
import type { InspectReport } from '../core/context';
import type { Lines } from '../core/lines';
import { firstIndexWhere } from '../core/search';
import { layerBands } from './summary';

/** By number, or by the share of tokens kept. */
export type LayerOrder = 'layer' | 'most' | 'least';

/** @returns [layers] the layers in their order from top to bottom; of equal shares the lower number comes first */
export function orderedLayers(report: InspectReport, order: LayerOrder): number[] {
  const bands = layerBands(report);
  if (order !== 'layer') bands.sort((a, b) => (order === 'most' ? b.mean - a.mean : a.mean - b.mean));
  return bands.map((b) => b.layer);
}

/** A stretch of tokens, [from, to). */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** One part of a profile: its tokens, and the mean of their values. */
export interface Part extends Window {
  readonly mean: number;
}

/**
 * Divides a window into at most `count` parts of about equal size.
 * @param values [tokens] 0…1; a token with a value below 0 counts in no mean
 * @returns without the parts that have no value
 */
export function profileOf(values: ArrayLike<number>, { from, to }: Window, count: number): Part[] {
  const tokens = to - from;
  const parts = Math.max(1, Math.min(count, tokens));
  return Array.from({ length: parts }, (_, i) => {
    const part = { from: from + Math.floor((i * tokens) / parts), to: from + Math.floor(((i + 1) * tokens) / parts) };
    let [sum, known] = [0, 0];
    for (let t = part.from; t < part.to; t++)
      if (values[t]! >= 0) {
        sum += values[t]!;
        known++;
      }
    return { ...part, mean: known ? sum / known : -1 };
  }).filter((p) => p.mean >= 0);
}

const LEAST_WINDOW = 24; // tokens: fewer bars would show single tokens, which the text shows better

/**
 * The window after a step of zoom, about its centre or a chosen place, within the text.
 * @param factor below 1 shows less of the text. @param about token that stays in view
 */
export function zoomed({ from, to }: Window, factor: number, tokens: number, about = (from + to) / 2): Window {
  const size = Math.max(Math.min(LEAST_WINDOW, tokens), Math.min(tokens, Math.round((to - from) * factor)));
  const share = Math.max(0, Math.min(1, (about - from) / Math.max(1, to - from)));
  const first = Math.max(0, Math.min(tokens - size, Math.round(about - share * size)));
  return { from: first, to: first + size };
}

/** Lines of the text, 0-based, the last one included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The lines that the tokens of a window stand in. @param bounds [tokens + 1] UTF-16 offsets */
export function linesOf({ from, to }: Window, bounds: Int32Array, lines: Lines): LineRange {
  return { first: lines.at(bounds[from]!), last: lines.at(Math.max(bounds[from]!, bounds[to]! - 1)) };
}

/** The tokens that stand in some lines, in whole or in part. @param bounds [tokens + 1] UTF-16 offsets */
export function tokensOf({ first, last }: LineRange, bounds: Int32Array, lines: Lines): Window {
  const tokens = bounds.length - 1;
  const from = Math.min(tokens, firstIndexWhere(bounds, (bound) => bound > lines.span(first).start) - 1);
  const to = firstIndexWhere(bounds, (bound) => bound >= lines.span(last).end);
  return { from, to: Math.max(from, Math.min(tokens, to)) };
}

/** The lines between two, in either order, within a text. @param count number of its lines */
export function rangeBetween(a: number, b: number, count: number): LineRange {
  const within = (line: number): number => Math.max(0, Math.min(count - 1, Math.round(line)));
  return { first: within(Math.min(a, b)), last: within(Math.max(a, b)) };
}
