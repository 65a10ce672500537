// Ranks units by the mean evidence of their model tokens: the order for every scorer that has no worth for names.
import type { TokenEvidence } from '../core/evidence';
import { overlaps, type Span } from '../core/span';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import { massOf, type Mass } from '../tokens/prefixSums';
import type { RankedUnit } from './rankedUnit';

// A unit of more model tokens, or of a larger share of the text, is cut child by child first, so that a budget is met closely.
const GRAIN_TOKENS = 24;
const GRAIN_SHARE = 0.015;

/** Ranks every unit by the mean evidence of its model tokens, a parent without the children that rank lower: those are cut before it. */
export function meanOrder(structure: CodeStructure, evidence: TokenEvidence, mustKeep: readonly Span[]): RankedUnit[] {
  const mass = massOf(evidence.bounds, evidence.values);
  const ranked: RankedUnit[] = [];
  const grain = Math.max(GRAIN_TOKENS, GRAIN_SHARE * evidence.values.length);
  for (const unit of structure.units) rank(unit, mass, mustKeep, grain, ranked);
  ranked.sort((a, b) => a.key - b.key || a.unit.start - b.unit.start || b.unit.end - a.unit.end);
  return ranked;
}

/** Appends the steps of a unit and of its descendants. @returns the key of the unit; undefined if it cannot be cut */
function rank(
  unit: Unit,
  mass: (start: number, end: number) => Mass,
  mustKeep: readonly Span[],
  grain: number,
  out: RankedUnit[],
): number | undefined {
  const children = unit.children.map((child) => ({ child, key: rank(child, mass, mustKeep, grain, out) }));
  if (!unit.cuttable || overlaps(mustKeep, unit.start, unit.end)) return undefined;
  const whole = mass(unit.start, unit.end);
  let sum = whole.sum;
  let tokens = whole.tokens;
  // Children that rank lower than the rest of the unit are cut before it, so they do not count.
  const low = children
    .flatMap(({ child, key }) => (key === undefined ? [] : [{ key, ...mass(child.start, child.end) }]))
    .sort((a, b) => a.key - b.key);
  let after = -Infinity; // the unit is cut after the children that do not count
  for (const c of low) {
    if (tokens - c.tokens <= 0 || (c.key >= sum / tokens && tokens <= grain)) break;
    sum -= c.sum;
    tokens -= c.tokens;
    after = c.key;
  }
  // Rounding errors must not decide the order.
  const key = Math.max(after, Math.round((tokens > 0 ? sum / tokens : 0) * 1e4) / 1e4);
  out.push({ unit, key });
  return key;
}
