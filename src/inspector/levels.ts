// Computes how strongly each token is coloured, in a fixed number of steps.
import type { InspectReport } from '../core/context';
import { difference } from './comparison';
import type { ColourMode } from './protocol';
import { cachesOf, keptBy, type Scope } from './scope';
import { layersThatKept, meanEviction } from './summary';

export const MAX_LEVEL = 8;

/**
 * 0 (kept by no cache) … MAX_LEVEL (kept by all). For a difference −MAX_LEVEL (kept only by the second report) … MAX_LEVEL
 * (only by the first).
 * @param compared the second report, for the mode `difference`
 * @returns [tokens]
 */
export function levelsOf(report: InspectReport, mode: ColourMode, scope: Scope, compared?: InspectReport): Int8Array {
  const steps = (values: ArrayLike<number>, most: number): Int8Array => Int8Array.from(values, (v) => step(v / most));
  switch (mode) {
    case 'layers':
      return steps(layersThatKept(report), report.layers);
    case 'scope':
      return steps(keptBy(report, scope), cachesOf(report, scope).length);
    case 'evicted':
      return steps(meanEviction(report, scope), Math.max(1, report.updates));
    case 'difference':
      return compared ? steps(difference(report, compared, scope), 1) : new Int8Array(report.ids.length);
  }
}

/** @param share −1…1. The ends are exact: only a token that all kept has MAX_LEVEL, only one that none kept has 0. */
function step(share: number): number {
  const size = Math.abs(share);
  if (size === 0 || size >= 1) return Math.sign(share) * (size ? MAX_LEVEL : 0);
  return Math.sign(share) * Math.max(1, Math.min(MAX_LEVEL - 1, Math.round(size * MAX_LEVEL)));
}
