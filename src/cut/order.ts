// Knows in which order a text can be cut so that it stays valid after every cut: one nested order, a budget is a prefix.
import { firstIndexWhere } from '../core/search';
import { overlaps, unionSpans, type Span } from '../core/span';
import type { SourceText } from '../core/context';
import type { TokenEvidence } from '../core/evidence';
import { keepOrder } from '../rank/coverage';
import { cutText } from './holes';
import { massOf, type Mass } from '../tokens/mass';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import { unitsToGo, type ConstraintSpans } from './constraints';

/** One more unit goes. */
export interface CutStep {
  readonly unit: Unit;
  /** Evidence per token of what is left of the unit when it goes; steps rise in it, except where nesting forbids. */
  readonly key: number;
}

export interface CutOrder {
  readonly source: SourceText;
  readonly structure: CodeStructure;
  readonly steps: readonly CutStep[];
  /** Number of leading steps that are always taken: what the user excluded. */
  readonly forced: number;
  readonly pins: readonly Span[];
  readonly protectedSpans: readonly Span[];
}

export interface OrderOptions {
  readonly drops?: ConstraintSpans['drops'];
  readonly protects?: ConstraintSpans['protects'];
  /** Evolution ranks thousands of orders and looks at few of them: it may skip the parser's word on each. */
  readonly verify?: boolean;
}

const CHECKPOINTS = 12;
// A step takes at most this much where its unit can be divided, so that a budget is met closely.
const GRAIN_TOKENS = 24;
const GRAIN_SHARE = 0.015;

/** Orders every unit by its evidence alone: what adds least to the rest goes first. */
export function orderCuts(
  structure: CodeStructure,
  evidence: TokenEvidence,
  pins: readonly Span[],
  options: OrderOptions = {},
): CutOrder {
  const { drops = [], protects = [] } = options;
  let removed: CutStep[] = drops.length
    ? unitsToGo(structure, drops, unionSpans([...pins, ...protects])).map((unit) => ({ unit, key: -Infinity }))
    : [];
  if (options.verify !== false && removed.length) removed = verified(structure, removed);
  const excluded = new Set(removed.map((s) => s.unit));
  const stays = structure.protectedSpans.filter((s) => !overlaps(unionSpans(excluded), s.start, s.end));
  const protectedSpans = unionSpans([...stays, ...protects]);
  const mustKeep = unionSpans([...pins, ...protectedSpans]);
  const ranked = evidence.names
    ? keepOrder(structure, evidence, mustKeep, excluded).reverse()
    : meanOrder(structure, evidence, mustKeep);
  let steps: CutStep[] = removed.length ? withoutSwallowed([...removed, ...ranked]) : ranked;
  if (options.verify !== false) steps = verified(structure, steps);
  const forced = steps.filter((s) => excluded.has(s.unit)).length;
  return { source: structure.source, structure, steps, forced, pins: unionSpans(pins), protectedSpans };
}

/**
 * Ranks every unit by the mean evidence of its tokens. A parent's rank counts only what is left of it when it goes:
 * children that rank lower were cut before.
 */
function meanOrder(structure: CodeStructure, evidence: TokenEvidence, mustKeep: readonly Span[]): CutStep[] {
  const mass = massOf(evidence.bounds, evidence.values);
  const ranked: CutStep[] = [];
  const grain = Math.max(GRAIN_TOKENS, GRAIN_SHARE * evidence.values.length);
  for (const unit of structure.units) rank(unit, mass, mustKeep, grain, ranked);
  ranked.sort((a, b) => a.key - b.key || a.unit.start - b.unit.start || b.unit.end - a.unit.end);
  return withoutSwallowed(ranked);
}

/** Appends the steps of a unit and of all below it; returns its key, or undefined when something inside must stay. */
function rank(
  unit: Unit,
  mass: (start: number, end: number) => Mass,
  mustKeep: readonly Span[],
  grain: number,
  out: CutStep[],
): number | undefined {
  const children = unit.children.map((child) => ({ child, key: rank(child, mass, mustKeep, grain, out) }));
  if (!unit.cuttable || overlaps(mustKeep, unit.start, unit.end)) return undefined;
  const whole = mass(unit.start, unit.end);
  let sum = whole.sum;
  let tokens = whole.tokens;
  // Lowest children first: while one ranks under the rest of the unit, it will be gone by then.
  const low = children
    .flatMap(({ child, key }) => (key === undefined ? [] : [{ key, ...mass(child.start, child.end) }]))
    .sort((a, b) => a.key - b.key);
  let after = -Infinity; // the unit cannot go before the children that were counted out
  for (const c of low) {
    if (tokens - c.tokens <= 0 || (c.key >= sum / tokens && tokens <= grain)) break;
    sum -= c.sum;
    tokens -= c.tokens;
    after = c.key;
  }
  // Rounded: the last bits of a sum must not rank.
  const key = Math.max(after, Math.round((tokens > 0 ? sum / tokens : 0) * 1e4) / 1e4);
  out.push({ unit, key });
  return key;
}

/** Drops steps whose unit lies inside one that was cut before. */
function withoutSwallowed(steps: readonly CutStep[]): CutStep[] {
  const gone = new Set<Unit>();
  const bury = (unit: Unit): void => {
    for (const child of unit.children) {
      if (gone.has(child)) continue;
      gone.add(child);
      bury(child);
    }
  };
  return steps.filter(({ unit }) => {
    if (gone.has(unit)) return false;
    gone.add(unit);
    bury(unit);
    return true;
  });
}

/** Removes the steps that would add a syntax error, found by bisection over prefixes. */
function verified(structure: CodeStructure, steps: readonly CutStep[]): CutStep[] {
  const allowed = structure.errorsIn(structure.source.text);
  let kept = [...steps];
  const fine = (count: number): boolean =>
    structure.errorsIn(
      cutText(
        structure.source,
        kept.slice(0, count).map((s) => s.unit),
      ),
    ) <= allowed;
  let good = 0;
  while (good < kept.length) {
    // Not only the ends: a later, larger cut can hide an earlier mistake.
    const next = Math.min(kept.length, good + Math.max(1, Math.ceil(steps.length / CHECKPOINTS)));
    if (fine(next)) {
      good = next;
      continue;
    }
    const bad = firstIndexWhere(kept, (_, count) => !fine(count), good + 1, next); // `next` steps are known to be bad
    kept = kept.filter((_, i) => i !== bad - 1);
    good = bad - 1;
  }
  return kept;
}
