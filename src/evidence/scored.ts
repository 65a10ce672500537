// Scores the tokens of a text that was read, and lets each cache decide which to keep.
import type { Observation, TokenScores } from '../core/observation';
import { keepTop } from '../core/select';
import type { TokenList } from '../core/token';
import type { Scorer } from '../scorers/index';

export interface ScoredText {
  readonly tokens: TokenList;
  readonly seen: Observation;
  readonly scores: TokenScores;
  readonly keeps: Uint8Array; // [layers][heads][tokens]
  readonly retention: Float32Array; // [tokens] share of caches that keep the token
}

/** @throws CompressionError internal if the reading did not observe what the scorer needs */
export function scoreText(scorer: Scorer, tokens: TokenList, seen: Observation): ScoredText {
  const scores = scorer.score(seen);
  const n = tokens.length;
  const caches = scores.layers * scores.heads;
  const keeps = new Uint8Array(caches * n);
  const retention = new Float32Array(n);
  for (let c = 0; c < caches; c++) {
    const row = scores.data.subarray(c * n, (c + 1) * n);
    if (scorer.threshold !== undefined)
      for (let t = 0; t < n; t++) keeps[c * n + t] = row[t]! >= scorer.threshold ? 1 : 0;
    // Without a threshold, a cache keeps the better half of its tokens.
    else for (const t of keepTop(row, Math.ceil(n / 2))) keeps[c * n + t] = 1;
    for (let t = 0; t < n; t++) retention[t]! += keeps[c * n + t]! / caches;
  }
  return { tokens, seen, scores, keeps, retention };
}
