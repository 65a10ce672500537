// Knows how many cuts a budget needs.
import type { CutOrder } from './order';
import { cutText, fill, holesOf, renderPrefix, type Rendered, type RenderOptions } from './render';
import type { CodeStructure, Unit } from './structure';

export interface Fit {
  readonly rendered: Rendered;
  readonly steps: number;
  /** Reader tokens of the smallest valid text, when even that is over the budget. */
  readonly floor?: number;
}

/**
 * Smallest prefix of the order whose text has at most `allowed` reader tokens. More budget never keeps less, and asking
 * for what came out gives the same again.
 */
export function fitToTokens(order: CutOrder, allowed: number, options: RenderOptions): Fit {
  const sizes = sizesOf(order, options);
  const rendered = (steps: number): Fit => {
    const r = sizes.rendered(steps);
    return { rendered: r, steps, ...(r.readerTokens > allowed ? { floor: r.readerTokens } : {}) };
  };
  if (sizes.at(order.forced) <= allowed || order.steps.length === order.forced) return rendered(order.forced);
  let at = sizes.firstWithin(allowed);
  let fit = rendered(at);
  // The order was tried at checkpoints; the text that leaves is always tried itself.
  while (!sizes.valid(at)) {
    const next = sizes.after(at);
    if (next === undefined) return fitFromBelow(order, sizes, rendered);
    fit = rendered((at = next));
  }
  return fit;
}

/** The smallest answer that is valid, when the smallest of all is not. */
function fitFromBelow(order: CutOrder, sizes: Sizes, rendered: (steps: number) => Fit): Fit {
  const answers: number[] = [];
  for (let next = sizes.after(order.forced); next !== undefined; next = sizes.after(next)) answers.push(next);
  for (const steps of answers.reverse()) {
    if (sizes.valid(steps)) return rendered(steps);
  }
  return rendered(order.forced);
}

const sourceErrors = new WeakMap<CodeStructure, number>();

/** Whether the grammar finds no more errors than in the source. */
function stillValid({ structure }: CutOrder, text: string): boolean {
  let own = sourceErrors.get(structure);
  if (own === undefined) sourceErrors.set(structure, (own = structure.errorsIn(structure.source.text)));
  return structure.errorsIn(text) <= own;
}

/** Number of steps that are forced or whose key lies under a calibrated threshold, fewer where that would not be valid code. */
export function stepsUnder(order: CutOrder, threshold: number): number {
  let count = order.forced;
  while (count < order.steps.length && order.steps[count]!.key < threshold) count++;
  while (count > order.forced && !stillValid(order, cutText(order.source, order.steps.slice(0, count).map((s) => s.unit)))) count--;
  return count;
}

/**
 * Exact sizes of prefixes and whether they parse, found as they are asked for. A marker can cost more than its cut saves, so sizes do not fall
 * at every step: posts stand where the text is smaller than at every post before, and a budget is looked up between two
 * of them. Which prefix answers depends on the budget alone, never on what was asked before.
 */
class Sizes {
  private readonly known = new Map<number, number>();
  private readonly parses = new Map<number, boolean>();
  private readonly inText: readonly { readonly unit: Unit; readonly at: number }[]; // all steps as they stand in the text: sorted, they need no sorting
  private last: { readonly steps: number; readonly rendered: Rendered } | undefined; // budgets are tried again and again near each other
  private readonly posts: number[]; // step counts, each text smaller than the one before

  constructor(
    private readonly order: CutOrder,
    private readonly options: RenderOptions,
  ) {
    const last = order.steps.length;
    this.inText = order.steps.map(({ unit }, at) => ({ unit, at })).sort((a, b) => a.unit.start - b.unit.start || b.unit.end - a.unit.end);
    this.posts = [order.forced];
    const stride = Math.ceil(Math.sqrt(last)); // as many posts as steps between two of them
    const offer = (steps: number): void => void (this.at(steps) < this.at(this.posts.at(-1)!) && this.posts.push(steps));
    for (let steps = order.forced + stride; steps < last - stride; steps += stride) offer(steps);
    for (let steps = Math.max(order.forced + 1, last - 2 * stride); steps <= last; steps++) if (steps > this.posts.at(-1)!) offer(steps); // how small it can get
  }

  /** Steps of the first text of at most `allowed` tokens; of the smallest text when there is none. */
  firstWithin(allowed: number): number {
    let lo = 0;
    let hi = this.posts.length - 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.at(this.posts[mid]!) <= allowed) hi = mid;
      else lo = mid + 1;
    }
    const post = this.posts[lo]!;
    const least = this.at(post); // what is smaller belongs to a later post
    for (let steps = (this.posts[lo - 1] ?? this.order.forced) + 1; steps < post; steps++) if (this.at(steps) <= allowed && this.at(steps) >= least) return steps;
    return post;
  }

  /** The next one that can be an answer. */
  after(steps: number): number | undefined {
    return this.posts.at(-1)! > steps ? this.firstWithin(this.at(steps) - 1) : undefined;
  }

  rendered(steps: number): Rendered {
    if (this.last?.steps !== steps) this.last = { steps, rendered: renderPrefix(this.order, steps, this.options) };
    return this.last.rendered;
  }

  /** Whether the text after so many steps still parses. */
  valid(steps: number): boolean {
    let fine = this.parses.get(steps);
    if (fine === undefined) this.parses.set(steps, (fine = stillValid(this.order, this.rendered(steps).text)));
    return fine;
  }

  /** Reader tokens of the text after so many steps. */
  at(steps: number): number {
    let tokens = this.known.get(steps);
    if (tokens === undefined) {
      const units = this.inText.filter((s) => s.at < steps).map((s) => s.unit);
      const { source, pins } = this.order;
      tokens = this.options.counter.count(fill(source.text, holesOf(source, units, this.options.markers, pins)));
      this.known.set(steps, tokens);
    }
    return tokens;
  }
}

const known = new WeakMap<CutOrder, Map<string, Sizes>>();

/** The retention that is rendered along belongs to the order, so it is no part of the key. */
function sizesOf(order: CutOrder, options: RenderOptions): Sizes {
  const key = `${options.counter.id} ${options.markers}`;
  let perOrder = known.get(order);
  if (!perOrder) known.set(order, (perOrder = new Map()));
  let sizes = perOrder.get(key);
  if (!sizes) perOrder.set(key, (sizes = new Sizes(order, options)));
  return sizes;
}
