// Knows how a context is made to fit a receiver that counts in its own tokens.
import { HandoverError } from './failure';

export interface FitOptions<T> {
  /** Most tokens, as `count` counts them. */
  readonly limit: number;
  /** @param maxTokens budget in recipient tokens; undefined = as the user set it. @returns the result and its recipient tokens */
  readonly compress: (
    maxTokens: number | undefined,
  ) => Promise<{ readonly value: T; readonly recipientTokens: number }>;
  /** Of the whole of what would be sent. */
  readonly count: (value: T) => Promise<number>;
}

const ROUNDS = 6;
const MARGIN = 0.97; // the next size is a guess from the ratio of two counters

/** @returns the first result that fits, and its count. @throws HandoverError overWindow, when even the smallest text does not */
export async function fitToWindow<T>({ limit, compress, count }: FitOptions<T>): Promise<{ value: T; tokens: number }> {
  let budget: number | undefined;
  let smallest = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const { value, recipientTokens } = await compress(budget);
    const tokens = await count(value);
    if (tokens <= limit) return { value, tokens };
    if (tokens >= smallest) break; // syntax and protected lines need this much
    smallest = tokens;
    // What surrounds the context does not shrink with it, so the excess is taken from the context alone.
    budget = Math.floor((recipientTokens - Math.max(1, ((tokens - limit) * recipientTokens) / tokens)) * MARGIN);
    if (budget < 1) break;
  }
  throw new HandoverError('overWindow', `${smallest} > ${limit}`);
}
