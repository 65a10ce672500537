// Line numbers become spans, or an error that names the text and how many lines it has.
import { expect, test } from 'vitest';
import { spanOfLines } from '../../../src/session/lines';

const TEXT = 'one\r\ntwo\rthree\n';

test.each([
  [1, 1, 'one\r\n'],
  [2, 3, 'two\rthree\n'],
  [3, 99, 'three\n'],
])('lines %d-%d', (from, to, text) => {
  const { start, end } = spanOfLines(TEXT, { from, to }, 'a.ts');
  expect(TEXT.slice(start, end)).toBe(text);
});

test('a text without a line break has one line, and the last break begins no line', () => {
  expect(spanOfLines('x', { from: 1, to: 1 }, 'a.ts')).toEqual({ start: 0, end: 1 });
  expect(() => spanOfLines(TEXT, { from: 4, to: 4 }, 'a.ts')).toThrow('behind the 3 lines of a.ts');
});

test.each([
  [900, 950, /lie behind the 3 lines/],
  [0, 1, /are no lines/],
  [1.5, 2, /are no lines/],
  [1, NaN, /are no lines/],
  [3, 2, /end before they begin/],
])('lines %d-%d are refused', (from, to, message) => {
  expect(() => spanOfLines(TEXT, { from, to }, 'a.ts')).toThrow(message);
  expect(() => spanOfLines(TEXT, { from, to }, 'a.ts')).toThrow(expect.objectContaining({ reason: 'linesOutside' }));
});
