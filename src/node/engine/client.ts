// Owns the engine process: starts it late, stops it when idle, survives its death and settles every promise.
import { fork, type ChildProcess } from 'node:child_process';
import type {
  CompressedContext,
  CompressionService,
  CompressRequest,
  InspectReport,
  InspectRequest,
  Progress,
  SourceText,
} from '../../core/context';
import { CancelledError, CompressionError } from '../../core/errors';
import { KnownFaults, nextFault, withGrammarFault } from './grammarFaults';
import type { EngineFolders, EngineJob, EngineReply, EngineRequest } from './protocol';

/** `failed`: work was lost, and the next call starts a new process. A cancelled job is no failure. */
export type EngineState = 'stopped' | 'starting' | 'ready' | 'busy' | 'failed';

export interface EngineOptions extends EngineFolders {
  /** The bundle of src/node/engine/main.ts. */
  readonly enginePath: string;
  readonly log?: (line: string) => void;
  /** Milliseconds without work after which the process is stopped; default 5 minutes. */
  readonly idleMs?: number;
  /** Milliseconds the process may take to report ready; default 2 minutes: a busy machine takes long. */
  readonly startMs?: number;
  /** Milliseconds a cancelled job gets before the process is ended; default 2 s. */
  readonly graceMs?: number;
}

/** One process from fork to exit. A new one never inherits the old one's events. */
interface Engine {
  readonly child: ChildProcess;
  up: boolean; // it reported ready
  gone: boolean; // its jobs are settled or moved
  dismissed: boolean; // ended on purpose, because a job did not stop
  late: NodeJS.Timeout | undefined;
  stderr: string; // the end of it
  at: { readonly id: number; readonly progress: Progress } | undefined; // the last that it told of its work
}

interface Pending {
  message: EngineJob;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((p: Progress) => void) | undefined;
  engine?: Engine;
  sent?: boolean;
  cancelled?: boolean;
  moved?: boolean; // a second process got it already
  ends: number; // processes that ended at work on one of its texts
  readonly reread: Set<string>; // paths of texts whose reading was tried again
}

const HEARD_MS = 150; // a caller does not wait longer for a cancellation
const STDERR_KEPT = 4000; // last characters of its standard error, for the log
// Where a text needs its model, not its grammar.
const READING: ReadonlySet<Progress['stage']> = new Set(['tokenize', 'read', 'score']);
const MOST_ENDS = 60; // of processes, by the texts of one job: some twenty that no process gets past

/**
 * The engine as a service in another process, at most one at a time.
 *
 * If a job does not confirm its cancellation within the grace period, the process is ended. The other jobs move, once,
 * to a new process. If the process ends at work on a text, a new one gets the jobs, and less is done with this text, in the
 * last resort nothing. If it ends elsewhere, nobody can tell what was the cause: all jobs are rejected with `engineStopped`.
 */
export class EngineClient implements CompressionService {
  private engine: Engine | undefined;
  private readonly alive = new Set<ChildProcess>();
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<(state: EngineState) => void>();
  private readonly faults = new KnownFaults();
  private nextId = 1;
  private idle: NodeJS.Timeout | undefined;
  private current: EngineState = 'stopped';
  private disposed = false;

  constructor(private readonly options: EngineOptions) {}

  get state(): EngineState {
    return this.current;
  }

  /** Id of the process that takes the next job; undefined if none runs. */
  get pid(): number | undefined {
    return this.engine?.child.pid;
  }

  onState(listener: (state: EngineState) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  /** @throws CompressionError of the engine, engineStopped | engineUnresponsive; CancelledError */
  compress(
    request: CompressRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<CompressedContext> {
    return this.submit({ kind: 'compress', id: this.nextId++, request }, signal, onProgress);
  }

  /** @throws CompressionError of the engine, engineStopped | engineUnresponsive; CancelledError */
  inspect(request: InspectRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<InspectReport> {
    return this.submit({ kind: 'inspect', id: this.nextId++, request }, signal, onProgress);
  }

  /** Ends the process and waits for its end. Pending jobs are rejected with engineStopped. */
  async dispose(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.idle);
    const ends = [...this.alive].map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())));
    const unused = this.engine?.up && this.pending.size === 0 ? this.engine.child : undefined;
    for (const child of this.alive)
      if (child === unused)
        this.askToEnd(child); // it may still write what it has read to the disk
      else child.kill('SIGKILL'); // a run in progress cannot be asked to stop
    if (this.engine) this.lose(this.engine, new CompressionError('engineStopped', 'disposed'));
    await Promise.all(ends);
  }

  private async submit<T>(message: EngineJob, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<T> {
    if (signal?.aborted) throw new CancelledError();
    if (this.disposed) throw new CompressionError('engineStopped', 'disposed');
    clearTimeout(this.idle);
    const onAbort = (): void => this.cancel(message.id);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<T>((resolve, reject) => {
        const p: Pending = { message, resolve: resolve as never, reject, onProgress, ends: 0, reread: new Set() };
        this.pending.set(message.id, p);
        this.hand(p);
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Sends a job to the running engine, or starts one for it. */
  private hand(p: Pending): void {
    try {
      p.engine = this.engine ?? this.launch();
      if (p.engine.up) this.send(p);
    } catch (cause) {
      this.settle(p, () => p.reject(new CompressionError('engineStopped', (cause as Error).message, { cause })));
    }
  }

  private send(p: Pending): void {
    p.sent = true;
    try {
      if (this.faults.any) p.message = withTexts(p.message, this.faults.apply(textsOf(p.message)));
      // A failed write is followed by the end of the process, which settles the job.
      p.engine!.child.send(p.message, () => undefined);
      this.become('busy');
    } catch (cause) {
      this.settle(p, () => p.reject(new CompressionError('internal', (cause as Error).message, { cause })));
    }
  }

  private launch(): Engine {
    const { enginePath, modelDir, grammarDir, cacheDir, startMs = 120_000 } = this.options;
    const child = fork(enginePath, [modelDir, grammarDir, ...(cacheDir ? [cacheDir] : [])], {
      execArgv: [], // not the flags of the extension host
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' },
      serialization: 'advanced', // keeps typed arrays
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const engine: Engine = {
      child,
      up: false,
      gone: false,
      dismissed: false,
      late: undefined,
      stderr: '',
      at: undefined,
    };
    this.engine = engine;
    this.alive.add(child);
    this.become('starting');
    engine.late = setTimeout(() => {
      child.kill('SIGKILL');
      this.lose(engine, new CompressionError('engineUnresponsive', `no answer in ${startMs} ms`));
    }, startMs);
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (engine.stderr = (engine.stderr + text).slice(-STDERR_KEPT)));
    child.on('message', (reply: EngineReply) => this.receive(engine, reply));
    child.on('error', (error) => {
      // Without a pid there is no exit event. With one, a broken channel means that the exit event follows.
      if (child.pid === undefined) this.alive.delete(child);
      else if (!child.connected) child.kill('SIGKILL');
      this.lose(engine, new CompressionError('engineStopped', error.message, { cause: error }));
    });
    child.once('exit', () => this.alive.delete(child));
    // The last messages may come after the exit; after this event, none does.
    child.once('close', (code, signal) => {
      const how = signal ? `ended by ${signal}` : `exit code ${code}`;
      if (!this.disposed && !engine.dismissed)
        this.options.log?.(`engine ${child.pid}: ${how}${engine.stderr ? `\n${engine.stderr.trim()}` : ''}`);
      const { id, progress } = engine.at ?? {};
      if (progress?.path === undefined) this.lose(engine, new CompressionError('engineStopped', how));
      else this.endedAt(engine, id!, progress.path, progress.stage);
    });
    return engine;
  }

  private receive(engine: Engine, reply: EngineReply): void {
    if (engine.gone) return;
    if (reply.kind === 'ready') {
      clearTimeout(engine.late);
      engine.up = true;
      this.become('ready');
      for (const p of [...this.pending.values()]) if (p.engine === engine && !p.sent) this.send(p);
      return;
    }
    if (reply.kind !== 'progress' && engine.at?.id === reply.id) engine.at = undefined;
    const p = this.pending.get(reply.id);
    if (!p) return;
    if (reply.kind === 'grammarFault') this.endedAt(engine, reply.id, reply.path, 'parse');
    else if (reply.kind === 'progress') {
      engine.at = { id: reply.id, progress: reply.progress };
      if (!p.cancelled) p.onProgress?.(reply.progress);
    } else if (p.cancelled || reply.kind === 'cancelled') this.settle(p, () => p.reject(new CancelledError()));
    else if (reply.kind === 'result') this.settle(p, () => p.resolve(reply.result as never));
    else this.settle(p, () => p.reject(new CompressionError(reply.reason, reply.detail)));
  }

  /** The process ended at work on a text: the jobs go to a new one, where less is done with this text. */
  private endedAt(engine: Engine, id: number, path: string, stage: Progress['stage']): void {
    if (engine.gone) return; // its jobs are elsewhere by now
    const failure = new CompressionError('engineStopped', `it did not get past ${path}`);
    const p = this.pending.get(id);
    if (p) {
      if (++p.ends > MOST_ENDS) this.settle(p, () => p.reject(failure));
      else this.simplify(p, path, stage);
      // Every such end brings one job nearer to its own, so no job moves for ever.
      for (const job of this.pending.values()) job.moved = false;
    }
    this.lose(engine, failure, true);
  }

  /** Has less done with a text of a job. A reading is tried again first: most often something else ended the process. */
  private simplify(p: Pending, path: string, stage: Progress['stage']): void {
    const source = textsOf(p.message).find((s) => s.path === path);
    if (!source) return;
    if (READING.has(stage) && !p.reread.has(path)) {
      p.reread.add(path);
      return;
    }
    const known = source.grammarFault;
    const fault = READING.has(stage) && known !== 'defect' ? 'defect' : nextFault(known);
    p.message = withTexts(p.message, withGrammarFault(textsOf(p.message), { path, fault }));
    this.faults.add(textsOf(p.message), { path, fault });
  }

  /** Gives up a process: its jobs are rejected, or moved if the caller allows it. */
  private lose(engine: Engine, failure: CompressionError, move = false): void {
    if (engine.gone) return;
    engine.gone = true;
    clearTimeout(engine.late);
    if (this.engine === engine) this.engine = undefined;
    const jobs = [...this.pending.values()].filter((p) => p.engine === engine);
    let lost = 0;
    for (const p of jobs) {
      if (p.cancelled) this.settle(p, () => p.reject(new CancelledError()));
      else if (move && !p.moved) {
        p.moved = true;
        p.sent = false;
        this.hand(p);
      } else {
        lost++;
        this.settle(p, () => p.reject(failure));
      }
    }
    if (!this.engine) this.become(lost && !this.disposed ? 'failed' : 'stopped');
  }

  /** Rejects the job when the engine confirms, or soon after. An engine that does not confirm in time is ended. */
  private cancel(id: number): void {
    const p = this.pending.get(id);
    if (!p || p.cancelled) return;
    p.cancelled = true;
    const { engine } = p;
    if (!engine || !p.sent) return this.settle(p, () => p.reject(new CancelledError()));
    if (engine.child.connected) engine.child.send({ kind: 'cancel', id } satisfies EngineRequest, () => undefined);
    setTimeout(() => p.reject(new CancelledError()), HEARD_MS);
    const overdue = setTimeout(() => {
      if (this.pending.get(id) !== p) return;
      engine.dismissed = true;
      engine.child.kill('SIGKILL');
      this.lose(engine, new CompressionError('engineStopped', 'another job was cancelled'), true);
    }, this.options.graceMs ?? 2000);
    overdue.unref(); // a command that ends takes its engine with it
  }

  private settle(p: Pending, how: () => void): void {
    if (!this.pending.delete(p.message.id)) return;
    how();
    if (this.pending.size || !this.engine) return;
    if (this.engine.up) this.become('ready');
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.retire(), this.options.idleMs ?? 300_000);
    this.idle.unref();
  }

  /** Asks an unused process to end, and ends it if it does not. */
  private retire(): void {
    const { engine } = this;
    if (!engine || this.pending.size) return;
    this.lose(engine, new CompressionError('engineStopped', 'idle'));
    this.askToEnd(engine.child);
  }

  /** Asks a process to end, and ends it if it does not. */
  private askToEnd(child: ChildProcess): void {
    if (child.connected) child.send({ kind: 'shutdown', id: 0 } satisfies EngineRequest, () => undefined);
    const overdue = setTimeout(() => child.kill('SIGKILL'), this.options.graceMs ?? 2000);
    child.once('exit', () => clearTimeout(overdue));
  }

  private become(state: EngineState): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of this.listeners) listener(state);
  }
}

const textsOf = (job: EngineJob): readonly SourceText[] =>
  job.kind === 'compress' ? job.request.sources : [job.request.source];

function withTexts(job: EngineJob, sources: readonly SourceText[]): EngineJob {
  return job.kind === 'compress'
    ? { ...job, request: { ...job.request, sources } }
    : { ...job, request: { ...job.request, source: sources[0]! } };
}
