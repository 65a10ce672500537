// Knows how a reading goes on where an earlier one of the same beginning stood: the caches after some chunks, and what
// every token had by then.
import { emptyGrid, FORECAST_STEP, type Forecast, type Observation, type Signal } from '../../core/observation';
import type { CacheState } from './graphs';

/** What a reading notes of every token, [layers][heads][tokens] each; attention only where it is asked for. */
export class TokenRecords {
  readonly first: Float32Array; // score at the first update
  readonly latest: Float32Array; // score at the last update it lived to see
  readonly norms: Float32Array | undefined;
  readonly sums: Float32Array | undefined;
  readonly window: Float32Array | undefined;
  readonly last: Float32Array | undefined;
  readonly logProb: Float32Array | undefined; // [tokens]
  readonly forecast: Forecast | undefined;
  readonly evictedAt: Int16Array; // update, -1 while it lives

  constructor(
    readonly layers: number,
    readonly heads: number,
    readonly tokens: number,
    readonly needs: ReadonlySet<Signal>,
    width = 0, // of the forecast
  ) {
    const grid = (signal: Signal): Float32Array | undefined =>
      needs.has(signal) ? emptyGrid(layers, heads, tokens).data : undefined;
    this.first = emptyGrid(layers, heads, tokens).data;
    this.latest = emptyGrid(layers, heads, tokens).data;
    this.norms = grid('keyNorm');
    this.sums = grid('attentionSum');
    this.window = grid('windowAttention');
    this.last = grid('lastAttention');
    this.logProb = needs.has('logProb') ? new Float32Array(tokens) : undefined;
    this.forecast = needs.has('forecast') && width ? { width, said: new Int8Array(tokens * width) } : undefined;
    this.evictedAt = new Int16Array(layers * heads * tokens).fill(-1);
  }

  get bytes(): number {
    return this.all().reduce(
      (sum, a) => sum + (a?.byteLength ?? 0),
      this.evictedAt.byteLength + (this.logProb?.byteLength ?? 0) + (this.forecast?.said.byteLength ?? 0),
    );
  }

  /** Values that a later update overwrites while the token is in the cache. */
  changing(): (Float32Array | undefined)[] {
    return [this.latest, this.sums, this.window, this.last];
  }

  /** Takes over what is known of the first `count` tokens, and of the one behind them what was expected of it. */
  adopt(from: TokenRecords, count: number): void {
    const theirs = from.all();
    this.all().forEach((mine, i) => {
      for (let c = 0; mine && c < this.layers * this.heads; c++)
        mine.set(theirs[i]!.subarray(c * from.tokens, c * from.tokens + count), c * this.tokens);
    });
    for (let c = 0; c < this.layers * this.heads; c++)
      this.evictedAt.set(from.evictedAt.subarray(c * from.tokens, c * from.tokens + count), c * this.tokens);
    this.forecast?.said.set(from.forecast!.said.subarray(0, count * this.forecast.width));
    this.logProb?.set(from.logProb!.subarray(0, Math.min(count + 1, this.tokens)));
  }

  /** @param row [width] what the model says of a token. */
  foretell(token: number, row: Float32Array): void {
    const { said, width } = this.forecast!;
    for (let i = 0; i < width; i++)
      said[token * width + i] = Math.max(-127, Math.min(127, Math.round(row[i]! / FORECAST_STEP)));
  }

  /** @param byLatest whether the evidence is the last score instead of the first */
  observation(byLatest: boolean, updates: number, meanCacheLength: number): Observation {
    const { layers, heads, tokens } = this;
    const grid = (data: Float32Array) => ({ layers, heads, tokens, data });
    return {
      layers,
      heads,
      tokens,
      nammScore: grid(byLatest ? this.latest : this.first),
      ...(this.sums ? { attentionSum: grid(this.sums) } : {}),
      ...(this.window ? { windowAttention: grid(this.window) } : {}),
      ...(this.last ? { lastAttention: grid(this.last) } : {}),
      ...(this.norms ? { keyNorm: grid(this.norms) } : {}),
      ...(this.logProb ? { logProb: this.logProb } : {}),
      ...(this.forecast ? { forecast: this.forecast } : {}),
      evictedAt: this.evictedAt,
      updates,
      meanCacheLength,
    };
  }

  private all(): (Float32Array | undefined)[] {
    return [this.first, this.norms, ...this.changing()];
  }
}

/** A reading between two chunks. Never changed after it was taken. */
export interface Checkpoint {
  readonly at: number; // tokens read, header included: a multiple of the chunk
  readonly cache: CacheState;
  readonly updates: number;
  readonly live: number; // sum of cache lengths over the updates
  /** Of every entry in the caches, [caches][width] each, in the order of `Notes.changing`. */
  readonly changing: readonly (Float32Array | undefined)[];
}

const MOST_STANDS = 16; // of one text; beyond, every second is dropped, and every fourth, …

/** The stands of the latest reading of one text. */
export class ResumeLog {
  private ids: Int32Array = new Int32Array(0);
  private header = 0;
  private notes: TokenRecords | undefined;
  private stands: Checkpoint[] = [];

  get bytes(): number {
    const arrays = this.stands.flatMap(({ cache, changing }) => [
      cache.key,
      cache.value,
      cache.valid,
      cache.ema,
      cache.tail,
      cache.position,
      ...changing,
    ]);
    return arrays.reduce((sum, a) => sum + (a?.byteLength ?? 0), this.ids.byteLength + (this.notes?.bytes ?? 0));
  }

  /**
   * The furthest stand from which these ids can be read as if from the start, with the notes of that time; the trail
   * forgets what lies behind it and records the new reading.
   * @param ids header, text and question. @param header number of ids in front of the text.
   */
  resume(ids: Int32Array, header: number, fresh: TokenRecords): Checkpoint | undefined {
    const old = this.notes;
    let same = 0;
    while (same < ids.length && same < this.ids.length && ids[same] === this.ids[same]) same++;
    const usable = old !== undefined && header === this.header && [...fresh.needs].every((n) => old.needs.has(n));
    // The id behind a stand was expected in the chunk before it, so it must be the same as well.
    this.stands = usable ? this.stands.filter((s) => s.at < same) : [];
    const stand = this.stands.at(-1);
    if (stand && old) {
      fresh.adopt(old, Math.max(0, Math.min(stand.at - header, old.tokens, fresh.tokens)));
      restore(fresh, stand, header);
    }
    this.ids = ids;
    this.header = header;
    this.notes = fresh;
    return stand;
  }

  record(stand: Checkpoint, chunk: number): void {
    this.stands.push(stand);
    for (let stride = 2; this.stands.length > MOST_STANDS; stride *= 2)
      this.stands = this.stands.filter((s) => s === stand || (s.at / chunk) % stride === 0);
  }
}

/** Copies of what the notes say now about the entries of the caches. */
export function changingOf(notes: TokenRecords, cache: CacheState, header: number): (Float32Array | undefined)[] {
  return notes.changing().map((values) => {
    if (!values) return undefined;
    const out = new Float32Array(cache.position.length);
    eachEntry(notes, cache, header, (slot, cell) => (out[slot] = values[cell]!));
    return out;
  });
}

/** Turns the notes back to the time of a stand: its entries were alive then. */
function restore(notes: TokenRecords, { cache, changing }: Checkpoint, header: number): void {
  const now = notes.changing();
  eachEntry(notes, cache, header, (slot, cell) => {
    now.forEach((values, i) => {
      if (values) values[cell] = changing[i]![slot]!;
    });
    notes.evictedAt[cell] = -1;
  });
}

function eachEntry(
  notes: TokenRecords,
  cache: CacheState,
  header: number,
  visit: (slot: number, cell: number) => void,
): void {
  for (let c = 0; c < notes.layers * notes.heads; c++)
    for (let s = cache.width - cache.lengths[c]!; s < cache.width; s++) {
      const token = cache.position[c * cache.width + s]! - header;
      if (token >= 0 && token < notes.tokens) visit(c * cache.width + s, c * notes.tokens + token);
    }
}
