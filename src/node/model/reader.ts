// Reads a text with the local model: chunk by chunk, with a memory update after each chunk that evicts cache entries
// for good (docs/method.md "Reading").
import { throwIfAborted } from '../../core/errors';
import type { Observation, Signal } from '../../core/observation';
import { keepAligned, keepPerHead } from '../../core/select';
import {
  BINS,
  emptyCaches,
  HOP,
  type CacheState,
  type ChunkResult,
  type MemoryGraph,
  type ObserverGraph,
} from './graphs';
import { forecastWidth, type ModelShape, type ReadingRecord } from './manifest';
import { checkpointOf, TokenRecords, type ResumeLog } from './resumeLog';

export interface ReadRequest {
  /** Token ids in front of the text (the document header): read, never reported. */
  readonly header: Int32Array;
  /** Token ids of the text: every one gets its values in the observation. */
  readonly text: Int32Array;
  /** Token ids of the question behind the text: read, never reported. */
  readonly question: Int32Array;
  /** Signals to observe; others are not computed. */
  readonly needs: ReadonlySet<Signal>;
}

/** What the memory sees at an update, before anything is evicted; the evolution of a memory stores these. */
export interface UpdateView {
  readonly ema: Float32Array; // [caches][n][17]
  readonly age: Float32Array; // [caches][n]
  readonly valid: Float32Array; // [caches][n]
  /** First slot of this chunk's own entries; the slots before it were carried over. */
  readonly fresh: number;
}

export interface ReaderOptions {
  /** Score at which a cache keeps an entry. */
  readonly threshold: number;
  readonly onUpdate?: (view: UpdateView) => void;
}

/**
 * A chunk that the observer has read, with the cache it was read with. In the frame of an update, a slot below
 * `cache.width` is an entry carried over, and slot `cache.width + j` is token j of the chunk: n = width + size slots.
 */
interface ChunkRead {
  readonly cache: CacheState; // as it was before the chunk
  readonly seen: ChunkResult;
  readonly at: number; // position of the chunk's first token in header + text + question
  readonly valid: number; // real tokens of the chunk
  readonly size: number; // its length, padding included: a multiple of HOP
}

/** The live entries of one cache at an update, from old to new. */
interface ScoredEntries {
  readonly slots: readonly number[];
  readonly scores: readonly number[]; // beside `slots`
  readonly kept: readonly number[]; // those of `slots` that stay, ascending
}

export class Reader {
  private readonly caches: number; // layers * KV heads

  constructor(
    private readonly observer: ObserverGraph,
    private readonly memory: MemoryGraph,
    private readonly shape: ModelShape,
    private readonly record: ReadingRecord,
    private readonly options: ReaderOptions,
  ) {
    this.caches = shape.layers * shape.kvHeads;
  }

  /**
   * Reads header + text + question once, in chunks of `nUp` tokens; the last chunk is the remainder. Each chunk takes
   * three steps: run it through the observer, score the cache entries and choose those that stay, record what was seen.
   *
   * Every text token gets a value in every layer and KV head. Its evidence is the score at its first update. With a
   * question it is the score at the last update that it lived to see: by then the question has looked at everything
   * that was still in the cache.
   *
   * Example: 3 header tokens, 1,400 text tokens and nUp = 512 make three chunks of 512, 512 and 379 tokens (the last
   * padded to 384), so `updates` is 3. A token that some cache evicts after the first chunk has `evictedAt` 0 there.
   *
   * @param onChunk called after each chunk with the number of tokens read and the number of all tokens
   * @param log of an earlier reading. Chunks that both readings begin with are not read again; the result is the same
   * to the bit. Afterwards it is the log of this reading, as far as this reading came.
   * @returns grids [layers][KV heads][text tokens], and per text token a log-probability and a forecast
   * @throws CancelledError between two chunks; the log then resumes at the last one
   */
  async read(
    { header, text, question, needs }: ReadRequest,
    signal?: AbortSignal,
    onChunk?: (done: number, total: number) => void,
    log?: ResumeLog,
  ): Promise<Observation> {
    const { layers, kvHeads, headSize } = this.shape;
    const { nUp } = this.record;
    const ids = Int32Array.from([...header, ...text, ...question]);
    const records = new TokenRecords(layers, kvHeads, text.length, needs, forecastWidth(this.shape));
    let { at, cache, updates, live } = log?.resume(ids, header.length, records) ?? {
      at: 0,
      cache: emptyCaches(new Array<number>(this.caches).fill(0), headSize),
      updates: 0,
      live: 0,
    };
    while (at < ids.length) {
      throwIfAborted(signal);
      const chunk = await this.runChunk(ids, at, cache, needs.has('logProb'));
      throwIfAborted(signal);
      const entries = await this.scoreAndSelect(chunk);
      recordEntries(records, chunk, entries, header.length, updates);
      recordTokens(records, chunk, header.length);
      updates++;
      live += entries.reduce((sum, { kept }) => sum + kept.length, 0);
      at += nUp;
      if (at < ids.length) {
        cache = evict(chunk, entries, headSize);
        log?.record(checkpointOf({ at, cache, updates, live }, records, header.length), nUp);
      }
      onChunk?.(Math.min(at, ids.length), ids.length);
      // The runtime call blocks this thread: let a cancellation in before the next one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return records.observation(question.length > 0, updates, updates ? live / updates / this.caches : 0);
  }

  /**
   * Step 1: runs the observer over the chunk that begins at token `at`, with what the caches still hold. The graph
   * yields keys and values, and per entry the attention, its spectrum and its EMA (docs/NAMM.md 1.1 to 1.4).
   * @param ids [all tokens] header, text and question
   */
  private async runChunk(ids: Int32Array, at: number, cache: CacheState, wantLogProb: boolean): Promise<ChunkRead> {
    const valid = Math.min(this.record.nUp, ids.length - at);
    const size = Math.ceil(valid / HOP) * HOP;
    const { padToken } = this.shape;
    const seen = await this.observer.run(
      {
        ids: padded(ids.subarray(at, at + valid), size, padToken),
        targets: padded(ids.subarray(at + 1, at + valid + 1), size, padToken),
        valid,
        wantLogProb,
      },
      cache,
    );
    return { cache, seen, at, valid, size };
  }

  /**
   * Step 2: the memory scores every live entry (docs/NAMM.md 1.5 to 2.1); the rule of the reading record chooses per
   * layer which ones stay (3.1, 3.2).
   * @returns [caches], layer by layer
   */
  private async scoreAndSelect(chunk: ChunkRead): Promise<ScoredEntries[]> {
    const view = this.viewOf(chunk);
    this.options.onUpdate?.(view);
    const raw = await this.memory.run(view.ema, view.age, view.valid, this.caches);
    const { cache, valid, size } = chunk;
    const n = cache.width + size;
    const { kvHeads } = this.shape;
    const entries: ScoredEntries[] = [];
    for (let first = 0; first < this.caches; first += kvHeads) {
      const heads = Array.from({ length: kvHeads }, (_, head) => {
        const c = first + head;
        const slots: number[] = [];
        for (let s = cache.width - cache.lengths[c]!; s < cache.width + valid; s++) slots.push(s);
        return { slots, scores: slots.map((s) => rounded(raw[c * n + s]!)) };
      });
      const chosen = this.select(heads.map((h) => h.scores));
      heads.forEach((h, head) => entries.push({ ...h, kept: chosen[head]!.map((i) => h.slots[i]!) }));
    }
    return entries;
  }

  /** @param scores [heads of one layer][entries]. @returns per head the indices of the entries that stay, ascending */
  private select(scores: readonly number[][]): number[][] {
    const { selection, cacheSize } = this.record;
    return selection === 'aligned'
      ? keepAligned(scores, this.options.threshold, cacheSize)
      : scores.map((s) => keepPerHead(s, this.options.threshold, cacheSize));
  }

  /**
   * The memory's inputs. Ages count original tokens from the newest real one (docs/NAMM.md 1.6); padding on either side
   * is invalid.
   */
  private viewOf({ cache, seen, at, valid, size }: ChunkRead): UpdateView {
    const n = cache.width + size;
    const age = new Float32Array(this.caches * n);
    const present = new Float32Array(this.caches * n);
    const newest = at + valid - 1;
    for (let c = 0; c < this.caches; c++) {
      for (let s = cache.width - cache.lengths[c]!; s < cache.width; s++) {
        age[c * n + s] = newest - cache.position[c * cache.width + s]!;
        present[c * n + s] = 1;
      }
      for (let j = 0; j < valid; j++) {
        age[c * n + cache.width + j] = valid - 1 - j;
        present[c * n + cache.width + j] = 1;
      }
    }
    return { ema: seen.ema, age, valid: present, fresh: cache.width };
  }
}

/**
 * Step 3, per cache: writes what the update saw of the text tokens that were in the caches, and which it evicted.
 * @param entries [caches]. @param header number of tokens in front of the text. @param update 0-based
 */
function recordEntries(
  records: TokenRecords,
  chunk: ChunkRead,
  entries: readonly ScoredEntries[],
  header: number,
  update: number,
): void {
  const { cache, seen, valid, size } = chunk;
  const { tokens, attentionSum, windowAttention, lastAttention, keyNorm } = records;
  const n = cache.width + size;
  entries.forEach(({ slots, scores, kept }, c) => {
    const stays = new Set(kept);
    slots.forEach((s, i) => {
      const token = positionOf(chunk, c, s) - header;
      if (token < 0 || token >= tokens) return;
      const cell = c * tokens + token;
      const tail = (c * n + s) * HOP;
      records.latestScore[cell] = scores[i]!;
      if (attentionSum) attentionSum[cell]! += seen.attentionSum[c * n + s]!;
      if (windowAttention) windowAttention[cell] = seen.tail.subarray(tail, tail + HOP).reduce((a, b) => a + b, 0);
      if (lastAttention) lastAttention[cell] = seen.tail[tail + HOP - 1 - (size - valid)]!; // padding queries attend to nothing
      if (s >= cache.width) {
        records.firstScore[cell] = scores[i]!;
        if (keyNorm) keyNorm[cell] = seen.keyNorm[c * size + s - cache.width]!;
      }
      if (!stays.has(s)) records.evictedAt[cell] = update;
    });
  });
}

/** Step 3, per token of the chunk: what the model expected there, and what it predicts to come again. */
function recordTokens(records: TokenRecords, { seen, at, valid }: ChunkRead, header: number): void {
  const { tokens, logProb, forecast } = records;
  for (let i = 0; i < valid; i++) {
    const token = at + i - header;
    // logProb[i] of the chunk is that of the token behind i.
    if (logProb && token >= -1 && token + 1 < tokens) logProb[token + 1] = seen.logProb[i]!;
    if (forecast && token >= 0 && token < tokens)
      records.setForecast(token, seen.forecast.subarray(i * forecast.width, (i + 1) * forecast.width));
  }
}

/** Original position of the token in a slot of cache `c`, in the frame of the update. */
function positionOf({ cache, at }: ChunkRead, c: number, slot: number): number {
  return slot < cache.width ? cache.position[c * cache.width + slot]! : at + slot - cache.width;
}

/** Rounded before it decides anything, so that the last bits of a sum cannot. */
function rounded(score: number): number {
  return Math.round(score * 1e4) / 1e4;
}

/** @returns [size] the ids, then `pad` */
function padded(ids: Int32Array, size: number, pad: number): Int32Array {
  const out = new Int32Array(size).fill(pad);
  out.set(ids);
  return out;
}

/** The caches after the update: only the entries that stay, right aligned. What was evicted is gone for good. */
function evict(chunk: ChunkRead, entries: readonly ScoredEntries[], headSize: number): CacheState {
  const { cache, seen, size } = chunk;
  const n = cache.width + size;
  const next = emptyCaches(
    entries.map(({ kept }) => kept.length),
    headSize,
  );
  const copy = (to: Float32Array, toRow: number, from: Float32Array, fromRow: number, cells: number): void =>
    to.set(from.subarray(fromRow * cells, (fromRow + 1) * cells), toRow * cells);
  entries.forEach(({ kept }, c) =>
    kept.forEach((s, i) => {
      const row = (c + 1) * next.width - kept.length + i;
      const old = s < cache.width;
      const source = old ? c * cache.width + s : c * size + s - cache.width;
      copy(next.key, row, old ? cache.key : seen.key, source, headSize);
      copy(next.value, row, old ? cache.value : seen.value, source, headSize);
      copy(next.ema, row, seen.ema, c * n + s, BINS);
      copy(next.tail, row, seen.tail, c * n + s, HOP);
      next.valid[row] = 1;
      next.position[row] = positionOf(chunk, c, s);
    }),
  );
  return next;
}
