// Tests that a chunked list does what an array does.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstIndexWhere } from '../../../src/core/search';
import { ChunkedList } from '../../../src/cut/chunkedList';

test('it holds what an array would hold, also over many chunks', () => {
  const list = new ChunkedList<number>();
  const array: number[] = [];
  const found: number[] = [];
  for (let i = 0; i < 6000; i++) {
    const item = (i * 7919) % 6007;
    const at = firstIndexWhere(array, (x) => x >= item);
    found.push(list.firstIndexWhere((x) => x >= item) - at);
    array.splice(at, 0, item);
    list.replace(at, 0, item);
  }
  expect(found.every((difference) => difference === 0)).toBe(true);
  expect([...list]).toEqual(array);
  expect(list).toHaveLength(array.length);
  expect([0, 1, 777, 5999, 6000, -1].map((i) => list.at(i))).toEqual(
    [0, 1, 777, 5999, 6000, -1].map((i) => (i < 0 ? undefined : array[i])),
  );
  expect(list.findLast((x) => x < 500)).toBe(array.findLast((x) => x < 500));
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(2500), (from, wanted) => {
      const count = Math.min(wanted, array.length - from);
      if (count <= 0) return;
      const item = array[from]!;
      expect(list.replace(from, count, item)).toEqual(array.splice(from, count, item));
      expect(list.at(from)).toBe(item);
      expect(list.at(from + 1)).toBe(array[from + 1]);
      expect([...list]).toEqual(array);
    }),
    { numRuns: 10 },
  );
});
