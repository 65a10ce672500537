// What tokens cost: a table with its sources and its date, and the money that tokens would have cost.

/** Dollars for a million tokens of a prompt. */
export interface PromptPrice {
  readonly model: string;
  readonly input: number;
  /** To write them into the prompt cache, for the shortest time that is sold. */
  readonly cacheWrite: number;
  readonly cacheRead: number;
  readonly source: string;
}

/** The day on which the sources were read. */
export const PRICES_OF = '2026-12-01';

const CLAUDE = 'platform.claude.com/docs/en/about-claude/pricing';
/** Release notes that were checked against the pages of the makers. */
const CHECKED = 'github.com/TheKrush/PromptFuel/releases';

/** Prompts of usual length; longer ones cost more with some models. */
export const PRICES: readonly PromptPrice[] = [
  { model: 'Claude Fable 5.1', input: 10, cacheWrite: 12.5, cacheRead: 0.25, source: CLAUDE },
  {
    model: 'Claude Opus 5.5',
    input: 4,
    cacheWrite: 5,
    cacheRead: 0.2,
    source: 'platform.claude.com/docs/en/models/opus-5-5/overview',
  },
  { model: 'Claude Sonnet 5.5', input: 2, cacheWrite: 2.5, cacheRead: 0.1, source: `${CHECKED}/tag/v1.0.23` },
  { model: 'Claude Haiku 5.5', input: 0.1, cacheWrite: 0.125, cacheRead: 0.01, source: `${CHECKED}/tag/v1.0.23` },
  { model: 'GPT-6.1 Sol', input: 2, cacheWrite: 2.5, cacheRead: 0.1, source: `${CHECKED}/tag/v1.0.22` },
  { model: 'GPT-6.1 Terra', input: 1, cacheWrite: 1.25, cacheRead: 0.05, source: CHECKED },
];

export interface Money {
  /** Dollars without a prompt cache: the tokens are paid at every turn. */
  readonly uncached: number;
  /** Dollars with one: written once, then read at every later turn. */
  readonly cached: number;
}

/** @param turns later turns of the conversation in which the tokens would still have been in the prompt */
export function moneyFor(tokens: number, price: PromptPrice, turns: number): Money {
  const millions = tokens / 1e6;
  return {
    uncached: millions * price.input * (1 + turns),
    cached: millions * (price.cacheWrite + price.cacheRead * turns),
  };
}
