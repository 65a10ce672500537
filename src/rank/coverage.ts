// Orders units greedily by what each adds to the kept text per recipient token: budgeted maximum coverage (docs/method.md).
// A unit that only repeats names and pairs of kept units adds little.
import TinyQueue from 'tinyqueue';
import type { TokenEvidence } from '../core/evidence';
import type { Span } from '../core/span';
import { Chain } from './chain';
import { CoverageModel } from './coverageModel';
import { Covered } from './covered';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import type { RankedUnit } from './rankedUnit';

const LEAST_COST = 0.5; // recipient tokens; a unit that closes a hole saves its marker, which could make the cost zero or less

/**
 * Units in the order in which a growing budget keeps them. A parent always stands before its children. The key of a unit is
 * its worth per recipient token when it was taken; keys never rise along the order.
 *
 * Example, three lines of equal cost: `a = load()`, `a = load()`, `b = save()`. The first line is taken, because it comes
 * first among equals. The second now only repeats names, so `b = save()` is taken next and the repetition last.
 * @param evidence without `names` the result is empty
 * @param mustKeep sorted, disjoint spans that stay; units that overlap them have no place in the order
 * @param excluded units that are cut whatever the budget; their names do not count as kept
 */
export function keepOrder(
  structure: CodeStructure,
  evidence: TokenEvidence,
  mustKeep: readonly Span[],
  excluded: ReadonlySet<Unit> = new Set(),
): RankedUnit[] {
  const { names, pairs } = evidence;
  if (!names) return [];
  const model = new CoverageModel(structure, evidence, mustKeep, excluded);
  const { candidates } = model;
  const covered = new Covered(names, pairs, model.always);
  const chain = new Chain(model, covered);

  const density = (index: number): number => {
    const { worth, tokens, holes } = chain.addedBy(model.withAncestors(index));
    const cost = Math.max(LEAST_COST, tokens + names.markerTokens * holes);
    return Math.round((worth / cost) * 1e4) / 1e4; // rounding errors must not decide the order
  };

  // Lazy greedy: an entry is current if it is the newest of its candidate and its value did not fall since it was pushed.
  const heap = new TinyQueue<{ readonly index: number; readonly value: number; readonly version: number }>(
    [],
    (a, b) =>
      b.value - a.value || candidates[a.index]!.unit.start - candidates[b.index]!.unit.start || a.index - b.index,
  );
  const versions = new Uint32Array(candidates.length);
  const push = (index: number): void => {
    if (!candidates[index]!.kept) heap.push({ index, value: density(index), version: ++versions[index]! });
  };
  candidates.forEach((_, i) => push(i));
  const placed: RankedUnit[] = [];
  let key = Infinity;
  for (let best = heap.pop(); best; best = heap.pop()) {
    if (candidates[best.index]!.kept || best.version !== versions[best.index]) continue;
    const value = density(best.index); // lower if units taken since contain the same names
    if (value < best.value) {
      heap.push({ ...best, value });
      continue;
    }
    key = Math.min(key, value);
    const taken = model.withAncestors(best.index);
    chain.clear();
    for (const i of taken) {
      candidates[i]!.kept = true;
      covered.add(candidates[i]!);
      placed.push({ unit: candidates[i]!.unit, key });
    }
    for (const i of model.affectedBy(taken)) push(i);
  }
  return placed;
}
