// The watchdog ends a process that works too long on one step, or whose parent is gone.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

// A process whose main thread never hears anything again.
const STAND_IN = `
  import { isMainThread, workerData } from 'node:worker_threads';
  import { startWatchdog, watch } from './watchdog';
  if (isMainThread) {
    const dog = startWatchdog(__filename);
    dog.step(Number(process.argv[2]));
    process.stdout.write('at work\\n', () => { for (;;); });
  } else watch(workerData);
`;

let folder: string;
let script: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'namm-'));
  script = join(folder, 'busy.cjs');
  const resolveDir = resolve('src/node/engine');
  buildSync({
    stdin: { contents: STAND_IN, resolveDir, loader: 'ts' },
    outfile: script,
    bundle: true,
    platform: 'node',
  });
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('a step that takes more processor time than it may is the last', async () => {
  const child = spawn(process.execPath, [script, '300'], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  await once(child, 'close');
  expect(child.exitCode === 0).toBe(false);
  expect(said).toContain('watchdog: a step took more than 300 ms');
});

test('a process without its parent ends, though it hears nothing', async () => {
  const start = `require('child_process').spawn(process.execPath, [${JSON.stringify(script)}, '0'], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(parent);
  const ended = once(parent, 'close'); // both processes hold the pipe
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  expect(String(said)).toContain('at work');
  parent.stdout.resume();
  parent.kill('SIGKILL');
  await ended;
});
