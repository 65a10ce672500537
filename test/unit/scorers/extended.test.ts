// Tests the mixture of the extended memory: each part by itself, with and without a cursor position.
import { expect, test } from 'vitest';
import type { TextChannels } from '../../../src/core/evidence';
import type { Observation } from '../../../src/core/observation';
import {
  extended,
  extendedSizes,
  NAME_FEATURES,
  unpackExtended,
  type ExtendedWeights,
  type NameFeature,
} from '../../../src/scorers/extended';

const TOKENS = 200;
const one = (key: keyof ExtendedWeights, ...values: number[]) =>
  unpackExtended(
    extendedSizes(1).flatMap(([k, n]) => (k === key ? values : new Array<number>(n).fill(0))),
    1,
  );
const weights = (focus: readonly [number, number]) =>
  unpackExtended(
    extendedSizes(1).flatMap(([k, n], group) =>
      k === 'focus' ? focus : Array.from({ length: n }, (_, i) => (((group + i) * 7) % 5) / 10),
    ),
    1,
  );
const seen = {
  layers: 1,
  heads: 1,
  nammScore: {
    layers: 1,
    heads: 1,
    tokens: TOKENS,
    data: Float32Array.from({ length: TOKENS }, (_, i) => Math.sin(i)),
  },
  logProb: Float32Array.from({ length: TOKENS }, (_, i) => -(i % 9)),
} as unknown as Observation;
const bounds = Int32Array.from({ length: TOKENS + 1 }, (_, i) => 4 * i);
const text: TextChannels = {
  classes: Uint8Array.from({ length: TOKENS }, (_, i) => i % 4),
  names: {
    count: 2,
    starts: Int32Array.of(40, 80, 120),
    lengths: Int32Array.of(8, 16),
    tokens: Int32Array.of(10, 20, 30),
    ends: Int32Array.of(11, 23, 31),
    names: Int32Array.of(0, 1, 0),
    defines: Uint8Array.of(1, 0, 0),
    depths: Uint8Array.of(0, 0, 0),
    regions: Int32Array.of(0, 1, 2),
  },
  // Three pairs in turn; the first ten tokens are no code.
  pairs: { count: 3, pairs: Int32Array.from({ length: TOKENS }, (_, t) => (t < 10 ? -1 : t % 3)) },
};
const at = (offset: number): TextChannels => ({ ...text, focus: { offset, bounds } });

test('the parts add up to the evidence; names bring theirs where they stand, a repetition less', () => {
  const scorer = extended(weights([1, 0.5]));
  const parts = scorer.explain!(seen, at(400));
  const { values } = scorer.weigh!(seen, at(400));
  values.forEach((v, t) =>
    expect(parts.attention[t]! + parts.class[t]! + parts.focus[t]! + parts.future[t]!).toBeCloseTo(v, 4),
  );
  expect([...parts.names.keys()].filter((t) => parts.names[t] !== 0)).toEqual([10, 20, 30]);
  expect(parts.names[10]!).toBeGreaterThan(parts.names[30]!);
});

test('a pair of tokens is worth its most surprising standing, once, more when it is spread over the text, and nothing outside of code', () => {
  const scorer = extended(one('surprisal', 2, 1, 0));
  const { table, worth } = scorer.weigh!(seen, text).pairs!;
  expect(table).toBe(text.pairs);
  // 9 divides by 3: each pair meets the same three surprisals again and again, in units of 4 nats.
  // Pair 0 stands from 12 to 198, pair 1 from 10 to 199, pair 2 from 11 to 197.
  const spread = [186, 189, 186];
  [6, 7, 8].forEach((nats, pair) => expect(worth[pair]!).toBeCloseTo(2 * (nats / 4) * (1 + spread[pair]! / TOKENS), 5));
  const { surprisal } = scorer.explain!(seen, text);
  expect([...surprisal.keys()].filter((t) => surprisal[t] !== 0)).toEqual([10, 11, 12]);
  expect(surprisal[12]).toBe(worth[0]);
});

test('a copy of a pair brings a share of what the one before brought', () => {
  const scorer = extended(one('surprisal', 2, 1, 0.5));
  const { worth, repeatDecay } = scorer.weigh!(seen, text).pairs!;
  expect(repeatDecay).toBe(0.5);
  const { surprisal } = scorer.explain!(seen, text);
  expect([10, 13, 16].map((t) => surprisal[t]!)).toEqual([1, 0.5, 0.25].map((share) => share * worth[1]!));
});

test('tokens near the place of work gain most, and without one nothing changes', () => {
  const plain = extended(weights([0, 0])).weigh!(seen, text).values;
  const without = extended(weights([3, 1])).weigh!(seen, text).values;
  expect(without).toEqual(plain);
  const near = extended(weights([3, 1])).weigh!(seen, at(4 * 150 + 1)).values;
  const gain = Array.from(near, (v, t) => v - plain[t]!);
  expect(gain.indexOf(Math.max(...gain))).toBe(150);
  expect(gain[150]).toBeCloseTo(4, 4);
  expect(gain[150 - 64]).toBeCloseTo(3 / Math.E + Math.exp(-64 / 512), 3);
});

test('the more likely a question is about its line, the more a token is worth; what is rarely asked for still has its order', () => {
  const scorer = extended(weights([0, 0]));
  const asked = { ...text, relevance: Float32Array.from({ length: TOKENS }, (_, t) => (t % 50) / 10) };
  const plain = scorer.weigh!(seen, text).values;
  const gain = Array.from(scorer.weigh!(seen, asked).values, (v, t) => v - plain[t]!);
  for (let t = 1; t < 50; t++) expect(gain[t]).toBeGreaterThan(gain[t - 1]!);
  expect(gain[0]).toBe(0);
  const told = scorer.explain!(seen, asked).question!;
  expect(told[10]).toBeCloseTo(0, 3); // the mean line
  expect(told[20]).toBeCloseTo(gain[20]! - gain[10]!, 3);
  expect(told[5]).toBe(0);
});

test('a token is worth the attention that later code is predicted to give it; nothing without a head or a forecast', () => {
  const codes = Int8Array.from({ length: TOKENS * 8 }, (_, i) => (i % 8 === 0 ? 16 * ((i / 8) % 3) : 0));
  const forecast = { width: 8, codes };
  const futureHead = { weights: Float32Array.of(2, 0, 0, 0, 0, 0, 0, 0), bias: -1 };
  const worth = (more: object, observed: object) =>
    extended({ ...one('future', 5), ...more }).weigh!({ ...seen, ...observed }, text).values;
  expect([...worth({ futureHead }, { forecast }).slice(0, 3)]).toEqual([0, 5, 15]); // 2 * code - 1, not below 0
  expect(worth({}, { forecast }).every((v) => v === 0)).toBe(true);
  expect(worth({ futureHead }, {}).every((v) => v === 0)).toBe(true);
});

test('a pair is worth what it is foretold to save, the mean over its places', () => {
  // Biases alone: pair 0 is predicted to save 1 nat at each occurrence, pair 1 half of that, pair 2 almost nothing.
  const codes = Int8Array.from({ length: TOKENS * 8 }, (_, i) =>
    i % 8 === 7 ? [0, Math.round(16 * Math.log(0.5)), -127][((i / 8) | 0) % 3]! : 0,
  );
  const { worth } = extended(one('saved', 3)).weigh!({ ...seen, forecast: { width: 8, codes } }, text).pairs!;
  expect(worth[0]!).toBeCloseTo(3, 4);
  expect(worth[1]!).toBeCloseTo(1.5, 1);
  expect(worth[2]!).toBeLessThan(0.01);
  expect(extended(one('saved', 3)).weigh!(seen, text).pairs!.worth.every((w) => w === 0)).toBe(true);
});

test('what is foretold of a name: the mean over its places, and at its last', () => {
  // Name 0 ends at tokens 11 and 31, name 1 at 23.
  const codes = new Int8Array(TOKENS * 8);
  for (const [t, own] of [
    [11, 16],
    [31, 48],
    [23, -32],
  ] as const)
    codes[t * 8 + 3] = own;
  const predicted = (feature: NameFeature) =>
    Array.from(
      extended(one('mention', ...NAME_FEATURES.map((f) => Number(f === feature)))).weigh!(
        { ...seen, forecast: { width: 8, codes } },
        text,
      ).names!.mention,
      (p) => Math.log(p / (1 - p)),
    );
  expect(predicted('predicted')).toEqual([2, -2].map((x) => expect.closeTo(x, 4)));
  expect(predicted('latest')).toEqual([3, -2].map((x) => expect.closeTo(x, 4)));
});

test('a name that another text uses is worth more, by one factor', () => {
  const worth = (shared: Uint8Array | undefined) =>
    extended(one('shared', Math.log(3))).weigh!(seen, shared ? { ...text, shared } : text).names!;
  const alone = worth(undefined);
  const both = worth(Uint8Array.of(0, 1));
  expect(both.mention[0]!).toBeCloseTo(alone.mention[0]!, 6);
  expect(both.mention[1]!).toBeCloseTo(3 * alone.mention[1]!, 5);
  expect(both.definition[1]!).toBeCloseTo(3 * alone.definition[1]!, 5);
});

/** Log-odds of each name under the weight of one feature alone. */
const odds = (feature: NameFeature, channels: TextChannels): number[] =>
  Array.from(
    extended(one('mention', ...NAME_FEATURES.map((f) => Number(f === feature)))).weigh!(seen, channels).names!.mention,
    (p) => Math.log(p / (1 - p)),
  );

test('what is known of a name: its whole word where it first stands, its length, its spread, how near it is', () => {
  const nats = (...tokens: number[]) => tokens.reduce((sum, t) => sum + (t % 9) / 4, 0);
  expect(odds('surprisal', text)[0]!).toBeCloseTo(nats(10, 11), 4);
  expect(odds('surprisal', text)[1]!).toBeCloseTo(nats(20, 21, 22, 23), 4);
  expect(odds('length', text)[0]!).toBeCloseTo(0, 4);
  expect(odds('length', text)[1]!).toBeCloseTo(Math.log(2), 4);
  expect(odds('spread', text)[0]!).toBeCloseTo(20 / TOKENS, 4);
  expect(odds('spread', text)[1]!).toBeCloseTo(0, 4);
  expect(odds('near', text)).toEqual([0, 0]);
  expect(odds('near', at(4 * 33))[0]!).toBeCloseTo(Math.log(1024 / 4), 4); // the nearer of its two places
  expect(odds('near', at(4 * 33))[1]!).toBeCloseTo(Math.log(1024 / 14), 4);
  expect(odds('users', text)[0]!).toBeCloseTo(Math.log(2), 4);
  expect(odds('elsewhere', text)).toEqual([0, 1].map((x) => expect.closeTo(x, 4)));
});

test('a mention and a definition that will surely be needed have a worth each', () => {
  const { mention, definition } = extended(one('sure', Math.log(8), Math.log(20))).weigh!(seen, text).names!;
  expect(mention[0]!).toBeCloseTo(8 / 2, 4); // without any weight, needed and not are alike
  expect(definition[0]!).toBeCloseTo(20 / 2, 4);
});

test('among many names each is worth less, among few more', () => {
  const names = (count: number) => ({ ...text.names, count, lengths: new Int32Array(count).fill(8) });
  const worth = (count: number) => extended(one('crowd', -2, 0)).weigh!(seen, { ...text, names: names(count) }).names!;
  expect(worth(256).mention[0]!).toBeCloseTo(0.5, 5);
  expect(worth(512).mention[0]!).toBeCloseTo(0.2, 5); // odds of 1 to 4
  expect(worth(128).mention[0]!).toBeCloseTo(0.8, 5);
  expect(worth(512).definition[0]!).toBeCloseTo(0.5, 5);
});
