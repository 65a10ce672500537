// Measures the loss of a base model over a target after a context, without eviction, up to the trained length.
import type * as Ort from 'onnxruntime-node';
import type { SourceText } from '../../src/core/context';
import { BINS, HOP } from '../../src/node/model/graphs';
import { loadModelFolder, type ModelShape } from '../../src/node/model/manifest';
import { createSession, loadRuntime, type Runtime } from '../../src/node/model/runtime';
import { BpeTokenizer } from '../../src/node/model/tokenizer';
import { loadCases, type Case } from './cases';
import { idsBefore } from './documents';
import { pruneGraph } from './pruneGraph';

const CHUNK = 256; // tokens read at once: more would waste masked attention, fewer would make the matrix products small

/** Nats of each token of a target: its loss, or by how much its context lowers the loss. */
export interface TokenNats {
  readonly ids: Int32Array; // [tokens]
  readonly bounds: Int32Array; // [tokens + 1] UTF-16 units
  readonly nats: Float32Array; // [tokens]
}

export class LossMeter {
  private constructor(
    private readonly ort: Runtime,
    private readonly session: Ort.InferenceSession,
    private readonly tokenizer: BpeTokenizer,
    private readonly shape: Pick<
      ModelShape,
      'layers' | 'kvHeads' | 'headSize' | 'fileToken' | 'padToken' | 'trainedContext'
    >,
  ) {}

  static async open(dir: string, threads?: number): Promise<LossMeter> {
    const folder = await loadModelFolder(dir);
    const ort = await loadRuntime();
    // The loss does not depend on what the memory reads.
    const graph = pruneGraph(folder.observer, ['key', 'value', 'log_prob']);
    return new LossMeter(
      ort,
      await createSession(ort, graph, 'observer.onnx', threads, folder.observerWeights),
      new BpeTokenizer(folder.tokenizer),
      folder.shape,
    );
  }

  /** Whether both fit the trained length, with room for markers, which can make a context longer. */
  fits(context: SourceText, target: SourceText): boolean {
    return this.ids(context, target).all.length <= this.shape.trainedContext - 64;
  }

  /** Cases whose context is at least half of the trained length and fits it with its target: shorter ones need no compression. */
  cases(file: string, limit: number, seed: number): Case[] {
    const { trainedContext } = this.shape;
    return loadCases(file, {
      limit: limit * 4,
      seed,
      context: [1.75 * trainedContext, 3.25 * trainedContext],
      target: 900,
    })
      .filter(
        (c) => this.fits(c.context, c.target) && this.tokenizer.tokenize(c.context.text).length >= trainedContext / 2,
      )
      .slice(0, limit);
  }

  /** Sum of nats over the target's tokens. An empty context means no context. @throws RangeError beyond the trained length */
  async nats(context: SourceText, target: SourceText): Promise<number> {
    return (await this.perToken(context, target)).nats.reduce((sum, x) => sum + x, 0);
  }

  /** By how many nats the context lowers the loss of each token. @throws RangeError beyond the trained length */
  async saved(context: SourceText, target: SourceText): Promise<TokenNats> {
    const { nats: full, bounds, ids } = await this.perToken(context, target);
    const { nats: none } = await this.perToken({ ...context, text: '' }, target);
    return { ids, bounds, nats: none.map((x, t) => x - full[t]!) };
  }

  private async perToken(context: SourceText, target: SourceText): Promise<TokenNats> {
    const { all, from, bounds } = this.ids(context, target);
    if (all.length > this.shape.trainedContext) throw new RangeError(`${all.length} tokens`);
    const logProb = new Float32Array(all.length);
    const cache = new FullCache(this.shape);
    for (let at = 0; at < all.length; at += CHUNK) {
      const valid = Math.min(CHUNK, all.length - at);
      const size = Math.ceil(valid / HOP) * HOP;
      const ids = (start: number): Ort.Tensor => {
        const out = new BigInt64Array(size).fill(BigInt(this.shape.padToken));
        out.set(BigInt64Array.from(all.subarray(start, start + size), BigInt));
        return new this.ort.Tensor('int64', out, [size]);
      };
      const out = await this.session.run({
        input_ids: ids(at),
        targets: ids(at + 1),
        n_valid: new this.ort.Tensor('int64', BigInt64Array.of(BigInt(valid)), [1]),
        want_log_prob: new this.ort.Tensor('bool', Uint8Array.of(at + size >= from ? 1 : 0), [1]),
        ...cache.tensors(this.ort, this.session.inputNames),
      });
      const floats = (name: string): Float32Array => out[name]!.data as Float32Array;
      logProb.set(floats('log_prob').subarray(0, valid), at);
      cache.add(floats('key'), floats('value'), size);
    }
    return { ids: all.subarray(from), bounds, nats: logProb.slice(from - 1, all.length - 1).map((p) => -p) };
  }

  private ids(context: SourceText, target: SourceText): { all: Int32Array; from: number; bounds: Int32Array } {
    const before = idsBefore(this.tokenizer, this.shape.fileToken, context, target);
    const { ids, bounds } = this.tokenizer.tokenize(target.text);
    return { all: Int32Array.from([...before, ...ids]), from: before.length, bounds };
  }
}

/** A cache without eviction. */
class FullCache {
  private width = 0;
  private key: Float32Array = new Float32Array(0);
  private value: Float32Array = new Float32Array(0);

  constructor(private readonly shape: Pick<ModelShape, 'layers' | 'kvHeads' | 'headSize'>) {}

  /** @param inputs of the graph: what the memory reads has inputs of its own, which pruning may have removed */
  tensors({ Tensor }: Runtime, inputs: readonly string[]): Record<string, Ort.Tensor> {
    const { layers, kvHeads, headSize } = this.shape;
    const slots = layers * kvHeads * this.width;
    const dims = [layers, kvHeads, this.width];
    const all = {
      past_key: new Tensor('float32', this.key, [...dims, headSize]),
      past_value: new Tensor('float32', this.value, [...dims, headSize]),
      past_valid: new Tensor('float32', new Float32Array(slots).fill(1), dims),
      past_ema: new Tensor('float32', new Float32Array(slots * BINS), [...dims, BINS]),
      past_tail: new Tensor('float32', new Float32Array(slots * HOP), [...dims, HOP]),
    };
    return Object.fromEntries(Object.entries(all).filter(([name]) => inputs.includes(name)));
  }

  /** Appends a chunk. @param size its entries */
  add(key: Float32Array, value: Float32Array, size: number): void {
    this.key = this.joined(this.key, key, size);
    this.value = this.joined(this.value, value, size);
    this.width += size;
  }

  private joined(old: Float32Array, fresh: Float32Array, size: number): Float32Array {
    const { width } = this;
    const { layers, kvHeads, headSize } = this.shape;
    const caches = layers * kvHeads;
    const out = new Float32Array(old.length + fresh.length);
    for (let c = 0; c < caches; c++) {
      out.set(old.subarray(c * width * headSize, (c + 1) * width * headSize), c * (width + size) * headSize);
      out.set(fresh.subarray(c * size * headSize, (c + 1) * size * headSize), (c * (width + size) + width) * headSize);
    }
    return out;
  }
}
