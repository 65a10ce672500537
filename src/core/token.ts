// Knows tokens of a text and the two ports that make and count them.
import type { Span } from './span';

/**
 * Tokens of one text, by column. Token i covers UTF-16 units [bounds[i], bounds[i + 1]);
 * bounds[0] = 0 and bounds[length] = text.length, so the spans tile the text by construction.
 * A token that holds only the later bytes of a character has an empty span.
 */
export interface TokenList {
  readonly length: number;
  readonly ids: Int32Array; // [length] vocabulary ids
  readonly bounds: Int32Array; // [length + 1] UTF-16 offsets, never falling
}

/** The scorer's tokenizer: ids for the model, spans for us. */
export interface Tokenizer {
  readonly vocabSize: number;
  tokenize(text: string): TokenList;
}

/** The reader's counter: what the receiving assistant will be charged. Never confused with `Tokenizer`. */
export interface TokenCounter {
  readonly id: CounterId;
  /** Number of recipient tokens in `text`. */
  count(text: string): number;
  /** The next border behind `from`: what is in front of it and what is behind it count apart. */
  border(text: string, from: number): Border | undefined;
}

/** An offset that no token spans, in every text that holds the same characters in [start, end) around it. */
export interface Border extends Span {
  readonly at: number;
}

export const COUNTER_IDS = ['o200k', 'cl100k', 'model'] as const;
export type CounterId = (typeof COUNTER_IDS)[number];
