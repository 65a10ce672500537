// Ends the engine process if its parent is gone, or if one step of its work takes too long. It runs in a thread of its own,
// because a thread that parses hears nothing.
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const POLL_MS = 500;
// Slots of the shared memory, 32-bit integers.
const STEP = 0; // number of the step that is under work
const LIMIT = 1; // what it may take, ms of processor time; 0: no limit
const SLOTS = 2;

/** What the second thread is given. The parent is named at the start: later it may be another one. */
export interface Watched {
  readonly shared: SharedArrayBuffer;
  readonly parent: number;
}

/** What the watched thread tells. */
export interface Watchdog {
  /** A step begins that may take this long, in milliseconds of processor time. 0: as long as it likes. */
  step(limitMs: number): void;
}

/** @param file the script of this process; its second thread calls `watch` */
export function startWatchdog(file: string): Watchdog {
  const shared = new SharedArrayBuffer(4 * SLOTS);
  const slots = new Int32Array(shared);
  new Worker(file, { workerData: { shared, parent: process.ppid } satisfies Watched }).unref();
  return {
    step: (limitMs) => {
      Atomics.store(slots, LIMIT, Math.ceil(limitMs));
      Atomics.add(slots, STEP, 1);
    },
  };
}

/** What the second thread does for as long as the process lives. */
export function watch({ shared, parent }: Watched): void {
  const slots = new Int32Array(shared);
  let step = -1;
  let begun = 0;
  setInterval(() => {
    if (!isAlive(parent)) end('its parent is gone');
    const now = Atomics.load(slots, STEP);
    const limit = Atomics.load(slots, LIMIT);
    if (now !== step) {
      step = now;
      begun = processorMs();
    } else if (limit > 0 && processorMs() - begun > limit) end(`a step took more than ${limit} ms`);
  }, POLL_MS);
}

/** Whether the parent of this process is still the one that started it. */
function isAlive(parent: number): boolean {
  if (process.ppid !== parent) return false; // another process adopted this one
  try {
    return process.kill(parent, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Processor time of the whole process: a busy machine does not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Only a signal ends a thread that is at work. */
function end(why: string): void {
  try {
    writeSync(2, `watchdog: ${why}\n`);
  } catch {
    // nobody reads it
  }
  process.kill(process.pid, 'SIGKILL');
}
