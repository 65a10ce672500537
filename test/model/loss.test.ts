// Tests that the pruned graph gives the same loss as the whole graph.
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LossMeter } from '../../bench/cases/loss';
import { pruneGraph } from '../../bench/cases/pruneGraph';
import { HOP, ObserverGraph, type CacheState } from '../../src/node/model/graphs';
import { loadModelFolder } from '../../src/node/model/manifest';
import { createSession, loadRuntime } from '../../src/node/model/runtime';
import { BpeTokenizer } from '../../src/node/model/tokenizer';

const dir = resolve('media/model');

test('the graph without what no loss needs is smaller, and tells the same loss', async () => {
  const folder = await loadModelFolder(dir);
  expect(pruneGraph(folder.observer, ['key', 'value', 'log_prob']).length).toBeLessThan(
    folder.observer.length - 10_000,
  );

  const target = {
    path: 'a.ts',
    languageId: 'typescript',
    text: 'export function area(width: number, height: number): number {\n  return width * height;\n}\n',
  };
  const tokenizer = new BpeTokenizer(folder.tokenizer);
  const { layers, kvHeads, headSize, fileToken, padToken } = folder.shape;
  const header = [fileToken, ...tokenizer.tokenize('a.ts\n').ids];
  const ids = [...header, ...tokenizer.tokenize(target.text).ids];
  const size = Math.ceil(ids.length / HOP) * HOP;
  const padded = (from: number): Int32Array => Int32Array.from({ length: size }, (_, i) => ids[from + i] ?? padToken);
  const ort = await loadRuntime();
  const session = await createSession(ort, folder.observer, 'observer.onnx', 1, folder.observerWeights);
  const whole = new ObserverGraph(ort, session, layers, kvHeads, headSize);
  const { logProb } = await whole.run(
    { ids: padded(0), targets: padded(1), valid: ids.length, wantLogProb: true },
    empty(layers * kvHeads),
  );
  await session.release();
  const nats = -logProb.subarray(header.length - 1, ids.length - 1).reduce((sum, p) => sum + p, 0);

  expect(await (await LossMeter.open(dir, 1)).nats({ ...target, text: '' }, target)).toBeCloseTo(nats, 3);
});

test('an output that is not there is told', async () => {
  const folder = await loadModelFolder(dir);
  expect(() => pruneGraph(folder.observer, ['loss'])).toThrow('the graph has no output loss');
});

const empty = (caches: number): CacheState => ({
  width: 0,
  lengths: new Array<number>(caches).fill(0),
  key: new Float32Array(0),
  value: new Float32Array(0),
  valid: new Float32Array(0),
  ema: new Float32Array(0),
  tail: new Float32Array(0),
  position: new Int32Array(0),
});
