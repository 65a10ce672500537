// Knows which threshold keeps a wanted share of needed names, also on repositories that it was not chosen on.
import { stepsUnder } from '../../src/cut/fit';
import type { CutOrder } from '../../src/cut/order';
import { renderPrefix } from '../../src/cut/render';
import { random } from '../cases/cases';
import { recallOf } from '../cases/recall';
import { counter } from './methods';
import type { Reading } from './read';
import { mean } from './statistics';

const ROUNDS = 18; // of bisection over the thresholds that occur
const RESAMPLES = 1000;

export interface Ranked {
  readonly reading: Reading;
  readonly order: CutOrder;
}

export interface Found {
  readonly threshold: number;
  /** Mean share of needed names that survive. */
  readonly recall: number;
  /** What `recall` stays above on as many other repositories, in 95 of 100 draws. */
  readonly atLeast: number;
  /** Share of recipient tokens. */
  readonly kept: number;
}

/** The highest threshold at which `atLeast` does not fall below `wanted`. */
export function thresholdFor(all: readonly Ranked[], wanted: number): Found {
  const keys = [...new Set(all.flatMap((a) => a.order.steps.map((s) => s.key)))].sort((a, b) => a - b);
  // A higher threshold cuts more and never brings a name back.
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
    const rendered = renderPrefix(order, stepsUnder(order, threshold), { markers: true, counter });
    const recall = recallOf(
      reading.case,
      reading.structure,
      reading.definitions,
      rendered.spans.filter((s) => s.kept),
    );
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

/** Other repositories are other code, so whole ones are drawn; twice, since those at hand are a draw of all code already. */
function lowerBound(groups: readonly (readonly number[])[]): number {
  const next = random(17);
  const draw = <T>(of: readonly T[]): T[] => of.map(() => of[next(of.length)]!);
  const draws = Array.from({ length: RESAMPLES }, () => mean(draw(draw(groups)).flat()));
  return draws.sort((a, b) => a - b)[Math.floor(RESAMPLES * 0.05)]!;
}
