// Finds the statements that another budget would bring back or leave out, by their ranks: an estimate, without compressing again.
import type { Budget } from '../core/budget';
import type { RankedFile } from './place';
import { statementsIn } from './ranking';

/** Statements by rank, `from` … `to`, the end not included; indices into `statementsIn`. */
export interface Turning {
  readonly from: number;
  readonly to: number;
  /** Whether they would go; else they would come back. */
  readonly goes: boolean;
}

/**
 * @param share of the file's recipient tokens that may stay, 0…1
 * @returns undefined if nothing would turn, or the scorer does not tell what statements cost
 */
export function turningAt({ ranking, recipientTokens }: Omit<RankedFile, 'spans'>, share: number): Turning | undefined {
  const statements = statementsIn(ranking);
  const now = ranking?.kept ?? 0;
  const limit = share * recipientTokens.before;
  let kept = now;
  let size = recipientTokens.after;
  const costOf = (index: number): number => statements[index]!.tokens ?? NaN;
  while (kept > 0 && size > limit) size -= costOf(--kept);
  if (kept === now) while (kept < statements.length && size + costOf(kept) <= limit) size += costOf(kept++);
  if (kept === now || Number.isNaN(size)) return undefined;
  return { from: Math.min(kept, now), to: Math.max(kept, now), goes: kept < now };
}

const STEP = 0.05; // of the budget that holds, the next step down is shown

/**
 * The share of its tokens that a text would keep under another budget, as if every text of the context kept the same share.
 * @param before recipient tokens of the context
 * @returns NaN if nobody can tell, as for a threshold
 */
export function previewedShare(now: Budget, next: Budget, { before }: { readonly before: number }): number {
  const [holds, wanted] = [now, next].map((b) =>
    b.kind === 'keepRatio' ? b.keepRatio : b.kind === 'maxTokens' ? b.maxTokens / before : NaN,
  ) as [number, number];
  return wanted === holds ? wanted - STEP : wanted;
}
