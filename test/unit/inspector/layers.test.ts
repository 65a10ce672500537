// Tests what the small charts of the layers show: their order, their parts, and the lines that are chosen in them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines } from '../../../src/core/lines';
import { linesOf, orderedLayers, profileOf, rangeBetween, tokensOf, zoomed } from '../../../src/inspector/layers';
import { ALL, keptBy } from '../../../src/inspector/scope';
import { layerBands } from '../../../src/inspector/summary';
import { made, small, TEXT } from './report';

test('30 layers in the order of what they kept, each once', () => {
  const report = made(30, 8, 900);
  const means = layerBands(report).map((b) => b.mean);
  const most = orderedLayers(report, 'most');
  expect(most.toSorted((a, b) => a - b)).toEqual(orderedLayers(report, 'layer'));
  for (let i = 1; i < 30; i++) expect(means[most[i]!]).toBeLessThanOrEqual(means[most[i - 1]!]!);
  expect(orderedLayers(report, 'least').map((layer) => means[layer])).toEqual(most.map((l) => means[l]).reverse());
  expect(orderedLayers(small, 'layer')).toEqual([0, 1]);
  expect(orderedLayers(small, 'most')).toEqual([1, 0]); // 0.5 and 0.6
});

test('the parts of a profile tile the window, and their means add up to what was kept', () => {
  const report = made(30, 8, 900);
  for (let layer = 0; layer < 30; layer++) {
    const kept = Float32Array.from(keptBy(report, { kind: 'layer', layer }), (n) => n / 8);
    for (const [from, to, count] of [
      [0, 900, 120],
      [100, 130, 400],
      [7, 8, 5],
    ] as const) {
      const parts = profileOf(kept, { from, to }, count);
      expect(parts).toHaveLength(Math.min(count, to - from));
      expect([parts[0]!.from, parts.at(-1)!.to]).toEqual([from, to]);
      parts.slice(1).forEach((p, i) => expect(p.from).toBe(parts[i]!.to));
      const sum = parts.reduce((all, p) => all + p.mean * (p.to - p.from), 0);
      expect(sum).toBeCloseTo(kept.slice(from, to).reduce((a, b) => a + b, 0));
    }
  }
});

test('what was not read yet has no part, and counts in no mean', () => {
  const values = [1, 0, 1, -1, -1, -1];
  expect(profileOf(values, { from: 0, to: 6 }, 3).map((p) => [p.from, p.mean])).toEqual([
    [0, 0.5],
    [2, 1],
  ]);
  expect(keptBy(small, ALL)).toHaveLength(5);
});

test('zoom stays within the text and about its place, and goes back to the whole', () => {
  const whole = { from: 0, to: 1000 };
  expect(zoomed(whole, 0.5, 1000)).toEqual({ from: 250, to: 750 });
  expect(zoomed(whole, 0.5, 1000, 0)).toEqual({ from: 0, to: 500 });
  expect(zoomed({ from: 900, to: 1000 }, 2, 1000)).toEqual({ from: 800, to: 1000 });
  expect(zoomed({ from: 250, to: 750 }, 4, 1000)).toEqual(whole);
  expect(zoomed({ from: 0, to: 30 }, 0.5, 1000)).toEqual({ from: 3, to: 27 }); // never fewer than 24 tokens
  expect(zoomed({ from: 0, to: 5 }, 0.5, 5)).toEqual({ from: 0, to: 5 });
});

test('lines and tokens of a text', () => {
  const lines = new Lines(TEXT); // ab | line break and two blanks | c | blank | d
  expect(tokensOf({ first: 0, last: 0 }, small.bounds, lines)).toEqual({ from: 0, to: 2 });
  expect(tokensOf({ first: 1, last: 1 }, small.bounds, lines)).toEqual({ from: 1, to: 5 });
  expect(linesOf({ from: 0, to: 1 }, small.bounds, lines)).toEqual({ first: 0, last: 0 });
  expect(linesOf({ from: 0, to: 5 }, small.bounds, lines)).toEqual({ first: 0, last: 1 });
  expect(rangeBetween(7, -3, 5)).toEqual({ first: 0, last: 4 });
});

test('the tokens of some lines stand in these lines, whatever the text', () => {
  const piece = fc.constantFrom('a', 'bc', '\n', '\n\n', '\r\n', '  ', '\n  ');
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), fc.nat(29), fc.nat(29), (pieces, a, b) => {
      const bounds = Int32Array.from([0, ...pieces.map((_, i) => pieces.slice(0, i + 1).join('').length)]);
      const lines = new Lines(pieces.join(''));
      const range = rangeBetween(a, b, lines.starts.length);
      const { from, to } = tokensOf(range, bounds, lines);
      const text = { start: lines.span(range.first).start, end: lines.span(range.last).end };
      for (let t = 0; t < pieces.length; t++)
        expect(t >= from && t < to).toBe(bounds[t]! < text.end && bounds[t + 1]! > text.start);
    }),
  );
});
