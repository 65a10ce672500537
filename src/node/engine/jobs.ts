// The jobs of the engine process: one compressor, one job at a time, jobs that somebody waits for first.
import { constants, setPriority } from 'node:os';
import type { Compressor } from './compressor';
import type { Progress } from '../../core/context';
import { CancelledError, CompressionError } from '../../core/errors';
import { GrammarFaultError } from '../../parse/boundedParser';
import { readRequest, type EngineJob, type EngineReply } from './protocol';
import type { Watchdog } from './watchdog';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime

const PROGRESS_MS = 50; // a person does not see more
const LAST_WORDS_MS = 500;
// What a step on one text may take, in milliseconds of processor time: far more than the limits of the parser allow.
const STEP_MS = 30_000;
const STEP_MS_PER_UNIT = 0.6;
const READ_MS = 120_000; // one chunk of a reading

const [modelDir, grammarDir, cacheDir] = process.argv.slice(2);

interface Task {
  readonly job: EngineJob;
  readonly background: boolean;
  cancelled: boolean;
  stop: AbortController; // of the current attempt
}

const tasks = new Map<number, Task>(); // in order of arrival
let compressor: Promise<Compressor> | undefined;
let current: Task | undefined;
let working: Promise<void> | undefined;
let dying = false;
let watched: Watchdog | undefined;

/** Resolves when the channel took the message, or when the channel is closed. */
function say(reply: EngineReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(reply, undefined, {}, () => resolve());
    else resolve();
  });
}

/** Loads the model at the first job. A failed load can be tried again. */
function engine(): Promise<Compressor> {
  compressor ??= import('./compressor').then(({ Compressor }) =>
    Compressor.create({
      modelDir: modelDir!,
      grammarDir: grammarDir!,
      restarts: true,
      ...(cacheDir ? { cacheDir } : {}),
    }),
  );
  compressor.catch(() => (compressor = undefined));
  return compressor;
}

/** Sends at most one message per PROGRESS_MS; a new stage, a new file and the end of one always pass. */
function throttled(id: number): (progress: Progress) => void {
  let said = -Infinity;
  let about = '';
  return (progress) => {
    const now = performance.now();
    const topic = `${progress.stage} ${progress.path ?? ''}`;
    if (topic === about && progress.done < progress.total && now - said < PROGRESS_MS) return;
    said = now;
    about = topic;
    void say({ kind: 'progress', id, progress });
  };
}

/** One attempt. A background task that made way for another one stays in the queue and continues later. */
async function work(task: Task): Promise<void> {
  const { job } = task;
  const { id } = job;
  const { signal } = (task.stop = new AbortController());
  try {
    const service = await engine();
    const tell = throttled(id);
    const onProgress = (progress: Progress): void => {
      watched?.step(limitOf(progress, job));
      tell(progress);
    };
    const result =
      job.kind === 'compress'
        ? await service.compress(job.request, signal, onProgress)
        : await service.inspect(job.request, signal, onProgress);
    await say({ kind: 'result', id, result });
  } catch (error) {
    if (error instanceof GrammarFaultError) {
      await say({ kind: 'grammarFault', id, path: error.path }); // the channel holds it, and the parent reads it to its end
      process.exit(0); // the parent starts another process, whose grammars work
    }
    if (!(error instanceof CancelledError)) await say(failure(id, error));
    else if (task.cancelled) await say({ kind: 'cancelled', id });
    else return;
  }
  tasks.delete(id);
}

/** What the step that begins may take, in milliseconds of processor time. */
function limitOf({ stage, path }: Progress, job: EngineJob): number {
  if (stage === 'read') return READ_MS;
  const sources = job.kind === 'compress' ? job.request.sources : [job.request.source];
  const units = sources.reduce((sum, s) => sum + (path === undefined || s.path === path ? s.text.length : 0), 0);
  return STEP_MS + STEP_MS_PER_UNIT * units;
}

async function workAll(): Promise<void> {
  while ((current = first())) await work(current).finally(() => watched?.step(0));
  working = undefined;
}

/** First come, first served; background tasks only when nobody waits for another. */
function first(): Task | undefined {
  const all = [...tasks.values()];
  return all.find((t) => !t.background) ?? all[0];
}

function accept(job: EngineJob): void {
  const background = job.request.priority === 'background';
  tasks.set(job.id, { job, background, cancelled: false, stop: new AbortController() });
  if (!background && current?.background) current.stop.abort();
  working ??= workAll();
}

/** A task that has not begun is answered at once. */
function cancel(task: Task): void {
  task.cancelled = true;
  task.stop.abort();
  if (task === current) return;
  tasks.delete(task.job.id);
  void say({ kind: 'cancelled', id: task.job.id });
}

function failure(id: number, error: unknown): EngineReply {
  if (error instanceof CompressionError) return { kind: 'failure', id, reason: error.reason, detail: error.detail };
  return {
    kind: 'failure',
    id,
    reason: 'internal',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

/** An uncaught error leaves no state to trust: every job fails, the process ends, and the client starts a new one. */
function die(error: unknown): void {
  if (dying) return;
  dying = true;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const end = (): never => process.exit(1);
  void Promise.all([...tasks.keys()].map((id) => say(failure(id, error)))).then(end);
  setTimeout(end, LAST_WORDS_MS);
}

async function shutDown(): Promise<void> {
  for (const task of tasks.values()) cancel(task);
  await working;
  await compressor?.then((c) => c.dispose()).catch(() => undefined);
  process.exit(0);
}

/** Takes jobs from the parent until it leaves. */
export function serve(watchdog: Watchdog): void {
  watched = watchdog;
  process.on('uncaughtException', die);
  process.on('message', (message: unknown) => {
    const request = readRequest(message);
    switch (request?.kind) {
      case undefined:
        return; // no message of this protocol, so nobody waits for an answer
      case 'cancel': {
        const task = tasks.get(request.id);
        if (task) cancel(task);
        return;
      }
      case 'shutdown':
        void shutDown();
        return;
      default:
        accept(request!);
    }
  });
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => undefined); // a terminal interrupts the whole group; the parent says what to stop
  try {
    // The editor has precedence, unless the caller wants the answer as soon as anything else.
    if (process.env.NAMM_PRIORITY !== 'normal') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // not allowed everywhere, and not required
  }
  void say({ kind: 'ready', id: 0 });
}
