// Groups statements into the bands of the heat map: those worth most and least per token; all others stand out in nothing.
import type { RankedStatement } from '../../src/core/context';

/** From the least worth to the most. */
export const BANDS = ['least', 'little', 'much', 'most'] as const;
export type Band = (typeof BANDS)[number];

/** Share of the statements in the outermost band, and in it and the next one together. */
export const OUTER = 0.1;
export const INNER = 0.25;

/** @param index of the statement by rank, from 0: the smallest budget keeps the first. @returns undefined for those between */
export function bandOf(index: number, of: number): Band | undefined {
  const [above, below] = [index + 0.5, of - index - 0.5]; // half of itself, so that both ends are alike
  if (above < OUTER * of) return 'most';
  if (above < INNER * of) return 'much';
  if (below < OUTER * of) return 'least';
  if (below < INNER * of) return 'little';
  return undefined;
}

export interface HeatRun {
  readonly start: number;
  readonly end: number;
  readonly band: Band;
}

/** The own text of each statement in a band, without the statements in it, in text order; UTF-16 units. */
export function heatRuns(statements: readonly RankedStatement[]): HeatRun[] {
  const out: HeatRun[] = [];
  const add = (start: number, end: number, band: Band | undefined): void => {
    if (!band || end <= start) return;
    const last = out.at(-1);
    if (last?.band === band && last.end === start) out[out.length - 1] = { ...last, end };
    else out.push({ start, end, band });
  };
  const open: { readonly end: number; readonly band: Band | undefined }[] = [];
  let at = 0;
  const closeTo = (offset: number): void => {
    for (let inner = open.at(-1); inner && inner.end <= offset; inner = open.at(-1)) {
      add(at, inner.end, inner.band);
      at = inner.end;
      open.pop();
    }
  };
  const placed = statements
    .map(({ start, end }, i) => ({ start, end, band: bandOf(i, statements.length) }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end, band } of placed) {
    closeTo(start);
    add(at, start, open.at(-1)?.band);
    at = start;
    open.push({ end, band });
  }
  closeTo(Infinity);
  return out;
}
