// Knows how well a model can go on after a context: the loss over a target, without eviction, at most the trained length.
import type { SourceText } from '../../src/core/context';
import { BINS, HOP, ObserverGraph } from '../../src/model/graphs';
import { loadModelFolder, type ModelShape } from '../../src/model/manifest';
import { createSession, loadRuntime } from '../../src/model/runtime';
import { BpeTokenizer } from '../../src/model/tokenizer';
import { loadCases, type Case } from './cases';
import { idsBefore } from './documents';

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
    private readonly shape: Pick<ModelShape, 'layers' | 'kvHeads' | 'fileToken' | 'padToken' | 'trainedContext'>,
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
    const size = Math.ceil(all.length / HOP) * HOP;
    const pad = (a: Int32Array): Int32Array => {
      const out = new Int32Array(size).fill(this.shape.padToken);
      out.set(a);
      return out;
    };
    const caches = this.shape.layers * this.shape.kvHeads;
    const none = new Float32Array(0);
    const { logProb } = await this.graph.run(
      { ids: pad(all), targets: pad(all.subarray(1)), valid: all.length, wantLogProb: true },
      { width: 0, lengths: new Array<number>(caches).fill(0), key: none, value: none, valid: none, ema: new Float32Array(0 * BINS), tail: none, position: new Int32Array(0) },
    );
    return { ids: all.subarray(from), bounds, nats: logProb.slice(from - 1, all.length - 1).map((p) => -p) };
  }

  private ids(context: SourceText, target: SourceText): { all: Int32Array; from: number; bounds: Int32Array } {
    const before = idsBefore(this.tokenizer, this.shape.fileToken, context, target);
    const { ids, bounds } = this.tokenizer.tokenize(target.text);
    return { all: Int32Array.from([...before, ...ids]), from: before.length, bounds };
  }
}
