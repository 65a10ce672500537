// Tests that a model folder is loaded only if it is as its manifest describes it, and refused with one reason otherwise.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Json } from '../../../support/json';
import { loadModelFolder } from '../../../../src/node/model/manifest';
import { LazyModel } from '../../../../src/node/model/lazyModel';
import { openModel } from '../../../../src/node/model/model';
import { KnownProducts } from '../../../../src/node/model/products';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-model-'));
  cpSync('media/model', dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const json = (name: string) => JSON.parse(readFileSync(join(dir, name), 'utf8'));
/** A changed file of which the manifest knows. */
const put = (name: string, value: unknown): void => {
  writeFileSync(join(dir, name), JSON.stringify(value));
  const manifest = json('manifest.json');
  const bytes = readFileSync(join(dir, name));
  manifest.files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
};
const refused = (reason: string) => expect(loadModelFolder(dir)).rejects.toMatchObject({ reason });

test('as it is', async () => expect((await loadModelFolder(dir)).namm.weights.every(Number.isFinite)).toBe(true));

test.each(['null', '7', '"x"', '{', ''])('a manifest that is %j', async (text) => {
  writeFileSync(join(dir, 'manifest.json'), text);
  await expect(loadModelFolder(dir)).rejects.toMatchObject({
    reason: text === '7' || text === '"x"' ? expect.stringMatching(/modelCorrupt|modelUnsupported/) : 'modelCorrupt',
  });
});

test('no reading record', async () => {
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ ...json('manifest.json'), reading: null }));
  await refused('modelUnsupported');
});

test.each([{ kvHeads: 2 ** 53 - 1 }, { layers: 0 }, { fileToken: -1 }, { padToken: 8192 }])(
  'a shape with %j',
  async (change) => {
    const manifest = json('manifest.json');
    writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ ...manifest, model: { ...manifest.model, ...change } }));
    await refused('modelCorrupt');
  },
);

const changed = (change: (manifest: Json) => void): void => {
  const manifest = json('manifest.json');
  change(manifest);
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
};

// JSON has no NaN: a program that writes one writes null.
test.each<[string, string, unknown]>([
  ['model', 'vocab', null],
  ['model', 'vocab', '8192'],
  ['model', 'headSize', 0.5],
  ['model', 'layers', []],
  ['model', 'heads', 5],
  ['model', 'dModel', 385],
  ['model', 'dFf', null],
  ['model', 'ropeBase', '10000'],
  ['model', 'trainedContext', 1e9],
  ['model', 'forecast', null],
  ['model', 'padToken', 1.5],
  ['reading', 'nUp', null],
  ['reading', 'nUp', 24],
  ['reading', 'nUp', 1_048_576],
  ['reading', 'cacheSize', 0],
  ['reading', 'cacheSize', '512'],
  ['auto', 'namm', null],
  ['auto', 'extended', '1.3'],
])('%s.%s of %j is named', async (part, key, value) => {
  changed((manifest) => void (manifest[part][key] = value));
  await expect(loadModelFolder(dir)).rejects.toMatchObject({
    reason: 'modelCorrupt',
    detail: expect.stringContaining(`${part}.${key}`),
  });
});

test.each<[string, unknown]>([
  ['name', 7],
  ['model', null],
  ['model', [1]],
  ['files', 'all'],
  ['auto', [1]],
])('%s that is %j', async (key, value) => {
  changed((manifest) => void (manifest[key] = value));
  await refused('modelCorrupt');
});

test('a file of another length than the manifest says', async () => {
  changed((manifest) => void manifest.files['namm.json'].bytes--);
  await expect(loadModelFolder(dir)).rejects.toMatchObject({ reason: 'modelCorrupt', detail: 'namm.json' });
});

test.each([null, '0', [0]])('a threshold of the memory that is %j', async (threshold) => {
  put('namm.json', { ...json('namm.json'), threshold });
  await expect(loadModelFolder(dir)).rejects.toMatchObject({
    reason: 'modelCorrupt',
    detail: 'namm.json: threshold is no number',
  });
});

test('a spread below zero', async () => {
  const namm = json('namm.json');
  put('namm.json', { ...namm, std: [-1, ...namm.std.slice(1)] });
  await refused('modelCorrupt');
});

test('a file that is missing, and one that is a folder', async () => {
  rmSync(join(dir, 'memory.onnx'));
  await refused('modelMissing');
  mkdirSync(join(dir, 'memory.onnx'));
  await refused('modelCorrupt');
});

test.skipIf(process.platform === 'win32')('a file that is a pipe does not hang', async () => {
  for (const name of ['namm.json', 'manifest.json']) {
    rmSync(join(dir, name));
    execFileSync('mkfifo', [join(dir, name)]);
    await refused('modelCorrupt');
  }
});

// The shape is sound in itself, but the graphs are of another one.
test.each<[Record<string, number | undefined>, string]>([
  [
    { headSize: 32, dModel: 192 },
    'observer-int8.onnx: "past_key" is [6, 2, M, 64], by manifest.json it must be [6, 2, M, 32]',
  ],
  [{ forecast: undefined }, 'observer-int8.onnx: it forecasts, but manifest.json has no model.forecast'],
  [{ forecast: 32 }, 'observer-int8.onnx: "forecast" is [U, 386], by manifest.json it must be [U, 194]'],
  [{ vocab: 8000 }, 'tokenizer.json: it has 8192 tokens, more than model.vocab of manifest.json'],
  [{ vocab: 9000 }, 'manifest.json: the observer does not know 9000 tokens'],
])('a model of another shape than its graphs: %j', async (change, detail) => {
  put('extended.json', { groups: json('extended.json').groups }); // its head depends on the forecast, too
  changed((manifest) => Object.assign(manifest.model, change));
  await expect(openModel(dir)).rejects.toMatchObject({ reason: 'modelCorrupt', detail });
});

/** A file of the folder, its bytes changed, of which the manifest knows. */
const putBytes = (name: string, change: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(join(dir, name));
  change(bytes);
  writeFileSync(join(dir, name), bytes);
  changed((manifest) => {
    manifest.files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
};
const productsOf = async (): Promise<string> => {
  const model = await openModel(dir);
  const none = new Int32Array(0);
  const { logProb } = await model.reader.read({
    header: Int32Array.of(model.folder.shape.fileToken),
    text: model.tokenizer.tokenize('const answer = 42;\n').ids,
    question: none,
    needs: new Set(['logProb']),
  });
  await model.release();
  expect(logProb!.every((p) => p < 0 && p > -20)).toBe(true);
  return model.products;
};

test('products in int8 if model and processor have them, else in float32', async () => {
  expect(['int8', 'float32']).toContain(await productsOf()); // some processors would lose part of a sum
  changed((manifest) => delete manifest.files['observer-int8.onnx']);
  rmSync(join(dir, 'observer-int8.onnx'));
  expect(await productsOf()).toBe('float32');
});

// What a processor does that loses the upper part of a sum: the check sees another number.
test('products in float32 if the check of int8 gives another sum', async () => {
  putBytes('observer-int8.onnx', (bytes) => {
    const levels = bytes.indexOf(Buffer.alloc(384 * 64, 127));
    expect(levels).toBeGreaterThan(0);
    bytes[levels + 5] = 126;
  });
  expect(await productsOf()).toBe('float32');
});

test('what is remembered of the products is corrected where it was wrong', async () => {
  const cache = join(dir, 'cache');
  putBytes('observer-int8.onnx', (bytes) => {
    bytes[bytes.indexOf(Buffer.alloc(384 * 64, 127)) + 5] = 126;
  });
  const read = async (model: LazyModel): Promise<void> => {
    const [text, none] = [Int32Array.of(5, 6, 7), new Int32Array(0)];
    await model.read({ header: none, text, question: none, needs: new Set() });
  };
  const first = await LazyModel.load(dir, 1, cache);
  expect([first.isOpen, await first.products(), first.isOpen]).toEqual([false, 'float32', true]);
  await new KnownProducts(cache, first.folder.sha256, first.runtimeVersion).put('int8');
  const second = await LazyModel.load(dir, 1, cache);
  expect([await second.products(), second.isOpen]).toEqual(['int8', false]);
  await read(second);
  expect(await second.products()).toBe('float32');
  const third = await LazyModel.load(dir, 1, cache);
  expect([await third.products(), third.isOpen]).toEqual(['float32', false]);
  await Promise.all([first, second, third].map((model) => model.release()));
});

test('what is remembered of the products is one of two words in a file of its own', async () => {
  const known = new KnownProducts(dir, 'model', '1.2.3');
  expect(await known.get()).toBeUndefined();
  await known.put('int8');
  expect(await known.get()).toBe('int8');
  expect(await new KnownProducts(dir, 'model', '1.2.4').get()).toBeUndefined();
  const file = readdirSync(dir).find((name) => name.endsWith('.products'))!;
  writeFileSync(join(dir, file), 'float16');
  expect(await known.get()).toBeUndefined();
});

test('graphs without the weights that they need', async () => {
  changed((manifest) => delete manifest.files['observer.weights']);
  await expect(openModel(dir)).rejects.toMatchObject({ reason: 'modelCorrupt' });
});

test('a weight that 32 bits cannot hold', async () => {
  const namm = json('namm.json');
  put('namm.json', { ...namm, weights: [1e308, ...namm.weights.slice(1)] });
  await refused('modelCorrupt');
});

test.each<[string, (groups: Record<string, unknown>) => unknown]>([
  ['no groups', () => undefined],
  ['a group that is missing', ({ marker: _, ...others }) => others],
  ['a group that nobody knows', (groups) => ({ ...groups, markers: [1] })],
  ['a group that is too long', (groups) => ({ ...groups, marker: [1, 2] })],
  ['a group of another model', (groups) => ({ ...groups, caches: [0] })],
  ['a number that 32 bits cannot hold', (groups) => ({ ...groups, marker: [1e308] })],
  ['no number', (groups) => ({ ...groups, marker: ['1'] })],
])('extended weights with %s', async (_, change) => {
  put('extended.json', { groups: change(json('extended.json').groups) });
  await refused('modelCorrupt');
});

test.each([
  ['of another length', { weights: [1, 2], bias: [0] }],
  ['without a bias', { weights: [] }],
  ['of words', 'x'],
])('a head of the future attention %s', async (_, futureHead) => {
  put('extended.json', { ...json('extended.json'), futureHead });
  await refused('modelCorrupt');
});

test('the extended weights by name', async () => {
  const { extended } = await loadModelFolder(dir);
  expect(extended.focus).toEqual(Float32Array.of(...json('extended.json').groups.focus));
  expect(extended.marker).toBe(Math.fround(json('extended.json').groups.marker[0]));
});

test.each([
  'observer.onnx',
  'observer-int8.onnx',
  'observer.weights',
  'memory.onnx',
  'tokenizer.json',
  'namm.json',
  'extended.json',
])('one other bit in %s', async (name) => {
  const bytes = readFileSync(join(dir, name));
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(join(dir, name), bytes);
  await refused('modelCorrupt');
});
