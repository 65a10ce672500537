// Tests that a model folder is loaded only if it is as its manifest describes it, and refused with one reason otherwise.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadModelFolder } from '../../../../src/node/model/manifest';

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
  manifest.files[name].sha256 = createHash('sha256')
    .update(readFileSync(join(dir, name)))
    .digest('hex');
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

test('the extended weights by name', async () => {
  const { extended } = await loadModelFolder(dir);
  expect(extended.focus).toEqual(Float32Array.of(...json('extended.json').groups.focus));
  expect(extended.marker).toBe(Math.fround(json('extended.json').groups.marker[0]));
});

test.each(['observer.onnx', 'memory.onnx', 'tokenizer.json', 'namm.json', 'extended.json'])(
  'one other bit in %s',
  async (name) => {
    const bytes = readFileSync(join(dir, name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(dir, name), bytes);
    await refused('modelCorrupt');
  },
);
