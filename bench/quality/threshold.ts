// Finds the threshold that keeps a wanted share of needed names, also on repositories that it was not chosen on.
import { stepsUnder } from '../../src/cut/fit';
import type { CutOrder } from '../../src/cut/order';
import { renderPrefix } from '../../src/cut/render';
import { seededRandom } from '../cases/cases';
import { MARKED } from '../cases/compressed';
import { keptSpans } from '../setup';
import { recallIn, type Reading } from './read';
import { mean } from './statistics';

const ROUNDS = 18; // of the bisection over all thresholds that occur
const RESAMPLES = 1000;

export interface Ranked {
  readonly reading: Reading;
  readonly order: CutOrder;
}

export interface Found {
  readonly threshold: number;
  /** Mean share of needed names that survive. */
  readonly recall: number;
  /** Lower bound of `recall` on as many other repositories, in 95 of 100 draws. */
  readonly atLeast: number;
  /** Share of recipient tokens. */
  readonly kept: number;
}

/** The highest threshold whose `atLeast` is not below `wanted`. */
export function thresholdFor(all: readonly Ranked[], wanted: number): Found {
  const keys = [...new Set(all.flatMap((a) => a.order.steps.map((s) => s.key)))].sort((a, b) => a - b);
  // Recall falls with the threshold, so bisection finds the last one that is good enough.
  let lo = 0;
  let hi = keys.length - 1;
  let best = outcome(all, keys[0]!);
  for (let round = 0; round < ROUNDS && lo <= hi; round++) {
    const mid = (lo + hi) >> 1;
    const found = outcome(all, keys[mid]!);
    if (found.atLeast >= wanted) [best, lo] = [found, mid + 1];
    else hi = mid - 1;
  }
  return best;
}

function outcome(all: readonly Ranked[], threshold: number): Found {
  const recalls = new Map<string, number[]>(); // by repository
  let tokens = 0;
  for (const { reading, order } of all) {
    const rendered = renderPrefix(order, stepsUnder(order, threshold), MARKED);
    const recall = recallIn(reading, keptSpans(rendered));
    recalls.set(reading.case.repo, [...(recalls.get(reading.case.repo) ?? []), recall]);
    tokens += rendered.recipientTokens;
  }
  const groups = [...recalls.values()];
  return {
    threshold,
    recall: mean(groups.flat()),
    atLeast: lowerBound(groups),
    kept: tokens / all.reduce((sum, a) => sum + a.reading.recipientTokens, 0),
  };
}

/**
 * Draws whole repositories, because other repositories hold other code; draws twice, because the repositories at hand are
 * already a draw of all code.
 */
function lowerBound(groups: readonly (readonly number[])[]): number {
  const next = seededRandom(17);
  const draw = <T>(of: readonly T[]): T[] => of.map(() => of[next(of.length)]!);
  const draws = Array.from({ length: RESAMPLES }, () => mean(draw(draw(groups)).flat()));
  return draws.sort((a, b) => a - b)[Math.floor(RESAMPLES * 0.05)]!;
}
