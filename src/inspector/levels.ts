// Computes how strongly each token is coloured, in a fixed number of steps.
import type { InspectReport } from '../core/context';
import type { ColourMode } from './protocol';
import { cachesOf, keptBy, type Scope } from './scope';
import { layersThatKept, meanEviction } from './summary';

export const MAX_LEVEL = 8;

/**
 * 0 (kept by no cache) … MAX_LEVEL (kept by all). For a difference −MAX_LEVEL (kept only by the second scorer) … MAX_LEVEL
 * (only by the first).
 * @param differences [tokens] −1…1, for the mode `difference`
 * @returns [tokens]
 */
export function levelsOf(report: InspectReport, mode: ColourMode, scope: Scope, differences?: Float32Array): Int8Array {
  switch (mode) {
    case 'layers':
      return steps(layersThatKept(report), report.layers);
    case 'scope':
      return steps(keptBy(report, scope), cachesOf(report, scope).length);
    case 'evicted':
      return steps(meanEviction(report, scope), Math.max(1, report.updates));
    case 'difference':
      return differences ? steps(differences, 1) : new Int8Array(report.ids.length);
  }
}

/** The levels of values from −most to most. */
export function steps(values: ArrayLike<number>, most: number): Int8Array {
  return Int8Array.from(values, (v) => step(v / most));
}

/** @param share −1…1. The ends are exact: only a token that all kept has MAX_LEVEL, only one that none kept has 0. */
function step(share: number): number {
  const size = Math.abs(share);
  if (size === 0 || size >= 1) return Math.sign(share) * (size ? MAX_LEVEL : 0);
  return Math.sign(share) * Math.max(1, Math.min(MAX_LEVEL - 1, Math.round(size * MAX_LEVEL)));
}

/** The shares between which a scale of colours goes, 0…1. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const LEAST_RANGE = 0.1; // below it, differences would look larger than they are

/** The range of some shares, widened to LEAST_RANGE. @param shares at least one, each 0…1 */
export function rangeOf(shares: readonly number[]): Range {
  const low = shares.reduce((a, b) => Math.min(a, b), Infinity);
  const high = shares.reduce((a, b) => Math.max(a, b), -Infinity);
  const spare = Math.max(0, LEAST_RANGE - (high - low)) / 2;
  const from = Math.max(0, Math.min(1 - LEAST_RANGE, low - spare));
  return spare ? { low: from, high: from + LEAST_RANGE } : { low, high };
}

/** 0 at the lower end of a range, 1 at the upper one. */
export function heatIn(share: number, { low, high }: Range): number {
  return Math.max(0, Math.min(1, (share - low) / (high - low)));
}
