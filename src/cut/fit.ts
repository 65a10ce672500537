// Finds the fewest cuts with which a text meets a budget and still parses.
import { getOrMake } from '../core/getOrMake';
import { firstIndexWhere } from '../core/search';
import { cutText } from './holes';
import type { CutOrder } from './order';
import { renderPrefix, unitsOf, type Rendered, type RenderOptions } from './render';
import { Sizes } from './sizes';
import type { CodeStructure } from '../parse/structure';

export interface Fit {
  readonly rendered: Rendered;
  /** Number of steps of the order that were taken. */
  readonly steps: number;
  /** Recipient tokens of the smallest valid text, if even that is above the budget. */
  readonly floor?: number;
  /** Set if the text could be smaller, but only after more than the allowed steps. */
  readonly held?: true;
}

/**
 * Takes the shortest prefix of the order whose text has at most `allowed` recipient tokens. A larger budget never keeps less, and
 * a budget of exactly the tokens of a result gives that result again.
 * @param allowed recipient tokens
 * @param most steps that may be taken, forced ones included
 */
export function fitToTokens(order: CutOrder, allowed: number, options: RenderOptions, most = order.steps.length): Fit {
  order.structure.renew();
  const attempts = attemptsOf(order, options);
  const { answers } = attempts.sizes;
  const wanted = Math.min(attempts.sizes.firstWithin(allowed), answers.length - 1);
  let at = Math.min(wanted, firstIndexWhere(answers, ({ steps }) => steps > most) - 1);
  let held = at < wanted;
  const fit = (): Fit => {
    const { steps, tokens } = answers[at]!;
    const rendered = attempts.rendered(steps, options);
    return { rendered, steps, ...(tokens > allowed ? { floor: tokens } : {}), ...(held ? { held } : {}) };
  };
  if (at === 0) return fit();
  // The order was parsed at checkpoints only; the text that is returned is always parsed itself.
  while (!attempts.isValid(answers[at]!.steps, options)) {
    at++;
    const more = at < answers.length || attempts.sizes.more();
    if (more && answers[at]!.steps <= most) continue;
    held ||= more;
    // The smallest text is not valid: take the smallest that is.
    at = answers.findLastIndex(({ steps }, i) => i === 0 || (steps <= most && attempts.isValid(steps, options)));
    break;
  }
  return fit();
}

const sourceErrors = new WeakMap<CodeStructure, number>();

/** Whether the grammar finds no more errors in a cut text than in its source. */
function stillValid({ structure }: CutOrder, text: string): boolean {
  const own = getOrMake(sourceErrors, structure, () => structure.errorsIn(structure.source.text));
  return structure.errorsIn(text) <= own;
}

/** Number of steps that are forced or whose key is below `threshold`, at most `most`; fewer if the result would not parse. */
export function stepsUnder(order: CutOrder, threshold: number, most = order.steps.length): number {
  order.structure.renew();
  let count = order.forced;
  while (count < most && order.steps[count]!.key < threshold) count++;
  while (count > order.forced && !stillValid(order, cutText(order.source, unitsOf(order, count)))) count--;
  return count;
}

/** Texts of one order that were rendered and parsed before. */
class Attempts {
  private readonly parses = new Map<number, boolean>();
  private last: { readonly steps: number; readonly rendered: Rendered } | undefined; // successive budgets often need the same steps

  constructor(
    private readonly order: CutOrder,
    readonly sizes: Sizes,
  ) {}

  rendered(steps: number, options: RenderOptions): Rendered {
    if (this.last?.steps !== steps) this.last = { steps, rendered: renderPrefix(this.order, steps, options) };
    return this.last.rendered;
  }

  /** Whether the text after `steps` steps still parses. */
  isValid(steps: number, options: RenderOptions): boolean {
    return getOrMake(this.parses, steps, () => stillValid(this.order, this.rendered(steps, options).text));
  }
}

/** The sizes of an order, as they are counted for its fits. */
export const sizesOf = (order: CutOrder, options: RenderOptions): Sizes => attemptsOf(order, options).sizes;

const known = new WeakMap<CutOrder, Map<string, Attempts>>();

/** The retention of `options` depends on the order alone, so it is no part of the key. */
function attemptsOf(order: CutOrder, { counter, markers, commented = false }: RenderOptions): Attempts {
  const key = `${counter.id} ${markers} ${commented}`;
  const perOrder = getOrMake(known, order, () => new Map<string, Attempts>());
  return getOrMake(perOrder, key, () => new Attempts(order, new Sizes(order, counter, markers, commented)));
}
