// Says in words how much was left out. Comments, and languages without comments, leave no marker, so they are counted apart.
import { hasNote } from '../elisions/markers';
import type { CompressedFile } from '../core/context';

/** Added to an elision that stands for several results of one text. */
export const UNITED = ' (all that was left out from there by any compression of this text)';

/** "4 parts, and 5 without a marker"; empty if nothing was left out. */
export function leftOut(files: readonly Pick<CompressedFile, 'elisions'>[]): string {
  const all = files.flatMap((f) => f.elisions);
  const marked = all.filter((e) => hasNote(e.marker)).length;
  const parts = (n: number): string => `${n} part${n === 1 ? '' : 's'}`;
  const silent = all.length - marked;
  if (!silent) return marked ? parts(marked) : '';
  return marked ? `${parts(marked)}, and ${silent} without a marker` : `${parts(silent)} without a marker`;
}
