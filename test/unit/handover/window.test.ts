// Tests that what is sent fits the recipient by its own count, and that prices are computed right.
import { describe, expect, it } from 'vitest';
import { HandoverError } from '../../../src/handover/handoverError';
import { costOf, moneyIn } from '../../../src/handover/price';
import { fitToWindow } from '../../../src/handover/fitToWindow';

/** A compressor of a text of `size` tokens that cannot go below `floor`; the recipient counts `rate` times as many, and 50 around. */
const recipient = (
  size: number,
  floor: number,
  rate: number,
): { budgets: (number | undefined)[]; options: Parameters<typeof fitToWindow<number>>[0] } => {
  const budgets: (number | undefined)[] = [];
  return {
    budgets,
    options: {
      limit: 1000,
      compress: (max) => {
        budgets.push(max);
        const n = Math.max(floor, Math.min(size, max ?? size));
        return Promise.resolve({ value: n, recipientTokens: n });
      },
      count: (n) => Promise.resolve(Math.ceil(n * rate) + 50),
    },
  };
};

describe('fitToWindow', () => {
  it('compresses once when it fits', async () => {
    const { options, budgets } = recipient(700, 10, 1.25);
    expect(await fitToWindow(options)).toEqual({ value: 700, tokens: 925 });
    expect(budgets).toEqual([undefined]);
  });
  it.each([0.7, 1, 1.3, 4])(
    'shrinks what is too large, not much more than it must (receiver counts %s)',
    async (rate) => {
      const { options, budgets } = recipient(20_000, 10, rate);
      const { tokens } = await fitToWindow(options);
      expect(tokens).toBeLessThanOrEqual(1000);
      expect(tokens).toBeGreaterThan(850);
      expect(budgets.length).toBeLessThanOrEqual(4);
    },
  );
  it('says so when the smallest text is too large', async () => {
    const { options, budgets } = recipient(5000, 2000, 1);
    await expect(fitToWindow(options)).rejects.toSatisfy(
      (e) => HandoverError.is(e, 'overWindow') && e.detail === '2050 > 1000',
    );
    expect(budgets.length).toBeLessThanOrEqual(3);
  });
  it('says so when not even the surroundings fit', async () => {
    const { options } = recipient(5, 0, 1);
    await expect(fitToWindow({ ...options, limit: 20 })).rejects.toSatisfy((e) => HandoverError.is(e, 'overWindow'));
  });
});

describe('price', () => {
  it('is unknown until it is set', () =>
    expect(costOf({ input: 0, output: 0, currency: 'USD' }, { prompt: 1000 })).toBeUndefined());
  it('is unknown while the price of one direction is', () => {
    expect(costOf({ input: 0, output: 15, currency: 'USD' }, { prompt: 1000 })).toBeUndefined();
    expect(costOf({ input: 3, output: 0, currency: 'USD' }, { prompt: 1000, completion: 10 })).toBeUndefined();
    expect(costOf({ input: 3, output: 0, currency: 'USD' }, { prompt: 1000 })).toBeCloseTo(0.003); // nothing received yet
  });
  it('counts both directions per million', () =>
    expect(costOf({ input: 3, output: 15, currency: 'USD' }, { prompt: 10_000, completion: 1000 })).toBeCloseTo(0.045));
  it('shows small sums with digits that say something', () => {
    expect(moneyIn('en', 'USD', 0.00123)).toBe('$0.0012');
    expect(moneyIn('en', 'EUR', 12.345)).toBe('€12.35');
    expect(moneyIn('en', 'no currency', 0.5)).toMatch(/^0\.50? no currency$/);
  });
});
