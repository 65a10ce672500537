// What is written down of a use, and read back.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HandedOver } from '../../../../src/node/usage/entry';
import { Ledger, LEDGER_FILE, readLedger } from '../../../../src/node/usage/ledger';

const USED: HandedOver = { did: 'compressed', before: 100, after: 40, units: 400, tokens: 100, counter: 'o200k' };
let dir: string;
let folder: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-usage-'));
  folder = join(dir, 'state');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

test('what is noted is read back, with who did it and when', async () => {
  const start = Date.now();
  await new Ledger(folder, 'cli').note(USED);
  await new Ledger(folder, 'mcp').note({ did: 'expanded', units: 12 });
  const entries = await readLedger(folder);
  expect(entries).toMatchObject([
    { ...USED, by: 'cli' },
    { did: 'expanded', units: 12, by: 'mcp' },
  ]);
  for (const { at } of entries) expect(at).toBeGreaterThanOrEqual(start);
});

test.skipIf(process.platform === 'win32')('only the owner can read it', async () => {
  await new Ledger(folder, 'cli').note(USED);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, LEDGER_FILE)).mode & 0o777).toBe(0o600);
});

test('NAMM_STATS=off: nothing is written', async () => {
  vi.stubEnv('NAMM_STATS', 'off');
  await new Ledger(folder, 'cli').note(USED);
  expect(existsSync(folder)).toBe(false);
});

test('a folder that cannot be written is no failure', async () => {
  writeFileSync(folder, 'a file where the folder should be');
  await expect(new Ledger(folder, 'cli').note(USED)).resolves.toBeUndefined();
});

test('a full file is set aside, and the entries before that are forgotten', async () => {
  const ledger = new Ledger(folder, 'cli', 300);
  for (let i = 0; i < 20; i++) await ledger.note({ did: 'expanded', units: i });
  const units = (await readLedger(folder)).map((e) => e.units);
  expect(units.at(-1)).toBe(19);
  expect(units).toEqual([...units].sort((a, b) => a - b)); // oldest first
  expect(units.length).toBeLessThan(20);
  expect(readFileSync(join(folder, LEDGER_FILE)).length).toBeLessThan(500);
});

test('a damaged line, and one that is no entry, is left out', async () => {
  await new Ledger(folder, 'cli').note(USED);
  for (const line of [
    '{"at":1,"by":"cli","did":"compr',
    'null',
    '[]',
    '{"at":-1,"by":"cli","did":"expanded","units":1}',
  ])
    appendFileSync(join(folder, LEDGER_FILE), `${line}\n`);
  appendFileSync(join(folder, LEDGER_FILE), '{"at":1,"by":"nobody","did":"expanded","units":1}\n');
  expect(await readLedger(folder)).toHaveLength(1);
});

test('without a ledger there are no entries', async () => expect(await readLedger(folder)).toEqual([]));
