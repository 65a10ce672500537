// Tests that the figures of a reading are those of the whole word.
import { expect, test } from 'vitest';
import { barsOf, cachesInWords, roleOfReading, wordReading } from '../../../src/why/reading';
import { PLAIN } from '../../../src/why/sentences';
import { small } from '../inspector/report';

test('the tokens of a name count together, wherever the pointer is', () => {
  // ab_d: the tokens `ab`, `_c_`, `d`, …: bounds 0 2 5 6 7 8
  const name = 'ab_c_d1x';
  const whole = wordReading(small, name, 3)!;
  expect(whole).toMatchObject({ start: 0, end: 8, text: name, caches: 4 });
  for (const offset of [0, 4, 7]) expect(wordReading(small, name, offset)).toEqual(whole);
  expect(whole.keptPerLayer).toEqual([0.5, 0.6]); // 5 of 10 decisions, 6 of 10
  expect(whole.keptBy).toBe(2);
  expect(cachesInWords(whole, PLAIN)).toBe('kept by 2 of 4 caches');
  expect(cachesInWords({ ...whole, keptBy: 0 }, PLAIN)).toBe('kept by none of 4 caches');
  expect(wordReading(small, name, 8)).toBeUndefined();
});

test('between words it is the token, without the white space around it', () => {
  expect(wordReading(small, 'ab => cd', 3)).toMatchObject({ text: '=>', keptPerLayer: [0, 0.5] });
  expect(wordReading(small, 'ab\n  c d', 3)).toMatchObject({ text: '\n  ' });
});

test('bars, and what the reading had to do with the cut', () => {
  expect(barsOf([0, 0.01, 0.5, 1])).toBe('·▁▅█');
  expect(roleOfReading('extended', PLAIN)).toMatch(/no part in the cut/);
  expect(roleOfReading('namm', PLAIN)).toMatch(/mean of these scores/);
  expect(roleOfReading('h2o', PLAIN)).toMatch(/`h2o`/);
});
