// Tests spans, lines and the binary search at their edges.
import { describe, expect, test } from 'vitest';
import { Lines } from '../../../src/core/lines';
import { firstIndexWhere } from '../../../src/core/search';
import { complementSpans, overlaps, sharedSpans, tiles, unionSpans, type Span } from '../../../src/core/span';

const spans = (...edges: readonly [number, number][]): Span[] => edges.map(([start, end]) => ({ start, end }));

test('the first index that holds, in a part of a list', () => {
  const list = [1, 3, 3, 5];
  expect([0, 1, 2, 3, 4, 5, 6].map((x) => firstIndexWhere(list, (y) => y >= x))).toEqual([0, 0, 1, 1, 3, 3, 4]);
  expect(firstIndexWhere(list, (_, i) => i >= 2, 1, 4)).toBe(2);
  expect(firstIndexWhere(list, () => true, 1, 3)).toBe(1);
  expect(firstIndexWhere(list, () => false, 1, 3)).toBe(3);
});

describe('spans', () => {
  test('a union is sorted and disjoint, without empty spans', () => {
    expect(unionSpans(spans([5, 7], [0, 2], [2, 3], [6, 9], [4, 4], [1, 2]))).toEqual(spans([0, 3], [5, 9]));
    expect(unionSpans(spans([0, 9], [2, 3]))).toEqual(spans([0, 9]));
    expect(unionSpans([])).toEqual([]);
  });
  test('the complement is what lies between', () => {
    expect(complementSpans(spans([2, 4], [4, 6]), 8)).toEqual(spans([0, 2], [6, 8]));
    expect(complementSpans(spans([0, 8]), 8)).toEqual([]);
    expect(complementSpans([], 3)).toEqual(spans([0, 3]));
    expect(complementSpans([], 0)).toEqual([]);
  });
  test('the shared parts of two lists', () => {
    expect(sharedSpans(spans([0, 4], [6, 9]), spans([2, 7], [8, 12]))).toEqual(spans([2, 4], [6, 7], [8, 9]));
    expect(sharedSpans(spans([0, 2]), spans([2, 4]))).toEqual([]);
    expect(sharedSpans(spans([0, 4], [4, 6]), spans([1, 4], [5, 6]))).toEqual(spans([1, 4], [5, 6]));
  });
  test('an overlap is at least one unit', () => {
    const list = spans([2, 4], [6, 8]);
    const found = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => overlaps(list, at, at + 1));
    expect(found).toEqual([false, false, true, true, false, false, true, true, false]);
    expect(overlaps(list, 4, 6)).toBe(false);
    expect(overlaps(list, 0, 2)).toBe(false);
    expect(overlaps(list, 0, 3)).toBe(true);
    expect(overlaps(list, 3, 3)).toBe(false);
    expect(overlaps([], 0, 9)).toBe(false);
  });
  test('spans tile a text if they follow each other up to its end', () => {
    expect(tiles(spans([0, 2], [2, 2], [2, 5]), 5)).toBe(true);
    expect(tiles([], 0)).toBe(true);
    expect(tiles(spans([0, 2], [3, 5]), 5)).toBe(false);
    expect(tiles(spans([0, 3], [2, 5]), 5)).toBe(false);
    expect(tiles(spans([0, 2]), 5)).toBe(false);
    expect(tiles(spans([0, 3], [3, 2], [2, 5]), 5)).toBe(false);
  });
});

describe('lines', () => {
  test('end with any line break, and hold every offset', () => {
    const lines = new Lines('a\nb\r\n\rc');
    expect(lines.all()).toEqual(spans([0, 2], [2, 5], [5, 6], [6, 7]));
    expect([0, 1, 2, 4, 5, 6, 7].map((offset) => lines.at(offset))).toEqual([0, 0, 1, 1, 2, 3, 3]);
    expect(new Lines('a\r').all()).toEqual(spans([0, 2], [2, 2]));
    expect(new Lines('').all()).toEqual(spans([0, 0]));
    expect(lines.at(-1)).toBe(0);
  });
  test('are own if nothing else stands on them', () => {
    const own = (text: string, start: number, end: number): Span | undefined => new Lines(text).own(start, end);
    expect(own('a\n  b \nc', 4, 5)).toEqual({ start: 2, end: 7 });
    expect(own('a\nb c\nd', 2, 3)).toBeUndefined();
    expect(own('a\nb c\nd', 4, 5)).toBeUndefined();
    expect(own('a\nb\nc\nd', 2, 5)).toEqual({ start: 2, end: 6 });
    expect(own('a\nb\n', 2, 4)).toEqual({ start: 2, end: 4 });
    expect(own('a\nb\n', 2, 2)).toBeUndefined();
  });
  test('do not own a byte order mark', () => {
    expect(new Lines('\ufeffa\nb\n').own(1, 2)).toEqual({ start: 1, end: 3 });
    expect(new Lines('\ufeffa\nb\n').own(0, 2)).toBeUndefined();
    expect(new Lines('a\n\ufeffb\n').own(3, 4)).toEqual({ start: 2, end: 5 }); // it is white space inside a text
    expect(new Lines('a\nb\ufeff').own(0, 1)).toEqual({ start: 0, end: 2 });
  });
});
