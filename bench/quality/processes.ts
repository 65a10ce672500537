// Knows how cases are measured in as many processes as the machine has cores.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { KeptMeasures } from './kept';
import type { Kind, Measured, Settings, Task } from './measure';

const MEASURING = join(__dirname, 'measuring.js');

/** The code that measures: what it left is not taken up by other code. */
export const measuringCode = (): Uint8Array => readFileSync(MEASURING);

export const tasksOf = (kind: Kind, count: number): Task[] => Array.from({ length: count }, (_, i) => ({ kind, case: i }));

/** Every task's measure, in their order; what was kept is not measured again, what is new is kept. */
export async function measured(settings: Settings, tasks: readonly Task[], kept: KeptMeasures): Promise<Measured[]> {
  const open = tasks.filter((t) => !kept.of(t));
  let done = tasks.length - open.length;
  const processes = Math.min(availableParallelism(), open.length);
  const run = (share: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(MEASURING, [], { env: { ...process.env, QUALITY_SHARE: JSON.stringify({ settings, tasks: open.filter((_, i) => i % processes === share) }) } });
      child.on('message', (m) => {
        kept.add(m as Measured);
        if (++done % 20 === 0) console.error(`${done} of ${tasks.length} measures`);
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a measuring process ended with ${code}`))));
    });
  await Promise.all(Array.from({ length: processes }, (_, share) => run(share)));
  return tasks.map((t) => kept.of(t)!);
}
