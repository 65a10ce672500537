// Knows how well a model can go on after a context: the loss over a target, without eviction, at most the trained length.
import type { SourceText } from '../../src/core/context';
import { BINS, HOP, ObserverGraph } from '../../src/model/graphs';
import { loadModelFolder, type ModelShape } from '../../src/model/manifest';
import { createSession, loadRuntime } from '../../src/model/runtime';
import { BpeTokenizer } from '../../src/model/tokenizer';
import { loadCases, WORD, type Case } from './cases';
import { idsBefore } from './documents';

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

  /** Nats that each word of the target costs less with the context than without: what the context tells of it, summed over its occurrences. */
  async gains(context: SourceText, target: SourceText, words: ReadonlySet<string>): Promise<Map<string, number>> {
    const { nats: full, bounds } = await this.perToken(context, target);
    const { nats: none } = await this.perToken({ ...context, text: '' }, target);
    const out = new Map<string, number>();
    let token = 0;
    for (const m of target.text.matchAll(WORD)) {
      if (!words.has(m[0])) continue;
      while (bounds[token + 1]! <= m.index) token++;
      let gain = 0;
      for (let t = token; t < full.length && bounds[t]! < m.index + m[0].length; t++) gain += none[t]! - full[t]!;
      out.set(m[0], (out.get(m[0]) ?? 0) + gain);
    }
    return out;
  }

  /** nats [target tokens], bounds [target tokens + 1] */
  private async perToken(context: SourceText, target: SourceText): Promise<{ nats: Float32Array; bounds: Int32Array }> {
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
    return { nats: logProb.slice(from - 1, all.length - 1).map((p) => -p), bounds };
  }

  private ids(context: SourceText, target: SourceText): { all: Int32Array; from: number; bounds: Int32Array } {
    const before = idsBefore(this.tokenizer, this.shape.fileToken, context, target);
    const { ids, bounds } = this.tokenizer.tokenize(target.text);
    return { all: Int32Array.from([...before, ...ids]), from: before.length, bounds };
  }
}
