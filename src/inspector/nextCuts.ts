// Says which statements a smaller budget would cut next, and which ones a larger one would bring back first.
import type { RankedStatement } from '../core/context';

export interface NextCuts {
  /** The one that goes first at the front. */
  readonly go: readonly RankedStatement[];
  /** The one that comes back first at the front. */
  readonly come: readonly RankedStatement[];
}

/** @param ranked the one that the smallest budget keeps first at the front. @param kept so many of them stay */
export function nextCuts(ranked: readonly RankedStatement[], kept: number, count: number): NextCuts {
  return {
    go: ranked.slice(Math.max(0, kept - count), kept).reverse(),
    come: ranked.slice(kept, kept + count),
  };
}
