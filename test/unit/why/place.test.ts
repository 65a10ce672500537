// Tests what is found about one place: its statement, its rank, where the budget cut, and when the decision would turn.
import { expect, test } from 'vitest';
import type { RankedStatement, RetainedSpan } from '../../../src/core/context';
import { placeAt, placeIn, type RankedFile } from '../../../src/why/place';

const statement = (start: number, end: number, worth: number): RankedStatement => ({
  start,
  end,
  worth,
  class: 'body',
  tokens: 10,
});
const span = (start: number, end: number, kept: boolean, reason: RetainedSpan['reason'] = 'score'): RetainedSpan => ({
  start,
  end,
  kept,
  reason,
  retention: 0.5,
});

/** A function [0, 50) with a kept and a dropped statement in it, and a dropped comment; brought: kept for little. */
const file: RankedFile = {
  recipientTokens: { before: 100, after: 60 },
  spans: [
    span(0, 20, true),
    span(20, 30, false),
    span(30, 60, true),
    span(60, 70, true, 'syntax'),
    span(70, 80, false),
  ],
  ranking: {
    statements: JSON.stringify([
      statement(10, 20, 5),
      statement(0, 50, 5),
      statement(50, 60, 0.5),
      statement(20, 30, 1),
      statement(70, 80, 0),
    ]),
    kept: 3,
  },
};

test('the innermost statement decides, with its rank and the cut', () => {
  expect(placeAt(file, 12)).toMatchObject({ rank: 1, of: 5, kept: 3, cut: 5, statement: { start: 10 } });
  expect(placeAt(file, 5)).toMatchObject({ rank: 2, statement: { start: 0 }, holdsKept: true });
  expect(placeAt(file, 25)).toMatchObject({ rank: 4, cut: 5, statement: { worth: 1 }, span: { kept: false } });
  expect(placeAt(file, 12)!.holdsKept).toBeUndefined();
});

test('of two statements with the same text the inner one decides, and neither is inside the other', () => {
  const statements = JSON.stringify([statement(0, 20, 5), statement(0, 20, 4)]);
  const twins = { ...file, spans: [span(0, 80, true)], ranking: { statements, kept: 2 } };
  expect(placeAt(twins, 3)).toMatchObject({ rank: 2 });
  expect(placeAt(twins, 3)!.holdsKept).toBeUndefined();
});

test('what stays for less than the cut is needed by other code, and sets no cut', () => {
  expect(placeAt(file, 55)).toMatchObject({ rank: 3, needed: true, cut: 5 });
  expect(placeAt(file, 25)!.needed).toBeUndefined();
});

test('a place that the budget did not decide about has no rank', () => {
  const place = placeAt(file, 65)!;
  expect(place.span.reason).toBe('syntax');
  expect(place.rank).toBeUndefined();
  expect(placeAt({ ...file, ranking: { statements: '[]', kept: 0 } }, 12)!.statement).toBeUndefined();
  expect(placeAt({ recipientTokens: file.recipientTokens, spans: file.spans }, 12)).toMatchObject({ of: 0 });
  expect(placeAt(file, 80)).toBeUndefined();
});

test('what stays although it is marked to go says why', () => {
  const drops = [
    { start: 10, end: 25 },
    { start: 50, end: 60 },
  ];
  const marked: RankedFile = { ...file, drops: [{ goes: [{ start: 20, end: 25 }], fault: 'part' }, { goes: [] }] };
  expect(placeAt(marked, 12, drops)).toMatchObject({ fault: 'part', statement: { start: 10 } });
  expect(placeAt(marked, 22, drops)!.fault).toBeUndefined(); // it goes
  expect(placeAt(marked, 25, drops)!.fault).toBeUndefined(); // behind the mark
  expect(placeAt(marked, 55, drops)!.fault).toBeUndefined();
  expect(placeAt(marked, 12)!.fault).toBeUndefined();
});

test('the share at which a decision turns counts the statements in between', () => {
  expect(placeAt(file, 25)!.turnsAt).toBeCloseTo(0.7); // 60 + its own 10
  expect(placeAt(file, 75)!.turnsAt).toBeCloseTo(0.8); // 60 + 10 + 10
  expect(placeAt(file, 5)!.turnsAt).toBeCloseTo(0.4); // 60 - 2 * 10
  expect(placeAt(file, 12)!.turnsAt).toBeCloseTo(0.3);
});

test('an elision speaks of the statement in it that would come back first', () => {
  expect(placeIn(file, { start: 20, end: 80 })).toMatchObject({ rank: 4 });
  expect(placeIn(file, { start: 70, end: 80 })).toMatchObject({ rank: 5 });
});

test('nothing has a cut if all of it stays', () => {
  const all = { ...file, spans: [span(0, 80, true, 'untouched')], ranking: { ...file.ranking!, kept: 5 } };
  const place = placeAt(all, 12)!;
  expect(place.rank).toBe(1);
  expect(place.cut).toBeUndefined();
});
