// Tests what every scorer must do: a number for every token of every cache, by a pure function that knows no budget.
import { describe, expect, test } from 'vitest';
import { SCORER_IDS } from '../../src/core/context';
import type { Observation } from '../../src/core/observation';
import { TOKEN_CLASSES } from '../../src/core/context';
import { SCORERS } from '../../src/scorers';
import { extendedSizes, NAME_FEATURES, unpackExtended, type NameFeature } from '../../src/scorers/extended';

const layers = 2;
const heads = 2;
const tokens = 7;
const grid = (f: (i: number) => number) => ({
  layers,
  heads,
  tokens,
  data: Float32Array.from({ length: layers * heads * tokens }, (_, i) => f(i)),
});
const seen: Observation = {
  layers,
  heads,
  tokens,
  nammScore: grid((i) => Math.sin(i)),
  attentionSum: grid((i) => i % 5),
  windowAttention: grid((i) => (i % 7 === 3 ? 1 : 0)),
  lastAttention: grid((i) => (i % 7 === 2 ? 1 : 0)),
  keyNorm: grid((i) => 1 + (i % 3)),
  logProb: Float32Array.from({ length: tokens }, (_, i) => -i),
  forecast: { width: 8, codes: Int8Array.from({ length: tokens * 8 }, (_, i) => i) },
  evictedAt: new Int16Array(layers * heads * tokens).fill(-1),
  updates: 1,
  meanCacheLength: tokens,
};

const sizes = extendedSizes(layers * heads);
const flat = (set: Partial<Record<string, number[]>> = {}) =>
  sizes.flatMap(([key, size]) => set[key] ?? new Array<number>(size).fill(0));
const learned = (set?: Partial<Record<string, number[]>>) => ({ extended: unpackExtended(flat(set), layers * heads) });

describe.each(SCORER_IDS)('%s', (id) => {
  test('scores every token, the same way twice, and leaves what it saw alone', () => {
    const before = JSON.stringify(seen);
    const a = SCORERS[id](learned()).score(seen);
    const b = SCORERS[id](learned()).score(seen);
    expect(a.data.length).toBe(layers * heads * tokens);
    expect(a.data.every(Number.isFinite)).toBe(true);
    expect(a.data).toEqual(b.data);
    expect(JSON.stringify(seen)).toBe(before);
  });

  test('says so when its signals are missing', () => {
    const {
      nammScore: _n,
      attentionSum: _a,
      windowAttention: _w,
      lastAttention: _t,
      keyNorm: _k,
      logProb: _l,
      forecast: _f,
      ...blind
    } = seen;
    const scorer = SCORERS[id](learned());
    if (scorer.needs.size) expect(() => scorer.score(blind)).toThrow(/internal/);
    else expect(scorer.score(blind).data.length).toBe(layers * heads * tokens);
  });
});

test('SnapKV spreads the window over neighbours, TOVA decides for all heads at once, surprisal is the same everywhere', () => {
  expect([...SCORERS.snapKV(learned()).score(seen).data.subarray(0, 7)]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  const one = { ...seen, lastAttention: grid((i) => (i === 9 ? 1 : 0)) }; // head 1 of layer 0, token 2
  const t = SCORERS.tova(learned()).score(one).data;
  expect([t[2], t[9], t[16]]).toEqual([0.5, 0.5, 0]);
  const s = SCORERS.surprisal(learned()).score(seen).data;
  expect([s[3], s[10]]).toEqual([3, 3]);
});

test('directions: more attention, smaller keys, later positions', () => {
  expect(SCORERS.h2o(learned()).score(seen).data[4]!).toBeGreaterThan(SCORERS.h2o(learned()).score(seen).data[0]!);
  expect(SCORERS.keyNorm(learned()).score(seen).data[0]!).toBeGreaterThan(
    SCORERS.keyNorm(learned()).score(seen).data[2]!,
  );
  const r = SCORERS.recency(learned()).score(seen).data;
  for (let t = 1; t < tokens; t++) expect(r[t]!).toBeGreaterThan(r[t - 1]!);
});

describe('extended', () => {
  // Two names: the first stands at tokens 0 and 5, the second is introduced at token 3.
  const names = {
    count: 2,
    starts: Int32Array.of(0, 6, 10),
    lengths: Int32Array.of(8, 4),
    tokens: Int32Array.of(0, 3, 5),
    ends: Int32Array.of(1, 3, 6),
    names: Int32Array.of(0, 1, 0),
    defines: Uint8Array.of(0, 1, 0),
    depths: Uint8Array.of(0, 1, 0),
    regions: Int32Array.of(1, 2, 2),
  };
  const comment = TOKEN_CLASSES.indexOf('comment');
  const classes = Uint8Array.from({ length: tokens }, (_, t) => (t === 2 ? comment : TOKEN_CLASSES.indexOf('body')));
  const pairs = { count: tokens, pairs: Int32Array.from({ length: tokens }, (_, t) => t) };
  const only = (set: Partial<Record<NameFeature, number>>) => NAME_FEATURES.map((f) => set[f] ?? 0);
  const weigh = (set: Partial<Record<string, number[]>>) =>
    SCORERS.extended(learned(set)).weigh!(seen, { classes, names, pairs });

  test('with all channels at zero every token is alike', () => {
    expect([...weigh({}).values]).toEqual(new Array(tokens).fill(0));
  });

  test('each channel moves what it speaks of, and nothing else', () => {
    const bias = new Array<number>(TOKEN_CLASSES.length).fill(0);
    bias[comment] = -3;
    expect([...weigh({ classes: bias }).values]).toEqual([0, 0, -3, 0, 0, 0, 0]);
    const surprised = weigh({ surprisal: [1, 0, 0] }).pairs!.worth;
    for (let t = 1; t < tokens; t++) expect(surprised[t]!).toBeGreaterThan(surprised[t - 1]!);
    const attended = weigh({ caches: [1, 0, 0, 0] }).values;
    expect(attended.indexOf(Math.max(...attended))).toBe(
      [0, 1, 2, 3, 4, 5, 6].sort((a, b) => Math.sin(b) - Math.sin(a))[0],
    );
  });

  test('a name seen more often can be worth more, and a definition on its own', () => {
    const worth = weigh({ mention: only({ count: 1 }), definition: only({ bias: 2, depth: -1 }) }).names!;
    expect(worth.mention[0]!).toBeGreaterThan(worth.mention[1]!);
    expect(worth.definition[1]!).toBeCloseTo(1 / (1 + Math.exp(-(2 - 1))), 5);
  });

  test('a name in the question is worth more than all others', () => {
    const { mention, always } = SCORERS.extended(learned({ mention: only({ bias: 3, count: 1 }) })).weigh!(seen, {
      classes,
      names,
      pairs,
      asked: Uint8Array.of(0, 2),
    }).names!;
    expect(mention[1]!).toBeGreaterThan(3 * mention[0]!);
    expect(always![1]!).toBeGreaterThan(always![0]! + 1.9); // also where an import has it already
  });

  test('weights of another model are refused', () => {
    expect(() => unpackExtended(flat().slice(1), layers * heads)).toThrow(/modelCorrupt/);
  });
});
