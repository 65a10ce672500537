// Tests that rows tile any text, that every token is in its rows, and that the CSV agrees with the report.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenAt, tokenIndexAt } from '../../../src/core/report';
import { reportCsv } from '../../../src/inspector/csv';
import { piecesOf, rowAt, rowsOf } from '../../../src/inspector/rows';
import { small, TEXT } from './report';

const anyText = fc
  .array(fc.oneof(fc.constantFrom('\n', '\r\n', '\r', 'a', ' ', '\t', '😀', 'é'), fc.string({ unit: 'grapheme' })))
  .map((parts) => parts.join(''));

test('rows and the line breaks between them are the text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const rows = rowsOf(text);
      expect(rows.map((r, i) => text.slice(r.start, rows[i + 1]?.start ?? text.length)).join('')).toBe(text);
      for (const r of rows) expect(text.slice(r.start, r.end)).not.toMatch(/[\r\n]/);
      expect(rows.at(-1)!.line).toBe(text.split(/\r\n|\r|\n/).length - 1);
      for (let i = 0; i < text.length; i++) {
        const r = rowAt(rows, i);
        expect(rows[r]!.start).toBeLessThanOrEqual(i);
        expect(rows[r + 1]?.start ?? Infinity).toBeGreaterThan(i);
      }
    }),
  );
});

test('a long line becomes many rows of one line, never inside a character', () => {
  const text = '😀'.repeat(50_000);
  const rows = rowsOf(text);
  expect(rows.length).toBeGreaterThan(200);
  for (const r of rows) expect(r).toMatchObject({ line: 0, continued: r.start > 0 });
  for (const r of rows) expect(text.slice(r.start, r.end)).toMatch(/^(😀)+$/u);
});

test('every token is seen wherever it has text', () => {
  const rows = rowsOf(TEXT);
  expect(rows.map((r) => piecesOf(r, small.bounds).map((p) => [p.token, TEXT.slice(p.start, p.end)]))).toEqual([
    [[0, 'ab']],
    [
      [1, '  '],
      [2, 'c'],
      [3, ' '],
      [4, 'd'],
    ],
  ]);
});

test('a token that holds the later bytes of a character has no piece, and is never found by an offset', () => {
  const bounds = Int32Array.of(0, 2, 2, 3);
  expect(piecesOf({ line: 0, start: 0, end: 3, continued: false }, bounds).map((p) => p.token)).toEqual([0, 2]);
  const report = { bounds, ids: Int32Array.of(1, 2, 3) };
  expect([0, 1, 2, 3].map((i) => tokenIndexAt(report.bounds, i))).toEqual([0, 0, 2, undefined]);
});

test('facts of a token', () => {
  expect(tokenAt(small, 5)).toEqual({
    index: 2,
    start: 5,
    end: 6,
    class: 'body',
    meanScore: 0,
    retention: 0.5,
    keptPerLayer: [0.5, 0.5],
  });
  expect(tokenAt(small, 8)).toBeUndefined();
  expect(tokenAt(small, -1)).toBeUndefined();
});

test('CSV: one row per token, all caches, text quoted', () => {
  const lines = reportCsv(small, TEXT).split('\r\n');
  expect(lines).toHaveLength(7); // a heading, five tokens, the end
  expect(lines[0]).toBe(
    'index,start,end,line,text,class,retention,layers,score L0H0,score L0H1,score L1H0,score L1H1,keep L0H0,keep L0H1,keep L1H0,keep L1H1,evictedAt L0H0,evictedAt L0H1,evictedAt L1H0,evictedAt L1H1',
  );
  expect(lines[1]).toBe('0,0,2,1,"ab",body,0.75,2,1,1,-1,1,1,1,0,1,-1,-1,0,-1');
  expect(lines[3]).toBe('2,5,6,2,"c",body,0.5,2,2,-2,-1,1,1,0,0,1,-1,1,1,-1');
  const cut = reportCsv(small, TEXT, { extended: Uint8Array.of(1, 0, 0, 0, 1), h2o: Uint8Array.of(0, 0, 1, 1, 1) });
  expect(cut.split('\r\n')[0]).toContain(',layers,stays extended,stays h2o,score L0H0,');
  expect(cut.split('\r\n')[1]).toMatch(/^0,0,2,1,"ab",body,0\.75,2,1,0,1,1,-1,1,/);
  const odd = (text: string): string =>
    reportCsv({ ...small, bounds: Int32Array.of(0, text.length), ids: Int32Array.of(1) }, text).split('\r\n')[1]!;
  expect(odd('a"b')).toContain('"a""b"');
  expect(odd('=1+1')).toContain(`"'=1+1"`); // no spreadsheet computes it
});
