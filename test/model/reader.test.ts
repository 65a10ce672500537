// Tests that a reading gives every token a score in every cache, whatever the length, and that eviction is real.
import { beforeAll, describe, expect, test } from 'vitest';
import { openModel, type LocalModel } from '../../src/node/model/model';
import type { Signal } from '../../src/core/observation';

let model: LocalModel;
beforeAll(async () => {
  model = await openModel('media/model');
  return () => model.release();
});

const everything: ReadonlySet<Signal> = new Set<Signal>([
  'nammScore',
  'attentionSum',
  'windowAttention',
  'lastAttention',
  'keyNorm',
  'logProb',
  'forecast',
]);
const header = Int32Array.of(1, 10, 11);
const text = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => 4 + ((i * 7919) % 8000));

describe('every token has a score in every layer and head', () => {
  for (const n of [1, 15, 16, 17, 511, 512, 513])
    test(`${n} tokens`, async () => {
      const seen = await model.reader.read({ header, text: text(n), question: new Int32Array(0), needs: everything });
      const caches = seen.layers * seen.heads;
      for (const grid of [seen.nammScore!, seen.attentionSum!, seen.keyNorm!]) {
        expect(grid.data.length).toBe(caches * n);
        expect(grid.data.every(Number.isFinite)).toBe(true);
      }
      // every key has a norm, so nothing was skipped; every probability is one
      expect(seen.keyNorm!.data.every((x) => x > 0)).toBe(true);
      expect(seen.logProb!.every((x) => x < 0)).toBe(true);
      // every token foretells something: none was left out at the edges of chunks
      const { codes, width } = seen.forecast!;
      expect(codes.length).toBe(n * width);
      for (let t = 0; t < n; t++) expect(codes.subarray(t * width, (t + 1) * width).some((x) => x !== 0)).toBe(true);
      expect(seen.updates).toBe(Math.ceil((n + header.length) / model.folder.reading.nUp));
    });
});

test('attention is conserved: what the caches received is one unit per query, header included', async () => {
  const seen = await model.reader.read({
    header: new Int32Array(0),
    text: text(300),
    question: new Int32Array(0),
    needs: everything,
  });
  for (let c = 0; c < seen.layers * seen.heads; c++) {
    const sum = seen.attentionSum!.data.subarray(c * 300, (c + 1) * 300).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(300, 1);
    expect(seen.lastAttention!.data.subarray(c * 300, (c + 1) * 300).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
    expect(seen.windowAttention!.data.subarray(c * 300, (c + 1) * 300).reduce((a, b) => a + b, 0)).toBeCloseTo(
      300 % 16,
      2,
    ); // padding brings none
  }
});

test('a memory that dislikes everything keeps the newest entry only; one that likes everything meets the cap', async () => {
  const { reading, namm } = model.folder;
  const with_ = (bias: number) => {
    const weights = new Float32Array(4172);
    weights[4171] = bias;
    return model.withMemory({ ...namm, weights });
  };
  const n = reading.nUp * 3;
  const none = await with_(-1).reader.read({ header, text: text(n), question: new Int32Array(0), needs: everything });
  expect(none.meanCacheLength).toBe(1);
  expect(none.evictedAt.filter((u) => u === 0).length).toBeGreaterThan(0);
  const all = await with_(1).reader.read({ header, text: text(n), question: new Int32Array(0), needs: everything });
  expect(all.meanCacheLength).toBeLessThanOrEqual(reading.cacheSize);
  expect(all.meanCacheLength).toBeGreaterThan(reading.cacheSize - reading.nUp);
  // eviction changes what later tokens see
  expect(Math.abs(none.logProb!.at(-1)! - all.logProb!.at(-1)!)).toBeGreaterThan(0);
});

test('the same text gives the same bytes, on one thread or two', async () => {
  const one = await openModel('media/model', 1);
  const request = { header, text: text(700), question: new Int32Array(0), needs: everything };
  const a = await model.reader.read(request);
  const b = await one.reader.read(request);
  await one.release();
  expect(Buffer.from(a.nammScore!.data.buffer).equals(Buffer.from(b.nammScore!.data.buffer))).toBe(true);
});

test('cancelled between chunks', async () => {
  const stop = new AbortController();
  const reading = model.reader.read(
    { header, text: text(4000), question: new Int32Array(0), needs: everything },
    stop.signal,
    () => stop.abort(),
  );
  await expect(reading).rejects.toMatchObject({ name: 'CancelledError' });
});
