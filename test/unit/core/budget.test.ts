// Tests which budgets are accepted, what they allow, and errors that cross a process.
import { expect, test } from 'vitest';
import { allowedTokens, checkBudget, type Budget } from '../../../src/core/budget';
import { tokenScorer } from '../../../src/core/context';
import { CancelledError, CompressionError, throwIfAborted } from '../../../src/core/errors';
import { emptyGrid } from '../../../src/core/observation';

const ratio = (keepRatio: number): Budget => ({ kind: 'keepRatio', keepRatio });
const tokens = (maxTokens: number): Budget => ({ kind: 'maxTokens', maxTokens });

test.each([0, -1, 1.01, NaN])('a ratio of %s is refused', (value) => {
  expect(() => checkBudget(ratio(value))).toThrow(`keep ratio must be above 0 and at most 1, got ${value}`);
});
test.each([0, -1, 1.5, NaN, 2 ** 60])('a limit of %s tokens is refused', (value) => {
  expect(() => checkBudget(tokens(value))).toThrow(`max tokens must be a whole number of at least 1, got ${value}`);
});
test('the edges are accepted, and no number is asked of auto', () => {
  for (const budget of [ratio(1), ratio(1e-9), tokens(1), { kind: 'auto' } as const])
    expect(() => checkBudget(budget)).not.toThrow();
  expect(() => checkBudget(ratio(2))).toThrow(expect.objectContaining({ reason: 'badRequest' }));
  expect(() => checkBudget(tokens(0))).toThrow(expect.objectContaining({ reason: 'badRequest' }));
});

test('what a budget allows, in whole tokens', () => {
  expect(allowedTokens(ratio(0.5), 7)).toBe(3);
  expect(allowedTokens(tokens(5), 7)).toBe(5);
  expect(allowedTokens(tokens(9), 7)).toBe(7);
  expect(allowedTokens({ kind: 'auto' }, 7)).toBeUndefined();
});

test('an error is known by its name and its reason', () => {
  const error = new CompressionError('notFound', 'a.ts');
  expect(error.message).toBe('notFound: a.ts');
  expect(new CompressionError('internal').message).toBe('internal');
  expect(new CompressionError('internal').detail).toBe('');
  expect(CompressionError.is(error)).toBe(true);
  expect(CompressionError.is(error, 'notFound')).toBe(true);
  expect(CompressionError.is(error, 'internal')).toBe(false);
  const copy = Object.assign(new Error('of another bundle'), { name: 'CompressionError', reason: 'notFound' });
  expect(CompressionError.is(copy, 'notFound')).toBe(true);
  expect(CompressionError.is(new Error('plain'))).toBe(false);
  expect(CompressionError.is({ name: 'CompressionError' })).toBe(false);
});

test('an aborted signal throws, and nothing else does', () => {
  expect(() => throwIfAborted()).not.toThrow();
  expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  expect(() => throwIfAborted(AbortSignal.abort())).toThrow(CancelledError);
  expect(new CancelledError()).toMatchObject({ name: 'CancelledError', message: 'cancelled' });
});

test('token scores of the extended memory are those of the network', () => {
  expect(tokenScorer('extended')).toBe('namm');
  expect(tokenScorer('h2o')).toBe('h2o');
});

test('an empty grid has a value for each token of each cache', () => {
  expect(emptyGrid(2, 3, 5)).toEqual({ layers: 2, heads: 3, tokens: 5, data: new Float32Array(30) });
});
