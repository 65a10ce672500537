// Ranks the units of a text, the one to cut first at the front.
import type { TokenEvidence } from '../core/evidence';
import type { Span } from '../core/span';
import type { CodeStructure } from '../parse/structure';
import type { Brings } from '../parse/targets';
import type { Unit } from '../parse/unit';
import { bindingsOf } from './bindings';
import { withBrought } from './brought';
import { keepOrder } from './coverage';
import { meanOrder } from './meanOrder';
import { withOutline } from './outline';
import type { RankedUnit } from './rankedUnit';

/** Rules that change an order, each of which a bench can switch off. */
export interface RankRules {
  /** A unit brings what gives its names their values (`bindings.ts`). */
  readonly bindings?: boolean;
  /** A body stays whole only while the declarations beside it are in view (`outline.ts`). */
  readonly outline?: boolean;
}

/**
 * By what each unit adds to the kept text if the evidence has a worth for names, else by the mean evidence of its tokens.
 * @param mustKeep sorted, disjoint spans that stay; units that overlap them are not ranked
 * @param excluded units that are cut whatever the budget; their names do not count as kept
 * @param rules all by default; without a worth for names there are none
 */
export function rankUnits(
  structure: CodeStructure,
  evidence: TokenEvidence,
  mustKeep: readonly Span[],
  excluded: ReadonlySet<Unit>,
  { bindings = true, outline = true }: RankRules = {},
): RankedUnit[] {
  const { units, brings: references } = structure;
  const { bounds, names, wanted } = evidence;
  const byEvidence = names
    ? keepOrder(structure, evidence, mustKeep, excluded).reverse()
    : meanOrder(structure, evidence, mustKeep);
  const ranked = names && outline ? withOutline(structure, byEvidence, bounds, wanted) : byEvidence;
  const brings = names && bindings ? joined(references, bindingsOf(structure, bounds)) : references;
  return spareFirst(brings?.size ? withBrought(units, ranked, brings, excluded) : ranked);
}

function joined(a: Brings | undefined, b: Brings): Brings {
  if (!a?.size) return b;
  const out = new Map(a);
  for (const [unit, targets] of b) out.set(unit, [...(out.get(unit) ?? []), ...targets]);
  return out;
}

/** Spare units go first, in their order: the others begin to go when none is left. */
function spareFirst(ranked: readonly RankedUnit[]): RankedUnit[] {
  const rest = ranked.filter(({ unit }) => !unit.spare);
  const least = rest[0]?.key ?? Infinity;
  const spare = ranked.filter(({ unit }) => unit.spare).map(({ unit, key }) => ({ unit, key: Math.min(key, least) }));
  return spare.length ? [...spare, ...rest] : rest;
}
