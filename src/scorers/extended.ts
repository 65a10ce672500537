// The extended memory, the default scorer: mixes the NAMM's scores, surprisal, names, token classes and the cursor
// position by learned weights (docs/method.md "Extended memory"). No class or word is removed by rule: each channel
// enters with an evolved weight, and the weights are data of the model.
import type { NameTable, NameWorth, PairTable, PairWorth, TextChannels } from '../core/evidence';
import { CompressionError } from '../core/errors';
import type { CacheGrid, Forecast, Observation } from '../core/observation';
import { tokenIndexAt } from '../core/report';
import { TOKEN_CLASSES } from '../core/context';
import { futureAttention, predict, type FutureHead, type Prediction } from './forecast';
import type { Scorer } from './scorer';

/** Weights of the mixture: the groups of `extended.json`, each an array there. "Worth" is in the units of the score. */
export interface ExtendedWeights {
  readonly caches: Float32Array; // [layers * heads] of the NAMM score, standardised per text
  /**
   * [3] worth of a pair of tokens per UNIT_NATS of its surprisal; by how much that grows for a pair spread over the whole
   * text (1 = doubled); the share of it that each further unit with the pair adds.
   */
  readonly surprisal: Float32Array;
  readonly classes: Float32Array; // [TOKEN_CLASSES.length] worth of a token of each class
  readonly mention: Float32Array; // [NAME_FEATURES.length] log-odds that later code needs the name
  readonly definition: Float32Array; // [NAME_FEATURES.length] log-odds that later code needs its definition
  readonly repeatDecay: number; // log-odds of the share of a mention's worth that each further unit with the name adds
  /** [2] natural log of the worth of a mention and of a definition that are certainly needed */
  readonly sure: Float32Array;
  readonly marker: number; // natural log of the recipient tokens that one more hole costs
  /** [FOCUS_REACH.length] worth of a token at the cursor position, decaying with the distance */
  readonly focus: Float32Array;
  readonly shared: number; // natural log of the factor for a name that another text of the context uses
  /** [2] log-odds of mention and definition per e-fold of the text's number of names over USUAL_NAMES */
  readonly crowd: Float32Array;
  readonly future: number; // worth of a token with the mean attention that later code is predicted to give a token
  readonly saved: number; // worth of a pair of tokens for each nat that it is predicted to save
  /** Reads the future attention from the forecast; without it nothing is predicted, and `future` counts for nothing. */
  readonly futureHead?: FutureHead;
}

/** Features of a name over all its occurrences: the inputs of the regression on whether later code needs it. */
export const NAME_FEATURES = [
  'bias',
  'count', // natural log
  'attention', // maximum of the NAMM channel
  'surprisal', // of the whole word at its first occurrence
  'depth', // of its outermost definition; 0 without one
  'elsewhere', // 1: defined elsewhere
  'users', // natural log of the outermost units that use it
  'length', // natural log, of LENGTH
  'spread', // share of the text between its first and its last occurrence
  'near', // natural log of NEAR over its distance to the cursor in tokens; 0 if it is farther, or without a cursor
  'predicted', // log-odds by the base model that it comes again: the mean over its occurrences
  'latest', // the same at its last occurrence
] as const;
export type NameFeature = (typeof NAME_FEATURES)[number];
const FEATURES = NAME_FEATURES.length;
const FEATURE = Object.fromEntries(NAME_FEATURES.map((name, i) => [name, i])) as Record<NameFeature, number>;
const LENGTH = 8; // UTF-16 units
const NEAR = 1024; // model tokens
/**
 * What the question adds to a name, in names that are certainly needed, by `TextChannels.asked`: 0 not asked for, 1 shares
 * a word with the question, 2 is in the question, 3 is used where such a name is declared.
 */
const ASKED = [0, 0.3, 3, 0.5];
const ASKED_PER_UNIT = [0, 0.1, 2, 0]; // the same for every further unit with the name: an import alone answers no question
/**
 * Worth of each token of a declaration that the question asks for: the answer is mostly in it, without the name. A
 * declaration of more than `tokens` model tokens shares what these would have.
 */
const ASKED_DECLARATION = { worth: 60, tokens: 1024 };
/**
 * What the question adds to a token: `worth` if its line is as likely needed as the mean line of the context, and more or less
 * with the power of how many times as likely it is.
 */
const RELEVANCE = { worth: 60, power: 0.3 };
const FOCUS_REACH = [64, 512]; // model tokens over which the worth falls to 1 / e
const USUAL_NAMES = 256; // in a text: if it has more, each is less likely to be needed
const UNIT_NATS = 4;
const MAX_NATS = 12;

const SINGLE: ReadonlySet<keyof ExtendedWeights> = new Set(['repeatDecay', 'marker', 'shared', 'saved', 'future']);

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
    ['saved', 1],
    ['future', 1],
  ];
}

/**
 * @param flat all groups in one vector
 * @param futureHead comes with a base model; no search changes it
 * @throws CompressionError modelCorrupt if its length is not that of this many caches
 */
export function unpackExtended(flat: ArrayLike<number>, caches: number, futureHead?: FutureHead): ExtendedWeights {
  const out: Record<string, Float32Array | number> = {};
  let at = 0;
  for (const [key, size] of extendedSizes(caches)) {
    const part = Float32Array.from({ length: size }, (_, i) => flat[at + i]!);
    out[key] = SINGLE.has(key) ? part[0]! : part;
    at += size;
  }
  if (at !== flat.length)
    throw new CompressionError('modelCorrupt', `extended.json: ${at} weights expected, got ${flat.length}`);
  return { ...out, ...(futureHead ? { futureHead } : {}) } as unknown as ExtendedWeights;
}

/** The scorer; its methods throw CompressionError internal if a signal in `needs` was not observed. */
export const extended = (weights: ExtendedWeights): Scorer => ({
  id: 'extended',
  needs: new Set(['nammScore', 'logProb', 'forecast']),
  needsNoQuestion: weights.caches.every((w) => w === 0),
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
    const own = tokenWorth(weights, text, channels.forecast);
    return {
      attention,
      ...own,
      // The mean line has a worth as well, but nobody asked for it.
      ...(text.relevance ? { question: own.question.map((x) => Math.max(0, x - RELEVANCE.worth)) } : {}),
      surprisal: pairsPerToken(pairs),
      names: namesPerToken(names, attention.length),
    };
  },
});

/** The signals of a reading that the mixture uses. */
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

/** The signals as channels of the mixture. */
export interface Channels {
  readonly attention: Float32Array; // [tokens] weighted sum of standardised scores
  readonly surprisal: Float32Array; // [tokens] in UNIT_NATS
  readonly forecast?: Forecast | undefined;
}

export const channelsFrom = (w: ExtendedWeights, { scores, logProb, forecast }: Signals): Channels => ({
  attention: attentionOf(scores, w.caches),
  surprisal: surprisalOf(logProb),
  forecast,
});

/**
 * Weighted sum of the caches' scores, each cache standardised over the text.
 * @param weights [caches].
 * @returns [tokens]
 */
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

/** @param logProb [tokens] natural logs. @returns [tokens] surprisal in UNIT_NATS, between 0 and MAX_NATS nats */
export function surprisalOf(logProb: Float32Array): Float32Array {
  return logProb.map((p) => Math.min(MAX_NATS, Math.max(0, -p)) / UNIT_NATS);
}

/** Model token at the cursor; a cursor behind the end of the text is at its last token. */
const cursorToken = ({ bounds, offset }: NonNullable<TextChannels['focus']>, tokens: number): number =>
  tokenIndexAt(bounds, offset) ?? tokens - 1;

/**
 * What its class, the cursor position, the attention that later code will give it and the question add to each token.
 * [tokens] each
 */
function tokenWorth(
  w: ExtendedWeights,
  { focus, classes, declared, relevance }: TextChannels,
  forecast: Forecast | undefined,
): Record<'class' | 'focus' | 'future' | 'question', Float32Array> {
  const around = (at: number, worth: Float32Array, counts: boolean): Float32Array =>
    Float32Array.from(classes, (_, t) =>
      counts ? FOCUS_REACH.reduce((sum, reach, i) => sum + worth[i]! * Math.exp(-Math.abs(t - at) / reach), 0) : 0,
    );
  return {
    class: Float32Array.from(classes, (c) => w.classes[c]!),
    focus: around(focus ? cursorToken(focus, classes.length) : 0, w.focus, focus !== undefined),
    future:
      forecast && w.futureHead
        ? futureAttention(forecast, w.futureHead).map((x) => w.future * x)
        : new Float32Array(classes.length),
    question: Float32Array.from(classes, (_, t) => {
      const size = declared?.[t];
      const asked = size ? ASKED_DECLARATION.worth * Math.min(1, ASKED_DECLARATION.tokens / size) : 0;
      return asked + (relevance ? RELEVANCE.worth * relevance[t]! ** RELEVANCE.power : 0);
    }),
  };
}

/**
 * A pair of tokens is worth its highest surprisal, since later occurrences were learned from the text itself; more if it
 * is spread over the text; and what it is predicted to save, the mean over its occurrences.
 * @param surprisal [tokens] in UNIT_NATS. @param saved [tokens] nats
 */
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

/**
 * A pair adds its worth at its first occurrence, the share `repeatDecay` of it at the next, and so on.
 * @returns [tokens]
 */
function pairsPerToken({ table: { pairs, count }, worth, repeatDecay }: PairWorth): Float32Array {
  const left = Float32Array.from({ length: count }, () => 1);
  return Float32Array.from(pairs, (pair) => {
    if (pair < 0) return 0;
    const share = left[pair]!;
    left[pair] = share * repeatDecay;
    return share * worth[pair]!;
  });
}

/**
 * A name adds its worth at its first mention and first definition, a share of it at later mentions.
 * @returns [tokens]
 */
function namesPerToken({ table, mention, definition, repeatDecay }: NameWorth, tokens: number): Float32Array {
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

/**
 * The evidence of a text: a value per token, a worth per name and a worth per pair of tokens.
 *
 * A name's mention is worth sure * (p * shared + asked): p is the logistic of its features times the weights, `shared`
 * the factor for names that other texts use, `asked` what the question adds. A definition likewise.
 *
 * Example: if all weights are 0, each mention and each definition is worth exp(0) * logistic(0) = 0.5, every further unit
 * with the name adds half of a mention, a hole costs exp(0) = 1 recipient token, and pairs and tokens are worth nothing.
 */
export function mix(
  w: ExtendedWeights,
  { attention, surprisal, forecast }: Channels,
  text: TextChannels,
): { values: Float32Array; names: NameWorth; pairs: PairWorth } {
  const own = tokenWorth(w, text, forecast);
  const values = attention.map((a, t) => a + own.class[t]! + own.focus[t]! + own.future[t]! + own.question[t]!);
  const predicted = forecastFor(forecast, text);
  const features = nameFeatures(text, attention, surprisal, predicted?.words);
  const sharedFactor = Math.exp(w.shared);
  const crowd = crowdOf(text.names);
  const sure = Array.from(w.sure, Math.exp);
  const worth = (kind: 'mention' | 'definition', k: 0 | 1): Float32Array =>
    Float32Array.from({ length: text.names.count }, (_, name) => {
      const needed = logistic(
        w[kind].reduce((sum, x, f) => sum + x * features[name * FEATURES + f]!, w.crowd[k]! * crowd),
      );
      return sure[k]! * (needed * (text.shared?.[name] ? sharedFactor : 1) + ASKED[text.asked?.[name] ?? 0]!);
    });
  return {
    values,
    pairs: pairWorth(w, surprisal, text.pairs, predicted?.saved),
    names: {
      table: text.names,
      mention: worth('mention', 0),
      definition: worth('definition', 1),
      ...(text.asked ? { always: Float32Array.from(text.asked, (a) => sure[0]! * ASKED_PER_UNIT[a]!) } : {}),
      repeatDecay: logistic(w.repeatDecay),
      markerTokens: Math.exp(w.marker),
    },
  };
}

/** Natural log of the text's number of names over USUAL_NAMES. */
export const crowdOf = ({ count }: NameTable): number => Math.log(Math.max(1, count) / USUAL_NAMES);

/** The base model's prediction for a text, seen from its cursor position. @returns undefined without a forecast */
export const forecastFor = (forecast: Forecast | undefined, { classes, focus }: TextChannels): Prediction | undefined =>
  forecast && predict(forecast, focus && cursorToken(focus, classes.length));

/**
 * Example: a name of 8 units that occurs once and is not defined in the text has bias 1, elsewhere 1, and count, users,
 * length and spread 0.
 * @param attention [tokens] the NAMM channel. @param surprisal [tokens] in UNIT_NATS
 * @param words [tokens] log-odds that the word that ends there comes again; absent without a forecast
 * @returns [names][NAME_FEATURES.length]
 */
export function nameFeatures(
  { names: table, focus }: TextChannels,
  attention: Float32Array,
  surprisal: Float32Array,
  words?: Float32Array,
): Float32Array {
  const out = new Float32Array(table.count * FEATURES);
  const users = Array.from({ length: table.count }, () => new Set<number>());
  const first = new Int32Array(table.count).fill(-1);
  const cursor = focus ? cursorToken(focus, attention.length) : 0;
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
    if (focus) of[FEATURE.near] = Math.max(of[FEATURE.near]!, Math.log(NEAR / (1 + Math.abs(t - cursor))));
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
