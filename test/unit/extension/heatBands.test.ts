// Tests the bands of the heat map and the runs of neighbouring tokens.
import { expect, test } from 'vitest';
import { BANDS, bandOf, heatRuns } from '../../../extension/editor/heatBands';

test('bands rise with retention; none and all have one of their own', () => {
  expect([0, 0.01, 0.2, 0.5, 0.79, 0.99, 1].map(bandOf)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  let before = 0;
  for (let r = 0; r <= 1; r += 0.01) {
    const band = bandOf(r);
    expect(band).toBeGreaterThanOrEqual(before);
    expect(band).toBeLessThan(BANDS);
    before = band;
  }
});

test('neighbours of one band are one run; empty tokens and those outside are none', () => {
  const bounds = Int32Array.from([0, 2, 2, 5, 9, 12]);
  const retention = Float32Array.from([0, 1, 0, 0.5, 1]);
  expect(heatRuns(bounds, retention, 0, 12)).toEqual([
    { start: 0, end: 5, band: 0 },
    { start: 5, end: 9, band: 3 },
    { start: 9, end: 12, band: 6 },
  ]);
  expect(heatRuns(bounds, retention, 6, 9)).toEqual([{ start: 5, end: 9, band: 3 }]);
  expect(heatRuns(bounds, retention, 12, 12)).toEqual([]);
});
