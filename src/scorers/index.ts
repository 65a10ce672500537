// Lists the scorers. To add one: a file, a line here, and a row in the contract test.
import type { ScorerId } from '../core/context';
import { extended, type ExtendedWeights } from './extended';
import { h2o } from './h2o';
import { keyNorm } from './keyNorm';
import { namm } from './namm';
import { random } from './random';
import { recency } from './recency';
import { snapKV } from './snapKV';
import { surprisal } from './surprisal';
import { tova } from './tova';
import type { Scorer } from './scorer';

export type { Scorer } from './scorer';

/** Weights that come with a model. */
export interface Learned {
  readonly extended: ExtendedWeights;
}

/** Makes each scorer, given the weights that come with the model. */
export const SCORERS: Readonly<Record<ScorerId, (learned: Learned) => Scorer>> = {
  extended: (learned) => extended(learned.extended),
  namm,
  h2o,
  snapKV,
  tova,
  keyNorm,
  surprisal,
  recency,
  random: () => random(),
};
