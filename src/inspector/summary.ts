// Knows how to add up a report: tokens kept by cache, layer and class, scores in bins, evictions by update.
import { TOKEN_CLASSES, type InspectReport, type TokenClass } from '../core/context';
import { keptPerCache } from '../core/report';
import { ALL, cachesOf, keptBy, type Scope } from './scope';

export interface LayerBand {
  readonly layer: number;
  /** Shares of the tokens kept, 0…1, over the heads of the layer. */
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export function layerBands(report: InspectReport): LayerBand[] {
  const tokens = Math.max(1, report.ids.length);
  return keptPerCache(report).map((heads, layer) => ({
    layer,
    min: Math.min(...heads) / tokens,
    mean: heads.reduce((a, b) => a + b, 0) / heads.length / tokens,
    max: Math.max(...heads) / tokens,
  }));
}

/** How many layers kept each token; a layer counts where at least half of its heads kept it. @returns [tokens] */
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

/** The classes that the text has, in their own order. */
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

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly kept: number;
  readonly dropped: number;
}

const EXTREME = 0.002; // share of scores at either end that goes into the outermost bins

/** Scores of a scope's caches in equal bins; the few far ones lie in the outermost. No scores, no bins. */
export function scoreHistogram(report: InspectReport, scope: Scope, count = 40): Bin[] {
  const tokens = report.ids.length;
  const caches = cachesOf(report, scope);
  const values = new Float32Array(caches.length * tokens);
  caches.forEach((c, i) => values.set(report.scores.subarray(c * tokens, (c + 1) * tokens), i * tokens));
  if (!values.length) return [];
  const sorted = values.slice().sort();
  const low = sorted[Math.floor(EXTREME * (sorted.length - 1))]!;
  const high = sorted[Math.ceil((1 - EXTREME) * (sorted.length - 1))]!;
  const width = (high - low) / count || 1 / count; // all equal: one bin of some width
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

/** Where the keeping begins: the threshold, or the lowest kept score of a cache that keeps its better half; several such caches have no common cut. */
export function cutOf(report: InspectReport, scope: Scope): number | undefined {
  if (report.threshold !== undefined) return report.threshold;
  if (scope.kind !== 'cache') return undefined;
  const tokens = report.ids.length;
  const at = cachesOf(report, scope)[0]! * tokens;
  let least = Infinity;
  for (let t = at; t < at + tokens; t++) if (report.keeps[t]) least = Math.min(least, report.scores[t]!);
  return Number.isFinite(least) ? least : undefined;
}

export interface Evictions {
  /** [updates] entries that the scope's caches evicted in each update. */
  readonly evicted: readonly number[];
  /** Entries that were there at the end. */
  readonly stayed: number;
}

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

/** Mean update in which a scope's caches let each token go; who kept it to the end counts as `updates`. @returns [tokens] */
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
