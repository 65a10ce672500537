// Unpacks how the statements of a file rank, once for each result.
import type { Ranking, RankedStatement } from '../core/context';
import { getOrMake } from '../core/getOrMake';

const unpacked = new WeakMap<Ranking, readonly RankedStatement[]>();

/** The statements that the budget decides about; the one that the smallest budget keeps first at the front. */
export function statementsIn(ranking: Ranking | undefined): readonly RankedStatement[] {
  if (!ranking) return [];
  return getOrMake(unpacked, ranking, () => JSON.parse(ranking.statements) as readonly RankedStatement[]);
}
