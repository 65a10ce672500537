// The sentences about a compression that stand below its text.
import type { CompressedContext } from '../../core/context';
import { belowBudget } from '../../format/belowBudget';
import { FLOOR_WORDS } from '../../format/floorReasons';
import { leftOut } from '../../format/leftOut';
import { wordsForSkip } from '../../format/skipReasons';
import type { Skipped } from '../files/collect';

/** What was saved, and why it is not more. */
export function savings(context: CompressedContext): string {
  const {
    recipientTokens: { before, after, counter },
    files,
    floorReason,
    floorAt,
    budget,
  } = context;
  const left = leftOut(files);
  const where = floorAt ? `, near line ${floorAt.line} of ${floorAt.path}` : '';
  const above = budget.kind === 'auto' ? 'Nothing could go' : 'It is above the asked budget';
  const floor = floorReason ? ` ${above}: ${FLOOR_WORDS[floorReason]}${where}.` : '';
  if (!left) return `Nothing was left out: ${before} ${counter} token${before === 1 ? '' : 's'}.${floor}`;
  const below = belowBudget(context);
  return `${after} of ${before} ${counter} tokens; left out: ${left}.${floor}${below && ` It is ${below}.`}`;
}

/** The first ten, and how many more. */
export function skippedWords(skipped: readonly Skipped[]): string {
  const first = skipped.slice(0, 10).map((s) => `${s.path} (${wordsForSkip(s.reason)})`);
  return first.join(', ') + (skipped.length > first.length ? ` and ${skipped.length - first.length} more` : '');
}
