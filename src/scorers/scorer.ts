// Defines a scorer: observed signals in, scores out. A scorer knows nothing about budgets.
import type { ScorerId } from '../core/context';
import { CompressionError } from '../core/errors';
import type { EvidenceParts, TextChannels, TokenEvidence } from '../core/evidence';
import type { Observation, Signal, TokenScores } from '../core/observation';

export interface Scorer {
  readonly id: ScorerId;
  /** Signals that the reading must observe for it. */
  readonly needs: ReadonlySet<Signal>;
  /** Set if no evidence changes when the model reads the question after the text, so that it need not. */
  readonly needsNoQuestion?: boolean;
  /** Score from which a cache keeps a token; absent if only a budget can decide. */
  readonly threshold?: number;
  /**
   * Pure. @returns [layers][heads][tokens], higher = keep
   * @throws CompressionError internal if a signal in `needs` is absent
   */
  score(seen: Observation): TokenScores;
  /** The evidence that ranks text, if it is more than the mean score over all caches. Pure. */
  weigh?(seen: Observation, text: TextChannels): Omit<TokenEvidence, 'bounds'>;
  /** The parts that the evidence is the sum of, for the inspector. Pure. */
  explain?(seen: Observation, text: TextChannels): EvidenceParts;
}

/** @returns the signal's values. @throws CompressionError internal if the reading did not observe it */
export function observed<S extends Signal>(seen: Observation, signal: S): NonNullable<Observation[S]> {
  const values = seen[signal];
  if (!values) throw new CompressionError('internal', `${signal} was not observed`);
  return values;
}
