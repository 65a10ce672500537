// Knows how to ask what the base model foretells: which words of a text come again in the code that follows it, and what its pairs of tokens save there.
// Trained with the model (training/forecast.py): a token's key against the question that the whole text asks and the one asked where the reader works.
import { FORECAST_KINDS, FORECAST_STEP, type Forecast } from '../core/observation';

const PLACE = 64; // tokens up to the place of work that ask
const MOST = 2.5; // log of nats

export interface Prediction {
  readonly words: Float32Array; // [tokens] log-odds that the word that ends here comes again
  readonly saved: Float32Array; // [tokens] nats that the pair that ends here is expected to save where it comes again
}

/** @param place token at which the reader works; absent when he works elsewhere */
export function predict({ width, said }: Forecast, place?: number): Prediction {
  const tokens = said.length / width;
  const each = width / FORECAST_KINDS; // a key, what it asks everywhere, what it asks at the place of work, its own odds
  const size = (each - 1) / 3;
  const since = place === undefined ? tokens : Math.max(0, place + 1 - PLACE);
  const until = place === undefined ? tokens : Math.min(tokens, place + 1);
  const [words, saved] = [0, 1].map((kind) => {
    const question = new Float64Array(size);
    for (let t = 0; t < tokens; t++)
      for (let i = 0, at = t * width + kind * each + size; i < size; i++) question[i]! += said[at + i]! / tokens;
    for (let t = since; t < until; t++)
      for (let i = 0, at = t * width + kind * each + 2 * size; i < size; i++)
        question[i]! += said[at + i]! / (until - since);
    const scale = (FORECAST_STEP * FORECAST_STEP) / Math.sqrt(size);
    return Float32Array.from({ length: tokens }, (_, t) => {
      const at = t * width + kind * each;
      let sum = 0;
      for (let i = 0; i < size; i++) sum += said[at + i]! * question[i]!;
      return sum * scale + said[at + each - 1]! * FORECAST_STEP;
    });
  }) as [Float32Array, Float32Array];
  return { words, saved: saved.map((odds) => Math.exp(Math.min(MOST, odds))) };
}
