// Tests which entries a cache keeps.
import { expect, test } from 'vitest';
import { keepAligned, keepPerHead, keepTop } from '../../../src/core/select';
import { keepHeavyHitters } from '../../support/heavyHitters';

test('a head keeps scores at or above the threshold, and always the newest', () => {
  expect(keepPerHead([1, -1, 0, -5], 0)).toEqual([0, 2, 3]);
  expect(keepPerHead([-1, -2], 0)).toEqual([1]);
  expect(keepPerHead([], 0)).toEqual([]);
});

test('above the cache size a head keeps its best and the newest, of equals the later', () => {
  expect(keepPerHead([3, 9, 5, 5, 1], 0, 3)).toEqual([1, 3, 4]);
  expect(keepPerHead([3, 9, 5, 5, 1], 0, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(keepPerHead([3, 9, 5, 5, 1], 0, 4)).toEqual([1, 2, 3, 4]);
});

test('aligned heads keep as many as the head that wants most', () => {
  expect(
    keepAligned(
      [
        [1, 1, -1, -1],
        [-3, -2, -4, 1],
      ],
      0,
    ),
  ).toEqual([
    [0, 1, 3],
    [0, 1, 3],
  ]);
  expect(keepAligned([[1, 2, 3, 4]], 0, 2)).toEqual([[2, 3]]);
});

test('heavy hitters: the largest sums and the most recent', () => {
  expect(keepHeavyHitters([1, 9, 5, 7, 0, 0], 2, 2)).toEqual([1, 3, 4, 5]);
  expect(keepHeavyHitters([5, 1, 5, 5, 9, 0, 0], 2, 2)).toEqual([0, 4, 5, 6]); // the earlier of equals
  expect(keepHeavyHitters([1, 2, 3], 2, 1)).toEqual([0, 1, 2]);
  expect(keepHeavyHitters([1, 2, 3, 4], 2, 1)).toEqual([1, 2, 3]);
});

test('the k largest, in order of their slots, of equals the earlier', () => {
  expect(keepTop([4, 8, 4, 9, 4], 3)).toEqual([0, 1, 3]);
  expect(keepTop([1], 0)).toEqual([]);
  expect(keepTop(Float32Array.of(1, 2, 3), 2)).toEqual([1, 2]);
});
