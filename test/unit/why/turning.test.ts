// Tests which statements another budget would turn.
import { expect, test } from 'vitest';
import { previewedShare, turningAt } from '../../../src/why/turning';

const costs = [30, 10, 10, 20, 30];
const fileOf = (kept: number, tokens: readonly (number | undefined)[] = costs) => ({
  recipientTokens: { before: 100, after: costs.slice(0, kept).reduce((n, c) => n + c, 0) },
  ranking: {
    statements: JSON.stringify(
      tokens.map((t, i) => ({ start: i, end: i + 1, worth: 9 - i, class: 'body', tokens: t })),
    ),
    kept,
  },
});

test('a smaller share takes the lowest ranks, as many as do not fit', () => {
  expect(turningAt(fileOf(3), 0.45)).toEqual({ from: 2, to: 3, goes: true });
  expect(turningAt(fileOf(3), 0.3)).toEqual({ from: 1, to: 3, goes: true });
  expect(turningAt(fileOf(3), 0)).toEqual({ from: 0, to: 3, goes: true });
});

test('a larger share brings the next ranks back, as many as fit', () => {
  expect(turningAt(fileOf(3), 0.7)).toEqual({ from: 3, to: 4, goes: false });
  expect(turningAt(fileOf(3), 1)).toEqual({ from: 3, to: 5, goes: false });
});

test('nothing turns where nothing fits, or at the same share', () => {
  expect(turningAt(fileOf(3), 0.5)).toBeUndefined();
  expect(turningAt(fileOf(3), 0.69)).toBeUndefined();
  expect(turningAt({ recipientTokens: { before: 10, after: 10 } }, 0.1)).toBeUndefined();
});

test('a scorer that does not tell what statements cost tells nothing', () => {
  const unknown = costs.map(() => undefined);
  expect(turningAt(fileOf(3, unknown), 0.3)).toBeUndefined();
  expect(turningAt(fileOf(3, unknown), 0.9)).toBeUndefined();
});

test('what is previewed of a budget: its share, of the one that holds the next step', () => {
  const half = { kind: 'keepRatio', keepRatio: 0.5 } as const;
  expect(previewedShare(half, { kind: 'keepRatio', keepRatio: 0.25 }, { before: 100 })).toBe(0.25);
  expect(previewedShare(half, { kind: 'maxTokens', maxTokens: 30 }, { before: 100 })).toBe(0.3);
  expect(previewedShare(half, half, { before: 100 })).toBeCloseTo(0.45);
  expect(previewedShare(half, { kind: 'auto' }, { before: 100 })).toBeNaN();
});
