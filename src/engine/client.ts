// Knows how to own an engine process: start it late, stop it idle, survive its death, settle every promise.
import { fork, type ChildProcess } from 'node:child_process';
import type { CompressedContext, CompressionService, CompressRequest, InspectReport, InspectRequest, Progress } from '../core/context';
import { CancelledError, CompressionError } from '../core/errors';
import type { EngineFolders, EngineReply, EngineRequest } from './protocol';

export type EngineState = 'stopped' | 'starting' | 'ready' | 'busy' | 'failed';

export interface EngineOptions extends EngineFolders {
  /** Bundle of src/engine/main.ts. */
  readonly enginePath: string;
  readonly log?: (line: string) => void;
  readonly idleMs?: number;
  readonly startMs?: number;
  /** Time a cancelled job gets before the process is ended. */
  readonly graceMs?: number;
}

interface Pending {
  readonly message: Exclude<EngineRequest, { kind: 'cancel' }>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((p: Progress) => void) | undefined;
  cancelled: boolean;
}

const STDERR_KEPT = 4000; // last characters of what the process said before it died

export class EngineClient implements CompressionService {
  private child: ChildProcess | undefined;
  private ready: Promise<ChildProcess> | undefined;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<(state: EngineState) => void>();
  private nextId = 1;
  private idle: NodeJS.Timeout | undefined;
  private current: EngineState = 'stopped';
  private disposed = false;

  constructor(private readonly options: EngineOptions) {}

  get state(): EngineState {
    return this.current;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  onState(listener: (state: EngineState) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  /** @throws CompressionError of the engine, engineStopped | engineUnresponsive; CancelledError */
  compress(request: CompressRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<CompressedContext> {
    return this.submit({ kind: 'compress', id: this.nextId++, request }, signal, onProgress);
  }

  inspect(request: InspectRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<InspectReport> {
    return this.submit({ kind: 'inspect', id: this.nextId++, request }, signal, onProgress);
  }

  /** Ends the process; everything pending is rejected. */
  async dispose(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.idle);
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL'); // a run in progress cannot be asked to stop
    await gone;
  }

  private async submit<T>(message: Pending['message'], signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<T> {
    if (signal?.aborted) throw new CancelledError();
    if (this.disposed) throw new CompressionError('engineStopped', 'disposed');
    clearTimeout(this.idle);
    const result = new Promise<T>((resolve, reject) => {
      this.pending.set(message.id, { message, resolve: resolve as never, reject, onProgress, cancelled: false });
    });
    result.catch(() => undefined); // it may be rejected before anybody waits for it
    const onAbort = (): void => this.cancel(message.id);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const child = await this.start();
      if (this.pending.has(message.id)) {
        child.send(message);
        this.become('busy');
      }
    } catch (error) {
      this.settle(message.id, (p) => p.reject(error as Error));
    }
    try {
      return await result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private start(): Promise<ChildProcess> {
    this.ready ??= new Promise((resolve, reject) => {
      this.become('starting');
      const { enginePath, modelDir, grammarDir, log, startMs = 20_000 } = this.options;
      const child = fork(enginePath, [modelDir, grammarDir], {
        execArgv: [],
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' },
        serialization: 'advanced', // typed arrays travel as they are
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      this.child = child;
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-STDERR_KEPT)));
      const late = setTimeout(() => {
        reject(new CompressionError('engineUnresponsive'));
        child.kill('SIGKILL');
      }, startMs);
      child.on('message', (reply: EngineReply) => {
        if (reply.kind === 'ready') {
          clearTimeout(late);
          this.become('ready');
          resolve(child);
        } else this.receive(reply);
      });
      child.once('error', (error) => reject(new CompressionError('engineStopped', error.message, { cause: error })));
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        const failure = new CompressionError('engineStopped', said.trim().split('\n').at(-1) ?? '');
        reject(failure);
        log?.(`engine ended (${signal ?? code})${said ? `: ${said.trim()}` : ''}`);
        if (this.child === child) {
          this.child = undefined;
          this.ready = undefined;
        }
        const lost = [...this.pending.keys()];
        for (const id of lost) this.settle(id, (p) => p.reject(p.cancelled ? new CancelledError() : failure));
        this.become(lost.length && !this.disposed ? 'failed' : 'stopped');
      });
    });
    this.ready.catch(() => (this.ready = undefined));
    return this.ready;
  }

  private receive(reply: Exclude<EngineReply, { kind: 'ready' }>): void {
    switch (reply.kind) {
      case 'progress': {
        const p = this.pending.get(reply.id);
        if (p && !p.cancelled) p.onProgress?.(reply.progress);
        return;
      }
      case 'result':
        return this.settle(reply.id, (p) => (p.cancelled ? p.reject(new CancelledError()) : p.resolve(reply.result as never)));
      case 'cancelled':
        return this.settle(reply.id, (p) => p.reject(new CancelledError()));
      case 'failure':
        return this.settle(reply.id, (p) => p.reject(p.cancelled ? new CancelledError() : new CompressionError(reply.reason, reply.detail)));
    }
  }

  /** The caller is free at once with the engine's word; an engine that does not answer in time is ended. */
  private cancel(id: number): void {
    const p = this.pending.get(id);
    if (!p) return;
    p.cancelled = true;
    const child = this.child;
    if (!child?.connected) return this.settle(id, () => p.reject(new CancelledError()));
    child.send({ kind: 'cancel', id } satisfies EngineRequest);
    setTimeout(() => {
      if (this.pending.get(id) === p) child.kill('SIGKILL');
    }, this.options.graceMs ?? 2000).unref();
  }

  private settle(id: number, how: (p: Pending) => void): void {
    const p = this.pending.get(id);
    if (!p) return;
    this.pending.delete(id);
    how(p);
    if (this.pending.size) return;
    if (this.child) this.become('ready');
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.child?.kill(), this.options.idleMs ?? 300_000);
    this.idle.unref();
  }

  private become(state: EngineState): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of this.listeners) listener(state);
  }
}
