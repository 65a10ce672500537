// Knows how work is spread over as many processes as the machine has cores, and how cases are measured so.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { KeptMeasures } from './kept';
import type { Kind, Measured, Settings, Task } from './measure';

const MEASURING = join(__dirname, 'measuring.js');

/** The code that measures: what it left is not taken up by other code. */
export const measuringCode = (): Uint8Array => readFileSync(MEASURING);

export const tasksOf = (kind: Kind, count: number): Task[] =>
  Array.from({ length: count }, (_, i) => ({ kind, case: i }));

/** No more than there is to do. */
export const processesFor = (tasks: number): number => Math.min(availableParallelism(), tasks);

/** Runs `script` so many times beside each other, each with the environment of its share; their messages come as they are sent. */
export async function inProcesses<Message>(
  script: string,
  count: number,
  args: readonly string[],
  env: (share: number, of: number) => NodeJS.ProcessEnv,
  each: (message: Message) => void,
): Promise<void> {
  const run = (share: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(script, [...args], { env: { ...process.env, ...env(share, count) } });
      child.on('message', (m) => each(m as Message));
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process of ${script} ended with ${code}`)),
      );
    });
  await Promise.all(Array.from({ length: count }, (_, share) => run(share)));
}

/** Every task's measure, in their order; what was kept is not measured again, what is new is kept. */
export async function measured(settings: Settings, tasks: readonly Task[], kept: KeptMeasures): Promise<Measured[]> {
  const open = tasks.filter((t) => !kept.of(t));
  let done = tasks.length - open.length;
  const place = new Map([...new Set(open.map((t) => t.case))].map((number, k) => [number, k])); // all that is asked of one case goes to one process
  const share = (i: number, of: number): NodeJS.ProcessEnv => ({
    QUALITY_SHARE: JSON.stringify({ settings, tasks: open.filter((t) => place.get(t.case)! % of === i) }),
  });
  await inProcesses<Measured>(MEASURING, processesFor(open.length), [], share, (m) => {
    kept.add(m);
    if (++done % 20 === 0) console.error(`${done} of ${tasks.length} measures`);
  });
  return tasks.map((t) => kept.of(t)!);
}
