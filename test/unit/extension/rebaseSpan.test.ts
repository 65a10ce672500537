// Tests that a selection stays with its code while the text around it and in it changes.
import { expect, test } from 'vitest';
import { rebaseSpan } from '../../../extension/session/rebaseSpan';

const TEXT = 'a\nb\nc\nd\n';
const PART = { start: TEXT.indexOf('b'), end: TEXT.indexOf('d') };
const text = (now: string): string => {
  const { start, end } = rebaseSpan(TEXT, now, PART);
  return now.slice(start, end);
};

test.each([
  [TEXT, 'b\nc\n'],
  ['new\na\nb\nc\nd\n', 'b\nc\n'],
  ['b\nc\nd\n', 'b\nc\n'],
  ['a\nb\nc\nd\nnew\n', 'b\nc\n'],
  ['a\nb\nnew\nc\nd\n', 'b\nnew\nc\n'],
  ['a\nc\nd\n', 'c\n'],
  ['a\nB\nC\nd\n', 'B\nC\n'],
  ['a\nb\nc\n', 'b\nc\n'],
  ['', ''],
  ['A\nb\nc\nD\n', 'b\nc\n'], // edits above and below
  ['new\nA\nb\nc\nD\nnew\n', 'b\nc\n'],
  ['A\nb\nnew\nc\nD\n', 'b\nnew\nc'], // and one in it
  ['a\nd\n', ''],
])('in %j it is %j', (now, part) => expect(text(now)).toBe(part));
