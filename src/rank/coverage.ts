// Knows the order in which units earn their place: greedily by what each adds to what is kept, per token it costs.
// Budgeted maximum coverage: names and pairs of tokens count once and then less, so a unit that only repeats is worth little beside the one it repeats.
import type { TokenEvidence } from '../core/evidence';
import type { Span } from '../core/span';
import { CoverageModel } from './coverageModel';
import { Heap } from './heap';
import { Covered } from './covered';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';

/** A unit and its place among the kept: `key` is the worth per token at which it was taken; it never rises. */
export interface Placed {
  readonly unit: Unit;
  readonly key: number;
}

const LEAST_COST = 0.5; // a unit that closes a hole saves its marker: it may cost nothing, never less

/** Units in the order in which a growing budget takes them in: a child never before its parent. */
export function keepOrder(
  structure: CodeStructure,
  evidence: TokenEvidence,
  mustKeep: readonly Span[],
  excluded: ReadonlySet<Unit> = new Set(),
): Placed[] {
  const { names, pairs } = evidence;
  if (!names) return [];
  const model = new CoverageModel(structure, evidence, mustKeep, excluded);
  const { candidates } = model;
  const covered = new Covered(names, pairs, model.always);

  const density = (index: number): number => {
    const indices = model.withAround(index);
    const all = indices.map((i) => candidates[i]!);
    const tokens = all.reduce((sum, p) => sum + p.tokens, 0);
    const cost = Math.max(LEAST_COST, tokens + names.markerTokens * model.holesAdded(indices));
    return Math.round((covered.worthOf(all) / cost) * 1e4) / 1e4; // the last bits of a sum must not rank
  };

  // An offer is good while it is the newest of its unit, and nothing that it counted was said since.
  const heap = new Heap<{ readonly index: number; readonly value: number; readonly offer: number }>(
    (a, b) =>
      b.value - a.value || candidates[a.index]!.unit.start - candidates[b.index]!.unit.start || a.index - b.index,
  );
  const offers = new Uint32Array(candidates.length);
  const offer = (index: number): void => {
    if (!candidates[index]!.kept) heap.push({ index, value: density(index), offer: ++offers[index]! });
  };
  candidates.forEach((_, i) => offer(i));
  const placed: Placed[] = [];
  let key = Infinity;
  for (let best = heap.pop(); best; best = heap.pop()) {
    if (candidates[best.index]!.kept || best.offer !== offers[best.index]) continue;
    const value = density(best.index); // others may have said it since
    if (value < best.value) {
      heap.push({ ...best, value });
      continue;
    }
    key = Math.min(key, value);
    const taken = model.withAround(best.index);
    for (const i of taken) {
      candidates[i]!.kept = true;
      covered.add(candidates[i]!);
      placed.push({ unit: candidates[i]!.unit, key });
    }
    for (const i of model.touched(taken)) offer(i);
  }
  return placed;
}
