// Says in words how much was left out. Comments, and languages without comments, leave no marker, so they are counted apart.
import { hasNote } from '../elisions/markers';
import type { CompressedFile } from '../core/context';
import { LONG_LINE } from '../core/lines';
import { syntaxOf } from '../languages/syntax';

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

const USUAL_LINE = 200; // UTF-16 units; few lines are longer

/** Says that a very long line went as one piece, in a language whose lines are not divided; empty if none did. */
export function longLineWarning({ languageId, elisions }: Pick<CompressedFile, 'languageId' | 'elisions'>): string {
  if (syntaxOf(languageId)?.inline) return '';
  const long = elisions.find(({ start, end, lines }) => end - start > LONG_LINE + USUAL_LINE * lines);
  return long ? `what went from line ${long.line} on has very long lines; each stays or goes as one piece` : '';
}
