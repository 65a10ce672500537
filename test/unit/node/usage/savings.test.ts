// How savings are added up: what is asked back or given twice is charged.
import { describe, expect, test } from 'vitest';
import type { CompressedFile } from '../../../../src/core/context';
import type { Entry, HandedOver } from '../../../../src/node/usage/entry';
import { handedOver } from '../../../../src/node/usage/handedOver';
import { moneyFor, PRICES, PRICES_OF } from '../../../../src/node/usage/prices';
import { savingsOf } from '../../../../src/node/usage/savings';

const used = (more: Partial<HandedOver> = {}): Entry => ({
  ...{ at: 2000, by: 'mcp', did: 'compressed', before: 100, after: 40, units: 400, tokens: 100, counter: 'o200k' },
  ...more,
});
const expanded = (units: number): Entry => ({ at: 1000, by: 'mcp', did: 'expanded', units });

describe('savings', () => {
  test('none without entries', () => expect(savingsOf([])).toMatchObject({ saved: 0, expandedTokens: 0 }));

  test('an expansion is charged at what a character of the texts cost', () =>
    expect(savingsOf([used(), expanded(40)])).toMatchObject({
      since: 1000,
      expansions: 1,
      expandedTokens: 10,
      saved: 100 - 40 - 10,
    }));

  test('they are negative if more came back than was left out', () =>
    expect(savingsOf([used(), expanded(400)]).saved).toBe(-40));

  test('answers that were given whole are counted apart', () => {
    const { compressed, whole, saved } = savingsOf([used(), used({ after: 100, whole: true })]);
    expect(compressed).toEqual({ answers: 1, before: 100, after: 40, again: 0 });
    expect(whole).toEqual({ answers: 1, before: 100, after: 100, again: 0 });
    expect(saved).toBe(60);
  });
});

describe('the line of a result', () => {
  const file = (before: number, after: number): CompressedFile => ({
    ...{ path: 'a.ts', languageId: 'typescript', text: '', spans: [], elisions: [] },
    recipientTokens: { before, after },
  });
  const context = {
    files: [file(100, 40), file(50, 20)],
    recipientTokens: { before: 160, after: 70, counter: 'o200k' as const },
  };

  test('has figures, and no path', () => {
    const line = handedOver(context, ['abc', 'de']);
    expect(line).toEqual({ did: 'compressed', before: 160, after: 70, units: 5, tokens: 160, counter: 'o200k' });
  });

  test('a text that was given before would not have been read again: it saves nothing and is charged', () => {
    expect(handedOver(context, ['', ''], (i) => i === 0)).toMatchObject({ before: 60, after: 70, again: 40 });
    expect(handedOver(context, ['', ''], () => true)).toMatchObject({ before: 0, after: 70, again: 60 });
  });
});

describe('money', () => {
  const price = { model: 'm', input: 4, cacheWrite: 5, cacheRead: 0.2, source: 's' };

  test('a token is paid at every turn, or written to a cache once and read at each later turn', () => {
    const { uncached, cached } = moneyFor(1e6, price, 10);
    expect(uncached).toBeCloseTo(44);
    expect(cached).toBeCloseTo(7);
  });

  test('the table is complete: a cache write costs more than a read, each row has a source, and it has a day', () => {
    expect(PRICES_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(new Set(PRICES.map(({ model }) => model)).size).toBe(PRICES.length);
    for (const { input, cacheWrite, cacheRead, source } of PRICES) {
      expect(cacheRead).toBeLessThan(input);
      expect(cacheWrite).toBeGreaterThanOrEqual(input);
      expect(source).toMatch(/^[\w.-]+\.\w+\//);
    }
  });
});
