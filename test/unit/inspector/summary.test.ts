// Tests that the sums of the inspector agree with the report.
import { expect, test } from 'vitest';
import { heatIn, levelsOf, MAX_LEVEL, rangeOf } from '../../../src/inspector/levels';
import { maskStretches } from '../../../src/inspector/mask';
import { ALL, cachesOf, keptBy, sameScope, validScope } from '../../../src/inspector/scope';
import {
  classShares,
  cutScore,
  evictions,
  layerBands,
  layersThatKept,
  meanEviction,
  scoreHistogram,
} from '../../../src/inspector/summary';
import { keptPerCache } from '../../../src/core/report';
import { small } from './report';

const layer0 = { kind: 'layer', layer: 0 } as const;
const cache01 = { kind: 'cache', layer: 0, head: 1 } as const;

test('scopes name caches, and what no report has becomes all of them', () => {
  expect(cachesOf(small, ALL)).toEqual([0, 1, 2, 3]);
  expect(cachesOf(small, layer0)).toEqual([0, 1]);
  expect(cachesOf(small, cache01)).toEqual([1]);
  expect([...keptBy(small, layer0)]).toEqual([2, 0, 1, 0, 2]);
  expect(validScope(small, cache01)).toBe(cache01);
  for (const wrong of [
    { kind: 'layer', layer: 2 },
    { kind: 'cache', layer: 0, head: 2 },
    { kind: 'layer', layer: 0.5 },
  ] as const)
    expect(validScope(small, wrong)).toBe(ALL);
  expect(sameScope(layer0, { kind: 'layer', layer: 0 })).toBe(true);
  expect(sameScope(layer0, cache01)).toBe(false);
});

test('heat map and curve count the same tokens', () => {
  expect(keptPerCache(small)).toEqual([
    [3, 2],
    [1, 5],
  ]);
  expect(layerBands(small)).toEqual([
    { layer: 0, min: 0.4, mean: 0.5, max: 0.6 },
    { layer: 1, min: 0.2, mean: 0.6, max: 1 },
  ]);
});

test('a layer keeps a token where at least half of its heads do', () =>
  expect([...layersThatKept(small)]).toEqual([2, 1, 2, 1, 2]));

test('classes: only those that the text has, in all caches and in one', () => {
  expect(classShares(small)).toEqual([
    { name: 'blank', tokens: 2, kept: 0.25 },
    { name: 'body', tokens: 2, kept: 0.625 },
    { name: 'literal', tokens: 1, kept: 1 },
  ]);
  expect(classShares(small, cache01).map((c) => c.kept)).toEqual([0, 0.5, 1]);
});

test('the histogram holds every score once, kept and dropped apart', () => {
  for (const scope of [ALL, layer0, cache01]) {
    const bins = scoreHistogram(small, scope, 8);
    const caches = cachesOf(small, scope);
    expect(bins.reduce((n, b) => n + b.kept + b.dropped, 0)).toBe(caches.length * 5);
    expect(bins.reduce((n, b) => n + b.kept, 0)).toBe(keptBy(small, scope).reduce((a, b) => a + b, 0));
    for (const b of bins) expect(b.to).toBeGreaterThan(b.from);
  }
  expect(scoreHistogram(small, cache01, 5).map((b) => [b.kept, b.dropped])).toEqual([
    [0, 2],
    [0, 1],
    [0, 0],
    [1, 0],
    [1, 0],
  ]);
  const flat = { ...small, scores: new Float32Array(20).fill(7) };
  expect(scoreHistogram(flat, ALL, 4).map((b) => b.kept + b.dropped)).toEqual([20, 0, 0, 0]);
});

test('one far score does not squeeze the others into one bin', () => {
  const tokens = 2000;
  const scores = Float32Array.from({ length: tokens }, (_, i) => i / tokens);
  scores[0] = -1e6;
  const many = { ...small, layers: 1, heads: 1, ids: new Int32Array(tokens), scores, keeps: new Uint8Array(tokens) };
  const filled = scoreHistogram(many, ALL, 10).filter((b) => b.dropped > 100);
  expect(filled).toHaveLength(10);
});

test('the cut is the threshold; without one, the lowest kept score of a single cache', () => {
  expect(cutScore(small, ALL)).toBe(0);
  const { threshold: _, ...free } = small;
  expect(cutScore(free, ALL)).toBeUndefined();
  expect(cutScore(free, cache01)).toBe(1);
});

test('evictions add up to every entry', () => {
  expect(evictions(small, ALL)).toEqual({ evicted: [6, 2, 1], stayed: 11 });
  expect(evictions(small, cache01)).toEqual({ evicted: [2, 1, 0], stayed: 2 });
  expect([...meanEviction(small, cache01)]).toEqual([3, 0, 1, 0, 3]);
});

test('colours: the ends belong to all and to none alone', () => {
  expect([...levelsOf(small, 'layers', ALL)]).toEqual([MAX_LEVEL, 4, MAX_LEVEL, 4, MAX_LEVEL]);
  expect([...levelsOf(small, 'scope', cache01)]).toEqual([MAX_LEVEL, 0, 0, 0, MAX_LEVEL]);
  expect([...levelsOf(small, 'difference', cache01, Float32Array.of(1, -1, -1, -1, 1))]).toEqual([
    MAX_LEVEL,
    -MAX_LEVEL,
    -MAX_LEVEL,
    -MAX_LEVEL,
    MAX_LEVEL,
  ]);
  const almost = {
    ...small,
    layers: 40,
    heads: 1,
    scores: new Float32Array(200),
    keeps: new Uint8Array(200).map((_, i) => ((i % 5 === 0 && i < 195) || i === 1 ? 1 : 0)),
  };
  expect([...levelsOf(almost, 'layers', ALL)].slice(0, 2)).toEqual([MAX_LEVEL - 1, 1]); // 39 of 40, and 1 of 40
});

test('a scale goes over the range that is there, but makes no great difference of one point', () => {
  const range = rangeOf([0.46, 0.6, 0.5]);
  expect(range).toEqual({ low: 0.46, high: 0.6 });
  expect([0.46, 0.53, 0.6].map((share) => heatIn(share, range))).toEqual([0, expect.closeTo(0.5), 1]);
  for (const shares of [[0.5], [0.49, 0.5], [0], [0.02, 0], [1], [0.97, 1]]) {
    const { low, high } = rangeOf(shares);
    expect(high - low).toBeCloseTo(0.1);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1 + 1e-9);
    for (const share of shares) expect(heatIn(share, { low, high })).toBeGreaterThanOrEqual(0);
  }
});

test('a mask joins neighbours of one fate and tiles the text', () => {
  expect(maskStretches(small, cache01)).toEqual([
    { start: 0, end: 2, kind: 'kept' },
    { start: 2, end: 7, kind: 'dropped' },
    { start: 7, end: 8, kind: 'kept' },
  ]);
  expect(maskStretches(small, layer0).map((s) => s.kind)).toEqual(['kept', 'dropped', 'partly', 'dropped', 'kept']);
});
