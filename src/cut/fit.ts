// Knows how many cuts a budget needs.
import { cutText } from './holes';
import type { CutOrder } from './order';
import { renderPrefix, type Rendered, type RenderOptions } from './render';
import { Sizes } from './sizes';
import type { CodeStructure } from '../parse/structure';

export interface Fit {
  readonly rendered: Rendered;
  readonly steps: number;
  /** Recipient tokens of the smallest valid text, when even that is over the budget. */
  readonly floor?: number;
}

/**
 * Smallest prefix of the order whose text has at most `allowed` recipient tokens. More budget never keeps less, and asking
 * for what came out gives the same again: which prefix answers depends on the budget alone.
 */
export function fitToTokens(order: CutOrder, allowed: number, options: RenderOptions): Fit {
  const tried = triedOf(order, options);
  const { answers } = tried.sizes;
  const fit = (at: number): Fit => {
    const { steps, tokens } = answers[at]!;
    return { rendered: tried.rendered(steps, options), steps, ...(tokens > allowed ? { floor: tokens } : {}) };
  };
  let at = Math.min(tried.sizes.firstWithin(allowed), answers.length - 1);
  if (at === 0) return fit(0);
  // The order was tried at checkpoints; the text that leaves is always tried itself.
  while (!tried.valid(answers[at]!.steps, options)) {
    at++;
    if (at < answers.length || tried.sizes.more()) continue;
    // The smallest that is valid, when the smallest of all is not.
    at = answers.findLastIndex(({ steps }, i) => i === 0 || tried.valid(steps, options));
    break;
  }
  return fit(at);
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
  while (
    count > order.forced &&
    !stillValid(
      order,
      cutText(
        order.source,
        order.steps.slice(0, count).map((s) => s.unit),
      ),
    )
  )
    count--;
  return count;
}

/** Texts of one order that were tried. */
class Tried {
  private readonly parses = new Map<number, boolean>();
  private last: { readonly steps: number; readonly rendered: Rendered } | undefined; // budgets are tried again and again near each other

  constructor(
    private readonly order: CutOrder,
    readonly sizes: Sizes,
  ) {}

  rendered(steps: number, options: RenderOptions): Rendered {
    if (this.last?.steps !== steps) this.last = { steps, rendered: renderPrefix(this.order, steps, options) };
    return this.last.rendered;
  }

  /** Whether the text after so many steps still parses. */
  valid(steps: number, options: RenderOptions): boolean {
    let fine = this.parses.get(steps);
    if (fine === undefined) this.parses.set(steps, (fine = stillValid(this.order, this.rendered(steps, options).text)));
    return fine;
  }
}

const known = new WeakMap<CutOrder, Map<string, Tried>>();

/** The retention that is rendered along belongs to the order, so it is no part of the key. */
function triedOf(order: CutOrder, { counter, markers }: RenderOptions): Tried {
  const key = `${counter.id} ${markers}`;
  let perOrder = known.get(order);
  if (!perOrder) known.set(order, (perOrder = new Map()));
  let tried = perOrder.get(key);
  if (!tried) perOrder.set(key, (tried = new Tried(order, new Sizes(order, counter, markers))));
  return tried;
}
