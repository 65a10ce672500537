// Knows the extended memory: the NAMM's scores beside surprisal, token class and what is covered already, mixed by learned weights.
// No class or word is removed by rule: each channel enters with an evolved weight, and the weights are data of the model.
import type { NameTable, NameWorth, PairTable, PairWorth, TextChannels } from '../core/evidence';
import { CompressionError } from '../core/errors';
import type { CacheGrid, Forecast, Observation } from '../core/observation';
import { tokenIndexAt } from '../core/report';
import { TOKEN_CLASSES } from '../core/context';
import { predict, type Prediction } from './forecast';
import type { Scorer } from './scorer';

/** Weights of the mixture: the groups of `extended.json`, each an array there. */
export interface ExtendedWeights {
  readonly caches: Float32Array; // [layers * heads] of the NAMM score, standardised per text
  readonly surprisal: Float32Array; // [3] worth of a pair of tokens for each 4 nats of its surprisal, how much more of it a pair is worth that stands from end to end of the text, and the share of it that a further unit with the pair brings
  readonly classes: Float32Array; // [TOKEN_CLASSES.length]
  readonly mention: Float32Array; // [NAME_FEATURES.length] log-odds that later code needs the name
  readonly definition: Float32Array; // [NAME_FEATURES.length] and its definition
  readonly repeatDecay: number; // log-odds of the share that a repetition is worth
  readonly sure: Float32Array; // [2] natural log of what a mention and a definition are worth that will surely be needed
  readonly marker: number; // natural log of the recipient tokens that one more hole costs
  readonly focus: Float32Array; // [FOCUS_REACH.length] worth of a token where the reader works, fading with distance
  readonly shared: number; // natural log of how many times more a name is worth that another text of the context uses
  readonly crowd: Float32Array; // [2] log-odds of mention and definition for each e-fold of USUAL_NAMES that the text has
  readonly age: Float32Array; // [FOCUS_REACH.length] worth of a token at the end of a text whose place of work is unknown, fading with age
  readonly saved: number; // worth of a pair of tokens for each nat that it is predicted to save
}

/** What is known of a name over all its occurrences. */
export const NAME_FEATURES = [
  'bias',
  'count', // natural log
  'attention', // the most, by the NAMM
  'surprisal', // of the whole word where it first stands
  'depth', // of its outermost definition; 0 without one
  'elsewhere', // 1: defined elsewhere
  'users', // natural log of the outermost units that use it
  'length', // natural log, of LENGTH
  'spread', // share of the text between its first and its last
  'near', // natural log of NEAR over the tokens between it and the place of work; 0 beyond, or where that is unknown
  'predicted', // log-odds that it comes again, by the base model: the mean over its occurrences
  'latest', // and at its last one
] as const;
export type NameFeature = (typeof NAME_FEATURES)[number];
const FEATURES = NAME_FEATURES.length;
const FEATURE = Object.fromEntries(NAME_FEATURES.map((name, i) => [name, i])) as Record<NameFeature, number>;
const LENGTH = 8; // UTF-16 units
const NEAR = 1024; // model tokens
/** In names that will surely be needed, besides what is learned: a name in the question comes before all others, one that shares a word with it before most. [not asked, a word, the name, used where the name is declared] */
const ASKED = [0, 0.3, 3, 0.5];
const ASKED_AGAIN = [0, 0.1, 2, 0]; // for each further unit that has it: an import alone does not answer a question
const ASKED_DECLARATION = [20, 1024]; // worth of a token in what declares a name of the question, up to so many tokens; more share what these have: what it does stands there, mostly without its name
const FOCUS_REACH = [64, 512]; // model tokens over which the worth falls to 1 / e
const USUAL_NAMES = 256; // in a text: of more, each is less likely to be the one that is needed
const UNIT_NATS = 4;
const MOST_NATS = 12;

const SINGLE: ReadonlySet<keyof ExtendedWeights> = new Set(['repeatDecay', 'marker', 'shared', 'saved']);

/** Groups and their sizes, in the order of a flat vector of weights: what evolution searches. */
export function extendedSizes(caches: number): readonly (readonly [keyof ExtendedWeights, number])[] {
  return [
    ['caches', caches],
    ['surprisal', 3],
    ['classes', TOKEN_CLASSES.length],
    ['mention', FEATURES],
    ['definition', FEATURES],
    ['repeatDecay', 1],
    ['sure', 2],
    ['marker', 1],
    ['focus', FOCUS_REACH.length],
    ['shared', 1],
    ['crowd', 2],
    ['age', FOCUS_REACH.length],
    ['saved', 1],
  ];
}

/** @param flat all groups in one vector @throws CompressionError modelCorrupt if its length is not that of this many caches */
export function unpackExtended(flat: ArrayLike<number>, caches: number): ExtendedWeights {
  const out: Record<string, Float32Array | number> = {};
  let at = 0;
  for (const [key, size] of extendedSizes(caches)) {
    const part = Float32Array.from({ length: size }, (_, i) => flat[at + i]!);
    out[key] = SINGLE.has(key) ? part[0]! : part;
    at += size;
  }
  if (at !== flat.length)
    throw new CompressionError('modelCorrupt', `extended.json: ${at} weights expected, got ${flat.length}`);
  return out as unknown as ExtendedWeights;
}

export const extended = (weights: ExtendedWeights): Scorer => ({
  id: 'extended',
  needs: new Set(['nammScore', 'logProb', 'forecast']),
  threshold: 0,
  score(seen) {
    return signals(seen).scores;
  },
  weigh(seen, text) {
    return mix(weights, channelsFrom(weights, signals(seen)), text);
  },
  explain(seen, text) {
    const channels = channelsFrom(weights, signals(seen));
    const { attention } = channels;
    const { names, pairs } = mix(weights, channels, text);
    const { declared, ...own } = ownWorth(weights, text);
    return {
      attention,
      ...own,
      surprisal: perStanding(pairs),
      names: perToken(names, attention.length).map((x, t) => x + declared[t]!),
    };
  },
});

/** What the mixture reads of a reading. */
export interface Signals {
  readonly scores: CacheGrid;
  readonly logProb: Float32Array;
  readonly forecast?: Forecast | undefined;
}

function signals({ nammScore, logProb, forecast }: Observation): Signals {
  if (!nammScore || !logProb)
    throw new CompressionError('internal', 'extended: scores or log-probabilities were not observed');
  return { scores: nammScore, logProb, forecast };
}

export interface Channels {
  readonly attention: Float32Array; // [tokens]
  readonly surprisal: Float32Array; // [tokens]
  readonly forecast?: Forecast | undefined;
}

export const channelsFrom = (w: ExtendedWeights, { scores, logProb, forecast }: Signals): Channels => ({
  attention: attentionOf(scores, w.caches),
  surprisal: surprisalOf(logProb),
  forecast,
});

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

/** Model token at which the reader works; behind the end is at its end. */
const placeOf = ({ bounds, offset }: NonNullable<TextChannels['focus']>, tokens: number): number =>
  tokenIndexAt(bounds, offset) ?? tokens - 1;

/** What class, the place of work and, where that is unknown, age add to each token. */
function ownWorth(
  w: ExtendedWeights,
  { focus, classes, shared, declared }: TextChannels,
): Record<'class' | 'focus' | 'age' | 'declared', Float32Array> {
  const [most, size] = ASKED_DECLARATION as [number, number];
  const around = (at: number, worth: Float32Array, counts: boolean): Float32Array =>
    Float32Array.from(classes, (_, t) =>
      counts ? FOCUS_REACH.reduce((sum, reach, i) => sum + worth[i]! * Math.exp(-Math.abs(t - at) / reach), 0) : 0,
    );
  return {
    class: Float32Array.from(classes, (c) => w.classes[c]!),
    focus: around(focus ? placeOf(focus, classes.length) : 0, w.focus, focus !== undefined),
    age: around(classes.length - 1, w.age, focus === undefined && shared === undefined),
    declared: Float32Array.from(classes, (_, t) => (declared?.[t] ? most * Math.min(1, size / declared[t]) : 0)),
  };
}

/** A pair is worth what its most surprising standing tells: where it comes again the model has learned it from the text itself. What is spread over the text is likelier to be needed behind it. */
function pairWorth(w: ExtendedWeights, surprisal: Float32Array, table: PairTable, saved?: Float32Array): PairWorth {
  const most = new Float32Array(table.count);
  const first = new Int32Array(table.count).fill(-1);
  const last = new Int32Array(table.count);
  const count = new Int32Array(table.count);
  const nats = new Float32Array(table.count);
  table.pairs.forEach((pair, t) => {
    if (pair < 0) return;
    count[pair]!++;
    nats[pair]! += saved?.[t] ?? 0;
    most[pair] = Math.max(most[pair]!, surprisal[t]!);
    if (first[pair]! < 0) first[pair] = t;
    last[pair] = t;
  });
  const [code = 0, spread = 0, repeatDecay = 0] = w.surprisal;
  return {
    table,
    repeatDecay,
    worth: most.map(
      (s, pair) =>
        code * s * (1 + (spread * (last[pair]! - first[pair]!)) / surprisal.length) +
        (w.saved * nats[pair]!) / count[pair]!,
    ),
  };
}

/** A pair brings its worth where it first stands, a share of it at the next, and so on. @returns [tokens] */
function perStanding({ table: { pairs, count }, worth, repeatDecay }: PairWorth): Float32Array {
  const left = Float32Array.from({ length: count }, () => 1);
  return Float32Array.from(pairs, (pair) => {
    if (pair < 0) return 0;
    const share = left[pair]!;
    left[pair] = share * repeatDecay;
    return share * worth[pair]!;
  });
}

/** Names bring their worth once: at the first mention and the first definition. @returns [tokens] */
function perToken({ table, mention, definition, repeatDecay }: NameWorth, tokens: number): Float32Array {
  const out = new Float32Array(tokens);
  const mentioned = new Set<number>();
  const defined = new Set<number>();
  table.names.forEach((name, i) => {
    const t = table.tokens[i]!;
    out[t]! += mention[name]! * (mentioned.has(name) ? repeatDecay : 1);
    mentioned.add(name);
    if (!table.defines[i] || defined.has(name)) return;
    out[t]! += definition[name]!;
    defined.add(name);
  });
  return out;
}

export function mix(
  w: ExtendedWeights,
  { attention, surprisal, forecast }: Channels,
  text: TextChannels,
): { values: Float32Array; names: NameWorth; pairs: PairWorth } {
  const own = ownWorth(w, text);
  const values = attention.map((a, t) => a + own.class[t]! + own.focus[t]! + own.age[t]! + own.declared[t]!);
  const predicted = forecastFor(forecast, text);
  const features = nameFeatures(text, attention, surprisal, predicted?.words);
  const more = Math.exp(w.shared);
  const crowd = crowdOf(text.names);
  const sure = Array.from(w.sure, Math.exp);
  const worth = (kind: 'mention' | 'definition', k: 0 | 1): Float32Array =>
    Float32Array.from({ length: text.names.count }, (_, name) => {
      const needed = logistic(
        w[kind].reduce((sum, x, f) => sum + x * features[name * FEATURES + f]!, w.crowd[k]! * crowd),
      );
      return sure[k]! * (needed * (text.shared?.[name] ? more : 1) + ASKED[text.asked?.[name] ?? 0]!);
    });
  return {
    values,
    pairs: pairWorth(w, surprisal, text.pairs, predicted?.saved),
    names: {
      table: text.names,
      mention: worth('mention', 0),
      definition: worth('definition', 1),
      ...(text.asked ? { always: Float32Array.from(text.asked, (a) => sure[0]! * ASKED_AGAIN[a]!) } : {}),
      repeatDecay: logistic(w.repeatDecay),
      markerTokens: Math.exp(w.marker),
    },
  };
}

/** Natural log of USUAL_NAMES to how many names a text has. */
export const crowdOf = ({ count }: NameTable): number => Math.log(Math.max(1, count) / USUAL_NAMES);

/** What is predicted of a text, asked where its reader works. */
export const forecastFor = (forecast: Forecast | undefined, { classes, focus }: TextChannels): Prediction | undefined =>
  forecast && predict(forecast, focus && placeOf(focus, classes.length));

/** @param attention [tokens] @param surprisal [tokens] @param words [tokens] log-odds that they come again; 0 where nothing is predicted @returns [names][NAME_FEATURES.length] */
export function nameFeatures(
  { names: table, focus }: TextChannels,
  attention: Float32Array,
  surprisal: Float32Array,
  words?: Float32Array,
): Float32Array {
  const out = new Float32Array(table.count * FEATURES);
  const users = Array.from({ length: table.count }, () => new Set<number>());
  const first = new Int32Array(table.count).fill(-1);
  const at = focus ? placeOf(focus, attention.length) : 0;
  const row = (name: number): Float32Array => out.subarray(name * FEATURES, (name + 1) * FEATURES);
  for (let name = 0; name < table.count; name++) {
    const of = row(name);
    of[FEATURE.bias] = 1;
    of[FEATURE.attention] = -Infinity;
    of[FEATURE.elsewhere] = 1;
    of[FEATURE.length] = Math.log(table.lengths[name]! / LENGTH);
  }
  table.names.forEach((name, i) => {
    const of = row(name);
    const t = table.tokens[i]!;
    if (first[name]! < 0) {
      first[name] = t;
      for (let k = t; k <= table.ends[i]!; k++) of[FEATURE.surprisal]! += surprisal[k]!;
    }
    of[FEATURE.count]!++;
    of[FEATURE.attention] = Math.max(of[FEATURE.attention]!, attention[t]!);
    of[FEATURE.latest] = words?.[table.ends[i]!] ?? 0;
    of[FEATURE.predicted]! += of[FEATURE.latest]!;
    of[FEATURE.spread] = (t - first[name]!) / attention.length;
    if (focus) of[FEATURE.near] = Math.max(of[FEATURE.near]!, Math.log(NEAR / (1 + Math.abs(t - at))));
    if (table.defines[i]) {
      const depth = table.depths[i]!;
      of[FEATURE.depth] = of[FEATURE.elsewhere] ? depth : Math.min(of[FEATURE.depth]!, depth);
      of[FEATURE.elsewhere] = 0;
    }
    users[name]!.add(table.regions[i]!);
  });
  users.forEach((set, name) => {
    const of = row(name);
    of[FEATURE.predicted]! /= of[FEATURE.count]!;
    of[FEATURE.count] = Math.log(of[FEATURE.count]!);
    of[FEATURE.users] = Math.log(set.size);
  });
  return out;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
