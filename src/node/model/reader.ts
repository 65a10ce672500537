// Knows how a text is read: chunk by chunk, with a memory update after each that evicts for good (DESIGN "reading with eviction").
import { throwIfAborted } from '../../core/errors';
import type { Observation, Signal } from '../../core/observation';
import { keepAligned, keepPerHead } from '../../core/select';
import {
  BINS,
  HOP,
  type CacheState,
  type Chunk,
  type ChunkResult,
  type MemoryGraph,
  type ObserverGraph,
} from './graphs';
import { forecastWidth, type ModelShape, type ReadingRecord } from './manifest';
import { changingOf, TokenRecords, type ResumeLog } from './resumeLog';

export interface ReadRequest {
  /** Tokens in front of the text (document header): read, never reported. */
  readonly header: Int32Array;
  readonly text: Int32Array;
  /** Tokens of the question that closes the reading: read, never reported. */
  readonly question: Int32Array;
  readonly needs: ReadonlySet<Signal>;
}

/** What an update saw before it evicted; evolution caches these. */
export interface UpdateView {
  readonly ema: Float32Array; // [caches][n][17]
  readonly age: Float32Array; // [caches][n]
  readonly valid: Float32Array; // [caches][n]
  /** First slot of this chunk's own entries; the slots before it were carried over. */
  readonly fresh: number;
}

export interface ReaderOptions {
  readonly threshold: number;
  readonly onUpdate?: (view: UpdateView) => void;
}

export class Reader {
  private readonly caches: number;

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
   * One pass over header + text + question. Every text token gets a value in every layer and head.
   * The evidence of a token is its score at its first update; with a question it is the last one it lived to see,
   * so that the question has looked at everything that was still there.
   * @param trail of an earlier reading: what the two have in common is not read again, with the same result to the
   * bit. It is left as the trail of this one, as far as this one came.
   */
  async read(
    request: ReadRequest,
    signal?: AbortSignal,
    onChunk?: (done: number, total: number) => void,
    trail?: ResumeLog,
  ): Promise<Observation> {
    const { layers, kvHeads, headSize, padToken } = this.shape;
    const { nUp } = this.record;
    const first = request.header.length;
    const tokens = request.text.length;
    const all = Int32Array.from([...request.header, ...request.text, ...request.question]);
    const notes = new TokenRecords(layers, kvHeads, tokens, request.needs, forecastWidth(this.shape));
    const stand = trail?.resume(all, first, notes);

    let cache = stand?.cache ?? emptyCache(this.caches);
    let updates = stand?.updates ?? 0;
    let live = stand?.live ?? 0;
    for (let at = stand?.at ?? 0; at < all.length; at += nUp) {
      throwIfAborted(signal);
      const valid = Math.min(nUp, all.length - at);
      const size = Math.ceil(valid / HOP) * HOP;
      const chunk: Chunk = {
        ids: padded(all.subarray(at, at + valid), size, padToken),
        targets: padded(all.subarray(at + 1, at + valid + 1), size, padToken),
        valid,
        wantLogProb: notes.logProb !== undefined,
      };
      const seen = await this.observer.run(chunk, cache);
      throwIfAborted(signal);
      const n = cache.width + size;
      const view = this.view(cache, seen, at, valid, size);
      this.options.onUpdate?.(view);
      const raw = await this.memory.run(view.ema, view.age, view.valid, this.caches);

      const slots: number[][] = []; // kept slots of each cache, in the frame of this update
      for (let layer = 0; layer < layers; layer++) {
        const perHead: { slots: number[]; scores: number[] }[] = [];
        for (let head = 0; head < kvHeads; head++) {
          const c = layer * kvHeads + head;
          const present: number[] = [];
          const values: number[] = [];
          for (let s = cache.width - cache.lengths[c]!; s < cache.width + valid; s++) {
            present.push(s);
            values.push(rounded(raw[c * n + s]!));
          }
          for (let i = 0; i < present.length; i++) {
            const s = present[i]!;
            const position = s < cache.width ? cache.position[c * cache.width + s]! : at + s - cache.width;
            const token = position - first;
            if (token < 0 || token >= tokens) continue;
            const cell = c * tokens + token;
            notes.latest[cell] = values[i]!;
            if (s >= cache.width) notes.first[cell] = values[i]!;
            if (notes.sums) notes.sums[cell]! += seen.attentionSum[c * n + s]!;
            const tail = (c * n + s) * HOP;
            if (notes.window) notes.window[cell] = seen.tail.subarray(tail, tail + HOP).reduce((a, b) => a + b, 0);
            if (notes.last) notes.last[cell] = seen.tail[tail + HOP - 1 - (size - valid)]!; // padding queries attend to nothing
            if (notes.norms && s >= cache.width) notes.norms[cell] = seen.keyNorm[c * size + s - cache.width]!;
          }
          perHead.push({ slots: present, scores: values });
        }
        const kept = this.select(perHead.map((h) => h.scores));
        for (let head = 0; head < kvHeads; head++) {
          const c = layer * kvHeads + head;
          const { slots: present } = perHead[head]!;
          const chosen = new Set(kept[head]);
          slots[c] = [];
          for (let i = 0; i < present.length; i++) {
            const s = present[i]!;
            if (chosen.has(i)) {
              slots[c]!.push(s);
              continue;
            }
            const position = s < cache.width ? cache.position[c * cache.width + s]! : at + s - cache.width;
            const token = position - first;
            if (token >= 0 && token < tokens) notes.evictedAt[c * tokens + token] = updates;
          }
          live += slots[c]!.length;
        }
      }
      // logProb[i] of the chunk speaks of the token behind i.
      for (let i = 0; notes.logProb && i < valid; i++) {
        const token = at + i + 1 - first;
        if (token >= 0 && token < tokens) notes.logProb[token] = seen.logProb[i]!;
      }
      const { forecast } = notes;
      for (let i = 0; forecast && i < valid; i++) {
        const token = at + i - first;
        if (token >= 0 && token < tokens)
          notes.foretell(token, seen.forecast.subarray(i * forecast.width, (i + 1) * forecast.width));
      }
      updates++;
      if (at + nUp < all.length) {
        cache = compact(cache, seen, slots, at, size, headSize, this.caches);
        trail?.record({ at: at + nUp, cache, updates, live, changing: changingOf(notes, cache, first) }, nUp);
      }
      onChunk?.(Math.min(at + nUp, all.length), all.length);
      // The runtime call blocks this thread: let a cancellation in before the next one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return notes.observation(request.question.length > 0, updates, updates ? live / updates / this.caches : 0);
  }

  private select(scores: readonly number[][]): number[][] {
    const { selection, cacheSize } = this.record;
    return selection === 'aligned'
      ? keepAligned(scores, this.options.threshold, cacheSize)
      : scores.map((s) => keepPerHead(s, this.options.threshold, cacheSize));
  }

  /** Ages count original tokens from the newest real one; padding on either side is invisible. */
  private view(cache: CacheState, seen: ChunkResult, at: number, valid: number, size: number): UpdateView {
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

/** Rounded before it decides anything, so that the last bits of a sum cannot. */
function rounded(score: number): number {
  return Math.round(score * 1e4) / 1e4;
}

function padded(ids: Int32Array, size: number, pad: number): Int32Array {
  const out = new Int32Array(size).fill(pad);
  out.set(ids);
  return out;
}

function emptyCache(caches: number): CacheState {
  const none = new Float32Array(0);
  return {
    width: 0,
    lengths: new Array<number>(caches).fill(0),
    key: none,
    value: none,
    valid: none,
    ema: none,
    tail: none,
    position: new Int32Array(0),
  };
}

/** Gathers the kept slots of every cache; afterwards the evicted entries are gone for good. */
function compact(
  cache: CacheState,
  seen: ChunkResult,
  slots: readonly number[][],
  at: number,
  size: number,
  headSize: number,
  caches: number,
): CacheState {
  const width = Math.max(...slots.map((s) => s.length));
  const n = cache.width + size;
  const next = {
    width,
    lengths: slots.map((s) => s.length),
    key: new Float32Array(caches * width * headSize),
    value: new Float32Array(caches * width * headSize),
    valid: new Float32Array(caches * width),
    ema: new Float32Array(caches * width * BINS),
    tail: new Float32Array(caches * width * HOP),
    position: new Int32Array(caches * width).fill(-1),
  };
  const copy = (to: Float32Array, toRow: number, from: Float32Array, fromRow: number, cells: number): void =>
    to.set(from.subarray(fromRow * cells, (fromRow + 1) * cells), toRow * cells);
  for (let c = 0; c < caches; c++) {
    const kept = slots[c]!;
    for (let i = 0; i < kept.length; i++) {
      const s = kept[i]!;
      const row = c * width + width - kept.length + i;
      const old = s < cache.width;
      const source = old ? c * cache.width + s : c * size + s - cache.width;
      copy(next.key, row, old ? cache.key : seen.key, source, headSize);
      copy(next.value, row, old ? cache.value : seen.value, source, headSize);
      copy(next.ema, row, seen.ema, c * n + s, BINS);
      copy(next.tail, row, seen.tail, c * n + s, HOP);
      next.valid[row] = 1;
      next.position[row] = old ? cache.position[source]! : at + s - cache.width;
    }
  }
  return next;
}
