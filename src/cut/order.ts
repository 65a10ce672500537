// Orders the cuts of a text so that it stays valid after each: one order per text, and every budget is a prefix of it.
import { firstIndexWhere } from '../core/search';
import { overlaps, unionSpans, type Span } from '../core/span';
import type { DropEffect, SourceText } from '../core/context';
import type { TokenEvidence } from '../core/evidence';
import { withBrought } from '../rank/brought';
import type { RankedUnit } from '../rank/rankedUnit';
import { rankUnits, type RankRules } from '../rank/rankUnits';
import { cutText } from './holes';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import type { ConstraintSpans } from './constraints';
import { dropEffects, unitsToCut } from './drops';

/** One more unit is cut. The keys rise along the order, except where a unit inside another forbids it. */
export type CutStep = RankedUnit;

export interface CutOrder {
  readonly source: SourceText;
  readonly structure: CodeStructure;
  readonly steps: readonly CutStep[];
  /** Number of leading steps that every budget takes: what the user excluded. */
  readonly forced: number;
  /** What becomes of each of the drops that it was made with. */
  readonly drops: readonly DropEffect[];
  /** Sorted and disjoint. */
  readonly pins: readonly Span[];
  readonly protectedSpans: readonly Span[];
}

export interface OrderOptions {
  readonly drops?: ConstraintSpans['drops'];
  readonly protects?: ConstraintSpans['protects'];
  readonly rules?: RankRules;
  /** False skips the check of the order by the parser: the training ranks thousands of orders and renders few of them. */
  readonly verify?: boolean;
}

const CHECKPOINTS = 12; // prefixes that are parsed before a mistake is looked for by bisection

/**
 * Orders all units that may be cut: the unit with the least evidence for keeping it first.
 *
 * The order is nested: a budget takes its first n steps, so a smaller budget cuts everything that a larger one cuts, and more.
 * Example: the steps are [comment, debug line, helper function]. A budget of 90 % may take one step, 50 % the first two,
 * 20 % all three; none restores the comment that another one cut.
 * @param pins spans that stay, UTF-16, in any order
 */
export function orderCuts(
  structure: CodeStructure,
  evidence: TokenEvidence,
  pins: readonly Span[],
  options: OrderOptions = {},
): CutOrder {
  structure.renew();
  const { drops = [], protects = [] } = options;
  const stay = unionSpans([...pins, ...protects]);
  const asked = drops.length ? unitsToCut(structure, drops, stay) : [];
  let removed: CutStep[] = asked.map((unit) => ({ unit, key: -Infinity }));
  if (options.verify !== false && removed.length) removed = verified(structure, removed);
  const excluded = new Set(removed.map((s) => s.unit));
  const refused = asked.filter((unit) => !excluded.has(unit));
  const effects = drops.length ? dropEffects(structure, drops, stay, [...excluded], refused) : [];
  const gone = unionSpans(excluded);
  const stays = structure.protectedSpans.filter((s) => !overlaps(gone, s.start, s.end));
  const protectedSpans = unionSpans([...stays, ...protects]);
  const mustKeep = unionSpans([...pins, ...protectedSpans]);
  let steps = withoutInner([...removed, ...rankUnits(structure, evidence, mustKeep, excluded, options.rules)]);
  if (options.verify !== false) steps = verified(structure, steps);
  const forced = steps.filter((s) => excluded.has(s.unit)).length;
  // What cannot be cut after all still needs what it refers to.
  if (structure.brings?.size)
    steps = [
      ...steps.slice(0, forced),
      ...withBrought(structure.units, steps.slice(forced), structure.brings, excluded),
    ];
  return { source: structure.source, structure, steps, forced, drops: effects, pins: unionSpans(pins), protectedSpans };
}

/** Removes steps whose unit lies inside a unit of an earlier step. */
function withoutInner(steps: readonly CutStep[]): CutStep[] {
  const gone = new Set<Unit>();
  const addInner = (unit: Unit): void => {
    for (const child of unit.children) {
      if (gone.has(child)) continue;
      gone.add(child);
      addInner(child);
    }
  };
  return steps.filter(({ unit }) => {
    if (gone.has(unit)) return false;
    gone.add(unit);
    addInner(unit);
    return true;
  });
}

/** Removes the steps that would add a syntax error. Prefixes are parsed at checkpoints; a bad step is found by bisection. */
function verified(structure: CodeStructure, steps: readonly CutStep[]): CutStep[] {
  const allowed = structure.errorsIn(structure.source.text);
  let kept = [...steps];
  const isValid = (count: number): boolean =>
    structure.errorsIn(
      cutText(
        structure.source,
        kept.slice(0, count).map((s) => s.unit),
      ),
    ) <= allowed;
  let good = 0;
  while (good < kept.length) {
    // The whole order alone is not enough: a later, larger cut can hide an earlier mistake.
    const next = Math.min(kept.length, good + Math.max(1, Math.ceil(steps.length / CHECKPOINTS)));
    if (isValid(next)) {
      good = next;
      continue;
    }
    const bad = firstIndexWhere(kept, (_, count) => !isValid(count), good + 1, next); // `next` steps are known to be bad
    kept = kept.filter((_, i) => i !== bad - 1);
    good = bad - 1;
  }
  return kept;
}
