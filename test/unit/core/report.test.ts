// Tests a report token by token, and its JSON.
import { expect, test } from 'vitest';
import type { InspectReport } from '../../../src/core/context';
import { keptPerCache, reportJson, tokenAt, tokenFacts, tokenIndexAt } from '../../../src/core/report';

/** Two layers of two heads, three tokens. */
const report: InspectReport = {
  version: 1,
  path: 'a',
  languageId: 'go',
  scorer: 'namm',
  model: { name: 'm', sha256: 's' },
  layers: 2,
  heads: 2,
  bounds: Int32Array.of(0, 2, 2, 5),
  ids: Int32Array.of(7, 8, 9),
  classes: Uint8Array.of(5, 1, 6),
  scores: Float32Array.from({ length: 12 }, (_, i) => i),
  keeps: Uint8Array.of(1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0),
  retention: Float32Array.of(0.5, 0.25, 0.1),
  evictedAt: Int16Array.from({ length: 12 }, (_, i) => -i),
  updates: 3,
  read: Int32Array.of(1, 2, 3),
  meanCacheLength: 2,
};

test('how many tokens each cache kept', () => {
  expect(keptPerCache(report)).toEqual([
    [2, 2],
    [1, 0],
  ]);
});

test('the token at an offset', () => {
  expect([-1, 0, 1, 2, 4, 5, 6].map((offset) => tokenIndexAt(report.bounds, offset))).toEqual([
    undefined,
    0,
    0,
    2,
    2,
    undefined,
    undefined,
  ]);
  expect(tokenIndexAt(Int32Array.of(3, 5), 2)).toBeUndefined();
  expect(tokenAt(report, 9)).toBeUndefined();
  expect(tokenAt(report, 3)).toEqual(tokenFacts(report, 2));
});

test('what is known of a token', () => {
  expect(tokenFacts(report, 2)).toEqual({
    index: 2,
    start: 2,
    end: 5,
    class: 'literal',
    meanScore: (2 + 5 + 8 + 11) / 4,
    retention: report.retention[2],
    keptPerLayer: [0.5, 0.5],
  });
  expect(tokenFacts(report, 0).keptPerLayer).toEqual([1, 0]);
});

test('JSON: arrays are plain, caches are nested, numbers have six digits', () => {
  const text = reportJson(report);
  expect(text.endsWith('}\n')).toBe(true);
  const json = JSON.parse(text) as Record<string, unknown>;
  expect(json.bounds).toEqual([0, 2, 2, 5]);
  expect(json.retention).toEqual([0.5, 0.25, 0.1]);
  expect(json.scores).toEqual([
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    [
      [6, 7, 8],
      [9, 10, 11],
    ],
  ]);
  expect((json.keeps as number[][][])[1]![0]).toEqual([0, 0, 1]);
  expect((json.evictedAt as number[][][])[1]![1]).toEqual([-9, -10, -11]);
});
