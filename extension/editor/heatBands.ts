// Groups statements into the bands of the heat map: those worth most and least per token; all others stand out in nothing.
import type { RankedStatement } from '../../src/core/context';

/** From the least worth to the most. */
export const BANDS = ['least', 'little', 'much', 'most'] as const;
export type Band = (typeof BANDS)[number];

/** Of the statements that are coloured at one end, the share that stands out most. */
const OUTER = 0.4;

/** Share of all statements that stands out most at each end. @param share that is coloured at each end */
export function outerShare(share: number): number {
  return share * OUTER;
}

/**
 * @param index of the statement by rank, from 0: the smallest budget keeps the first
 * @param share of the statements that is coloured at each end, up to 0.5
 * @returns undefined for those between
 */
export function bandOf(index: number, of: number, share: number): Band | undefined {
  const [above, below] = [index + 0.5, of - index - 0.5]; // half of itself, so that both ends are alike
  const [outer, inner] = [outerShare(share) * of, share * of];
  if (above < outer) return 'most';
  if (above < inner) return 'much';
  if (below < outer) return 'least';
  if (below < inner) return 'little';
  return undefined;
}

/** Own text of a statement, or of several beside each other that have the same label; UTF-16 units. */
export interface Run<T> {
  readonly start: number;
  readonly end: number;
  readonly label: T;
}

/**
 * The own text of each statement in a band, without the statements in it, in text order.
 * @param share of the statements that is coloured at each end
 */
export function heatRuns(statements: readonly RankedStatement[], share: number): Run<Band>[] {
  return ownRuns(statements, (index) => bandOf(index, statements.length, share));
}

/** @param labelOf a statement, by its rank from 0; undefined for those that are left out */
export function ownRuns<T>(
  statements: readonly RankedStatement[],
  labelOf: (index: number) => T | undefined,
): Run<T>[] {
  const out: Run<T>[] = [];
  const add = (start: number, end: number, label: T | undefined): void => {
    if (label === undefined || end <= start) return;
    const last = out.at(-1);
    if (last?.label === label && last.end === start) out[out.length - 1] = { ...last, end };
    else out.push({ start, end, label });
  };
  const open: { readonly end: number; readonly label: T | undefined }[] = [];
  let at = 0;
  const closeTo = (offset: number): void => {
    for (let inner = open.at(-1); inner && inner.end <= offset; inner = open.at(-1)) {
      add(at, inner.end, inner.label);
      at = inner.end;
      open.pop();
    }
  };
  const placed = statements
    .map(({ start, end }, i) => ({ start, end, label: labelOf(i) }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end, label } of placed) {
    closeTo(start);
    add(at, start, open.at(-1)?.label);
    at = start;
    open.push({ end, label });
  }
  closeTo(Infinity);
  return out;
}
