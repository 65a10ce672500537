// Keeps what a kept unit refers to: its targets go no earlier than the last unit that needs them.
import type { Brings } from '../parse/targets';
import type { Unit } from '../parse/unit';
import type { RankedUnit } from './rankedUnit';

/**
 * @param ranked the unit to cut first at the front
 * @param brings by unit: the units that stay wherever it stays
 * @param excluded units that are cut whatever the budget: they need nothing
 * @returns the same without targets that always stay, each other target at the place of the unit that goes last of those that need it
 */
export function withBrought(
  units: readonly Unit[],
  ranked: readonly RankedUnit[],
  brings: Brings,
  excluded: ReadonlySet<Unit>,
): RankedUnit[] {
  const order = new Map(ranked.map((r) => [r.unit, r]));
  const parents = parentsOf(units);
  /** A unit with those around it, innermost first. */
  function* upwards(unit: Unit): Generator<Unit> {
    for (let at: Unit | undefined = unit; at; at = parents.get(at)) yield at;
  }
  const needs = new Map<Unit | undefined, Unit[]>(); // by the unit that goes with the one that refers; undefined: it always stays
  for (const [unit, targets] of brings) {
    const around = [...upwards(unit)];
    if (around.some((u) => excluded.has(u))) continue;
    const holder = around.find((u) => order.has(u));
    needs.set(holder, [...(needs.get(holder) ?? []), ...targets]);
  }
  const placed = new Set<Unit>();
  const kept: RankedUnit[] = []; // the unit that is kept first at the front
  const circular: Unit[] = [];
  /** A unit and all that comes with it, a target in front of what needs it, and not what is placed already. */
  const withTargets = (first: Unit | undefined): Unit[] => {
    const groups: Unit[][] = [first ? [first] : []]; // a target with the units around it, outermost first
    if (first) placed.add(first);
    for (let at = 0; at < groups.length; at++)
      for (const unit of at ? groups[at]! : [first])
        for (const target of needs.get(unit) ?? []) {
          // Those of a circle need each other: none can go before the others.
          if (groups.some((g) => g.includes(target))) circular.push(target);
          const group = [...upwards(target)].reverse().filter((u) => order.has(u) && !placed.has(u));
          for (const u of group) placed.add(u);
          if (group.length) groups.push(group);
        }
    return groups.reverse().flat();
  };
  withTargets(undefined);
  for (const { unit, key } of [...ranked].reverse())
    if (!placed.has(unit)) for (const u of withTargets(unit)) kept.push({ unit: u, key });
  if (!circular.length) return kept.reverse();
  const stay = new Set<Unit>();
  for (let unit = circular.pop(); unit; unit = circular.pop()) {
    if (stay.has(unit)) continue;
    stay.add(unit); // what is around it can go with all of them
    for (const target of needs.get(unit) ?? []) circular.push(target);
  }
  return kept.filter(({ unit }) => !stay.has(unit)).reverse();
}

function parentsOf(units: readonly Unit[]): ReadonlyMap<Unit, Unit> {
  const parents = new Map<Unit, Unit>();
  const open = [...units];
  for (let unit = open.pop(); unit; unit = open.pop())
    for (const child of unit.children) {
      parents.set(child, unit);
      open.push(child);
    }
  return parents;
}
