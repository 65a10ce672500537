// Turns line numbers that a caller names into spans of a text.
import { CompressionError } from '../core/errors';
import { Lines } from '../core/lines';
import type { Span } from '../core/span';

/** 1-based, inclusive. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The span of some lines, with their line breaks; what reaches behind the last line ends with the text.
 * @param path names the text in the sentence
 * @throws CompressionError linesOutside if the text has no such lines, or the range is reversed
 * @example
 * spanOfLines('a\nb\nc\n', { from: 2, to: 3 }, 'x.ts'); // { start: 2, end: 6 }
 */
export function spanOfLines(text: string, { from, to }: LineRange, path: string): Span {
  const { starts } = new Lines(text);
  const count = starts.length > 1 && starts.at(-1) === text.length ? starts.length - 1 : starts.length; // the last break ends the last line
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1)
    throw new CompressionError('linesOutside', `${from}-${to} are no lines of ${path}: they count from 1`);
  if (to < from) throw new CompressionError('linesOutside', `The lines ${from}-${to} of ${path} end before they begin`);
  if (from > count)
    throw new CompressionError('linesOutside', `The lines ${from}-${to} lie behind the ${count} lines of ${path}`);
  return { start: starts[from - 1]!, end: starts[to] ?? text.length };
}
