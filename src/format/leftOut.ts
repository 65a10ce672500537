// Knows how much was left out, in words: a reader sees no marker where only comments went, or where a language has none.
import type { CompressedFile } from '../core/context';

/** Of an elision that results of one text began on one line and ended elsewhere. */
export const UNITED = ' (all that was left out from there by any compression of this text)';

/** "4 parts, 5 more without a marker"; empty when nothing was. */
export function leftOut(files: readonly Pick<CompressedFile, 'elisions'>[]): string {
  const all = files.flatMap((f) => f.elisions);
  const marked = all.filter((e) => e.marker.includes('…')).length;
  const parts = (n: number): string => `${n} part${n === 1 ? '' : 's'}`;
  const silent = all.length - marked;
  if (!silent) return marked ? parts(marked) : '';
  return marked ? `${parts(marked)}, and ${silent} without a marker` : `${parts(silent)} without a marker`;
}
