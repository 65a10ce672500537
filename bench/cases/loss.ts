// Knows how well a model can go on after a context: the loss over a target, without eviction, at most the trained length.
import type { SourceText } from '../../src/core/context';
import { BINS, HOP, ObserverGraph, type CacheState, type ChunkResult } from '../../src/model/graphs';
import { loadModelFolder, type ModelShape } from '../../src/model/manifest';
import { createSession, loadRuntime } from '../../src/model/runtime';
import { BpeTokenizer } from '../../src/model/tokenizer';
import { loadCases, type Case } from './cases';
import { idsBefore } from './documents';

const CHUNK = 512; // tokens read at once: four times as many take twice as long, with attention to what comes later computed in vain

/** Of a target's tokens, what each costs, or costs less with its context. */
export interface TokenNats {
  readonly ids: Int32Array; // [tokens]
  readonly bounds: Int32Array; // [tokens + 1] UTF-16 units
  readonly nats: Float32Array; // [tokens]
}

export class LossMeter {
  private constructor(
    private readonly graph: ObserverGraph,
    private readonly tokenizer: BpeTokenizer,
    private readonly shape: Pick<ModelShape, 'layers' | 'kvHeads' | 'headSize' | 'fileToken' | 'padToken' | 'trainedContext'>,
  ) {}

  static async open(dir: string, threads?: number): Promise<LossMeter> {
    const folder = await loadModelFolder(dir);
    const ort = await loadRuntime();
    const { layers, kvHeads, headSize } = folder.shape;
    const graph = new ObserverGraph(ort, await createSession(ort, folder.observer, 'observer.onnx', threads), layers, kvHeads, headSize);
    return new LossMeter(graph, new BpeTokenizer(folder.tokenizer), folder.shape);
  }

  /** Whether the model was trained on texts as long as these, with room for markers, which can make a context longer. */
  fits(context: SourceText, target: SourceText): boolean {
    return this.ids(context, target).all.length <= this.shape.trainedContext - 64;
  }

  /** Cases whose context is at least half of the trained length and fits it with its target: shorter ones are nobody's burden. */
  cases(file: string, limit: number, seed: number): Case[] {
    const { trainedContext } = this.shape;
    return loadCases(file, { limit: limit * 4, seed, context: [1.75 * trainedContext, 3.25 * trainedContext], target: 900 })
      .filter((c) => this.fits(c.context, c.target) && this.tokenizer.tokenize(c.context.text).length >= trainedContext / 2)
      .slice(0, limit);
  }

  /** Sum of nats over the target's tokens. An empty context is no context. @throws RangeError beyond the trained length. */
  async nats(context: SourceText, target: SourceText): Promise<number> {
    return (await this.perToken(context, target)).nats.reduce((sum, x) => sum + x, 0);
  }

  /** What the context tells of the target. @throws RangeError beyond the trained length */
  async saved(context: SourceText, target: SourceText): Promise<TokenNats> {
    const { nats: full, bounds, ids } = await this.perToken(context, target);
    const { nats: none } = await this.perToken({ ...context, text: '' }, target);
    return { ids, bounds, nats: none.map((x, t) => x - full[t]!) };
  }

  private async perToken(context: SourceText, target: SourceText): Promise<TokenNats> {
    const { all, from, bounds } = this.ids(context, target);
    if (all.length > this.shape.trainedContext) throw new RangeError(`${all.length} tokens`);
    const logProb = new Float32Array(all.length);
    const cache = new Everything(this.shape.layers * this.shape.kvHeads, this.shape.headSize);
    for (let at = 0; at < all.length; at += CHUNK) {
      const valid = Math.min(CHUNK, all.length - at);
      const size = Math.ceil(valid / HOP) * HOP;
      const part = (start: number): Int32Array => {
        const out = new Int32Array(size).fill(this.shape.padToken);
        out.set(all.subarray(start, start + size));
        return out;
      };
      const seen = await this.graph.run({ ids: part(at), targets: part(at + 1), valid, wantLogProb: at + size >= from }, cache.state());
      logProb.set(seen.logProb.subarray(0, valid), at);
      cache.add(seen, size);
    }
    return { ids: all.subarray(from), bounds, nats: logProb.slice(from - 1, all.length - 1).map((p) => -p) };
  }

  private ids(context: SourceText, target: SourceText): { all: Int32Array; from: number; bounds: Int32Array } {
    const before = idsBefore(this.tokenizer, this.shape.fileToken, context, target);
    const { ids, bounds } = this.tokenizer.tokenize(target.text);
    return { all: Int32Array.from([...before, ...ids]), from: before.length, bounds };
  }
}

/** A cache that forgets nothing. What the memory would read of it is left zero: the loss does not depend on it. */
class Everything {
  private width = 0;
  private key: Float32Array = new Float32Array(0);
  private value: Float32Array = new Float32Array(0);

  constructor(
    private readonly caches: number,
    private readonly headSize: number,
  ) {}

  state(): CacheState {
    const { caches, width, key, value } = this;
    const slots = caches * width;
    return {
      width,
      lengths: new Array<number>(caches).fill(width),
      key,
      value,
      valid: new Float32Array(slots).fill(1),
      ema: new Float32Array(slots * BINS),
      tail: new Float32Array(slots * HOP),
      position: Int32Array.from({ length: slots }, (_, i) => i % width),
    };
  }

  /** @param size entries of the chunk */
  add({ key, value }: ChunkResult, size: number): void {
    this.key = this.joined(this.key, key, size);
    this.value = this.joined(this.value, value, size);
    this.width += size;
  }

  private joined(old: Float32Array, fresh: Float32Array, size: number): Float32Array {
    const { caches, headSize, width } = this;
    const out = new Float32Array(old.length + fresh.length);
    for (let c = 0; c < caches; c++) {
      out.set(old.subarray(c * width * headSize, (c + 1) * width * headSize), c * (width + size) * headSize);
      out.set(fresh.subarray(c * size * headSize, (c + 1) * size * headSize), (c * (width + size) + width) * headSize);
    }
    return out;
  }
}
