// Tests how a text is divided among its cuttable units, and which holes open and close when some of them are kept.
import { expect, test } from 'vitest';
import type { TokenEvidence } from '../../../src/core/evidence';
import type { CodeStructure } from '../../../src/parse/structure';
import { CoverageModel } from '../../../src/rank/coverageModel';
import { namesOf } from '../../../src/evidence/names';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

/** A token per unit of the text, worth 1 and of cost 2; a pair per different unit. */
function modelOf(
  structure: CodeStructure,
  mustKeep: readonly { start: number; end: number }[] = [],
  excluded: readonly number[] = [],
): CoverageModel {
  const { text } = structure.source;
  const bounds = boundsOf(text);
  const table = namesOf(structure, bounds, structure.classes(bounds));
  const evidence: TokenEvidence = {
    bounds,
    values: new Float32Array(text.length).fill(1),
    costs: new Float32Array(text.length).fill(2),
    names: { table, mention: new Float32Array(0), definition: new Float32Array(0), repeatDecay: 0, markerTokens: 1 },
    pairs: {
      table: { count: 256, pairs: Int32Array.from(text, (c) => (c === '-' ? -1 : c.charCodeAt(0))) },
      worth: new Float32Array(256),
      repeatDecay: 0,
    },
  };
  return new CoverageModel(structure, evidence, mustKeep, new Set(excluded.map((i) => structure.units[i]!)));
}
/** By how many the holes grow when these candidates are kept, one after another. */
function holesAdded(model: CoverageModel, ...indices: number[]): number {
  const added = indices.map((i) => {
    const own = model.holesAdded(i);
    model.hold(i);
    return own;
  });
  indices.forEach((i) => model.release(i));
  return added.reduce((sum, own) => sum + own, 0);
}
const letters = (codes: Iterable<number>): string => [...codes].map((c) => String.fromCharCode(c)).join('');

test('names, pairs, values and costs belong to the innermost candidate', () => {
  const text = 'def outer\n  inner outer\nzzz\n';
  const inner = linesUnit(text, 2);
  const model = modelOf(structureOf(text, [linesUnit(text, 1, 2, [inner])]));
  const [outer, child] = model.candidates;
  expect(model.candidates.map((c) => c.unit.start)).toEqual([0, 10]);
  expect([outer!.parent, child!.parent, outer!.children]).toEqual([-1, 0, [1]]);
  expect([[...outer!.mentions], [...outer!.definitions]]).toEqual([[0], [0]]); // outer
  expect([[...child!.mentions], [...child!.definitions]]).toEqual([[1, 0], []]); // inner, outer
  expect([[...model.always.mentions], [...model.always.definitions]]).toEqual([[2], []]); // zzz
  expect([outer!.worth, outer!.tokens]).toEqual([10, 20]);
  expect([child!.worth, child!.tokens]).toEqual([14, 28]);
  expect(letters(outer!.pairs)).toBe('def outr\n');
  expect(letters(model.always.pairs)).toBe('zzz\n');
});

test('a token that ends no pair adds none, and a unit that must stay is no candidate', () => {
  const text = 'a-b\nc--\nd\n';
  const model = modelOf(structureOf(text), [{ start: 4, end: 5 }]);
  expect(model.candidates.map((c) => letters(c.pairs))).toEqual(['ab\n', 'd\n']);
  expect(letters(model.always.pairs)).toBe('c\n');
});

test('a unit that only groups others is no candidate', () => {
  const text = 'one\ntwo\n';
  const group = linesUnit(text, 1, 2, [linesUnit(text, 2)], { cuttable: false });
  const model = modelOf(structureOf(text, [group]));
  expect(model.candidates.map((c) => [c.unit.start, c.parent])).toEqual([[4, -1]]);
});

test('nobody owns what is excluded, and its names and pairs count for nobody', () => {
  const text = 'one one\ntwo two\nsix\n';
  const model = modelOf(structureOf(text), [], [1]);
  expect(model.candidates.map((c) => [...c.mentions])).toEqual([[0], [2]]);
  expect(model.candidates.map((c) => letters(c.pairs))).toEqual(['one \n', 'six\n']);
  expect(model.always.pairs).toEqual([]);
});

test('holes grow, shrink, split and close', () => {
  const model = modelOf(structureOf('a\nb\nc\nd\ne\n'));
  const keep = (...kept: number[]): void => kept.forEach((i) => (model.candidates[i]!.kept = true));
  expect(holesAdded(model, 0)).toBe(0); // the one hole gets smaller
  expect(holesAdded(model, 2)).toBe(1); // it splits
  expect(holesAdded(model, 1, 2, 3)).toBe(1);
  expect(holesAdded(model, 0, 1, 2, 3, 4)).toBe(-1); // it closes
  keep(2);
  expect(holesAdded(model, 0, 1)).toBe(-1);
  expect(holesAdded(model, 1)).toBe(0);
  expect(holesAdded(model, 0)).toBe(0);
  keep(0);
  expect(holesAdded(model, 1)).toBe(-1);
  expect([...model.affectedBy([2])].sort()).toEqual([1, 3]); // the edges of the holes beside it
  expect([...model.affectedBy([0])]).toEqual([1]);
});

test('white space between units opens no hole, code between them does', () => {
  const blank = modelOf(structureOf('a\n\n\nb\n', [linesUnit('a\n\n\nb\n', 1), linesUnit('a\n\n\nb\n', 4)]));
  expect(holesAdded(blank, 0)).toBe(0);
  const code = modelOf(structureOf('a\nx\nb\n', [linesUnit('a\nx\nb\n', 1), linesUnit('a\nx\nb\n', 3)]));
  expect(holesAdded(code, 0)).toBe(-1);
});

test('a kept comment splits the hole around it, and none at the edge of one', () => {
  const text = 'a\n# note\nb\n# last\n';
  const comment = { comment: true };
  const model = modelOf(
    structureOf(text, [
      linesUnit(text, 1),
      linesUnit(text, 2, 2, [], comment),
      linesUnit(text, 3),
      linesUnit(text, 4, 4, [], comment),
    ]),
  );
  expect(holesAdded(model, 1)).toBe(1);
  expect(holesAdded(model, 0, 1)).toBe(0);
  expect(holesAdded(model, 1, 0)).toBe(0); // in any order
  expect(holesAdded(model, 3)).toBe(0);
});

test('a child comes with its parents, and its children may get cheaper', () => {
  const text = 'a\nb\nc\n';
  const model = modelOf(structureOf(text, [linesUnit(text, 1, 3, [linesUnit(text, 2, 3, [linesUnit(text, 3)])])]));
  expect(model.withAncestors(2)).toEqual([0, 1, 2]);
  model.candidates[0]!.kept = true;
  expect(model.withAncestors(2)).toEqual([1, 2]);
  expect(model.affectedBy([0])).toContain(1);
});
