// Tests what a typed budget means.
import { describe, expect, test } from 'vitest';
import type { Budget } from '../../../src/core/budget';
import { typedBudgets } from '../../../extension/platform/typedBudget';

const share = (keepRatio: number): Budget => ({ kind: 'keepRatio', keepRatio });
const tokens = (maxTokens: number): Budget => ({ kind: 'maxTokens', maxTokens });

describe('a typed budget', () => {
  test.each<[string, Budget[]]>([
    ['12', [share(0.12), tokens(12)]],
    [' 12 % ', [share(0.12)]],
    ['12,5 %', [share(0.125)]],
    ['0.3', [share(0.3)]],
    ['100', [share(1), tokens(100)]],
    ['1.5', [share(0.015)]],
    ['101', [tokens(101)]],
    ['3000', [tokens(3000)]],
    ['3,000', [tokens(3000)]],
    ['3 000 tokens', [tokens(3000)]],
    ['1.5k', [tokens(1500)]],
    ['12 tokens', [tokens(12)]],
  ])('%j', (text, meant) => expect(typedBudgets(text)).toEqual(meant));
  test.each(['', '0', '0 %', '0.5 %', '101 %', '-3', 'auto', '12 apples', '9999999999'])('%j is none', (text) =>
    expect(typedBudgets(text)).toEqual([]),
  );
});
