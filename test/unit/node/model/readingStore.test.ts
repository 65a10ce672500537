// Tests that a stored reading comes back to the bit or not at all, and that the folder stays small and private.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Observation } from '../../../../src/core/observation';
import { ReadingStore } from '../../../../src/node/model/readingStore';

let home: string;
let dir: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'namm-readings-'));
  dir = join(home, 'cache', 'readings');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const key = (n: number): string => n.toString(16).padStart(64, '0');
const grid = (tokens: number, seed: number) => ({
  layers: 2,
  heads: 3,
  tokens,
  data: Float32Array.from({ length: 6 * tokens }, (_, i) => Math.sin(i + seed)),
});
const observation = (tokens: number, more: Partial<Observation> = {}): Observation => ({
  layers: 2,
  heads: 3,
  tokens,
  nammScore: grid(tokens, 1),
  logProb: Float32Array.from({ length: tokens }, (_, i) => -i / 7),
  evictedAt: Int16Array.from({ length: 6 * tokens }, (_, i) => (i % 5) - 1),
  forecast: { width: 26, codes: Int8Array.from({ length: 26 * tokens }, (_, i) => (i % 255) - 127) },
  updates: 4,
  meanCacheLength: 3.25,
  ...more,
});
const file = (n: number): string => join(dir, `${key(n)}.obs`);

test('what was put comes back, every grid of it; what was not put is absent', async () => {
  const store = new ReadingStore(dir);
  const full = observation(17, {
    attentionSum: grid(17, 2),
    windowAttention: grid(17, 3),
    lastAttention: grid(17, 4),
    keyNorm: grid(17, 5),
  });
  const { logProb: _, forecast: __, ...bare } = observation(1);
  await store.put(key(1), full);
  await store.put(key(2), bare);
  expect(await new ReadingStore(dir).get(key(1), 17)).toEqual(full);
  expect(await store.get(key(2), 1)).toEqual(bare);
  expect(await store.get(key(3), 1)).toBeUndefined();
});

// The first seven bytes say that a file is of this store.
const placeIn = (bytes: Buffer, at: number): number => 7 + (at % (bytes.length - 7));

test('any damage, a cut, another key, another length: absent, and replaced by the next reading', async () => {
  const store = new ReadingStore(dir);
  const seen = observation(9);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('flip', 'cut', 'grow', 'fill'),
      async (at, by, how) => {
        await store.put(key(1), seen);
        const bytes = readFileSync(file(1));
        if (how === 'flip') bytes[placeIn(bytes, at)]! ^= by;
        if (how === 'fill') bytes.fill(by, placeIn(bytes, at));
        writeFileSync(file(1), how === 'grow' ? Buffer.concat([bytes, Buffer.alloc(by)]) : bytes);
        if (how === 'cut') truncateSync(file(1), at % bytes.length);
        if (how === 'fill' && readFileSync(file(1)).equals(bytes) && (await store.get(key(1), 9))) return; // it held these bytes already
        expect(await store.get(key(1), 9)).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
  await store.put(key(1), seen);
  expect(await store.get(key(1), 9)).toEqual(seen);
  expect(await store.get(key(1), 8)).toBeUndefined();
  await store.put(key(1), seen);
  writeFileSync(file(2), readFileSync(file(1)));
  expect(await store.get(key(2), 9)).toBeUndefined();
  expect(await store.get(key(1), 9)).toEqual(seen);
});

test.skipIf(process.platform === 'win32')(
  'only the owner can read it; a link, a pipe or a folder in an entry’s place is neither followed nor replaced',
  async () => {
    const store = new ReadingStore(dir);
    await store.put(key(1), observation(3));
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(file(1)).mode & 0o777).toBe(0o600);
    const elsewhere = join(home, 'elsewhere');
    writeFileSync(elsewhere, readFileSync(file(1)));
    rmSync(file(1));
    symlinkSync(elsewhere, file(1));
    expect(await store.get(key(1), 3)).toBeUndefined();
    expect(existsSync(elsewhere)).toBe(true);
    mkdirSync(file(2));
    expect(await store.get(key(2), 3)).toBeUndefined();
    execFileSync('mkfifo', [file(3)]);
    expect(await store.get(key(3), 3)).toBeUndefined();
    for (const n of [1, 2, 3]) await store.put(key(n), observation(3));
    expect(lstatSync(file(1)).isSymbolicLink()).toBe(true);
    expect(lstatSync(file(2)).isDirectory()).toBe(true);
    expect(lstatSync(file(3)).isFIFO()).toBe(true);
  },
);

test('in a folder of the user, other files and the permissions stay as they are', async () => {
  mkdirSync(dir, { recursive: true });
  if (process.platform !== 'win32') chmodSync(dir, 0o755);
  const theirs = ['notes.tmp', `${key(7)}.obs.tmp`, `${key(8)}.obs`, `${key(9)}.obs.12.0a1b2c3d.tmp`];
  for (const name of theirs) {
    writeFileSync(join(dir, name), 'mine');
    utimesSync(join(dir, name), new Date(0), new Date(0));
  }
  const store = new ReadingStore(dir, 20_000);
  for (let i = 0; i < 5; i++) await store.put(key(i), observation(100));
  await store.put(key(8), observation(100));
  expect(existsSync(file(0))).toBe(false); // old entries were removed
  for (const name of theirs) expect(readFileSync(join(dir, name), 'utf8')).toBe('mine');
  if (process.platform !== 'win32') expect(statSync(dir).mode & 0o777).toBe(0o755);
});

test('bounded: what was used last stays; clocks that jump, and dead writers, leave nothing for good', async () => {
  const one = observation(100);
  const probe = new ReadingStore(join(home, 'probe'));
  await probe.put(key(0), one);
  const bytes = statSync(join(home, 'probe', `${key(0)}.obs`)).size;
  const store = new ReadingStore(dir, bytes * 10);
  await store.put(key(0), one);
  const [empty, begun] = ['00000001', '00000002'].map((id) => `${file(0)}.1.${id}.tmp`) as [string, string];
  writeFileSync(empty, '');
  utimesSync(empty, new Date(0), new Date(0));
  writeFileSync(begun, readFileSync(file(0)).subarray(0, 20));
  const future = new Date(Date.now() + 1e11);
  utimesSync(begun, future, future);
  utimesSync(file(0), future, future); // written while the clock was wrong
  for (let i = 1; i < 30; i++) {
    await store.put(key(i), one);
    const past = new Date(Date.now() - 1e6 + i * 1000);
    utimesSync(file(i), past, past);
    if (i > 1) await store.get(key(1), 100);
  }
  const left = readdirSync(dir);
  expect(left.length).toBeLessThanOrEqual(10);
  expect(left.length).toBeGreaterThan(5);
  expect(left).toContain(`${key(1)}.obs`);
  expect(left).toContain(`${key(29)}.obs`);
  expect(left).not.toContain(`${key(0)}.obs`);
  expect(left.filter((f) => f.endsWith('.tmp'))).toEqual([]);
  await store.put(key(99), observation(2000));
  expect(existsSync(file(99))).toBe(false); // larger than everything together may be
});

test('a folder that cannot be made is no failure', async () => {
  writeFileSync(join(home, 'cache'), 'a file where the folder should be');
  const store = new ReadingStore(dir);
  await store.put(key(1), observation(3));
  expect(await store.get(key(1), 3)).toBeUndefined();
});
