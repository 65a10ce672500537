// Makes a context fit the window of a recipient that counts in its own tokens.
import { HandoverError } from './handoverError';

export interface FitOptions<T> {
  /** Maximum number of tokens, in the unit of `count`. */
  readonly limit: number;
  /**
   * @param maxTokens budget in recipient tokens; undefined: the user's own.
   * @returns the result and its recipient tokens
   */
  readonly compress: (
    maxTokens: number | undefined,
  ) => Promise<{ readonly value: T; readonly recipientTokens: number }>;
  /** Tokens of everything that would be sent, as the recipient counts them. */
  readonly count: (value: T) => Promise<number>;
}

const ROUNDS = 6;
const MARGIN = 0.97; // the next budget is an estimate from the ratio of two counters

/**
 * Compresses again with smaller budgets until the result fits, at most ROUNDS times.
 *
 * Example: limit 1,000, first result 1,500 tokens of which 1,200 are the context: the excess of 500 is 400 in recipient
 * tokens (500 * 1,200 / 1,500), so the next budget is (1,200 - 400) * 0.97 = 776.
 *
 * @returns the first result that fits, and its tokens
 * @throws HandoverError overWindow if even the smallest result does not fit
 */
export async function fitToWindow<T>({ limit, compress, count }: FitOptions<T>): Promise<{ value: T; tokens: number }> {
  let budget: number | undefined;
  let smallest = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const { value, recipientTokens } = await compress(budget);
    const tokens = await count(value);
    if (tokens <= limit) return { value, tokens };
    if (tokens >= smallest) break; // the text cannot get smaller: syntax and protected lines need this much
    smallest = tokens;
    // The text around the context does not shrink with it: take the excess from the context alone.
    budget = Math.floor((recipientTokens - Math.max(1, ((tokens - limit) * recipientTokens) / tokens)) * MARGIN);
    if (budget < 1) break;
  }
  throw new HandoverError('overWindow', `${smallest} > ${limit}`);
}
