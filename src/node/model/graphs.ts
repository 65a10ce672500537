// Runs the two ONNX graphs, the observer and the memory: names and shapes of their tensors. It knows nothing about
// texts.
import type * as Ort from 'onnxruntime-node';
import { CompressionError } from '../../core/errors';
import { ownValue } from '../../core/ownValue';
import { forecastWidth, type ModelShape, type NammWeights } from './manifest';
import type { Runtime } from './runtime';

export const BINS = 17; // magnitudes of a 32-sample window
export const HOP = 16; // samples between windows, and length of the remembered tail (docs/NAMM.md 1.3)

/**
 * The entries of every cache, right aligned: cache c owns slots [width - lengths[c], width).
 * Arrays are [caches][width][...], caches = layers * KV heads.
 */
export interface CacheState {
  readonly width: number;
  readonly lengths: readonly number[];
  readonly key: Float32Array; // [caches][width][headSize], before rotation
  readonly value: Float32Array; // [caches][width][headSize]
  readonly valid: Float32Array; // [caches][width]
  readonly ema: Float32Array; // [caches][width][17]
  readonly tail: Float32Array; // [caches][width][16]
  readonly position: Int32Array; // [caches][width] original position, -1 for padding
}

/** Caches of padding alone, as wide as the longest. @param lengths of the entries that will stand in each */
export function emptyCaches(lengths: readonly number[], headSize: number): CacheState {
  const width = lengths.reduce((most, length) => Math.max(most, length), 0);
  const slots = lengths.length * width;
  return {
    width,
    lengths,
    key: new Float32Array(slots * headSize),
    value: new Float32Array(slots * headSize),
    valid: new Float32Array(slots),
    ema: new Float32Array(slots * BINS),
    tail: new Float32Array(slots * HOP),
    position: new Int32Array(slots).fill(-1),
  };
}

/** What the observer computes for a chunk of U tokens, padding included. */
export interface ChunkResult {
  readonly key: Float32Array; // [caches][U][headSize]
  readonly value: Float32Array;
  readonly ema: Float32Array; // [caches][width + U][17]
  readonly tail: Float32Array; // [caches][width + U][16]
  readonly attentionSum: Float32Array; // [caches][width + U]
  readonly keyNorm: Float32Array; // [caches][U]
  readonly logProb: Float32Array; // [U]
  readonly forecast: Float32Array; // [U][width]; empty if the model has no forecast head
}

/** A chunk of U tokens as the observer's input. */
export interface Chunk {
  readonly ids: Int32Array; // [U], U a multiple of 16, right padded
  readonly targets: Int32Array; // [U] next token ids
  readonly valid: number; // real tokens
  readonly wantLogProb: boolean;
}

type Dims = readonly (number | string)[];

/** What the observer must take and give for a shape; a name stands for a length that differs between calls. */
function observerDims({ layers, kvHeads, headSize, ...shape }: ModelShape): ReadonlyMap<string, Dims> {
  const width = forecastWidth({ layers, kvHeads, headSize, ...shape });
  return new Map<string, Dims>([
    ['past_key', [layers, kvHeads, 'M', headSize]],
    ['past_value', [layers, kvHeads, 'M', headSize]],
    ['past_valid', [layers, kvHeads, 'M']],
    ['past_ema', [layers, kvHeads, 'M', BINS]],
    ['past_tail', [layers, kvHeads, 'M', HOP]],
    ['key', [layers, kvHeads, 'U', headSize]],
    ['ema', [layers, kvHeads, 'N', BINS]],
    ['tail', [layers, kvHeads, 'N', HOP]],
    ['log_prob', ['U']],
    ...(width ? [['forecast', ['U', width]] as const] : []),
  ]);
}

/**
 * @param file name of the graph, for the error
 * @throws CompressionError modelCorrupt if the graph is of another shape than the manifest says
 */
export function checkObserver(session: Ort.InferenceSession, shape: ModelShape, file: string): void {
  const tensors = new Map([...session.inputMetadata, ...session.outputMetadata].map((t) => [t.name, t]));
  for (const [name, wanted] of observerDims(shape)) {
    const tensor = tensors.get(name);
    const given: Dims = tensor?.isTensor ? tensor.shape : [];
    const agrees =
      given.length === wanted.length &&
      wanted.every((n, i) => typeof n === 'string' || typeof given[i] === 'string' || given[i] === n);
    if (!agrees)
      throw new CompressionError(
        'modelCorrupt',
        `${file}: "${name}" is [${given.join(', ')}], by manifest.json it must be [${wanted.join(', ')}]`,
      );
  }
  if (!shape.forecast && tensors.has('forecast'))
    throw new CompressionError('modelCorrupt', `${file}: it forecasts, but manifest.json has no model.forecast`);
}

const INT8_CHECK = 255 * 127 * 384; // every number in the output `int8_check` (training/graphs.py)

/** The base model: reads a chunk and reports what each cache entry received of its attention. */
export class ObserverGraph {
  constructor(
    private readonly ort: Runtime,
    private readonly session: Ort.InferenceSession,
    private readonly layers: number,
    private readonly heads: number,
    private readonly headSize: number,
  ) {}

  /**
   * @param cache the entries of earlier chunks; the chunk's queries attend to them and, causally, to the chunk itself
   */
  async run(chunk: Chunk, cache: CacheState): Promise<ChunkResult> {
    const out = await this.runSession(chunk, cache);
    const floats = (name: string): Float32Array => ownValue(out, name)!.data as Float32Array;
    return {
      key: floats('key'),
      value: floats('value'),
      ema: floats('ema'),
      tail: floats('tail'),
      attentionSum: floats('attn_sum'),
      keyNorm: floats('key_norm'),
      logProb: floats('log_prob'),
      forecast: out.forecast ? floats('forecast') : new Float32Array(0),
    };
  }

  /**
   * Whether this processor computes products in int8 without loss. One without instructions for it adds two of them in
   * 16 bits, which cannot hold the largest.
   */
  async computesInt8(padToken: number): Promise<boolean> {
    const ids = new Int32Array(HOP).fill(padToken);
    const caches = this.layers * this.heads;
    const none = emptyCaches(new Array<number>(caches).fill(0), this.headSize);
    const out = await this.runSession({ ids, targets: ids, valid: HOP, wantLogProb: false }, none);
    return (ownValue(out, 'int8_check')?.data as Int32Array).every((sum) => sum === INT8_CHECK);
  }

  private runSession(chunk: Chunk, cache: CacheState): ReturnType<Ort.InferenceSession['run']> {
    const { Tensor } = this.ort;
    const shape = [this.layers, this.heads, cache.width];
    const int = (a: Int32Array): Ort.Tensor => new Tensor('int64', BigInt64Array.from(a, BigInt), [a.length]);
    return this.session.run({
      input_ids: int(chunk.ids),
      targets: int(chunk.targets),
      n_valid: int(Int32Array.of(chunk.valid)),
      want_log_prob: new Tensor('bool', Uint8Array.of(chunk.wantLogProb ? 1 : 0), [1]),
      past_key: new Tensor('float32', cache.key, [...shape, this.headSize]),
      past_value: new Tensor('float32', cache.value, [...shape, this.headSize]),
      past_valid: new Tensor('float32', cache.valid, shape),
      past_ema: new Tensor('float32', cache.ema, [...shape, BINS]),
      past_tail: new Tensor('float32', cache.tail, [...shape, HOP]),
    });
  }
}

/** The scoring network (docs/NAMM.md 2.1). Its weights are inputs, so one graph serves every evolved memory. */
export class MemoryGraph {
  private readonly weights: Record<string, Ort.Tensor>;

  constructor(
    private readonly ort: Runtime,
    private readonly session: Ort.InferenceSession,
    namm: NammWeights,
  ) {
    let at = 0;
    const take = (...dims: number[]): Ort.Tensor => {
      const size = dims.reduce((a, b) => a * b, 1);
      at += size;
      return new ort.Tensor('float32', namm.weights.slice(at - size, at), dims);
    };
    this.weights = {
      w_qkv: take(25, 96),
      b_qkv: take(96),
      w_out: take(32, 50),
      b_out: take(50),
      w_score: take(25),
      b_score: take(1),
      mean: new ort.Tensor('float32', namm.mean, [BINS]),
      std: new ort.Tensor('float32', namm.std, [BINS]),
    };
  }

  /**
   * @param ema [caches][n][17]. @param age [caches][n] in tokens. @param valid [caches][n] 1 for a live entry
   * @returns [caches][n] scores; those of invalid entries mean nothing
   */
  async run(ema: Float32Array, age: Float32Array, valid: Float32Array, caches: number): Promise<Float32Array> {
    const { Tensor } = this.ort;
    const n = age.length / caches;
    const out = await this.session.run({
      ...this.weights,
      ema: new Tensor('float32', ema, [caches, n, BINS]),
      age: new Tensor('float32', age, [caches, n]),
      valid: new Tensor('float32', valid, [caches, n]),
    });
    return out.scores!.data as Float32Array;
  }
}
