// The look of a marker: makes its note and its id, and finds markers in texts.
import { createHash } from 'node:crypto';
import type { Span } from '../core/span';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'; // base32 without digits that look like letters
const TAG_LENGTH = 4;

/** Names this version of a text: a hash of path and text in base32, so that no id leads into another version. */
export function tagOf(path: string, text: string): string {
  const bytes = createHash('sha256').update(`${path}\0${text}`).digest();
  const bits = Array.from(bytes.subarray(0, TAG_LENGTH), (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: TAG_LENGTH }, (_, i) => ALPHABET[parseInt(bits.slice(5 * i, 5 * i + 5), 2)]!).join('');
}

/** @param line 1-based, of the first dropped line @param earlier holes that begin on the same line. @returns "7", then "7b", "7c" */
export const markerPlace = (line: number, earlier: number): string =>
  `${line}${earlier ? String.fromCharCode(97 + (earlier % 26)) : ''}`;

/**
 * The note that stands in a comment of the language: `120…`, and on the last marker of a text `140… #k3fa`.
 * @param more members of a table that were left out: `120… 4 more`
 */
export const markerNote = (place: string, tag?: string, more = 0): string =>
  `${place}…${more > 0 ? ` ${more} more` : ''}${tag === undefined ? '' : ` #${tag}`}`;

/** Whether a replacement shows a note; a bare placeholder shows none. */
export const hasNote = (replacement: string): boolean => replacement.includes('…');

export const elisionId = (tag: string, place: string): string => `${tag}:${place}`;

/** The place of a marker in a rendered text, and the id of its elision. */
export interface Marker extends Span {
  readonly id: string;
}

const MARKER = /(?<!\w)(\d+[a-z]{0,5})…(?: \d{1,7} more)?(?: #([a-z2-7]{4}))?(?!\w)/g;

/**
 * The place of a hole inside a long line: its line, and letters for its column, so that it does not depend on other holes.
 * @param column UTF-16 units from the start of the line. @returns "7" at 0, then "7b", …, "7z", "7ba"
 */
export function columnPlace(line: number, column: number): string {
  let letters = '';
  for (let rest = column; rest > 0; rest = Math.floor(rest / 26))
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  return `${line}${letters}`;
}

/** The note in a marker: `120…`, `120… 4 more` or `140… #k3fa`. */
export interface Note extends Span {
  readonly place: string; // "120", "7b"
  readonly tag?: string;
}

/** Everything that looks like the note of a marker. */
export function notesIn(text: string): Note[] {
  return [...text.matchAll(MARKER)].map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    place: m[1]!,
    ...(m[2] ? { tag: m[2] } : {}),
  }));
}

/**
 * Markers of a text, in order. `140… #k3fa` names the version of its file; `120…` before it belongs to the same file.
 * Text that only looks like a marker is found, too: only the store knows which ids are real.
 * @example
 * markersIn('//120…\nf();\n//140… #k3fa\n'); // ids k3fa:120 and k3fa:140
 */
export function markersIn(text: string): Marker[] {
  let tag: string | undefined;
  return notesIn(text)
    .reverse()
    .flatMap(({ start, end, place, tag: own }) => {
      tag = own ?? tag;
      return tag ? [{ start, end, id: `${tag}:${place}` }] : [];
    })
    .reverse();
}
