// Says what the model's caches did with the word at a place: its tokens joined, so that no part of a name stands alone.
import type { InspectReport, ScorerId } from '../core/context';
import { tokenIndexAt } from '../core/report';
import type { Span } from '../core/span';
import type { Words } from './sentences';

/** What the reading left of a word, the mean over its tokens. */
export interface WordReading extends Span {
  readonly text: string;
  /** Share of the layer's heads that kept it, 0…1. */
  readonly keptPerLayer: readonly number[];
  readonly caches: number;
  /** Caches that kept it, rounded. */
  readonly keptBy: number;
  readonly meanScore: number;
}

const PART = /[\p{L}\p{N}_$]/u;

/**
 * @param text the inspected text
 * @param offset UTF-16
 * @returns undefined outside the text
 */
export function wordReading(report: InspectReport, text: string, offset: number): WordReading | undefined {
  const { bounds, layers, heads, ids } = report;
  const index = tokenIndexAt(bounds, offset);
  if (index === undefined) return undefined;
  const word = wordAt(text, offset) ?? trimmed(text, bounds[index]!, bounds[index + 1]!);
  const first = tokenIndexAt(bounds, word.start) ?? index;
  const last = tokenIndexAt(bounds, word.end - 1) ?? index;
  const tokens = last - first + 1;
  let sum = 0;
  const keptPerLayer = Array.from({ length: layers }, (_, layer) => {
    let kept = 0;
    for (let head = 0; head < heads; head++)
      for (let t = first; t <= last; t++) {
        const at = (layer * heads + head) * ids.length + t;
        kept += report.keeps[at]!;
        sum += report.scores[at]!;
      }
    return kept / heads / tokens;
  });
  const caches = layers * heads;
  return {
    ...word,
    text: text.slice(word.start, word.end),
    keptPerLayer,
    caches,
    keptBy: Math.round((keptPerLayer.reduce((n, share) => n + share, 0) / layers) * caches),
    meanScore: sum / caches / tokens,
  };
}

/** The name, number or keyword around an offset; undefined between words. */
function wordAt(text: string, offset: number): Span | undefined {
  const isPart = (i: number): boolean => i >= 0 && i < text.length && PART.test(text[i]!);
  if (!isPart(offset)) return undefined;
  let [start, end] = [offset, offset + 1];
  while (isPart(start - 1)) start--;
  while (isPart(end)) end++;
  return { start, end };
}

/** A token without the white space at its ends, unless it is nothing else. */
function trimmed(text: string, start: number, end: number): Span {
  const token = text.slice(start, end);
  if (!token.trim()) return { start, end };
  return { start: start + token.length - token.trimStart().length, end: start + token.trimEnd().length };
}

/** How many caches kept the word. */
export function cachesInWords({ keptBy, caches }: WordReading, { t }: Words): string {
  return keptBy === 0 ? t('kept by none of {0} caches', caches) : t('kept by {0} of {1} caches', keptBy, caches);
}

/** One character a layer, whose height shows the share 0…1; a dot for 0. Example: `▇▇█▅·▂` */
export function barsOf(shares: readonly number[]): string {
  return shares.map((share) => (share <= 0 ? '·' : '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor(share * 8))]!)).join('');
}

/**
 * What the figures of a reading have to do with the cut.
 * @param scorer of the compression
 */
export function roleOfReading(scorer: ScorerId, { t, code }: Words): string {
  switch (scorer) {
    case 'extended':
      return t('The network decided this while the model read. It had no part in the cut.');
    case 'namm':
      return t('The cut goes by the mean of these scores over the statement.');
    default:
      return t('These are the scores of {0}; the cut goes by their mean over the statement.', code(scorer));
  }
}
