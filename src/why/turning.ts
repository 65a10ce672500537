// Finds the statements that another budget would bring back or leave out, by their ranks: an estimate, without compressing again.
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
