// Reads a budget that the user types: a share such as `12 %`, or a number of tokens such as `3000` or `3k`.
import { LEAST_RATIO, type Budget } from '../../src/core/budget';

const MOST_TOKENS = 999_999_999;

/** The share in `12`, `12 %`, `12,5 %` or `0.12`; undefined if it is none that may be set. */
export function shareIn(text: string): number | undefined {
  const found = /^\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*(%?)\s*$/.exec(text);
  if (!found) return undefined;
  const value = Number(found[1]!.replace(',', '.'));
  const share = value < 1 && !found[2] ? value : value / 100;
  return share >= LEAST_RATIO && share <= 1 ? share : undefined;
}

/** The tokens in `3000`, `3,000`, `3k` or `3000 tokens`; undefined if it is no whole number of at least 1. */
export function tokensIn(text: string): number | undefined {
  const found = /^\s*(\d{1,3}(?:[ ,.'\u00a0]\d{3})+|\d+(?:[.,]\d+)?(?=\s*k)|\d+)\s*(k?)\s*(?:tokens?)?\s*$/i.exec(text);
  if (!found) return undefined;
  const number = found[2] ? Number(found[1]!.replace(',', '.')) * 1000 : Number(found[1]!.replace(/\D/g, ''));
  const tokens = Math.round(number);
  return tokens >= 1 && tokens <= MOST_TOKENS ? tokens : undefined;
}

/** What a typed text may mean, the likeliest first; nothing if it is no budget. */
export function typedBudgets(text: string): Budget[] {
  const keepRatio = shareIn(text);
  const maxTokens = tokensIn(text);
  return [
    ...(keepRatio === undefined ? [] : [{ kind: 'keepRatio', keepRatio } as const]),
    ...(maxTokens === undefined ? [] : [{ kind: 'maxTokens', maxTokens } as const]),
  ];
}
