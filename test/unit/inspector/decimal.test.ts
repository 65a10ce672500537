// Tests how scores are written in the inspector.
import { expect, test } from 'vitest';
import { decimalIn } from '../../../src/inspector/decimal';

test('what is rounded to zero has no sign; everything else that is negative has a minus', () => {
  const decimal = decimalIn('en');
  expect([-0.004, -0, 0, 0.004].map(decimal)).toEqual(['0.00', '0.00', '0.00', '0.00']);
  expect([-0.006, -12.345, 1234.5].map(decimal)).toEqual(['−0.01', '−12.35', '1,234.50']);
  expect(decimalIn('de')(-1.5)).toBe('−1,50');
});
