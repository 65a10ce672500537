// Knows how many cuts a budget needs.
import type { TokenCounter } from '../core/token';
import type { CutOrder } from './order';
import { cutText, fill, holesOf, renderPrefix, type Rendered, type RenderOptions } from './render';
import type { CodeStructure } from './structure';

export interface Fit {
  readonly rendered: Rendered;
  readonly steps: number;
  /** Reader tokens of the smallest valid text, when even that is over the budget. */
  readonly floor?: number;
}

/**
 * Smallest prefix of the order whose text has at most `allowed` reader tokens. More budget never keeps less: prefixes
 * are tried from the longest text on, and only those that really are smaller than every longer one.
 */
export function fitToTokens(order: CutOrder, allowed: number, options: RenderOptions): Fit {
  const whole = options.counter.count(order.source.text);
  if (whole <= allowed || order.steps.length === 0) {
    const rendered = renderPrefix(order, 0, options);
    return { rendered, steps: 0, ...(whole > allowed ? { floor: whole } : {}) };
  }
  const { stops, estimates } = stopsOf(order, options);
  // The estimate counts line by line; the exact count settles it.
  let lo = 0;
  let hi = stops.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (estimates[mid]! <= allowed) hi = mid;
    else lo = mid + 1;
  }
  const exact = (i: number): number => textTokens(order, stops[i]!, options);
  let at = Math.min(lo, stops.length - 1);
  if (at < 0) {
    const rendered = renderPrefix(order, 0, options);
    return { rendered, steps: 0, floor: rendered.readerTokens };
  }
  while (at < stops.length - 1 && exact(at) > allowed) at++;
  while (at > 0 && exact(at - 1) <= allowed) at--;
  let rendered = renderPrefix(order, stops[at]!, options);
  // The order was tried at checkpoints; the text that leaves is always tried itself.
  for (let next = at; !stillValid(order, rendered.text); ) {
    if (++next < stops.length) rendered = renderPrefix(order, stops[(at = next)]!, options);
    else return fitFromBelow(order, stops, allowed, options);
  }
  return { rendered, steps: stops[at]!, ...(rendered.readerTokens > allowed ? { floor: rendered.readerTokens } : {}) };
}

/** The smallest text that is valid, when the smallest of all is not. */
function fitFromBelow(order: CutOrder, stops: readonly number[], allowed: number, options: RenderOptions): Fit {
  for (let at = stops.length - 1; at >= 0; at--) {
    const rendered = renderPrefix(order, stops[at]!, options);
    if (stillValid(order, rendered.text))
      return { rendered, steps: stops[at]!, ...(rendered.readerTokens > allowed ? { floor: rendered.readerTokens } : {}) };
  }
  const rendered = renderPrefix(order, 0, options);
  return { rendered, steps: 0, ...(rendered.readerTokens > allowed ? { floor: rendered.readerTokens } : {}) };
}

const sourceErrors = new WeakMap<CodeStructure, number>();

/** Whether the grammar finds no more errors than in the source. */
function stillValid({ structure }: CutOrder, text: string): boolean {
  let own = sourceErrors.get(structure);
  if (own === undefined) sourceErrors.set(structure, (own = structure.errorsIn(structure.source.text)));
  return structure.errorsIn(text) <= own;
}

/** Number of steps whose key lies under a calibrated threshold, fewer where that would not be valid code. */
export function stepsUnder(order: CutOrder, threshold: number): number {
  let count = 0;
  while (count < order.steps.length && order.steps[count]!.key < threshold) count++;
  while (count > 0 && !stillValid(order, cutText(order.source, order.steps.slice(0, count).map((s) => s.unit)))) count--;
  return count;
}

function textTokens(order: CutOrder, steps: number, options: RenderOptions): number {
  const units = order.steps.slice(0, steps).map((s) => s.unit);
  return options.counter.count(fill(order.source.text, holesOf(order.source, units, options.markers, order.pins)));
}

interface Stops {
  readonly stops: readonly number[]; // step counts, rising
  readonly estimates: readonly number[]; // reader tokens there, strictly falling
}

const known = new WeakMap<CutOrder, Map<string, Stops>>();

/** Prefixes that pay: each estimated smaller than every shorter one (a marker can cost more than its cut saves). */
function stopsOf(order: CutOrder, options: RenderOptions): Stops {
  const key = `${options.counter.id} ${options.markers}`;
  let perOrder = known.get(order);
  if (!perOrder) known.set(order, (perOrder = new Map()));
  const found = perOrder.get(key);
  if (found) return found;
  const { text } = order.source;
  const count = lineCounter(options.counter);
  const markerCost = options.markers && order.source.languageId !== 'json' ? count('// … 12 lines #k3fa\n') : 0;
  const sizes = lineSizes(text, count);
  let tokens = sizes.total;
  let best = options.counter.count(text);
  const holes = new Holes(text);
  const stops: number[] = [];
  const estimates: number[] = [];
  order.steps.forEach((step, i) => {
    const before = holes.count;
    for (const part of holes.add(step.unit.start, step.unit.end)) tokens -= sizes.between(part.start, part.end);
    tokens += (holes.count - before) * markerCost;
    if (tokens < best) {
      best = tokens;
      stops.push(i + 1);
      estimates.push(tokens);
    }
  });
  const result = { stops, estimates };
  perOrder.set(key, result);
  return result;
}

function lineCounter(counter: TokenCounter): (line: string) => number {
  const cache = new Map<string, number>();
  return (line) => {
    let n = cache.get(line);
    if (n === undefined) cache.set(line, (n = counter.count(line)));
    return n;
  };
}

/** Reader tokens of whole lines, by offset. */
function lineSizes(text: string, count: (line: string) => number): { total: number; between: (start: number, end: number) => number } {
  const starts: number[] = [];
  const sums: number[] = [0];
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('\n', at) + 1 || text.length;
    starts.push(at);
    sums.push(sums.at(-1)! + count(text.slice(at, next)));
    at = next;
  }
  starts.push(text.length);
  const index = (offset: number): number => {
    let lo = 0;
    let hi = starts.length - 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (starts[mid]! < offset) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  };
  return { total: sums.at(-1)!, between: (start, end) => sums[index(end)]! - sums[index(start)]! };
}

/** Growing set of cut ranges that knows how many holes they make; blank lines behind a hole belong to it. */
class Holes {
  private ranges: { start: number; end: number }[] = [];

  constructor(private readonly text: string) {}

  get count(): number {
    return this.ranges.length;
  }

  /** Adds a range; returns the parts that were still there. */
  add(start: number, end: number): { start: number; end: number }[] {
    let lo = 0;
    let hi = this.ranges.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.ranges[mid]!.end < start) lo = mid + 1;
      else hi = mid;
    }
    const blank = /(?:[ \t]*\r?\n)*/y;
    blank.lastIndex = end;
    const grownEnd = end + (blank.exec(this.text)?.[0].length ?? 0);
    const fresh: { start: number; end: number }[] = [];
    let at = start;
    let last = lo;
    let from = start;
    let to = grownEnd;
    while (last < this.ranges.length && this.ranges[last]!.start <= grownEnd) {
      const r = this.ranges[last]!;
      if (r.start > at) fresh.push({ start: at, end: r.start });
      at = Math.max(at, r.end);
      from = Math.min(from, r.start);
      to = Math.max(to, r.end);
      last++;
    }
    if (grownEnd > at) fresh.push({ start: at, end: grownEnd });
    this.ranges.splice(lo, last - lo, { start: from, end: to });
    return fresh;
  }
}
