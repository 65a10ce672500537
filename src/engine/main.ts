// Knows the life of the engine process: one compressor, jobs one after another, gone when its parent is.
import { constants, setPriority } from 'node:os';
import type { Compressor } from '../compress';
import { CancelledError, CompressionError } from '../core/errors';
import type { EngineReply, EngineRequest } from './protocol';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime

const [modelDir, grammarDir] = process.argv.slice(2);
const waiting = new Map<number, AbortController>();
let compressor: Promise<Compressor> | undefined;
let last: Promise<void> = Promise.resolve();

function say(reply: EngineReply): void {
  if (process.connected) process.send!(reply);
}

/** Loaded at the first job; a failed load may be tried again. */
function engine(): Promise<Compressor> {
  compressor ??= import('../compress').then(({ Compressor }) => Compressor.create({ modelDir: modelDir!, grammarDir: grammarDir! }));
  compressor.catch(() => (compressor = undefined));
  return compressor;
}

async function work(job: Exclude<EngineRequest, { kind: 'cancel' }>, signal: AbortSignal): Promise<void> {
  const { id } = job;
  try {
    if (signal.aborted) throw new CancelledError();
    const service = await engine();
    const onProgress = (progress: Extract<EngineReply, { kind: 'progress' }>['progress']): void => say({ kind: 'progress', id, progress });
    const result =
      job.kind === 'compress' ? await service.compress(job.request, signal, onProgress) : await service.inspect(job.request, signal, onProgress);
    say({ kind: 'result', id, result });
  } catch (error) {
    if (error instanceof CancelledError) say({ kind: 'cancelled', id });
    else if (error instanceof CompressionError) say({ kind: 'failure', id, reason: error.reason, detail: error.detail });
    else say({ kind: 'failure', id, reason: 'internal', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    waiting.delete(id);
  }
}

process.on('message', (message: EngineRequest) => {
  if (message.kind === 'cancel') {
    waiting.get(message.id)?.abort();
    return;
  }
  const stop = new AbortController();
  waiting.set(message.id, stop);
  last = last.then(() => work(message, stop.signal));
});
process.on('disconnect', () => process.exit(0));
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // the editor comes first
} catch {
  // not allowed everywhere; only a courtesy
}
say({ kind: 'ready' });
