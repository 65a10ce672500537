// Knows how much may stay.
import { CompressionError } from './errors';

/** Asked size. `keepRatio` is kept/total in recipient tokens; `maxTokens` is the total over all files. */
export type Budget =
  | { readonly kind: 'keepRatio'; readonly keepRatio: number } // 0 < keepRatio <= 1
  | { readonly kind: 'maxTokens'; readonly maxTokens: number } // integer >= 1
  | { readonly kind: 'auto' }; // the calibrated threshold decides

export const DEFAULT_BUDGET: Budget = { kind: 'keepRatio', keepRatio: 0.5 };
/** Least share that people and models may ask for, in settings, lists, sliders and tools alike: they see whole percents. */
export const LEAST_RATIO = 0.01;

export function checkBudget(budget: Budget): void {
  if (budget.kind === 'keepRatio' && !(budget.keepRatio > 0 && budget.keepRatio <= 1))
    throw new CompressionError('badRequest', `keep ratio must be above 0 and at most 1, got ${budget.keepRatio}`);
  if (budget.kind === 'maxTokens' && !(Number.isSafeInteger(budget.maxTokens) && budget.maxTokens >= 1))
    throw new CompressionError(
      'badRequest',
      `max tokens must be a whole number of at least 1, got ${budget.maxTokens}`,
    );
}

/** Recipient tokens allowed for a text of `total` recipient tokens; `auto` has no number. */
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
