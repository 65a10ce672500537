// Avoids repeated readings: the same text is taken from disk, and an edited text resumes from the last reading of its
// path.
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { BoundedMap } from '../../core/boundedMap';
import type { Observation, Signal } from '../../core/observation';
import type { TokenList } from '../../core/token';
import type { LazyModel } from './lazyModel';
import type { Products } from './products';
import { ReadingStore } from './readingStore';
import { ResumeLog } from './resumeLog';

const RESUME_BYTES = 128_000_000; // of the resume logs in memory

export interface ReadingRequest {
  readonly path: string;
  readonly tokens: TokenList;
  readonly question?: string;
  readonly needs: ReadonlySet<Signal>;
}

export class Readings {
  private readonly resumeLogs = new BoundedMap<ResumeLog>(RESUME_BYTES, (log) => log.bytes);
  private readonly store: ReadingStore | undefined;
  private readonly pending = new Set<Promise<void>>();

  /** @param cacheDir folder for stored readings; without it nothing is stored */
  constructor(
    private readonly model: LazyModel,
    cacheDir?: string,
  ) {
    this.store = cacheDir ? new ReadingStore(cacheDir) : undefined;
  }

  /**
   * The observation of a text, from the store if it was read before.
   * @param onChunk called after each chunk that is read, with the model tokens done and their total
   * @throws CancelledError; the next reading of the path resumes where this one stopped
   */
  async read(
    { path, tokens, question, needs }: ReadingRequest,
    signal?: AbortSignal,
    onChunk?: (done: number, total: number) => void,
  ): Promise<Observation> {
    const { tokenizer } = this.model;
    const header = this.headerOf(path);
    const closing = question ? tokenizer.tokenize(`\n${question}\n`).ids : new Int32Array(0);
    const request = { header, text: tokens.ids, question: closing, needs };
    const keyOf = async (): Promise<string> =>
      this.keyOf(await this.model.products(), header, tokens.ids, closing, needs);
    const stored = this.store && (await this.store.get(await keyOf(), tokens.length));
    if (stored) return stored;
    const logKey = [path, ...[...needs].sort()].join('\0');
    const log = this.resumeLogs.take(logKey) ?? new ResumeLog(); // taken out: no other reading may write it meanwhile
    try {
      const seen = await this.model.read(request, signal, onChunk, log);
      if (this.store) this.track(this.store.put(await keyOf(), seen)); // the model may open only now, and compute otherwise
      return seen;
    } finally {
      this.resumeLogs.set(logKey, log);
    }
  }

  /**
   * How far a reading is after each of its updates: the path is read before the text, a question after it.
   * @param tokens of the text. @returns [updates] text tokens that are read
   */
  progress(path: string, tokens: number, updates: number): Int32Array {
    const header = this.headerOf(path).length;
    const { nUp } = this.model.folder.reading;
    return Int32Array.from({ length: updates }, (_, u) => Math.max(0, Math.min(tokens, (u + 1) * nUp - header)));
  }

  /** The tokens that are read before the text. */
  private headerOf(path: string): Int32Array {
    const { tokenizer, folder } = this.model;
    return Int32Array.of(folder.shape.fileToken, ...tokenizer.tokenize(`${path}\n`).ids);
  }

  /** Forgets the resume logs and waits until pending readings are on disk. */
  async close(): Promise<void> {
    this.resumeLogs.clear();
    await Promise.all(this.pending);
  }

  private track(writing: Promise<void>): void {
    this.pending.add(writing);
    void writing.finally(() => this.pending.delete(writing));
  }

  /**
   * Key over everything that the bits of a reading depend on, the processor included: another may round differently.
   */
  private keyOf(
    products: Products,
    header: Int32Array,
    text: Int32Array,
    question: Int32Array,
    needs: ReadonlySet<Signal>,
  ): string {
    const { folder, runtimeVersion } = this.model;
    const machine = `${process.platform} ${process.arch} ${cpus()[0]?.model ?? ''}`;
    const facts = [
      folder.sha256,
      folder.reading,
      folder.namm.threshold,
      runtimeVersion,
      products,
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
