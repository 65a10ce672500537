// Takes words apart: an identifier or a word of a question becomes the stems of what it is made of.
import { stemmer } from 'stemmer';

/** What may be a word of a question or an identifier of a text. */
export const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

const PART = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Lo}+|\p{N}+/gu;
const MOST_UNITS = 100; // UTF-16 units of a word that are read
const MOST_KNOWN = 50_000;
const known = new Map<string, readonly string[]>();

/**
 * The stems of the parts of a word, by Porter's algorithm; parts of one letter are none.
 *
 * Example: `loadedModules` gives load, modul; `HTTP_PROXY` gives http, proxi.
 */
export function stemsOf(word: string): readonly string[] {
  let stems = known.get(word);
  if (!stems) {
    stems = (word.slice(0, MOST_UNITS).match(PART) ?? [])
      .filter((part) => part.length > 1)
      .map((part) => stemmer(part.toLowerCase()));
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(word, stems);
  }
  return stems;
}
