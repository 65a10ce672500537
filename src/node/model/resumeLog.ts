// Lets a reading continue where an earlier one with the same beginning stood: the caches after some chunks, and what
// was recorded of every token by then.
import {
  emptyGrid,
  FORECAST_STEP,
  type CacheGrid,
  type Forecast,
  type Observation,
  type Signal,
} from '../../core/observation';
import type { CacheState } from './graphs';

/** What a reading records of every text token: [layers][heads][tokens] each, unless said otherwise. */
export class TokenRecords {
  readonly firstScore: Float32Array; // at the token's first update
  readonly latestScore: Float32Array; // at the last update that it lived to see
  readonly keyNorm: Float32Array | undefined;
  readonly attentionSum: Float32Array | undefined;
  readonly windowAttention: Float32Array | undefined;
  readonly lastAttention: Float32Array | undefined;
  readonly logProb: Float32Array | undefined; // [tokens]
  readonly forecast: Forecast | undefined;
  readonly evictedAt: Int16Array; // update, -1 while it is in the cache

  /**
   * @param needs signals that are asked for: the arrays of others are undefined
   * @param forecastWidth numbers per token in the model's forecast; 0: the model predicts nothing
   */
  constructor(
    readonly layers: number,
    readonly heads: number,
    readonly tokens: number,
    readonly needs: ReadonlySet<Signal>,
    forecastWidth = 0,
  ) {
    const grid = (): Float32Array => emptyGrid(layers, heads, tokens).data;
    const gridFor = (signal: Signal): Float32Array | undefined => (needs.has(signal) ? grid() : undefined);
    this.firstScore = grid();
    this.latestScore = grid();
    this.keyNorm = gridFor('keyNorm');
    this.attentionSum = gridFor('attentionSum');
    this.windowAttention = gridFor('windowAttention');
    this.lastAttention = gridFor('lastAttention');
    this.logProb = needs.has('logProb') ? new Float32Array(tokens) : undefined;
    this.forecast =
      needs.has('forecast') && forecastWidth
        ? { width: forecastWidth, codes: new Int8Array(tokens * forecastWidth) }
        : undefined;
    this.evictedAt = new Int16Array(layers * heads * tokens).fill(-1);
  }

  get bytes(): number {
    return bytesOf([...this.grids(), this.evictedAt, this.logProb, this.forecast?.codes]);
  }

  /** Grids whose values a later update overwrites while the token is in the cache. */
  changing(): (Float32Array | undefined)[] {
    return [this.latestScore, this.attentionSum, this.windowAttention, this.lastAttention];
  }

  /**
   * Copies what is recorded of the first `count` tokens. The log-probability of the token behind them is copied too: it
   * was computed with the chunk before.
   * @param from records with at least the signals of these
   */
  adopt(from: TokenRecords, count: number): void {
    const copyGrid = (to: Float32Array | Int16Array, source: Float32Array | Int16Array): void => {
      for (let c = 0; c < this.layers * this.heads; c++)
        to.set(source.subarray(c * from.tokens, c * from.tokens + count), c * this.tokens);
    };
    const theirs = from.grids();
    this.grids().forEach((grid, i) => grid && copyGrid(grid, theirs[i]!));
    copyGrid(this.evictedAt, from.evictedAt);
    this.forecast?.codes.set(from.forecast!.codes.subarray(0, count * this.forecast.width));
    this.logProb?.set(from.logProb!.subarray(0, Math.min(count + 1, this.tokens)));
  }

  /** @param row [width] the model's forecast for the token; stored in steps of FORECAST_STEP, bounded to 8 bits */
  setForecast(token: number, row: Float32Array): void {
    const { codes, width } = this.forecast!;
    for (let i = 0; i < width; i++)
      codes[token * width + i] = Math.max(-127, Math.min(127, Math.round(row[i]! / FORECAST_STEP)));
  }

  /**
   * @param byLatest whether the evidence is the latest score instead of the first
   * @param updates number of memory updates of the reading
   * @param meanCacheLength mean number of live entries per cache over the updates
   */
  observation(byLatest: boolean, updates: number, meanCacheLength: number): Observation {
    const { layers, heads, tokens } = this;
    const grid = (data: Float32Array): CacheGrid => ({ layers, heads, tokens, data });
    return {
      layers,
      heads,
      tokens,
      nammScore: grid(byLatest ? this.latestScore : this.firstScore),
      ...(this.attentionSum ? { attentionSum: grid(this.attentionSum) } : {}),
      ...(this.windowAttention ? { windowAttention: grid(this.windowAttention) } : {}),
      ...(this.lastAttention ? { lastAttention: grid(this.lastAttention) } : {}),
      ...(this.keyNorm ? { keyNorm: grid(this.keyNorm) } : {}),
      ...(this.logProb ? { logProb: this.logProb } : {}),
      ...(this.forecast ? { forecast: this.forecast } : {}),
      evictedAt: this.evictedAt,
      updates,
      meanCacheLength,
    };
  }

  private grids(): (Float32Array | undefined)[] {
    return [this.firstScore, this.keyNorm, ...this.changing()];
  }
}

/** State of a reading between two chunks. Never changed after it was taken. */
export interface Checkpoint {
  readonly at: number; // tokens read, header included: a multiple of the chunk
  readonly cache: CacheState;
  readonly updates: number;
  readonly live: number; // sum of cache lengths over the updates
  /** Of every entry in the caches, [caches][width] each, in the order of `TokenRecords.changing`. */
  readonly changing: readonly (Float32Array | undefined)[];
}

const MAX_CHECKPOINTS = 16; // of one text; beyond, every second is dropped, then all but every fourth, and so on

/**
 * The checkpoints of the latest reading of one text.
 *
 * Example: with chunks of 512 tokens, a reading of 2,000 tokens leaves checkpoints at 512, 1,024 and 1,536. If token
 * 1,100 is then edited, `resume` returns the checkpoint at 1,024, and two of the four chunks are read again.
 */
export class ResumeLog {
  private ids: Int32Array = new Int32Array(0);
  private header = 0;
  private records: TokenRecords | undefined;
  private checkpoints: Checkpoint[] = [];

  get bytes(): number {
    const arrays = this.checkpoints.flatMap(({ cache, changing }) => [
      cache.key,
      cache.value,
      cache.valid,
      cache.ema,
      cache.tail,
      cache.position,
      ...changing,
    ]);
    return bytesOf([...arrays, this.ids]) + (this.records?.bytes ?? 0);
  }

  /**
   * Finds the last checkpoint from which these ids can be read as if from the start. The log then forgets the
   * checkpoints behind it and records the new reading.
   * @param ids header, text and question. @param header number of ids in front of the text
   * @param fresh empty records of the new reading: filled with what was recorded up to the checkpoint
   * @returns undefined if the reading must start at the beginning
   */
  resume(ids: Int32Array, header: number, fresh: TokenRecords): Checkpoint | undefined {
    const old = this.records;
    let same = 0;
    while (same < ids.length && same < this.ids.length && ids[same] === this.ids[same]) same++;
    const usable = old !== undefined && header === this.header && [...fresh.needs].every((n) => old.needs.has(n));
    // The id behind a checkpoint was a target of the chunk before it, so it must be the same as well.
    this.checkpoints = usable ? this.checkpoints.filter((c) => c.at < same) : [];
    const checkpoint = this.checkpoints.at(-1);
    if (checkpoint && old) {
      fresh.adopt(old, Math.max(0, Math.min(checkpoint.at - header, old.tokens, fresh.tokens)));
      restore(fresh, checkpoint, header);
    }
    this.ids = ids;
    this.header = header;
    this.records = fresh;
    return checkpoint;
  }

  /** @param chunk tokens in a chunk: decides which checkpoints are dropped when there are too many */
  record(checkpoint: Checkpoint, chunk: number): void {
    this.checkpoints.push(checkpoint);
    for (let stride = 2; this.checkpoints.length > MAX_CHECKPOINTS; stride *= 2)
      this.checkpoints = this.checkpoints.filter((c) => c === checkpoint || (c.at / chunk) % stride === 0);
  }
}

/**
 * A checkpoint with copies of what the records say now about the entries of the caches.
 * @param header number of tokens in front of the text
 */
export function checkpointOf(state: Omit<Checkpoint, 'changing'>, records: TokenRecords, header: number): Checkpoint {
  const changing = records.changing().map((values) => {
    if (!values) return undefined;
    const out = new Float32Array(state.cache.position.length);
    eachEntry(records, state.cache, header, (slot, cell) => (out[slot] = values[cell]!));
    return out;
  });
  return { ...state, changing };
}

/** Sets the records back to the time of a checkpoint: the entries of its caches were alive then. */
function restore(records: TokenRecords, { cache, changing }: Checkpoint, header: number): void {
  const now = records.changing();
  eachEntry(records, cache, header, (slot, cell) => {
    now.forEach((values, i) => {
      if (values) values[cell] = changing[i]![slot]!;
    });
    records.evictedAt[cell] = -1;
  });
}

/** Visits the live entries that hold text tokens: the slot in [caches][width], the cell in [caches][tokens]. */
function eachEntry(
  records: TokenRecords,
  cache: CacheState,
  header: number,
  visit: (slot: number, cell: number) => void,
): void {
  for (let c = 0; c < records.layers * records.heads; c++)
    for (let s = cache.width - cache.lengths[c]!; s < cache.width; s++) {
      const token = cache.position[c * cache.width + s]! - header;
      if (token >= 0 && token < records.tokens) visit(c * cache.width + s, c * records.tokens + token);
    }
}

function bytesOf(arrays: readonly (ArrayBufferView | undefined)[]): number {
  return arrays.reduce((sum, a) => sum + (a?.byteLength ?? 0), 0);
}
