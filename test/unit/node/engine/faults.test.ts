// Faults from outside: a killed engine, a full disk, a changed clock, deleted files, too little memory. Every call still ends.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CompressionError } from '../../../../src/core/errors';
import { collect } from '../../../../src/node/files/collect';
import type { CompressRequest, Progress } from '../../../../src/core/context';
import { EngineClient } from '../../../../src/node/engine/client';
import { wholeText } from '../../../../src/elisions/elision';
import { ElisionStore } from '../../../../src/node/elisions/elisionStore';

let dir: string;
const clients: EngineClient[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-faults-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((c) => c.dispose()));
  rmSync(dir, { recursive: true, force: true });
});
const client = (): EngineClient => {
  const c = new EngineClient({
    enginePath: resolve('dist/engine.js'),
    modelDir: resolve('media/model'),
    grammarDir: resolve('dist/grammars'),
    cacheDir: join(dir, 'readings'),
    startMs: 600_000, // a busy machine is no fault
  });
  clients.push(c);
  return c;
};
const request = (lines: number): CompressRequest => ({
  sources: [
    {
      path: 'a.ts',
      languageId: 'typescript',
      text: Array.from({ length: lines }, (_, i) => `export const value${i} = compute(${i}, "${i}");\n`).join(''),
    },
  ],
  budget: { kind: 'keepRatio', keepRatio: 0.5 },
  scorer: 'extended',
  counter: 'o200k',
  markers: true,
});
const stopped = { reason: 'engineStopped' };

describe('the engine is killed', () => {
  const stages: readonly (readonly [string, (p: Progress) => boolean])[] = [
    ['before it read', (p) => p.stage === 'read' && p.done === 0],
    ['between two chunks', (p) => p.stage === 'read' && p.done > 0],
  ];
  test.each(stages)('%s: another one gives what an undisturbed one gives', async (_, when) => {
    const c = client();
    let killed = false;
    const { files } = await c.compress(request(80), undefined, (p) => {
      if (!killed && when(p)) killed = process.kill(c.pid!, 'SIGKILL');
    });
    expect(killed).toBe(true);
    expect(files[0]!.grammarFault).toBeUndefined();
    rmSync(join(dir, 'readings'), { recursive: true, force: true });
    expect(files[0]!.text).toBe((await client().compress(request(80))).files[0]!.text);
  });

  test('while it starts, and while nobody asks anything of it', async () => {
    const c = client();
    const first = c.compress(request(5));
    process.kill(c.pid!, 'SIGKILL');
    await expect(first).rejects.toMatchObject(stopped);
    await c.compress(request(5));
    process.kill(c.pid!, 'SIGKILL');
    await expect.poll(() => c.pid).toBe(undefined);
    expect((await c.compress(request(5))).files).toHaveLength(1);
  });
});

test('too little memory: a reason, and works again with more', async () => {
  const c = client();
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = '--max-old-space-size=24';
  try {
    // Where it ends, at a text or before, depends on the memory of the runtime.
    await expect(c.compress(request(500))).rejects.toSatisfy((e) =>
      CompressionError.is(e, 'engineStopped', 'textFailed'),
    );
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
  expect((await c.compress(request(5))).files).toHaveLength(1);
});

test.skipIf(process.platform === 'win32')(
  'a disk that takes nothing: the result comes all the same, and what could not be stored is said',
  () => {
    const env = { ...process.env, NAMM_STATE_DIR: join(dir, 'state'), NAMM_CACHE_DIR: join(dir, 'cache') };
    const run = (limit: string) =>
      spawnSync(
        'bash',
        ['-c', `ulimit -f ${limit}; exec "${process.execPath}" dist/cli.js compress test/samples/view.js`],
        { encoding: 'utf8', env },
      );
    const full = run('0');
    expect(full.status).toBe(0);
    expect(full.stderr).toContain('elisions were not stored');
    const left = [join(dir, 'cache'), join(dir, 'state')]
      .filter(existsSync)
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    expect(left.filter((file) => statSync(file).size > 0)).toEqual([]); // no halves
    const free = run('unlimited');
    expect(free.stdout).toBe(full.stdout);
    expect(readdirSync(join(dir, 'cache')).filter((name) => name.endsWith('.obs'))).toHaveLength(1);
  },
);

test('files that go away while a folder is read are named; the others are read', async () => {
  const names = Array.from({ length: 200 }, (_, i) => `f${String(i).padStart(3, '0')}.ts`);
  mkdirSync(join(dir, 'src'));
  for (const n of names) writeFileSync(join(dir, 'src', n), `export const a = '${n}';\n`);
  const reading = collect(['src'], dir);
  const going = Promise.all(names.filter((_, i) => i % 2).map((n) => rm(join(dir, 'src', n))));
  const { files, skipped } = await reading;
  await going;
  expect(files.length + skipped.filter((s) => s.path.endsWith('.ts')).length).toBeGreaterThanOrEqual(100);
  for (const s of skipped) expect(s.reason).toMatch(/^(notFound|unreadable)$/);
  for (const n of names.filter((_, i) => i % 2 === 0)) expect(files.some((f) => f.path.endsWith(n))).toBe(true);
});

test('a lock from a clock that ran ahead is a dead one', async () => {
  const state = join(dir, 'state');
  mkdirSync(state);
  const lock = join(state, 'elisions.json.lock');
  writeFileSync(lock, '');
  const ahead = new Date(Date.now() + 1e9);
  utimesSync(lock, ahead, ahead);
  const text = 'one\ntwo\n';
  const file = {
    path: 'stdin',
    languageId: 'go',
    recipientTokens: { before: 4, after: 2 },
    text: '',
    spans: [],
    elisions: [{ id: 'abcd', start: 0, end: 4, lines: 1, recipientTokens: 2 }],
  };
  await new ElisionStore(state).put({ files: [file] } as never, [wholeText(text)]);
  expect(existsSync(lock)).toBe(false);
  expect(readFileSync(join(state, 'elisions.json'), 'utf8')).toContain('abcd');
});
