// The compressed text of a case: cut along syntax to the two ratios that all tables have.
import type { Span } from '../../src/core/span';
import { fitToTokens } from '../../src/cut/fit';
import type { CutOrder } from '../../src/cut/order';
import { counterFor } from '../../src/tokens/counters';
import { keptSpans } from '../setup';

export const RATIOS = [0.25, 0.5] as const;
export const counter = counterFor('o200k');
/** How the product renders by default. */
export const MARKED = { markers: true, counter } as const;

export interface Compressed {
  readonly text: string;
  readonly kept: readonly Span[];
}

/** @param allowed recipient tokens */
export function cutTo(order: CutOrder, allowed: number): Compressed {
  const { rendered } = fitToTokens(order, allowed, MARKED);
  return { text: rendered.text, kept: keptSpans(rendered) };
}

/** @param recipientTokens of the whole text. @returns what `within` gives for each ratio */
export const atRatios = <T>(recipientTokens: number, within: (allowed: number) => T): T[] =>
  RATIOS.map((ratio) => within(Math.floor(recipientTokens * ratio)));
