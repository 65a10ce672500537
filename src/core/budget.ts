// Defines the budget of a compression: how much may stay.
import { CompressionError } from './errors';

/**
 * The size asked for. `keepRatio` is kept / total in recipient tokens; `maxTokens` is recipient tokens over all files.
 */
export type Budget =
  | { readonly kind: 'keepRatio'; readonly keepRatio: number } // 0 < keepRatio <= 1
  | { readonly kind: 'maxTokens'; readonly maxTokens: number } // integer >= 1
  | { readonly kind: 'auto' }; // the calibrated threshold decides

export const DEFAULT_BUDGET = { kind: 'keepRatio', keepRatio: 0.5 } as const satisfies Budget;
/** The smallest keep ratio that settings, lists, sliders and tools accept: they show whole percents. */
export const LEAST_RATIO = 0.01;

/** The budget of a caller's options: `auto` counts before `maxTokens`, and that before `keepRatio`. */
export function budgetOf(options: {
  readonly keepRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly auto?: boolean | undefined;
}): Budget {
  const { keepRatio, maxTokens, auto } = options;
  if (auto) return { kind: 'auto' };
  if (maxTokens !== undefined) return { kind: 'maxTokens', maxTokens };
  return keepRatio === undefined ? DEFAULT_BUDGET : { kind: 'keepRatio', keepRatio };
}

/** @throws CompressionError badRequest if the number is out of its range */
export function checkBudget(budget: Budget): void {
  if (budget.kind === 'keepRatio' && !(budget.keepRatio > 0 && budget.keepRatio <= 1))
    throw new CompressionError('badRequest', `keep ratio must be above 0 and at most 1, got ${budget.keepRatio}`);
  if (budget.kind === 'maxTokens' && !(Number.isSafeInteger(budget.maxTokens) && budget.maxTokens >= 1))
    throw new CompressionError(
      'badRequest',
      `max tokens must be a whole number of at least 1, got ${budget.maxTokens}`,
    );
}

/**
 * Recipient tokens allowed for a text of `total` recipient tokens; undefined for `auto`. Example: keep ratio 0.5 of 101
 * allows 50.
 */
export function allowedTokens(budget: Budget, total: number): number | undefined {
  switch (budget.kind) {
    case 'keepRatio':
      return Math.floor(budget.keepRatio * total);
    case 'maxTokens':
      return Math.min(budget.maxTokens, total);
    case 'auto':
      return undefined;
  }
}
