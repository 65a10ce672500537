// Defines the tokens of a text and the two interfaces that make and count them.
import type { Span } from './span';

/**
 * Tokens of one text, in parallel arrays. Token i covers UTF-16 units [bounds[i], bounds[i + 1]);
 * bounds[0] = 0 and bounds[length] = text.length, so the spans tile the text.
 * A token that holds only the later bytes of a character has an empty span.
 */
export interface TokenList {
  readonly length: number;
  readonly ids: Int32Array; // [length] vocabulary ids
  readonly bounds: Int32Array; // [length + 1] UTF-16 offsets, non-decreasing
}

/** The local model's tokenizer: makes model tokens. */
export interface Tokenizer {
  readonly vocabSize: number;
  tokenize(text: string): TokenList;
}

/** Counts recipient tokens: what the recipient, a chat model, will be charged. Not to be confused with `Tokenizer`. */
export interface TokenCounter {
  readonly id: CounterId;
  /** Number of recipient tokens in `text`. */
  count(text: string): number;
  /**
   * The next border behind `from`: the texts before and behind it can be counted separately. Undefined if there is
   * none.
   */
  border(text: string, from: number): Border | undefined;
  /** A border between `from` and `to`, anywhere on a line; undefined if there is none. For texts that have no other borders. */
  innerBorder(text: string, from: number, to: number): Border | undefined;
}

/** An offset that no token spans in any text with the same characters in [start, end) around it. */
export interface Border extends Span {
  readonly at: number;
}

export const COUNTER_IDS = ['o200k', 'cl100k', 'model'] as const;
export type CounterId = (typeof COUNTER_IDS)[number];
