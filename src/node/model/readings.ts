// Knows which readings need not be made again: from disk what was read before, from the last reading of a text what its
// new version has in common with it.
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { BoundedMap } from '../../core/boundedMap';
import type { Observation, Signal } from '../../core/observation';
import type { TokenList } from '../../core/token';
import type { LocalModel } from './model';
import { ReadingStore } from './readingStore';
import { ResumeLog } from './resumeLog';

export interface ReadingsOptions {
  /** Folder for readings that outlive the process; none without it. */
  readonly cacheDir?: string;
  /** Most bytes held for texts that may be read again with a change; default 128 MB. */
  readonly trailBytes?: number;
}

export interface ReadingRequest {
  readonly path: string;
  readonly tokens: TokenList;
  readonly question?: string;
  readonly needs: ReadonlySet<Signal>;
}

export class Readings {
  private readonly trails: BoundedMap<ResumeLog>;
  private readonly store: ReadingStore | undefined;
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly model: LocalModel,
    { cacheDir, trailBytes = 128_000_000 }: ReadingsOptions,
  ) {
    this.trails = new BoundedMap(trailBytes, (t) => t.bytes);
    this.store = cacheDir ? new ReadingStore(cacheDir) : undefined;
  }

  /** @throws CancelledError; what was read until then is not lost */
  async read(
    { path, tokens, question, needs }: ReadingRequest,
    signal?: AbortSignal,
    onChunk?: (done: number, total: number) => void,
  ): Promise<Observation> {
    const { tokenizer, reader, folder } = this.model;
    const header = Int32Array.of(folder.shape.fileToken, ...tokenizer.tokenize(`${path}\n`).ids);
    const closing = question ? tokenizer.tokenize(`\n${question}\n`).ids : new Int32Array(0);
    const request = { header, text: tokens.ids, question: closing, needs };
    const key = this.store && this.keyOf(header, tokens.ids, closing, needs);
    const stored = key && (await this.store!.get(key, tokens.length));
    if (stored) return stored;
    const trailKey = [path, ...[...needs].sort()].join('\0');
    const trail = this.trails.take(trailKey) ?? new ResumeLog(); // nobody else writes it meanwhile
    try {
      const seen = await reader.read(request, signal, onChunk, trail);
      if (key) this.keep(this.store!.put(key, seen));
      return seen;
    } finally {
      this.trails.set(trailKey, trail);
    }
  }

  /** Forgets what is in memory, and waits for what is on its way to disk. */
  async close(): Promise<void> {
    this.trails.clear();
    await Promise.all(this.pending);
  }

  private keep(writing: Promise<void>): void {
    this.pending.add(writing);
    void writing.finally(() => this.pending.delete(writing));
  }

  /** Of everything that the bits of a reading depend on; another processor may round another way. */
  private keyOf(header: Int32Array, text: Int32Array, question: Int32Array, needs: ReadonlySet<Signal>): string {
    const { folder, runtimeVersion } = this.model;
    const machine = `${process.platform} ${process.arch} ${cpus()[0]?.model ?? ''}`;
    const facts = [
      folder.sha256,
      folder.reading,
      folder.namm.threshold,
      runtimeVersion,
      machine,
      [...needs].sort(),
      header.length,
      text.length,
      question.length,
    ];
    const hash = createHash('sha256').update(JSON.stringify(facts));
    for (const ids of [header, text, question]) hash.update(Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength));
    return hash.digest('hex');
  }
}
