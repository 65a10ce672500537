// Knows how strongly each token is coloured, in a fixed number of steps.
import type { InspectReport } from '../core/context';
import { difference } from './comparison';
import type { ColourMode } from './protocol';
import { cachesOf, keptBy, type Scope } from './scope';
import { layersThatKept, meanEviction } from './summary';

export const TOP = 8;

/**
 * 0 = let go by all … TOP = kept by all. For a difference: −TOP (only the second keeps it) … TOP (only the first).
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

/** Neither end is rounded into: only what all kept has the top step, only what none kept has none. */
function step(share: number): number {
  const size = Math.abs(share);
  if (size === 0 || size >= 1) return Math.sign(share) * (size ? TOP : 0);
  return Math.sign(share) * Math.max(1, Math.min(TOP - 1, Math.round(size * TOP)));
}
