// Knows the list of scorers. A new one is a file, a line here, and a row in the contract test.
import type { ScorerId } from '../core/context';
import { h2o } from './h2o';
import { keyNorm } from './keyNorm';
import { namm } from './namm';
import { random } from './random';
import { recency } from './recency';
import type { Scorer } from './scorer';

export type { Scorer } from './scorer';

export const SCORERS: Readonly<Record<ScorerId, () => Scorer>> = { namm, h2o, keyNorm, recency, random };
