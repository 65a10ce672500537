// Tests the bands of the heat map and the runs of text in them.
import { expect, test } from 'vitest';
import type { RankedStatement } from '../../../src/core/context';
import { BANDS, bandOf, heatRuns, outerShare } from '../../../extension/editor/heatBands';

const bands = (of: number): (string | undefined)[] => Array.from({ length: of }, (_, i) => bandOf(i, of, 0.25));

test('the top tenth and the bottom tenth stand out most, the middle half not at all', () => {
  const all = bands(100);
  const count = (band: string | undefined): number => all.filter((b) => b === band).length;
  expect([...BANDS, undefined].map(count)).toEqual([10, 15, 15, 10, 50]);
  expect([all[0], all[9], all[10], all[24], all[25], all[74], all[75], all[90], all[99]]).toEqual([
    'most',
    'most',
    'much',
    'much',
    undefined,
    undefined,
    'little',
    'least',
    'least',
  ]);
});

test('another share colours as much at each end, two fifths of it strongly', () => {
  const all = Array.from({ length: 100 }, (_, i) => bandOf(i, 100, 0.5));
  expect([...BANDS, undefined].map((band) => all.filter((b) => b === band).length)).toEqual([20, 30, 30, 20, 0]);
  expect(outerShare(0.5)).toBe(0.2);
});

test('few statements: both ends are alike', () => {
  expect(bands(1)).toEqual([undefined]);
  expect(bands(4)).toEqual(['much', undefined, undefined, 'little']);
  expect(bands(6)).toEqual(['most', undefined, undefined, undefined, undefined, 'least']);
});

const statement = (start: number, end: number): RankedStatement => ({ start, end, worth: 0, class: 'body' });

test('a statement colours its own text, not the statements in it', () => {
  // Ten statements by rank: the first holds the last.
  const statements = [
    statement(0, 30),
    ...Array.from({ length: 8 }, (_, i) => statement(40 + i * 10, 50 + i * 10)),
    statement(10, 20),
  ];
  expect(heatRuns(statements, 0.25)).toEqual([
    { start: 0, end: 10, label: 'most' },
    { start: 10, end: 20, label: 'least' },
    { start: 20, end: 30, label: 'most' },
    { start: 40, end: 50, label: 'much' },
    { start: 110, end: 120, label: 'little' },
  ]);
});

test('neighbours of one band are one run', () => {
  const statements = Array.from({ length: 20 }, (_, i) => statement(i * 5, i * 5 + 5));
  expect(heatRuns(statements, 0.25).map(({ start, end }) => [start, end])).toEqual([
    [0, 10],
    [10, 25],
    [75, 90],
    [90, 100],
  ]);
});
