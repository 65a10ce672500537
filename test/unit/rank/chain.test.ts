// Tests that a candidate is judged with its ancestors, and that a large parent is not looked at for each of its children.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TokenEvidence } from '../../../src/core/evidence';
import type { CodeStructure } from '../../../src/parse/structure';
import { Chain } from '../../../src/rank/chain';
import { keepOrder } from '../../../src/rank/coverage';
import { CoverageModel } from '../../../src/rank/coverageModel';
import { Covered } from '../../../src/rank/covered';
import { namesOf } from '../../../src/evidence/names';
import { runs } from '../../support/brief';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

/** Each token is one unit of the text and a pair by itself; names and pairs differ in worth. */
function evidenceOf(structure: CodeStructure): TokenEvidence {
  const { text } = structure.source;
  const bounds = boundsOf(text);
  const table = namesOf(structure, bounds, structure.classes(bounds));
  const worth = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => 1 + (i % 7) / 8);
  return {
    bounds,
    values: worth(text.length),
    names: {
      table,
      mention: worth(table.count),
      definition: worth(table.count),
      repeatDecay: 0.25,
      markerTokens: 2,
    },
    pairs: {
      table: { count: 256, pairs: Int32Array.from(text, (c) => c.charCodeAt(0)) },
      worth: worth(256),
      repeatDecay: 0.5,
    },
  };
}

/** Four levels of units, each with lines of its own between its children. */
const TEXT = Array.from({ length: 40 }, (_, i) => `name${i % 11} other${i % 5}\n`).join('');
const NESTED = structureOf(TEXT, [
  linesUnit(TEXT, 1, 18, [
    linesUnit(TEXT, 2, 8, [linesUnit(TEXT, 4, 6, [linesUnit(TEXT, 5)]), linesUnit(TEXT, 8)]),
    linesUnit(TEXT, 10, 12, [], { comment: true }),
    linesUnit(TEXT, 14, 16, [linesUnit(TEXT, 15)]),
  ]),
  linesUnit(TEXT, 20, 38, [linesUnit(TEXT, 22), linesUnit(TEXT, 24, 30, [linesUnit(TEXT, 26)])]),
]);

/** A chain over the text of which nothing is kept yet. */
function chainOver(
  structure: CodeStructure,
  evidence: TokenEvidence,
): { model: CoverageModel; covered: Covered; chain: Chain } {
  const model = new CoverageModel(structure, evidence, [], new Set());
  const covered = new Covered(evidence.names!, evidence.pairs, model.always);
  return { model, covered, chain: new Chain(model, covered) };
}

test('an answer does not depend on the questions before it', () => {
  const evidence = evidenceOf(NESTED);
  const question = fc.record({ candidate: fc.nat(11), keep: fc.boolean() });
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 20 }), (questions) => {
      const [one, other] = [chainOver(NESTED, evidence), chainOver(NESTED, evidence)];
      for (const { candidate, keep } of questions) {
        const path = one.model.withAncestors(candidate % one.model.candidates.length);
        if (!path.length) continue;
        other.chain.clear();
        expect(one.chain.addedBy(path)).toEqual(other.chain.addedBy(path));
        if (!keep) continue;
        for (const { model, covered, chain } of [one, other]) {
          chain.clear();
          for (const i of path) {
            model.candidates[i]!.kept = true;
            covered.add(model.candidates[i]!);
          }
        }
      }
    }),
    runs(200, 50),
  );
});

test('a child of a parent adds what both add, one after the other', () => {
  const evidence = evidenceOf(NESTED);
  const { model, covered, chain } = chainOver(NESTED, evidence);
  const [outer, inner] = [model.candidates[0]!, model.candidates[1]!];
  const { worth, tokens } = chain.addedBy([0, 1]);
  chain.clear();
  const alone = covered.worthOf(outer);
  covered.add(outer);
  expect(worth).toBeCloseTo(alone + covered.worthOf(inner), 9);
  expect(tokens).toBeCloseTo(outer.tokens + inner.tokens, 9);
});

test('the words of a large parent are looked at a few times, however many children it has', () => {
  const count = 500;
  const text = Array.from({ length: 2 * count }, (_, i) => `word${i}\n`).join('');
  const children = Array.from({ length: count }, (_, i) => linesUnit(text, 2 * i + 1));
  const structure = structureOf(text, [linesUnit(text, 1, 2 * count, children)]);
  const evidence = evidenceOf(structure);
  let looks = 0;
  const mention = new Proxy(evidence.names!.mention, {
    get(worth, key) {
      looks++;
      return Reflect.get(worth, key) as unknown;
    },
  });
  const order = keepOrder(structure, { ...evidence, names: { ...evidence.names!, mention } }, []);
  expect(order).toHaveLength(count + 1);
  expect(looks).toBeLessThan(30 * count);
});
