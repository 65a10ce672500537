// Only regular files are read, only up to a limit, and only what lies where it was checked.
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRegular } from '../../../../src/node/files/regularFile';

let dir: string;
const at = (...parts: string[]): string => join(dir, ...parts);
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'namm-regular-')));
  mkdirSync(at('root'));
  writeFileSync(at('root/a.ts'), 'inside');
  writeFileSync(at('outside.ts'), 'outside');
});
afterEach(() => rmSync(dir, { recursive: true }));

const read = async (path: string, options: Partial<Parameters<typeof readRegular>[1]> = {}): Promise<string> =>
  (await readRegular(at(path), { limit: 100, name: path, ...options })).toString();

test('a file, up to the limit', async () => {
  expect(await read('root/a.ts')).toBe('inside');
  expect(await read('root/a.ts', { limit: 6 })).toBe('inside');
  await expect(read('root/a.ts', { limit: 5 })).rejects.toMatchObject({ reason: 'fileTooLarge', detail: 'root/a.ts' });
  await expect(read('root/none.ts')).rejects.toMatchObject({ reason: 'notFound' });
  await expect(read('root/a.ts/b')).rejects.toMatchObject({ reason: 'notFound' });
  await expect(read('root')).rejects.toMatchObject({ reason: 'unreadable' });
});

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  test('a pipe, a socket and a device are refused, and nothing waits for them', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(read('pipe')).rejects.toMatchObject({ reason: 'unreadable', detail: 'pipe' });
    symlinkSync(at('pipe'), at('link'));
    await expect(read('link')).rejects.toMatchObject({ reason: 'unreadable' });
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(read('socket')).rejects.toMatchObject({ reason: 'unreadable' });
    server.close();
    await expect(readRegular('/dev/zero', { limit: 100 })).rejects.toMatchObject({ reason: 'unreadable' });
  });

  test('a link is followed unless it is refused', async () => {
    symlinkSync(at('root/a.ts'), at('link'));
    expect(await read('link')).toBe('inside');
    await expect(read('link', { noLink: true })).rejects.toMatchObject({ reason: 'unreadable' });
  });

  test.skipIf(process.platform !== 'linux')('a file that tells the size 0 is read to its end', async () => {
    expect((await readRegular('/proc/self/status', { limit: 100_000 })).toString()).toMatch(/^Name:/);
    await expect(readRegular('/proc/self/status', { limit: 10 })).rejects.toMatchObject({ reason: 'fileTooLarge' });
  });
});

describe.skipIf(process.platform === 'win32')('inside a folder', () => {
  const inside = (path: string): Promise<string> => read(path, { inside: at('root') });

  test('what lies in it, also through a link that stays in it', async () => {
    symlinkSync(at('root/a.ts'), at('root/link.ts'));
    symlinkSync(at('root'), at('alias'));
    for (const path of ['root/a.ts', 'root/link.ts', 'alias/a.ts']) expect(await inside(path)).toBe('inside');
  });

  test('not what a link leads out to', async () => {
    symlinkSync(at('outside.ts'), at('root/out.ts'));
    symlinkSync(dir, at('root/up'));
    for (const path of ['root/out.ts', 'root/up/outside.ts', 'outside.ts'])
      await expect(inside(path)).rejects.toMatchObject({ reason: 'unreadable', detail: path });
  });

  test('while somebody swaps it for a link, it gives its own text or none', async () => {
    linkSync(at('root/a.ts'), at('root/kept.ts'));
    let swapping = true;
    const swap = (async () => {
      for (let i = 0; swapping; i++) {
        if (i % 2) linkSync(at('root/kept.ts'), at('root/next'));
        else symlinkSync(at('outside.ts'), at('root/next'));
        renameSync(at('root/next'), at('root/a.ts')); // in one step: something is always there
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) seen.add(await inside('root/a.ts').catch(() => 'refused'));
    swapping = false;
    await swap;
    // On a busy machine the swap can win or lose every race: what must never come is the text outside.
    for (const text of seen) expect(['inside', 'refused']).toContain(text);
    rmSync(at('root/a.ts'));
    linkSync(at('root/kept.ts'), at('root/a.ts'));
    expect(await inside('root/a.ts')).toBe('inside');
  });
});
