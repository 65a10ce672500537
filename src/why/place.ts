// Finds what decided about one place of a compressed file: its statement, its rank, and where the budget cut.
import type { CompressedFile, DropFault, RankedStatement, RetainedSpan } from '../core/context';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { statementsIn } from './ranking';

/** What a place is found in. */
export type RankedFile = Pick<CompressedFile, 'spans' | 'ranking' | 'recipientTokens' | 'drops'>;

/** What decided about a place. */
export interface Place {
  readonly span: RetainedSpan;
  /** The innermost statement around the place; absent if the budget did not decide about it. */
  readonly statement?: RankedStatement;
  /** Rank of the statement, from 1: the smallest budget keeps the first. */
  readonly rank?: number;
  /** Number of statements that the budget decided about. */
  readonly of: number;
  /** Number of those that stay. */
  readonly kept: number;
  /** The least worth that was kept for its worth; absent if nothing was. */
  readonly cut?: number;
  /** It stays although it is worth less than the cut: kept code needs it. */
  readonly needed?: true;
  /** It stays although the user leaves it out. */
  readonly fault?: DropFault;
  /** A statement inside it stays. */
  readonly holdsKept?: true;
  /** Share of the file's recipient tokens, 0…1, at which the decision about the statement would turn; an estimate. */
  readonly turnsAt?: number;
}

/**
 * @param offset UTF-16, in the text of the file
 * @param drops what the user leaves out: the `drops` of its source
 * @returns undefined outside the text
 */
export function placeAt(file: RankedFile, offset: number, drops: readonly Span[] = []): Place | undefined {
  const span = file.spans[firstIndexWhere(file.spans, (s) => s.end > offset)];
  if (!span || span.start > offset) return undefined;
  const statements = statementsIn(file.ranking);
  const kept = file.ranking?.kept ?? 0;
  const at = span.kept ? drops.findIndex((d, i) => d.start <= offset && d.end > offset && file.drops?.[i]?.fault) : -1;
  const fault = file.drops?.[at]?.fault;
  const plain: Place = { span, of: statements.length, kept, ...(fault ? { fault } : {}) };
  const index = innermost(statements, offset);
  if (index === undefined || index < kept !== span.kept) return plain;
  if (span.reason !== 'score' && span.reason !== 'untouched') return plain;
  const statement = statements[index]!;
  const cut = cutOf(statements, kept);
  const turnsAt = turningShares(file)[index]!;
  return {
    ...plain,
    statement,
    rank: index + 1,
    ...(cut === undefined ? {} : { cut }),
    ...(span.kept && cut !== undefined && statement.worth < cut ? { needed: true } : {}),
    ...(statements.slice(0, kept).some((s) => isInside(s, statement)) ? { holdsKept: true } : {}),
    ...(Number.isNaN(turnsAt) ? {} : { turnsAt }),
  };
}

/** A place of an elision: of the statement in it that a growing budget would keep first, else of its beginning. */
export function placeIn(file: RankedFile, { start, end }: Span): Place | undefined {
  const first = statementsIn(file.ranking)
    .slice(file.ranking?.kept ?? 0)
    .find((s) => s.start >= start && s.end <= end);
  for (let offset = first?.start ?? start; offset < (first?.end ?? end); offset++) {
    const place = placeAt(file, offset);
    if (place && (!first || place.statement === first)) return place;
  }
  return placeAt(file, start);
}

/** Index of the innermost statement around an offset: the shortest, as they lie inside each other or apart. Of the same text, the inner one ranks later. */
export function innermost(statements: readonly RankedStatement[], offset: number): number | undefined {
  let best: number | undefined;
  statements.forEach(({ start, end }, i) => {
    if (start > offset || end <= offset) return;
    if (best === undefined || end - start <= statements[best]!.end - statements[best]!.start) best = i;
  });
  return best;
}

/** A statement that is kept because others need it can be worth less than one that goes: it sets no cut. */
function cutOf(statements: readonly RankedStatement[], kept: number): number | undefined {
  const most = statements.slice(kept).reduce((max, { worth }) => Math.max(max, worth), -Infinity);
  if (most === -Infinity) return undefined;
  const cut = statements
    .slice(0, kept)
    .reduce((min, { worth }) => (worth >= most ? Math.min(min, worth) : min), Infinity);
  return cut === Infinity ? undefined : cut;
}

/**
 * The shares of the file's recipient tokens at which the decision about each statement turns: estimates, because markers and
 * what syntax ties together are not counted.
 * @returns [statements] 0…1, rising; NaN where the tokens of statements are not known
 */
export function turningShares({ ranking, recipientTokens: { before, after } }: RankedFile): Float64Array {
  const statements = statementsIn(ranking);
  const kept = ranking?.kept ?? 0;
  const shares = new Float64Array(statements.length);
  const share = (size: number): number => (before > 0 ? Math.max(0, Math.min(1, size / before)) : NaN);
  const own = (i: number): number => statements[i]!.tokens ?? NaN;
  let size = after;
  for (let i = kept - 1; i >= 0; i--) {
    size -= own(i);
    shares[i] = share(size);
  }
  size = after;
  for (let i = kept; i < statements.length; i++) {
    size += own(i);
    shares[i] = share(size);
  }
  return shares;
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end && inner.end - inner.start < outer.end - outer.start;
}
