// Evidence at random, for benches that ask what a cut keeps valid and not what it keeps.
import type { TokenEvidence } from '../../src/core/evidence';
import { random } from '../../src/scorers/random';

/** Evidence that ranks tokens of four characters at random. */
export function randomEvidence(text: string, seed: number): TokenEvidence {
  const tokens = Math.ceil(text.length / 4);
  const bounds = Int32Array.from({ length: tokens + 1 }, (_, i) => Math.min(text.length, i * 4));
  const values = random(seed).score({
    layers: 1,
    heads: 1,
    tokens,
    evictedAt: new Int16Array(0),
    updates: 1,
    meanCacheLength: 0,
  }).data;
  return { bounds, values };
}
