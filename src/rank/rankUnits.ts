// Ranks the units of a text, the one to cut first at the front.
import type { TokenEvidence } from '../core/evidence';
import type { Span } from '../core/span';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import { withBrought } from './brought';
import { keepOrder } from './coverage';
import { meanOrder } from './meanOrder';
import type { RankedUnit } from './rankedUnit';

/**
 * By what each unit adds to the kept text if the evidence has a worth for names, else by the mean evidence of its tokens.
 * @param mustKeep sorted, disjoint spans that stay; units that overlap them are not ranked
 * @param excluded units that are cut whatever the budget; their names do not count as kept
 */
export function rankUnits(
  structure: CodeStructure,
  evidence: TokenEvidence,
  mustKeep: readonly Span[],
  excluded: ReadonlySet<Unit>,
): RankedUnit[] {
  const ranked = evidence.names
    ? keepOrder(structure, evidence, mustKeep, excluded).reverse()
    : meanOrder(structure, evidence, mustKeep);
  return spareFirst(structure.brings?.size ? withBrought(structure.units, ranked, structure.brings, excluded) : ranked);
}

/** Spare units go first, in their order: the others begin to go when none is left. */
function spareFirst(ranked: readonly RankedUnit[]): RankedUnit[] {
  const rest = ranked.filter(({ unit }) => !unit.spare);
  const least = rest[0]?.key ?? Infinity;
  const spare = ranked.filter(({ unit }) => unit.spare).map(({ unit, key }) => ({ unit, key: Math.min(key, least) }));
  return spare.length ? [...spare, ...rest] : rest;
}
