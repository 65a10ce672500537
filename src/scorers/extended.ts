// Knows the extended memory: the NAMM's scores beside surprisal, token class and what is covered already, mixed by learned weights.
// No class or word is removed by rule: each channel enters with an evolved weight, and the weights are data of the model.
import type { NameTable, NameWorth, TextChannels } from '../core/evidence';
import { CompressionError } from '../core/errors';
import type { CacheGrid, Observation } from '../core/observation';
import { TOKEN_CLASSES } from '../core/context';
import type { Scorer } from './scorer';

/** Evolved mixture, in the order of `extended.json`. */
export interface ExtendedWeights {
  readonly caches: Float32Array; // [layers * heads] of the NAMM score, standardised per text
  readonly surprisal: Float32Array; // [2] linear and squared, in units of 4 nats
  readonly classes: Float32Array; // [TOKEN_CLASSES.length]
  readonly mention: Float32Array; // [4] bias, log count, NAMM, surprisal
  readonly definition: Float32Array; // [5] bias, log count, NAMM, surprisal, depth
  readonly again: number; // log-odds of the share that a repetition is worth
  readonly marker: number; // natural log of the model tokens that one more hole costs
}

const UNIT_NATS = 4;
const MOST_NATS = 12;

/** Sizes of the groups of a flat vector of weights, in order. */
export function extendedSizes(caches: number): readonly (readonly [keyof ExtendedWeights, number])[] {
  return [['caches', caches], ['surprisal', 2], ['classes', TOKEN_CLASSES.length], ['mention', 4], ['definition', 5], ['again', 1], ['marker', 1]];
}

/** @throws CompressionError modelCorrupt when the length is not that of this many caches. */
export function unpackExtended(flat: ArrayLike<number>, caches: number): ExtendedWeights {
  const out: Record<string, Float32Array | number> = {};
  let at = 0;
  for (const [key, size] of extendedSizes(caches)) {
    const part = Float32Array.from({ length: size }, (_, i) => flat[at + i]!);
    out[key] = key === 'again' || key === 'marker' ? part[0]! : part;
    at += size;
  }
  if (at !== flat.length) throw new CompressionError('modelCorrupt', `extended.json: ${at} weights expected, got ${flat.length}`);
  return out as unknown as ExtendedWeights;
}

export const extended = (weights: ExtendedWeights): Scorer => ({
  id: 'extended',
  needs: new Set(['nammScore', 'logProb']),
  threshold: 0,
  score(seen) {
    return signals(seen).scores;
  },
  weigh(seen, text) {
    const { scores, logProb } = signals(seen);
    return mix(weights, attentionOf(scores, weights.caches), surprisalOf(logProb), text);
  },
});

function signals(seen: Observation): { scores: CacheGrid; logProb: Float32Array } {
  if (!seen.nammScore || !seen.logProb) throw new CompressionError('internal', 'extended: scores or log-probabilities were not observed');
  return { scores: seen.nammScore, logProb: seen.logProb };
}

/** Weighted sum of the caches' scores, each cache standardised over the text. @returns [tokens] */
export function attentionOf({ tokens, data }: CacheGrid, weights: Float32Array): Float32Array {
  const out = new Float32Array(tokens);
  weights.forEach((w, c) => {
    const row = data.subarray(c * tokens, (c + 1) * tokens);
    let sum = 0;
    let square = 0;
    for (const x of row) {
      sum += x;
      square += x * x;
    }
    const mean = sum / tokens;
    const scale = w / Math.max(1e-6, Math.sqrt(Math.max(0, square / tokens - mean * mean)));
    for (let t = 0; t < tokens; t++) out[t]! += (row[t]! - mean) * scale;
  });
  return out;
}

/** Nats -> units of UNIT_NATS, bounded. */
export function surprisalOf(logProb: Float32Array): Float32Array {
  return logProb.map((p) => Math.min(MOST_NATS, Math.max(0, -p)) / UNIT_NATS);
}

/** @param attention [tokens] @param surprisal [tokens] */
export function mix(w: ExtendedWeights, attention: Float32Array, surprisal: Float32Array, text: TextChannels): { values: Float32Array; names: NameWorth } {
  const values = attention.map((a, t) => a + w.surprisal[0]! * surprisal[t]! + w.surprisal[1]! * surprisal[t]! ** 2 + w.classes[text.classes[t]!]!);
  const { table, counts, attended, surprising, depth } = perName(text.names, attention, surprisal);
  const worth = (v: Float32Array, i: number): number =>
    softplus(v[0]! + v[1]! * Math.log(counts[i]!) + v[2]! * attended[i]! + v[3]! * surprising[i]! + (v[4] ?? 0) * depth[i]!);
  return {
    values,
    names: {
      table,
      mention: Float32Array.from({ length: table.count }, (_, i) => worth(w.mention, i)),
      definition: Float32Array.from({ length: table.count }, (_, i) => worth(w.definition, i)),
      again: 1 / (1 + Math.exp(-w.again)),
      markerTokens: Math.exp(w.marker),
    },
  };
}

/** What is known of a name over all its occurrences: how many, the most attention and surprisal, the least depth of a definition. */
function perName(table: NameTable, attention: Float32Array, surprisal: Float32Array) {
  const counts = new Float32Array(table.count);
  const attended = new Float32Array(table.count).fill(-Infinity);
  const surprising = new Float32Array(table.count);
  const depth = new Float32Array(table.count).fill(4);
  table.names.forEach((name, i) => {
    const t = table.tokens[i]!;
    counts[name]!++;
    attended[name] = Math.max(attended[name]!, attention[t]!);
    surprising[name] = Math.max(surprising[name]!, surprisal[t]!);
    if (table.defines[i]) depth[name] = Math.min(depth[name]!, table.depths[i]!);
  });
  return { table, counts, attended, surprising, depth };
}

function softplus(x: number): number {
  return x > 20 ? x : Math.log1p(Math.exp(x));
}
