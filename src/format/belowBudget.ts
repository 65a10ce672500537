// The words for a result that is well below what was asked for. They are the same on the command line and over MCP.
import { allowedTokens } from '../core/budget';
import type { CompressedContext } from '../core/context';

const NOTABLE = 0.1; // of the whole text

/** Tells that a result is more than 10 points of the whole text below its budget, though nobody left anything out himself; empty if it is not. */
export function belowBudget({ budget, files, recipientTokens, keepRatio }: CompressedContext): string {
  const { before, after } = recipientTokens;
  const allowed = allowedTokens(budget, before);
  if (allowed === undefined || before === 0) return '';
  const reached = budget.kind === 'keepRatio' ? keepRatio : after / before;
  const isAsked = files.some((f) => f.grammarFault === 'leftOut' || f.spans.some((s) => s.reason === 'excluded'));
  return allowed / before - reached > NOTABLE && !isAsked
    ? 'well below the budget: what would come next is large and does not fit whole'
    : '';
}
