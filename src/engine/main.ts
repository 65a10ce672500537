// Knows the life of the engine process: one compressor, jobs one after another, gone when its parent is.
import { constants, setPriority } from 'node:os';
import type { Compressor } from '../compress';
import type { Progress } from '../core/context';
import { CancelledError, CompressionError } from '../core/errors';
import type { EngineJob, EngineReply, EngineRequest } from './protocol';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime

const PROGRESS_MS = 50; // a reader's eye does not need more
const LAST_WORDS_MS = 500;

const [modelDir, grammarDir] = process.argv.slice(2);
const waiting = new Map<number, AbortController>();
let compressor: Promise<Compressor> | undefined;
let last: Promise<void> = Promise.resolve();
let dying = false;

/** Settles when the channel took the message, or when there is no channel any more. */
function say(reply: EngineReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(reply, undefined, {}, () => resolve());
    else resolve();
  });
}

/** Loaded at the first job; a failed load may be tried again. */
function engine(): Promise<Compressor> {
  compressor ??= import('../compress').then(({ Compressor }) => Compressor.create({ modelDir: modelDir!, grammarDir: grammarDir! }));
  compressor.catch(() => (compressor = undefined));
  return compressor;
}

/** At most one message per chunk and PROGRESS_MS; a new stage or file, and the end of one, always pass. */
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

async function work(job: EngineJob, signal: AbortSignal): Promise<void> {
  const { id } = job;
  try {
    if (signal.aborted) throw new CancelledError();
    const service = await engine();
    const onProgress = throttled(id);
    const result =
      job.kind === 'compress' ? await service.compress(job.request, signal, onProgress) : await service.inspect(job.request, signal, onProgress);
    await say({ kind: 'result', id, result });
  } catch (error) {
    if (error instanceof CancelledError) await say({ kind: 'cancelled', id });
    else await say(failure(id, error));
  } finally {
    waiting.delete(id);
  }
}

function failure(id: number, error: unknown): EngineReply {
  if (error instanceof CompressionError) return { kind: 'failure', id, reason: error.reason, detail: error.detail };
  return { kind: 'failure', id, reason: 'internal', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Nobody caught it, so no state can be trusted: every job is told, then the process ends and the client starts afresh. */
function die(error: unknown): void {
  if (dying) return;
  dying = true;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const end = (): never => process.exit(1);
  void Promise.all([...waiting.keys()].map((id) => say(failure(id, error)))).then(end);
  setTimeout(end, LAST_WORDS_MS);
}

async function shutDown(): Promise<void> {
  for (const stop of waiting.values()) stop.abort();
  await last;
  await compressor?.then((c) => c.dispose()).catch(() => undefined);
  process.exit(0);
}

process.on('uncaughtException', die);
process.on('message', (message: EngineRequest) => {
  switch (message.kind) {
    case 'cancel':
      waiting.get(message.id)?.abort();
      return;
    case 'shutdown':
      void shutDown();
      return;
    default: {
      const stop = new AbortController();
      waiting.set(message.id, stop);
      last = last.then(() => work(message, stop.signal)); // first come, first served; work never rejects
    }
  }
});
process.on('disconnect', () => process.exit(0));
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // the editor comes first
} catch {
  // not allowed everywhere; only a courtesy
}
void say({ kind: 'ready', id: 0 });
