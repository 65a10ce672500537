// Tests the prediction: keys against the text's query, the query of the cursor position, and bounded nats.
import { expect, test } from 'vitest';
import { futureAttention, predict } from '../../../src/scorers/forecast';

const SIZE = 4;
const EACH = 3 * SIZE + 1;
const TOKENS = 200;
const one = (at: number, value: number): number[] => Array.from({ length: SIZE }, (_, i) => (i === at ? value : 0));
/** One token, of words and of pairs alike; numbers in steps of 1 / 16. */
const row = (key: number[], everywhere: number[], here: number[], own: number): number[] =>
  Array.from({ length: 2 }, () => [...key, ...everywhere, ...here, own]).flat();
const forecast = (token: (t: number) => number[]) => ({
  width: 2 * EACH,
  codes: Int8Array.from(Array.from({ length: TOKENS }, (_, t) => token(t)).flat()),
});

test('its own odds, and its key against the mean of what all tokens ask', () => {
  // Half of the tokens ask for direction 1, by 4; token 7 answers by 2, all others look elsewhere.
  const { words } = predict(forecast((t) => row(one(t === 7 ? 1 : 0, 32), one(1, t % 2 ? 64 : 0), one(2, 16), -16)));
  expect(words[7]!).toBeCloseTo(-1 + (2 * 2) / Math.sqrt(SIZE), 5);
  expect(words[8]!).toBeCloseTo(-1, 5);
});

test('the 64 tokens up to the place of work ask too, and only where there is one', () => {
  const asks = forecast((t) => row(one(2, 16), one(1, 0), one(2, t > 100 && t <= 164 ? 32 : 0), 0));
  expect(predict(asks).words[0]!).toBe(0);
  expect(predict(asks, 164).words[0]!).toBeCloseTo(2 / Math.sqrt(SIZE), 5);
  expect(predict(asks, 132).words[0]!).toBeCloseTo(1 / Math.sqrt(SIZE), 5);
  expect(predict(asks, 0).words[0]!).toBe(0);
});

test('nats are positive and bounded', () => {
  const { saved } = predict(forecast((t) => row(one(0, 0), one(0, 0), one(0, 0), t ? -127 : 127)));
  expect(saved[0]!).toBeCloseTo(Math.exp(2.5), 4);
  expect(saved[1]!).toBeCloseTo(Math.exp(-127 / 16), 8);
});

test('future attention is linear in the codes, at least 0 and bounded', () => {
  const codes = Int8Array.of(16, 0, 0, 32, -16, 0, 127, 127);
  const head = { weights: Float32Array.of(0.125, 1), bias: 0.5 };
  expect([...futureAttention({ width: 2, codes }, head)]).toEqual([0.625, 2.5, 0.375, 9.4296875]);
  expect([...futureAttention({ width: 2, codes }, { ...head, bias: -0.5 })].slice(0, 3)).toEqual([0, 1.5, 0]);
  expect([...futureAttention({ width: 2, codes }, { ...head, bias: 9 })].slice(1, 2)).toEqual([10]);
});
