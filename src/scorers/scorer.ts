// Knows what a scorer is: signals in, scores out, nothing about budgets.
import type { ScorerId } from '../core/context';
import type { EvidenceParts, TextChannels, TokenEvidence } from '../core/evidence';
import type { Observation, Signal, TokenScores } from '../core/observation';

export interface Scorer {
  readonly id: ScorerId;
  /** What the reading must compute for it. */
  readonly needs: ReadonlySet<Signal>;
  /** Score at which a cache keeps a token by itself; absent when only a budget can decide. */
  readonly threshold?: number;
  /** Pure and synchronous; [layers][heads][tokens], higher = keep. */
  score(seen: Observation): TokenScores;
  /** What ranks text, where that is more than the mean score over all caches. Pure. */
  weigh?(seen: Observation, text: TextChannels): Omit<TokenEvidence, 'bounds'>;
  /** What that is made of. */
  explain?(seen: Observation, text: TextChannels): EvidenceParts;
}
