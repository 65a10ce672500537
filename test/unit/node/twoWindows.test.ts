// Several processes at once on one folder, with one state and one cache, as two windows have: neither breaks the other's elisions or readings.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CompressedContext } from '../../../src/core/context';

const FILES = ['auth.go', 'view.js', 'background.py'];
const RATIOS = ['0.2', '0.3', '0.5', '0.6'];
const run = promisify(execFile);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-windows-'));
  for (const f of FILES) cpSync(`test/samples/${f}`, join(dir, f));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const namm = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, NAMM_STATE_DIR: join(dir, 'state'), NAMM_CACHE_DIR: join(dir, 'cache') };
  return (await run(process.execPath, [resolve('dist/cli.js'), ...args], { cwd: dir, env, maxBuffer: 1 << 26 })).stdout;
};
const compress = async (keepRatio: string): Promise<CompressedContext> =>
  JSON.parse(
    await namm('compress', ...FILES, '--keep-ratio', keepRatio, '--format', 'json'),
  ) as unknown as CompressedContext;

test('every result is whole, every id leads back, nothing is left behind, and what was read is read no more', async () => {
  const results = await Promise.all(RATIOS.map(compress));
  const alone = await compress(RATIOS[0]!);
  expect(alone.files.map((f) => f.text)).toEqual(results[0]!.files.map((f) => f.text));
  for (const { files } of results)
    for (const { path, elisions } of files) {
      const { id, line } = elisions[0]!;
      expect(await namm('expand', id)).toBe(await namm('expand', `${path}:${line}`));
    }
  expect(readdirSync(join(dir, 'state')).filter((f) => !['elisions.json', 'usage.jsonl'].includes(f))).toEqual([]);
  const readings = readdirSync(join(dir, 'cache'), { recursive: true, encoding: 'utf8' });
  expect(readings.filter((f) => f.endsWith('.tmp'))).toEqual([]);
  expect(readings.filter((f) => f.endsWith('.obs')).length).toBe(FILES.length);
});
