// Runs work in as many processes as the machine has cores, and measures cases this way.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { progress } from '../setup';
import type { Kind, Measured, Settings, Task } from './measure';
import type { MeasureLog } from './measureLog';

const WORKER = join(__dirname, 'measureWorker.js');

/** The bundled code that measures: what other code measured is not reused. */
export const workerCode = (): Uint8Array => readFileSync(WORKER);

export const tasksOf = (kind: Kind, count: number): Task[] =>
  Array.from({ length: count }, (_, i) => ({ kind, case: i }));

/** One process for each core, but not more than there are tasks. */
export const processesFor = (tasks: number): number => Math.min(availableParallelism(), tasks);

/**
 * Runs `script` in `count` processes at once.
 * @param env variables for the process with number `share` of `of`
 * @param receive is called for every message, in the order of arrival
 * @throws Error if a process fails
 */
export async function inProcesses<Message>(
  script: string,
  count: number,
  args: readonly string[],
  env: (share: number, of: number) => NodeJS.ProcessEnv,
  receive: (message: Message) => void,
): Promise<void> {
  const run = (share: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(script, [...args], { env: { ...process.env, ...env(share, count) } });
      child.on('message', (m) => receive(m as Message));
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process of ${script} ended with ${code}`)),
      );
    });
  await Promise.all(Array.from({ length: count }, (_, share) => run(share)));
}

/** The measure of every task, in their order. What the log holds is not measured again; the rest is added to it. */
export async function measureAll(settings: Settings, tasks: readonly Task[], log: MeasureLog): Promise<Measured[]> {
  const open = tasks.filter((t) => !log.get(t));
  let done = tasks.length - open.length;
  // All tasks of one case go to one process, which reads the case once.
  const position = new Map([...new Set(open.map((t) => t.case))].map((number, k) => [number, k]));
  const share = (i: number, of: number): NodeJS.ProcessEnv => ({
    QUALITY_SHARE: JSON.stringify({ settings, tasks: open.filter((t) => position.get(t.case)! % of === i) }),
  });
  await inProcesses<Measured>(WORKER, processesFor(open.length), [], share, (m) => {
    log.add(m);
    progress(++done, tasks.length, 'measures');
  });
  return tasks.map((t) => log.get(t)!);
}
