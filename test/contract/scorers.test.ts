// Knows what every scorer owes: a number for every token of every cache, purely, without knowing the budget.
import { describe, expect, test } from 'vitest';
import { SCORER_IDS } from '../../src/core/context';
import type { Observation } from '../../src/core/observation';
import { SCORERS } from '../../src/scorers';

const layers = 2;
const heads = 2;
const tokens = 7;
const grid = (f: (i: number) => number) => ({ layers, heads, tokens, data: Float32Array.from({ length: layers * heads * tokens }, (_, i) => f(i)) });
const seen: Observation = {
  layers,
  heads,
  tokens,
  nammScore: grid((i) => Math.sin(i)),
  attentionSum: grid((i) => i % 5),
  keyNorm: grid((i) => 1 + (i % 3)),
  evictedAt: new Int16Array(layers * heads * tokens).fill(-1),
  updates: 1,
  meanCacheLength: tokens,
};

describe.each(SCORER_IDS)('%s', (id) => {
  test('scores every token, the same way twice, and leaves what it saw alone', () => {
    const before = JSON.stringify(seen);
    const a = SCORERS[id]().score(seen);
    const b = SCORERS[id]().score(seen);
    expect(a.data.length).toBe(layers * heads * tokens);
    expect(a.data.every(Number.isFinite)).toBe(true);
    expect(a.data).toEqual(b.data);
    expect(JSON.stringify(seen)).toBe(before);
  });

  test('says so when its signals are missing', () => {
    const { nammScore: _n, attentionSum: _a, keyNorm: _k, ...blind } = seen;
    const scorer = SCORERS[id]();
    if (scorer.needs.size) expect(() => scorer.score(blind)).toThrow(/internal/);
    else expect(scorer.score(blind).data.length).toBe(layers * heads * tokens);
  });
});

test('directions: more attention, smaller keys, later positions', () => {
  expect(SCORERS.h2o().score(seen).data[4]!).toBeGreaterThan(SCORERS.h2o().score(seen).data[0]!);
  expect(SCORERS.keyNorm().score(seen).data[0]!).toBeGreaterThan(SCORERS.keyNorm().score(seen).data[2]!);
  const r = SCORERS.recency().score(seen).data;
  for (let t = 1; t < tokens; t++) expect(r[t]!).toBeGreaterThan(r[t - 1]!);
});
