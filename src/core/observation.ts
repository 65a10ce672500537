// Defines what one reading of a text leaves behind: values per layer, KV head and token.

/** Signals that a scorer may ask for; a reading computes only those asked for. */
export type Signal =
  'nammScore' | 'attentionSum' | 'windowAttention' | 'lastAttention' | 'keyNorm' | 'logProb' | 'forecast';

/**
 * Values [layers][heads][tokens], flat and row-major: at((layer * heads + head) * tokens + token).
 * "Head" always means KV head: a cache.
 */
export interface CacheGrid {
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  readonly data: Float32Array;
}

/**
 * The forecast head's output for every token, from which `predict` (scorers/forecast.ts) computes what comes again in the
 * code that follows. It is stored in 8 bits: value = code * FORECAST_STEP.
 */
export interface Forecast {
  /** Codes per token: FORECAST_KINDS * (3 * size + 1). */
  readonly width: number;
  /**
   * [tokens][kind][key, textQuery, cursorQuery, bias]: for each kind (0 words, 1 pairs of tokens) a key of `size` codes,
   * the query of the text as a whole (`size`), the query of the cursor position (`size`) and one bias.
   */
  readonly codes: Int8Array;
}

export const FORECAST_STEP = 1 / 16;
export const FORECAST_KINDS = 2; // words, pairs of tokens

/** What one reading observed. A signal that was not asked for is absent. */
export interface Observation {
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  /** NAMM score at the record's evidence update (or at eviction, or at closing if that came first). */
  readonly nammScore?: CacheGrid;
  /** Attention received in total while in the cache (H2O accumulator). */
  readonly attentionSum?: CacheGrid;
  /** Attention from the last 16 queries that saw the token in the cache, summed. */
  readonly windowAttention?: CacheGrid;
  /** Attention from the very last of them. */
  readonly lastAttention?: CacheGrid;
  /** L2 norm of the key. */
  readonly keyNorm?: CacheGrid;
  /**
   * Natural-log probability of each token given what came before, [tokens]; the first token after the header included.
   */
  readonly logProb?: Float32Array;
  readonly forecast?: Forecast;
  /** Update (0-based) in which the cache evicted the token; -1 while it was kept to the end. [layers][heads][tokens] */
  readonly evictedAt: Int16Array;
  /** Number of memory updates of the reading, the closing one included. */
  readonly updates: number;
  /** Mean number of live entries per cache over the updates. */
  readonly meanCacheLength: number;
}

/** Scores of a scorer, higher = keep. They depend on no budget and on no protection. */
export type TokenScores = CacheGrid;

/** @returns a grid of zeros */
export function emptyGrid(layers: number, heads: number, tokens: number): CacheGrid {
  return { layers, heads, tokens, data: new Float32Array(layers * heads * tokens) };
}
