// Adds up a report: tokens kept by cache, layer and class, scores in bins, evictions by update.
import { TOKEN_CLASSES, type InspectReport, type TokenClass } from '../core/context';
import { keptPerCache } from '../core/report';
import { ALL, cachesOf, keptBy, type Scope } from './scope';

/** Shares of the tokens kept, 0…1: minimum, mean and maximum over the heads of a layer. */
export interface LayerBand {
  readonly layer: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** @returns [layers] */
export function layerBands(report: InspectReport): LayerBand[] {
  const tokens = Math.max(1, report.ids.length);
  return keptPerCache(report).map((heads, layer) => ({
    layer,
    min: heads.reduce((a, b) => Math.min(a, b), Infinity) / tokens,
    mean: heads.reduce((a, b) => a + b, 0) / heads.length / tokens,
    max: heads.reduce((a, b) => Math.max(a, b), 0) / tokens,
  }));
}

/** @returns [tokens] number of layers that kept the token: those in which at least half of the heads did */
export function layersThatKept(report: InspectReport): Uint16Array {
  const out = new Uint16Array(report.ids.length);
  for (let layer = 0; layer < report.layers; layer++)
    keptBy(report, { kind: 'layer', layer }).forEach((heads, t) => void (out[t]! += heads * 2 >= report.heads ? 1 : 0));
  return out;
}

export interface ClassShare {
  readonly name: TokenClass;
  readonly tokens: number;
  /** Mean share of the scope's caches that kept its tokens, 0…1. */
  readonly kept: number;
}

/** The classes that occur in the text, in the order of TOKEN_CLASSES. */
export function classShares(report: InspectReport, scope: Scope = ALL): ClassShare[] {
  const caches = cachesOf(report, scope).length;
  const kept = keptBy(report, scope);
  const sums = TOKEN_CLASSES.map((name) => ({ name, tokens: 0, kept: 0 }));
  report.classes.forEach((c, t) => {
    sums[c]!.tokens++;
    sums[c]!.kept += kept[t]!;
  });
  return sums.filter((c) => c.tokens > 0).map((c) => ({ ...c, kept: c.kept / c.tokens / caches }));
}

/** Number of (token, cache) scores in [from, to), by decision. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly kept: number;
  readonly dropped: number;
}

const EXTREME = 0.002; // share of scores at either end that falls into the outermost bins

/**
 * Scores of the scope's caches in `count` bins of equal width; outliers are in the outermost ones. No scores give no
 * bins.
 */
export function scoreHistogram(report: InspectReport, scope: Scope, count = 40): Bin[] {
  const tokens = report.ids.length;
  const caches = cachesOf(report, scope);
  const values = new Float32Array(caches.length * tokens);
  caches.forEach((c, i) => values.set(report.scores.subarray(c * tokens, (c + 1) * tokens), i * tokens));
  if (!values.length) return [];
  const sorted = values.slice().sort();
  const low = sorted[Math.floor(EXTREME * (sorted.length - 1))]!;
  const high = sorted[Math.ceil((1 - EXTREME) * (sorted.length - 1))]!;
  const width = (high - low) / count || 1 / count; // equal scores: any width
  const bins = Array.from({ length: count }, (_, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    kept: 0,
    dropped: 0,
  }));
  caches.forEach((c, i) => {
    for (let t = 0; t < tokens; t++) {
      const bin = bins[Math.max(0, Math.min(count - 1, Math.floor((values[i * tokens + t]! - low) / width)))]!;
      if (report.keeps[c * tokens + t]) bin.kept++;
      else bin.dropped++;
    }
  });
  return bins;
}

/**
 * The score from which tokens are kept: the report's threshold, or the lowest kept score of a single cache. Undefined for
 * several caches without a threshold: they have no common cut.
 */
export function cutScore(report: InspectReport, scope: Scope): number | undefined {
  if (report.threshold !== undefined) return report.threshold;
  if (scope.kind !== 'cache') return undefined;
  const tokens = report.ids.length;
  const at = cachesOf(report, scope)[0]! * tokens;
  let least = Infinity;
  for (let t = at; t < at + tokens; t++) if (report.keeps[t]) least = Math.min(least, report.scores[t]!);
  return Number.isFinite(least) ? least : undefined;
}

/** Entries by the update that evicted them. */
export interface Evictions {
  /** [updates] entries that the scope's caches evicted in each update. */
  readonly evicted: readonly number[];
  /** Entries that were in the caches at the end. */
  readonly stayed: number;
}

/** Counts the evictions of the scope's caches. */
export function evictions(report: InspectReport, scope: Scope): Evictions {
  const tokens = report.ids.length;
  const evicted = new Array<number>(report.updates).fill(0);
  let stayed = 0;
  for (const c of cachesOf(report, scope))
    for (let t = c * tokens; t < (c + 1) * tokens; t++) {
      const update = report.evictedAt[t]!;
      if (update < 0) stayed++;
      else evicted[update]!++;
    }
  return { evicted, stayed };
}

/**
 * @returns [tokens] mean update in which the scope's caches evicted the token; a cache that kept it counts as `updates`
 */
export function meanEviction(report: InspectReport, scope: Scope): Float32Array {
  const tokens = report.ids.length;
  const caches = cachesOf(report, scope);
  const out = new Float32Array(tokens);
  for (const c of caches)
    for (let t = 0; t < tokens; t++) {
      const update = report.evictedAt[c * tokens + t]!;
      out[t]! += (update < 0 ? report.updates : update) / caches.length;
    }
  return out;
}
