// Tests that the places where two cuts differ are found, counted once, and the largest first.
import { expect, test } from 'vitest';
import { Lines } from '../../../src/core/lines';
import { differingLines } from '../../../src/inspector/differences';

// Seven lines of two tokens: a letter and the line break behind it.
const text = 'a\nb\nc\nd\ne\nf\ng\n';
const lines = new Lines(text);
const report = {
  bounds: Int32Array.from({ length: 15 }, (_, i) => i),
  classes: Uint8Array.from({ length: 14 }, (_, i) => (i % 2 ? 0 : 5)), // body, blank
};
const of = (letters: string): Float32Array =>
  Float32Array.from({ length: 14 }, (_, t) => ({ '+': 1, '-': -1, '.': 0 })[letters[t >> 1]!]!);

test('lines with at most one between them are one place; line breaks count in none', () => {
  expect(differingLines(report, of('+.-....'), lines)).toEqual([{ first: 0, last: 2, onlyFirst: 1, onlySecond: 1 }]);
  expect(differingLines(report, of('.......'), lines)).toEqual([]);
});

test('the place with most tokens comes first, of equals the earlier', () => {
  expect(differingLines(report, of('-..++.-'), lines)).toEqual([
    { first: 3, last: 6, onlyFirst: 2, onlySecond: 1 },
    { first: 0, last: 0, onlyFirst: 0, onlySecond: 1 },
  ]);
  expect(differingLines(report, of('-..+..-'), lines).map((d) => d.first)).toEqual([0, 3, 6]);
});
