// Tests when a result says that it stays well below its budget.
import { expect, test } from 'vitest';
import type { Budget } from '../../../src/core/budget';
import type { CompressedContext, RetainedSpan } from '../../../src/core/context';
import { belowBudget } from '../../../src/format/belowBudget';

const ratio = (keepRatio: number): Budget => ({ kind: 'keepRatio', keepRatio });
const most = (maxTokens: number): Budget => ({ kind: 'maxTokens', maxTokens });
const of = (budget: Budget, after: number, reason: RetainedSpan['reason'] = 'score'): CompressedContext =>
  ({
    budget,
    keepRatio: after / 200,
    recipientTokens: { before: 200, after, counter: 'o200k' },
    files: [{ spans: [{ start: 0, end: 9, kept: false, reason, retention: 0 }] }],
  }) as unknown as CompressedContext;

test.each([
  [ratio(0.65), 66, true],
  [ratio(0.5), 78, true],
  [ratio(0.5), 80, false],
  [ratio(0.5), 100, false],
  [ratio(0.5), 150, false],
  [most(100), 70, true],
  [most(100), 90, false],
  [most(1000), 200, false],
  [{ kind: 'auto' } as Budget, 10, false],
])('%j, reached with %i of 200 tokens: %s', (budget, after, isSaid) => {
  expect(belowBudget(of(budget, after)) !== '').toBe(isSaid);
});

test('what somebody left out himself is no reason to say so', () => {
  expect(belowBudget(of(ratio(0.5), 10, 'excluded'))).toBe('');
});
