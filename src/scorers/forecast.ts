// Predicts with the base model which words of a text come again in the code that follows it, and how many nats its
// pairs of tokens save there. The forecast head was trained with the model (training/forecast.py, docs/method.md
// "Forecast").
import { FORECAST_KINDS, FORECAST_STEP, type Forecast } from '../core/observation';

const CURSOR_TOKENS = 64; // model tokens up to the cursor whose query counts
const MAX_LOG_NATS = 2.5;

export interface Prediction {
  readonly words: Float32Array; // [tokens] log-odds that the word that ends here comes again
  readonly saved: Float32Array; // [tokens] nats that the pair that ends here is expected to save where it comes again
}

/**
 * The prediction for a token is key · query / sqrt(size) + bias. The query is the mean of all tokens' text queries, plus
 * the mean of the cursor queries of the last 64 tokens up to the cursor. A reading stores keys and queries, so a moved
 * cursor costs no other reading.
 *
 * Example, size 1, in values instead of codes: the keys [2, 0], text queries [1, 3], cursor queries [0, 0] and biases
 * [-1, -1] give the query 2 and the log-odds [2 * 2 - 1, 0 - 1] = [3, -1].
 *
 * @param cursor model token at the cursor position; absent if the cursor is in no part of the text
 */
export function predict({ width, codes }: Forecast, cursor?: number): Prediction {
  const tokens = codes.length / width;
  const perKind = width / FORECAST_KINDS; // key, text query, cursor query, bias
  const size = (perKind - 1) / 3;
  const from = cursor === undefined ? tokens : Math.max(0, cursor + 1 - CURSOR_TOKENS);
  const to = cursor === undefined ? tokens : Math.min(tokens, cursor + 1);
  const [words, saved] = [0, 1].map((kind) => {
    const query = new Float64Array(size);
    for (let t = 0; t < tokens; t++)
      for (let i = 0, at = t * width + kind * perKind + size; i < size; i++) query[i]! += codes[at + i]! / tokens;
    for (let t = from; t < to; t++)
      for (let i = 0, at = t * width + kind * perKind + 2 * size; i < size; i++)
        query[i]! += codes[at + i]! / (to - from);
    const scale = (FORECAST_STEP * FORECAST_STEP) / Math.sqrt(size);
    return Float32Array.from({ length: tokens }, (_, t) => {
      const at = t * width + kind * perKind;
      let sum = 0;
      for (let i = 0; i < size; i++) sum += codes[at + i]! * query[i]!;
      return sum * scale + codes[at + perKind - 1]! * FORECAST_STEP;
    });
  }) as [Float32Array, Float32Array];
  return { words, saved: saved.map((logNats) => Math.exp(Math.min(MAX_LOG_NATS, logNats))) };
}

/** A linear reading of the forecast's codes, fitted to the attention that a strong reader's later code gave the tokens. */
export interface FutureHead {
  readonly weights: Float32Array; // [width] per code
  readonly bias: number;
}

const MOST_ATTENTION = 10; // as training/future.py

/**
 * The attention that later code is predicted to give each token, relative to the mean over a text: 1 is usual, at least 0.
 *
 * Example, width 2: the codes [16, 0] with the weights [0.125, 1] and the bias 0.5 give 16 / 16 * 0.125 + 0.5 = 0.625.
 * @returns [tokens]
 */
export function futureAttention({ width, codes }: Forecast, { weights, bias }: FutureHead): Float32Array {
  return Float32Array.from({ length: codes.length / width }, (_, t) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += codes[t * width + i]! * weights[i]!;
    return Math.min(MOST_ATTENTION, Math.max(0, sum * FORECAST_STEP + bias));
  });
}
