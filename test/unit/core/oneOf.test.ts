// Tests that only a listed string is accepted.
import { expect, test } from 'vitest';
import { oneOf } from '../../../src/core/oneOf';

test('a listed string is returned, anything else is not', () => {
  expect(oneOf(['text', 'json'], 'json')).toBe('json');
  for (const other of ['xml', '', 0, undefined, null, ['text']]) expect(oneOf(['text', 'json'], other)).toBeUndefined();
});
