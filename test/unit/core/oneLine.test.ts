// A sentence stays on one line, whatever is put into it.
import { expect, test } from 'vitest';
import { oneLine } from '../../../src/core/oneLine';

test.each([
  ['a\nb', 'a b'],
  ['a \r\n\t b', 'a b'],
  ['a  b', 'a  b'],
  ['\na\n', ' a '],
])('%j', (text, line) => expect(oneLine(text)).toBe(line));

test('takes a time that grows with the text, not with its square', () => {
  expect(oneLine(`${' '.repeat(2_000_000)}x`)).toHaveLength(2_000_001);
});
