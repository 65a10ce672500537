// Knows the extended memory: the NAMM's scores beside surprisal, token class and what is covered already, mixed by learned weights.
// No class or word is removed by rule: each channel enters with an evolved weight, and the weights are data of the model.
import type { NameTable, NameWorth, TextChannels } from '../core/evidence';
import { CompressionError } from '../core/errors';
import type { CacheGrid, Observation } from '../core/observation';
import { tokenIndexAt } from '../core/report';
import { TOKEN_CLASSES } from '../core/context';
import type { Scorer } from './scorer';

/** Evolved mixture, in the order of `extended.json`. */
export interface ExtendedWeights {
  readonly caches: Float32Array; // [layers * heads] of the NAMM score, standardised per text
  readonly surprisal: Float32Array; // [2] linear and squared, in units of 4 nats
  readonly classes: Float32Array; // [TOKEN_CLASSES.length]
  readonly mention: Float32Array; // [NAME_FEATURES]
  readonly definition: Float32Array; // [NAME_FEATURES]
  readonly again: number; // log-odds of the share that a repetition is worth
  readonly marker: number; // natural log of the model tokens that one more hole costs
  readonly focus: Float32Array; // [FOCUS_REACH.length] worth of a token where the reader works, fading with distance
  readonly shared: number; // natural log of how many times more a name is worth that another text of the context uses
  readonly crowd: number; // of a name, before the softplus, for each e-fold of USUAL_NAMES that the text has
}

/** bias, log of how often, most NAMM attention, most surprisal, depth of its definition, whether it is defined elsewhere, log of the outermost units that use it. */
const NAME_FEATURES = 7;
/** Far above what is learned: a name in the question comes before all others, one that shares a word with it before most. [not asked, a word, the name] */
const ASKED = [0, 10, 100];
const ASKED_AGAIN = [0, 4, 60]; // for each further unit that has it: an import alone does not answer a question
const FOCUS_REACH = [64, 512]; // model tokens over which the worth falls to 1 / e
const USUAL_NAMES = 256; // in a text: of more, each is less likely to be the one that is needed
const UNIT_NATS = 4;
const MOST_NATS = 12;

const SINGLE: ReadonlySet<keyof ExtendedWeights> = new Set(['again', 'marker', 'shared', 'crowd']);

/** Sizes of the groups of a flat vector of weights, in order. */
export function extendedSizes(caches: number): readonly (readonly [keyof ExtendedWeights, number])[] {
  return [['caches', caches], ['surprisal', 2], ['classes', TOKEN_CLASSES.length], ['mention', NAME_FEATURES], ['definition', NAME_FEATURES], ['again', 1], ['marker', 1], ['focus', FOCUS_REACH.length], ['shared', 1], ['crowd', 1]];
}

/** @throws CompressionError modelCorrupt when the length is not that of this many caches. */
export function unpackExtended(flat: ArrayLike<number>, caches: number): ExtendedWeights {
  const out: Record<string, Float32Array | number> = {};
  let at = 0;
  for (const [key, size] of extendedSizes(caches)) {
    const part = Float32Array.from({ length: size }, (_, i) => flat[at + i]!);
    out[key] = SINGLE.has(key) ? part[0]! : part;
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
  explain(seen, text) {
    const { scores, logProb } = signals(seen);
    const attention = attentionOf(scores, weights.caches);
    const surprisal = surprisalOf(logProb);
    return { attention, ...ownWorth(weights, surprisal, text), names: perToken(mix(weights, attention, surprisal, text).names, attention.length) };
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

/** What surprisal, class and the place of work add to each token. @param surprisal [tokens] */
function ownWorth(w: ExtendedWeights, surprisal: Float32Array, text: TextChannels): Record<'surprisal' | 'class' | 'focus', Float32Array> {
  const { focus } = text;
  const at = focus ? (tokenIndexAt(focus.bounds, focus.offset) ?? text.classes.length - 1) : 0; // behind the end is at its end
  return {
    surprisal: surprisal.map((s) => w.surprisal[0]! * s + w.surprisal[1]! * s ** 2),
    class: Float32Array.from(text.classes, (c) => w.classes[c]!),
    focus: surprisal.map((_, t) => (focus ? FOCUS_REACH.reduce((sum, reach, i) => sum + w.focus[i]! * Math.exp(-Math.abs(t - at) / reach), 0) : 0)),
  };
}

/** Names bring their worth once: at the first mention and the first definition. @returns [tokens] */
function perToken({ table, mention, definition, again }: NameWorth, tokens: number): Float32Array {
  const out = new Float32Array(tokens);
  const mentioned = new Set<number>();
  const defined = new Set<number>();
  table.names.forEach((name, i) => {
    const t = table.tokens[i]!;
    out[t]! += mention[name]! * (mentioned.has(name) ? again : 1);
    mentioned.add(name);
    if (!table.defines[i] || defined.has(name)) return;
    out[t]! += definition[name]!;
    defined.add(name);
  });
  return out;
}

/** @param attention [tokens] @param surprisal [tokens] */
export function mix(w: ExtendedWeights, attention: Float32Array, surprisal: Float32Array, text: TextChannels): { values: Float32Array; names: NameWorth } {
  const own = ownWorth(w, surprisal, text);
  const values = attention.map((a, t) => a + own.surprisal[t]! + own.class[t]! + own.focus[t]!);
  const features = nameFeatures(text.names, attention, surprisal);
  const more = Math.exp(w.shared);
  const crowd = w.crowd * Math.log(Math.max(1, text.names.count) / USUAL_NAMES);
  const worth = (v: Float32Array): Float32Array =>
    Float32Array.from(
      { length: text.names.count },
      (_, name) => softplus(v.reduce((sum, x, f) => sum + x * features[name * NAME_FEATURES + f]!, crowd)) * (text.shared?.[name] ? more : 1) + ASKED[text.asked?.[name] ?? 0]!,
    );
  return {
    values,
    names: {
      table: text.names,
      mention: worth(w.mention),
      definition: worth(w.definition),
      ...(text.asked ? { always: Float32Array.from(text.asked, (a) => ASKED_AGAIN[a]!) } : {}),
      again: 1 / (1 + Math.exp(-w.again)),
      markerTokens: Math.exp(w.marker),
    },
  };
}

/** What is known of each name over all its occurrences. @returns [names][NAME_FEATURES] */
function nameFeatures(table: NameTable, attention: Float32Array, surprisal: Float32Array): Float32Array {
  const out = new Float32Array(table.count * NAME_FEATURES);
  const users = Array.from({ length: table.count }, () => new Set<number>());
  for (let name = 0; name < table.count; name++) {
    out[name * NAME_FEATURES] = 1;
    out[name * NAME_FEATURES + 2] = -Infinity;
    out[name * NAME_FEATURES + 5] = 1;
  }
  table.names.forEach((name, i) => {
    const row = out.subarray(name * NAME_FEATURES, (name + 1) * NAME_FEATURES);
    const t = table.tokens[i]!;
    row[1]!++;
    row[2] = Math.max(row[2]!, attention[t]!);
    row[3] = Math.max(row[3]!, surprisal[t]!);
    if (table.defines[i]) {
      const depth = table.depths[i]!;
      row[4] = row[5] ? depth : Math.min(row[4]!, depth);
      row[5] = 0;
    }
    users[name]!.add(table.regions[i]!);
  });
  users.forEach((set, name) => {
    out[name * NAME_FEATURES + 1] = Math.log(out[name * NAME_FEATURES + 1]!);
    out[name * NAME_FEATURES + 6] = Math.log(set.size);
  });
  return out;
}

function softplus(x: number): number {
  return x > 20 ? x : Math.log1p(Math.exp(x));
}
