// The words and the JSON of `namm stats`.
import { describe, expect, test } from 'vitest';
import { statsOf } from '../../../../src/node/cli/stats';
import { PRICES, PRICES_OF } from '../../../../src/node/usage/prices';
import { savingsOf } from '../../../../src/node/usage/savings';

const AT = Date.parse('2026-12-01T10:00:00Z');
const figures = { units: 4000, tokens: 1000, counter: 'o200k' } as const;
const some = savingsOf([
  { at: AT, by: 'mcp', did: 'compressed', before: 1000, after: 400, ...figures },
  { at: AT, by: 'mcp', did: 'compressed', before: 0, after: 100, again: 100, ...figures },
  { at: AT, by: 'mcp', did: 'expanded', units: 200 },
]);
const command = { command: 'stats', json: false, turns: 10 } as const;

describe('stats', () => {
  test('in words: what was handed over, what is charged, what is left, and the money', () => {
    const text = statsOf(some, command, true);
    expect(text).toContain('Since 2026-12-01: 2 answers, of 1,000 recipient tokens 500 were handed over.');
    expect(text).toMatch(/given again +100 tokens/);
    expect(text).toMatch(/expanded +1 part, about 50 tokens/);
    expect(text).toMatch(/saved +450 tokens \(45 %\)/);
    expect(text).not.toContain('holdout');
    expect(text).toContain(`Prices of ${PRICES_OF}`);
    for (const { model } of PRICES) expect(text).toContain(model);
  });

  test('a loss is named with its sign', () => {
    const loss = savingsOf([
      { at: AT, by: 'cli', did: 'compressed', before: 1_000_000, after: 900_000, ...figures },
      { at: AT, by: 'cli', did: 'expanded', units: 4_000_000 },
    ]);
    expect(statsOf(loss, command, true)).toMatch(/saved +-900,000 tokens \(-90 %\)/);
    expect(statsOf(loss, command, true)).toMatch(/Opus 5\.5 +-\$\d+\.\d\d/);
  });

  test('the holdout compares both kinds by what was handed over in the end', () => {
    const compared = savingsOf([
      { at: AT, by: 'mcp', did: 'compressed', before: 1000, after: 400, ...figures },
      { at: AT, by: 'mcp', did: 'compressed', before: 500, after: 500, ...figures, whole: true },
      { at: AT, by: 'mcp', did: 'expanded', units: 400 },
    ]);
    expect(statsOf(compared, command, true)).toMatch(/holdout +1 answer given whole: 100 % .*, 50 % of what/);
  });

  test('nothing yet, and nothing because the user does not want it', () => {
    expect(statsOf(savingsOf([]), command, true)).toBe('Nothing was compressed yet.\n');
    expect(statsOf(savingsOf([]), command, false)).toMatch(/^NAMM_STATS=off: .*\nNothing was compressed yet\.\n$/);
  });

  test('as JSON: every figure, the day and the source of each price', () => {
    const json = JSON.parse(statsOf(some, { ...command, json: true }, true)) as { prices: object[] };
    expect(json).toMatchObject({ since: '2026-12-01T10:00:00.000Z', saved: 450, turns: 10, pricesOf: PRICES_OF });
    expect(json.prices).toHaveLength(PRICES.length);
    for (const price of json.prices)
      expect(price).toMatchObject({ source: expect.any(String), saved: { cached: expect.any(Number) } });
  });
});
