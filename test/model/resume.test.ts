// Tests that a resumed reading is, to the bit, the reading from the start.
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { openModel, type LocalModel } from '../../src/node/model/model';
import type { Observation, Signal } from '../../src/core/observation';
import { ResumeLog } from '../../src/node/model/resumeLog';

let model: LocalModel;
beforeAll(async () => {
  model = await openModel('media/model');
  return () => model.release();
});

const SETS: readonly (readonly Signal[])[] = [
  ['nammScore'],
  ['nammScore', 'logProb', 'forecast'],
  ['nammScore', 'attentionSum', 'windowAttention', 'lastAttention', 'keyNorm', 'logProb'],
];
const words = (n: number, seed: number): number[] =>
  Array.from({ length: n }, (_, i) => 4 + ((i * 7919 + seed * 104729) % 8000));

function bytes(seen: Observation): Record<string, string> {
  const hex = (a: ArrayBufferView | undefined): string =>
    a ? Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString('base64') : '-';
  const {
    nammScore,
    attentionSum,
    windowAttention,
    lastAttention,
    keyNorm,
    logProb,
    forecast,
    evictedAt,
    updates,
    meanCacheLength,
  } = seen;
  const grids = { nammScore, attentionSum, windowAttention, lastAttention, keyNorm };
  return {
    ...Object.fromEntries(Object.entries(grids).map(([k, g]) => [k, hex(g?.data)])),
    logProb: hex(logProb),
    forecast: hex(forecast?.codes),
    evictedAt: hex(evictedAt),
    rest: `${updates} ${meanCacheLength}`,
  };
}

test('after any edits, at any place, with or without a question: the bits of a cold reading', async () => {
  const { nUp } = model.folder.reading;
  const edit = fc.record({
    at: fc.noBias(fc.integer({ min: 0, max: 1000 })).map((x) => x / 1000),
    cut: fc.integer({ min: 0, max: 40 }),
    put: fc.integer({ min: 0, max: 40 }),
    question: fc.constantFrom(0, 0, 9),
  });
  const length = fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 1, max: nUp }) },
    { weight: 3, arbitrary: fc.noBias(fc.integer({ min: 2 * nUp, max: 4 * nUp })) },
  );
  let resumed = 0;
  await fc.assert(
    fc.asyncProperty(
      length,
      fc.constantFrom(...SETS),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.nat(99),
      async (length, signals, edits, seed) => {
        const needs = new Set(signals);
        const header = Int32Array.of(1, 10, 11, seed);
        const log = new ResumeLog();
        let text = words(length, seed);
        await model.reader.read(
          { header, text: Int32Array.from(text), question: new Int32Array(0), needs },
          undefined,
          undefined,
          log,
        );
        for (const { at, cut, put, question } of edits) {
          const from = Math.floor(at * text.length);
          text = [...text.slice(0, from), ...words(put, seed + 1), ...text.slice(from + cut)];
          if (!text.length) return;
          const request = { header, text: Int32Array.from(text), question: Int32Array.from(words(question, 3)), needs };
          let chunks = 0;
          const warm = await model.reader.read(request, undefined, () => chunks++, log);
          const cold = await model.reader.read(request);
          expect(bytes(warm)).toEqual(bytes(cold));
          if (chunks < cold.updates) resumed++;
        }
      },
    ),
    // The first is sure to go on where it stood: by chance, sometimes none would.
    { numRuns: 5, examples: [[3 * nUp, SETS[1]!, [{ at: 0.9, cut: 1, put: 2, question: 0 }], 1]] },
  );
  expect(resumed).toBeGreaterThan(0);
});

test('a reading whose last chunk is a single frame is the same every time', async () => {
  const { nUp } = model.folder.reading;
  const fresh = await openModel('media/model');
  const request = {
    header: Int32Array.of(1),
    text: Int32Array.from(words(nUp, 0)),
    question: new Int32Array(0),
    needs: new Set<Signal>(['nammScore']),
  };
  const first = bytes(await fresh.reader.read(request));
  for (let i = 0; i < 3; i++) expect(bytes(await fresh.reader.read(request))).toEqual(first); // nothing that lay in memory got in
  await fresh.release();
});

test('stopped in the middle, it goes on where it stopped; an edit at the end reads one chunk', async () => {
  const { nUp } = model.folder.reading;
  const request = {
    header: Int32Array.of(1),
    text: Int32Array.from(words(5 * nUp, 1)),
    question: new Int32Array(0),
    needs: new Set<Signal>(['nammScore', 'logProb']),
  };
  const log = new ResumeLog();
  const stop = new AbortController();
  await expect(
    model.reader.read(request, stop.signal, (done) => done >= 3 * nUp && stop.abort(), log),
  ).rejects.toMatchObject({ name: 'CancelledError' });
  let chunks = 0;
  const warm = await model.reader.read(request, undefined, () => chunks++, log);
  expect(chunks).toBe(3); // of six: the header makes five chunks overflow
  expect(bytes(warm)).toEqual(bytes(await model.reader.read(request)));
  chunks = 0;
  await model.reader.read({ ...request, text: Int32Array.from([...request.text, 7]) }, undefined, () => chunks++, log);
  expect(chunks).toBe(1);
});

test('another header, or signals that were not noted, begin afresh; a long text keeps few stands', async () => {
  const { nUp } = model.folder.reading;
  const request = {
    header: Int32Array.of(1, 5),
    text: Int32Array.from(words(2 * nUp, 1)),
    question: new Int32Array(0),
    needs: new Set<Signal>(['nammScore']),
  };
  const log = new ResumeLog();
  await model.reader.read(request, undefined, undefined, log);
  let chunks = 0;
  await model.reader.read(
    { ...request, needs: new Set<Signal>(['nammScore', 'logProb']) },
    undefined,
    () => chunks++,
    log,
  );
  expect(chunks).toBe(3);
  chunks = 0;
  await model.reader.read({ ...request, header: Int32Array.of(1) }, undefined, () => chunks++, log);
  expect(chunks).toBe(3);
  const long = new ResumeLog();
  for (let i = 1; i <= 200; i++)
    long.record(
      {
        at: i * nUp,
        cache: {
          width: 0,
          lengths: [],
          key: new Float32Array(1000),
          value: new Float32Array(0),
          valid: new Float32Array(0),
          ema: new Float32Array(0),
          tail: new Float32Array(0),
          position: new Int32Array(0),
        },
        updates: i,
        live: 0,
        changing: [],
      },
      nUp,
    );
  expect(long.bytes).toBeLessThanOrEqual(17 * 4000);
  expect(long.bytes).toBeGreaterThanOrEqual(8 * 4000);
});
