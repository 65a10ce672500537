// Which paths lie in a folder or are one place, by the paths alone.
import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { isInside, isSamePlace } from '../../../../src/node/files/inside';

test('a folder holds itself and what is below, not a neighbour with a longer name', () => {
  expect(['/a/b', '/a/b/c', '/a/b/..c', '/a/bc', '/a', '/x'].map((path) => isInside('/a/b', path))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('on Windows the case of a drive, and of a name, makes no other place', () => {
  expect(isSamePlace('c:\\repo\\src', 'C:\\repo\\src', win32)).toBe(true);
  expect(isSamePlace('C:\\Repo', 'C:\\repo', win32)).toBe(true);
  expect(isSamePlace('c:\\repo', 'd:\\repo', win32)).toBe(false);
  expect(isSamePlace('C:\\repo', 'C:\\repo\\src', win32)).toBe(false);
});

test('elsewhere it does', () => {
  expect(isSamePlace('/repo/src', '/repo/src/', posix)).toBe(true);
  expect(isSamePlace('/Repo', '/repo', posix)).toBe(false);
});
