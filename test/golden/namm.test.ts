// Tests that the shipped graphs and rules agree with the golden vectors of the method, within the manifest's tolerances.
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { keepAligned, keepPerHead, keepTop } from '../../src/core/select';
import { keepHeavyHitters } from '../support/heavyHitters';
import { MemoryGraph } from '../../src/node/model/graphs';
import type { Json } from '../support/json';

process.env.ORT_DISABLE_TELEMETRY = '1';
const load = (name: string) => JSON.parse(readFileSync(new URL(`./namm/${name}`, import.meta.url), 'utf8'));
const flat = (a: Json): number[] => (Array.isArray(a) ? a.flat(Infinity) : [a]);
const worst = (got: ArrayLike<number>, want: Json): number => {
  const w = flat(want);
  expect(got.length).toBe(w.length);
  return w.reduce((m: number, x: number, i: number) => Math.max(m, Math.abs(x - got[i]!)), 0);
};
const std = (v: number[]): Float32Array => Float32Array.from(v, (x) => Math.max(Math.sqrt(x), 1e-7));

let spectral: ort.InferenceSession;
let memorySession: ort.InferenceSession;
let bam: ort.InferenceSession;
beforeAll(async () => {
  spectral = await ort.InferenceSession.create('test/golden/spectral.onnx');
  bam = await ort.InferenceSession.create('test/golden/bam.onnx');
  memorySession = await ort.InferenceSession.create('media/model/memory.onnx');
});

const memoryOf = (theta: number[], mean: number[], v: number[]): MemoryGraph =>
  new MemoryGraph(ort, memorySession, { weights: Float32Array.from(theta), mean: Float32Array.from(mean), std: std(v), threshold: 0 });

async function transform(attention: ArrayLike<number>, queryHeads: number, u: number, tail: number[], emaOld: number[], heads: number) {
  const n = attention.length / queryHeads / u;
  const old = tail.length / 16 / heads;
  const t = (data: ArrayLike<number>, dims: number[]) => new ort.Tensor('float32', Float32Array.from(data), dims);
  return spectral.run({ attn: t(attention, [queryHeads, u, n]), past_tail: t(tail, [heads, old, 16]), past_ema: t(emaOld, [heads, old, 17]) });
}

describe('observer: spectrogram', () => {
  test('magnitudes of known signals', async () => {
    const d = load('stft.json');
    const signals = d.signal as number[][];
    // a column whose 80 samples follow 16 zeros of history: frame t + 1 is frame t of the vector
    const attention = Array.from({ length: 80 }, (_, q) => signals.map((s) => s[q]!)).flat();
    const { frames } = await transform(attention, 1, 80, [], [], 1);
    const got = frames!.data as Float32Array; // [1][5][6][17]
    signals.forEach((_, s) =>
      d.magnitude[s].forEach((row: number[], t: number) => {
        const at = ((t + 1) * signals.length + s) * 17;
        expect(worst(got.subarray(at, at + 17), row)).toBeLessThan(2e-6);
      }),
    );
  });

  test('three updates: frames and EMA', async () => {
    for (const u of [1, 2, 3]) {
      const d = load(`pipeline_u${u}.json`);
      const out = await transform(flat(d.attn_q), d.n_kv * d.group, d.n_up, flat(d.tail), flat(d.ema_old), d.n_kv);
      expect(worst(out.frames!.data as Float32Array, d.frames)).toBeLessThan(2e-6);
      expect(worst(out.ema!.data as Float32Array, d.ema)).toBeLessThan(2e-6);
    }
  });

  test('EMA by column at n_up 512', async () => {
    const d = load('ema_columns.json');
    const n = d.n_old + 512;
    const attention = new Float32Array(512 * n);
    d.columns.forEach((column: number[], i: number) => {
      const slot = i < d.n_old ? i : d.n_old + d.new_index[i];
      column.forEach((v, q) => (attention[q * n + slot] = v));
    });
    const out = await transform(attention, 1, 512, flat(d.tail.slice(0, d.n_old)), flat(d.ema_old.slice(0, d.n_old)), 1);
    const ema = out.ema!.data as Float32Array;
    d.ema.forEach((row: number[], i: number) => {
      const slot = i < d.n_old ? i : d.n_old + d.new_index[i];
      expect(worst(ema.subarray(slot * 17, slot * 17 + 17), row)).toBeLessThan(2e-6);
    });
  });

  test('the shipped observer carries the very transform that was tested', () => {
    // The windowed DFT, [34, 32] real rows before imaginary, by parts [17, 32]. Every layer has its own copy.
    const transformIn = (file: string): number[] => {
      const bytes = readFileSync(file);
      const tensors = (rows: number, columns: number): Float32Array[] => {
        const found: Float32Array[] = [];
        const size = rows * columns * 4;
        const raw = Buffer.from([0x4a, 0x80 | (size & 0x7f), size >> 7]); // raw_data of so many bytes
        const mark = Buffer.from([0x08, rows, 0x08, columns]); // dims
        for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
          const data = bytes.indexOf(raw, at) + raw.length;
          if (data - at < 64) found.push(new Float32Array(Uint8Array.from(bytes.subarray(data, data + size)).buffer));
        }
        return found;
      };
      const copies = new Map(tensors(17, 32).map((part) => [part.join(), part]));
      return [...copies.values()].flatMap((part) => [...part]);
    };
    const want = transformIn('test/golden/spectral.onnx');
    expect(want).toHaveLength(34 * 32);
    for (const file of ['observer.onnx', 'observer-int8.onnx']) expect(transformIn(`media/model/${file}`)).toEqual(want);
  });
});

describe('memory', () => {
  test('network on given features', async () => {
    const d = load('bam.json');
    const { theta } = load('params.json');
    const part = (from: number, ...dims: number[]) =>
      new ort.Tensor('float32', Float32Array.from(theta.slice(from, from + dims.reduce((a, b) => a * b, 1))), dims);
    const [heads, n] = [d.features.length, d.features[0].length];
    const out = await bam.run({
      features: new ort.Tensor('float32', Float32Array.from(flat(d.features)), [heads, n, 25]),
      valid: new ort.Tensor('float32', new Float32Array(heads * n).fill(1), [heads, n]),
      w_qkv: part(0, 25, 96),
      b_qkv: part(2400, 96),
      w_out: part(2496, 32, 50),
      b_out: part(4096, 50),
      w_score: part(4146, 25),
      b_score: part(4171, 1),
    });
    expect(worst(out.scores!.data as Float32Array, d.scores)).toBeLessThan(2e-4);
  });

  test('three updates: scores and both keep rules', async () => {
    const p = load('params.json');
    const memory = memoryOf(p.theta, p.mean, p.var);
    for (const u of [1, 2, 3]) {
      const d = load(`pipeline_u${u}.json`);
      const positions = (d.scores as number[][]).map((_, h) => [...(d.old_positions[h] ?? []), ...d.new_positions]);
      const age = Float32Array.from(positions.flatMap((row) => row.map((x: number) => row.at(-1) - x)));
      const scores = await memory.run(Float32Array.from(flat(d.ema)), age, new Float32Array(age.length).fill(1), d.n_kv);
      expect(worst(scores, d.scores)).toBeLessThan(2e-4);
      const n = age.length / d.n_kv;
      const rows = positions.map((_, h) => Array.from(scores.subarray(h * n, (h + 1) * n)));
      rows.forEach((row, h) => {
        const kept = keepPerHead(row, 0);
        expect(row.map((_, i) => (kept.includes(i) ? 1 : 0))).toEqual(d.keep_mask_per_head[h]);
      });
      const aligned = keepAligned(rows, 0);
      expect(aligned).toEqual(d.keep_aligned);
      expect(aligned.map((slots, h) => slots.map((s) => positions[h]![s]))).toEqual(d.kept_positions);
    }
  });

  test('two updates at full scale, from attention to kept positions', async () => {
    const first = load('full_u1.json');
    const memory = memoryOf(first.theta, first.mean, first.var);
    let tail: number[] = [];
    let emaOld: number[] = [];
    let position: number[] = [];
    for (const d of [first, load('full_u2.json')]) {
      const bytes = Buffer.from(d.attn_u8, 'base64');
      const [u, n] = d.attn_shape as [number, number];
      const attention = new Float32Array(u * n);
      for (let q = 0; q < u; q++) {
        const row = bytes.subarray(q * n, (q + 1) * n);
        const sum = row.reduce((a, b) => a + b, 0);
        row.forEach((b, i) => (attention[q * n + i] = b / sum));
      }
      const out = await transform(attention, 1, u, tail, emaOld, 1);
      const ema = out.ema!.data as Float32Array;
      expect(worst(ema, d.ema)).toBeLessThan(2e-6);
      position = [...position, ...Array.from({ length: u }, (_, i) => d.new_positions[0] + i)];
      const age = Float32Array.from(position, (x) => position.at(-1)! - x);
      const scores = await memory.run(ema, age, new Float32Array(n).fill(1), 1);
      expect(worst(scores, d.scores)).toBeLessThan(2e-4);
      const keep = keepPerHead(scores, 0);
      expect(keep).toEqual(d.keep);
      const tails = out.tail!.data as Float32Array;
      tail = keep.flatMap((s) => Array.from(tails.subarray(s * 16, s * 16 + 16)));
      emaOld = keep.flatMap((s) => Array.from(ema.subarray(s * 17, s * 17 + 17)));
      position = keep.map((s) => position[s]!);
      expect(position).toEqual(d.kept_positions);
    }
  });

  test('ages enter as the sinusoids of the method', async () => {
    // a network that returns exactly one feature: w_score picks it, everything else is zero
    const d = load('recency.json');
    for (let k = 0; k < 8; k++) {
      const theta = new Array(4172).fill(0);
      theta[2400 + 96 + 1600 + 50 + k] = 1;
      const memory = memoryOf(theta, new Array(17).fill(0), new Array(17).fill(1));
      const age = Float32Array.from(d.ages as number[]);
      const got = await memory.run(new Float32Array(age.length * 17), age, new Float32Array(age.length).fill(1), 1);
      // float32 angles: at age 32767 one ulp is 0.002
      (d.embedding as number[][]).forEach((row, i) => expect(Math.abs(got[i]! - row[k]!)).toBeLessThan(2e-5 + age[i]! * 1.2e-7));
    }
  });
});

describe('selection', () => {
  test('threshold rules, cap, inclusive zero', () => {
    for (const c of load('selection.json').cases) {
      const rows = c.scores as number[][];
      expect(keepAligned(rows, c.threshold, c.cache_size ?? Infinity)).toEqual(c.keep_aligned);
      rows.forEach((row, h) => {
        const kept = keepPerHead(row, c.threshold);
        expect(row.map((_, i) => (kept.includes(i) ? 1 : 0))).toEqual(c.keep_mask_per_head[h]);
      });
    }
  });

  test('H2O: heavy hitters and recent window', () => {
    const d = load('h2o.json');
    let sums: number[][] = [[], []];
    for (const step of d.steps) {
      const attention: number[][][] = typeof step.attn_q === 'string' ? load(step.attn_q).attn_q : step.attn_q;
      const next: number[][] = [];
      for (let h = 0; h < d.n_kv; h++) {
        const group = attention.slice(h * d.group, (h + 1) * d.group);
        const n = group[0]![0]!.length;
        const acc = Array.from({ length: n }, (_, i) => (sums[h]![i] ?? 0) + group.reduce((s, head) => s + head.reduce((a, row) => a + row[i]!, 0), 0) / d.group);
        expect(worst(acc, step.accumulated[h])).toBeLessThan(2e-5);
        const kept = keepHeavyHitters(acc, d.n_heavy, d.n_recent);
        expect(kept).toEqual(step.keep[h]);
        next[h] = kept.map((i) => acc[i]!);
      }
      sums = next;
    }
  });

  test('key norm: the smallest stay', () => {
    const d = load('l2.json');
    (d.keys as number[][][]).forEach((keys, h) => {
      const norm = keys.map((k) => Math.sqrt(k.reduce((s, x) => s + x * x, 0)));
      expect(worst(norm, d.norm[h])).toBeLessThan(1e-5);
      expect(keepTop(norm.map((x) => -x), d.size)).toEqual(d.keep[h]);
    });
  });
});
