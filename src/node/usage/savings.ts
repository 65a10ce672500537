// Adds up what was saved, with what was asked back or given twice charged against it.
import type { Entry } from './entry';

/** Answers of one kind. Recipient tokens. */
export interface Arm {
  readonly answers: number;
  /** What the texts cost whole, each once. */
  readonly before: number;
  /** What was handed over, `again` included. */
  readonly after: number;
  /** Of that, texts that had been given before, unchanged. */
  readonly again: number;
}

export interface Savings {
  /** Of the oldest entry, ms since 1970; absent without entries. */
  readonly since?: number;
  readonly compressed: Arm;
  /** One in n answers was whole, to compare with. */
  readonly whole: Arm;
  readonly expansions: number;
  /** Estimated from characters, at what a character of the compressed texts cost. */
  readonly expandedTokens: number;
  /** `before - after - expandedTokens` of what was compressed; negative if compression cost more than it saved. */
  readonly saved: number;
}

const TOKENS_PER_UNIT = 0.25; // of code, where nothing is known yet

export function savingsOf(entries: readonly Entry[]): Savings {
  const arm = (isWhole: boolean): Arm => {
    let [answers, before, after, again] = [0, 0, 0, 0];
    for (const e of entries) {
      if (e.did !== 'compressed' || (e.whole ?? false) !== isWhole) continue;
      answers++;
      before += e.before;
      after += e.after;
      again += e.again ?? 0;
    }
    return { answers, before, after, again };
  };
  let [units, tokens, expansions, expandedUnits] = [0, 0, 0, 0];
  for (const e of entries) {
    if (e.did === 'expanded') {
      expansions++;
      expandedUnits += e.units;
    } else {
      units += e.units;
      tokens += e.tokens;
    }
  }
  const compressed = arm(false);
  const expandedTokens = Math.round(expandedUnits * (units ? tokens / units : TOKENS_PER_UNIT));
  const since = entries.reduce((least, { at }) => Math.min(least, at), Infinity);
  return {
    ...(entries.length ? { since } : {}),
    compressed,
    whole: arm(true),
    expansions,
    expandedTokens,
    saved: compressed.before - compressed.after - expandedTokens,
  };
}
