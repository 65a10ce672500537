// Tests what a scorer is told about a text, what ranks it, and which names count because other texts use them.
import { expect, test } from 'vitest';
import type { TextChannels } from '../../../src/core/evidence';
import type { Observation } from '../../../src/core/observation';
import { CrossFileNames } from '../../../src/evidence/crossFileNames';
import { channelsOf, evidenceFor } from '../../../src/evidence/evidence';
import type { Scorer } from '../../../src/scorers/index';
import { counterFor } from '../../../src/tokens/counters';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

const text = 'def alpha\n  gamma\ndef beta\n';
const structure = structureOf(text, [linesUnit(text, 1, 2), linesUnit(text, 3)]);
const bounds = boundsOf(text);
const tokens = { length: text.length, ids: new Int32Array(text.length), bounds };
const counter = counterFor('o200k');
const scored = (scores: Float32Array) => ({
  tokens,
  seen: {} as Observation,
  scores: { layers: 2, heads: 2, tokens: text.length, data: scores },
});

test('a scorer that does not weigh ranks by the mean over all caches', () => {
  const scores = Float32Array.from(
    { length: 4 * text.length },
    (_, i) => (i % text.length) + Math.floor(i / text.length),
  );
  const evidence = evidenceFor({} as Scorer, scored(scores), structure, counter);
  expect([...evidence.values]).toEqual([...tokens.ids].map((_, i) => i + 1.5));
  expect(Object.keys(evidence).sort()).toEqual(['bounds', 'values']);
});

test('a scorer that weighs gets the channels, and tokens have costs', () => {
  let told: TextChannels | undefined;
  const weigh = (_: Observation, channels: TextChannels) => ((told = channels), { values: Float32Array.of(9) });
  const evidence = evidenceFor({ weigh } as unknown as Scorer, scored(new Float32Array(0)), structure, counter, {
    focus: 3,
  });
  expect(evidence.values[0]).toBe(9);
  expect(evidence.bounds).toBe(bounds);
  expect(evidence.costs!.reduce((a, b) => a + b)).toBeCloseTo(counter.count(text), 3);
  expect(told!.focus).toEqual({ offset: 3, bounds });
});

test('channels: nothing about a question, a cursor or other texts where there is none', () => {
  const channels = channelsOf(structure, tokens);
  expect(Object.keys(channels).sort()).toEqual(['classes', 'names', 'pairs']);
  expect(channels.names.count).toBe(3);
  expect(channels.pairs.pairs).toHaveLength(text.length);
  expect(channels.classes).toHaveLength(text.length);
  expect(channelsOf(structure, tokens, { others: new Set() }).shared).toBeUndefined();
});

test('channels: the question, the cursor at the start, names of other texts', () => {
  const channels = channelsOf(structure, tokens, { query: 'alpha?', focus: 0, others: new Set(['beta']) });
  expect([...channels.asked!]).toEqual([2, 3, 0]);
  expect(channels.declared![0]).toBe(18);
  expect([...channels.shared!]).toEqual([0, 0, 1]);
  expect(channels.focus).toEqual({ offset: 0, bounds });
});

const one = structureOf('def alpha\nbeta\n');
const two = structureOf('alpha\nother\n');
const three = structureOf('beta\n');
const namesIn = (shared: readonly { names: ReadonlySet<string> }[]): string[][] =>
  shared.map((s) => [...s.names].sort());

test('a name is shared if more than one text has it', () => {
  const cross = new CrossFileNames();
  expect(cross.of([one], undefined)).toEqual([]);
  expect(namesIn(cross.of([one, two], undefined))).toEqual([['alpha'], ['alpha']]);
  expect(namesIn(cross.of([one, two, three], undefined))).toEqual([['alpha', 'beta'], ['alpha'], ['beta']]);
  expect(cross.lastOf(three)!.names).toEqual(new Set(['beta']));
  expect(cross.lastOf(structureOf(''))).toBeUndefined();
});

test('equal names have equal digests, in any order', () => {
  const [a, b, c] = new CrossFileNames().of(
    [structureOf('xxx yyy'), structureOf('yyy xxx'), structureOf('yyy zzz')],
    undefined,
  );
  expect(a!.digest).toBe(b!.digest);
  expect(c!.digest).not.toBe(a!.digest);
  expect(a!.digest).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  const joined = new CrossFileNames().of(
    [structureOf('xxx yyy'), structureOf('xxxyyy'), structureOf('xxx yyy xxxyyy')],
    undefined,
  );
  expect(joined[0]!.digest).not.toBe(joined[1]!.digest);
});

test('the same question has the same answer; other texts, or other files that keep their bytes, another', () => {
  const cross = new CrossFileNames();
  const first = cross.of([one, two], undefined);
  expect(cross.of([one, two], [undefined, undefined])).toBe(first);
  expect(cross.of([one, three], undefined)).not.toBe(first);
  const again = cross.of([one, two], undefined);
  expect(cross.of([one, two, three], undefined)).not.toBe(again);
  expect(cross.of([one, two], [5, undefined])).not.toBe(cross.of([one, two], [undefined, 5]));
  const last = cross.of([one, two], [undefined, 5]);
  cross.clear();
  expect(cross.of([one, two], [undefined, 5])).not.toBe(last);
});

test('a text that keeps its bytes keeps its names, unless another uses one that it defines', () => {
  const cross = new CrossFileNames();
  cross.of([one, three], undefined);
  const kept = cross.of([one, three, structureOf('beta\nalphabet\n')], [9, undefined, undefined]);
  expect(kept[0]).toBe(cross.lastOf(one));
  expect(namesIn(kept)[0]).toEqual(['beta']);
  expect(namesIn(cross.of([one, structureOf('other\n')], [9, undefined]))[0]).toEqual(['beta']); // it no longer shares any
  expect(namesIn(cross.of([one, two], [9, undefined]))[0]).toEqual(['alpha']); // alpha is defined in it
  expect(namesIn(cross.of([one, three], [undefined, 9]))[0]).toEqual(['beta']);
});
