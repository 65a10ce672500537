// What a terminal would obey is shown instead.
import { expect, test } from 'vitest';
import { oneLine, printable, printableLines } from '../../../src/core/printable';

test.each([
  ['src/a b-ü😀.ts', 'src/a b-ü😀.ts'],
  ['\x1b[2Ja.ts', '\\x1b[2Ja.ts'],
  ['a\nnamm: done\r', 'a\\x0anamm: done\\x0d'],
  ['\x9b31m\x7f\0', '\\x9b31m\\x7f\\x00'],
  ['a\u202etxt.exe\u2066\u200f\u061c\u2028', 'a\\u202etxt.exe\\u2066\\u200f\\u061c\\u2028'],
])('%j', (text, shown) => expect(printable(text)).toBe(shown));

test('lines stay lines', () => expect(printableLines('a\r\n\x1bb\n')).toBe('a\n\\x1bb\n'));

test.each([
  ['a\nb', 'a b'],
  ['a \r\n\t b', 'a b'],
  ['a  b', 'a  b'],
  ['\na\n', ' a '],
])('%j is on one line', (text, line) => expect(oneLine(text)).toBe(line));

test('one line takes a time that grows with the text, not with its square', () => {
  expect(oneLine(`${' '.repeat(2_000_000)}x`)).toHaveLength(2_000_001);
});
