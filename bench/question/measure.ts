// Measures how many of the lines that a task needs are in what a method keeps of its texts.
import type { SourceText } from '../../src/core/context';
import { Lines } from '../../src/core/lines';
import type { Span } from '../../src/core/span';

/** Shares of one task, 0…1. */
export interface Found {
  /** Of the lines that the true change touches. */
  readonly changed: number;
  /** Of the lines that people marked; absent where nobody did. */
  readonly gold?: number;
}

/** @returns 1-based lines of which all but blanks is kept. @param kept sorted, disjoint */
export function keptLines({ text }: SourceText, kept: readonly Span[]): Set<number> {
  const out = new Set<number>();
  let k = 0;
  new Lines(text).all().forEach(({ start, end }, line) => {
    const own = text.slice(start, end);
    const from = start + (own.length - own.trimStart().length);
    const to = start + own.trimEnd().length;
    while (k < kept.length && kept[k]!.end <= from) k++;
    let at = from;
    for (let j = k; j < kept.length && kept[j]!.start <= at && at < to; j++) at = Math.max(at, kept[j]!.end);
    if (from >= to || at >= to) out.add(line + 1);
  });
  return out;
}

/** @returns the share of the lines that are kept, over all texts; 1 if there are none. @param wanted per text, 1-based */
export function shareOf(wanted: readonly (readonly number[])[], kept: readonly ReadonlySet<number>[]): number {
  const all = wanted.reduce((sum, lines) => sum + lines.length, 0);
  const found = wanted.reduce((sum, lines, i) => sum + lines.filter((line) => kept[i]!.has(line)).length, 0);
  return all ? found / all : 1;
}
