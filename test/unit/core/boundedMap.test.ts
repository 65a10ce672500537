// Tests that the values stay within their bound, and that older versions of one thing are removed.
import { expect, test } from 'vitest';
import { BoundedMap } from '../../../src/core/boundedMap';

const held = (b: BoundedMap<string>, keys: readonly string[]): string[] => keys.filter((k) => b.take(k) !== undefined);

test('what was not used for longest goes first', () => {
  const b = new BoundedMap<string>(3, () => 1);
  for (const k of ['a', 'b', 'c']) b.set(k, k);
  b.get('a');
  b.set('d', 'd');
  expect(b.cost).toBe(3);
  expect(held(b, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
  expect(b.cost).toBe(0);
});

test('what costs more than all may is not held', () => {
  const b = new BoundedMap<string>(3, (v) => v.length);
  b.set('a', 'xx');
  b.set('b', 'xxxx');
  b.set('c', 'xxx');
  expect(b.cost).toBe(3);
  b.set('a', 'xx');
  expect(held(b, ['a', 'b'])).toEqual(['a']);
});

test('of the versions of one text the last four used stay, other texts are untouched', () => {
  const b = new BoundedMap<string>(100, () => 1);
  b.set('other', 'other');
  for (let i = 0; i < 4; i++) b.set(`v${i}`, '', 'text');
  b.get('v0');
  b.set('v4', '', 'text');
  expect(b.size).toBe(5);
  expect(held(b, ['other', 'v0', 'v1', 'v2', 'v3', 'v4'])).toEqual(['other', 'v0', 'v2', 'v3', 'v4']);
});

test('nothing is left after a clear, and what is not there is undefined', () => {
  const b = new BoundedMap<string>(3, () => 1);
  b.set('a', 'a');
  b.clear();
  expect([b.size, b.cost, b.get('a'), b.take('a')]).toEqual([0, 0, undefined, undefined]);
  b.set('a', 'b');
  b.set('a', 'c');
  expect([b.size, b.cost, b.get('a')]).toEqual([1, 1, 'c']);
});
