// Knows how well a model can go on after a context: the loss over a target, without eviction, at most the trained length.
import type { SourceText } from '../../src/core/context';
import { BINS, HOP, ObserverGraph } from '../../src/model/graphs';
import { loadModelFolder, type ModelShape } from '../../src/model/manifest';
import { createSession, loadRuntime } from '../../src/model/runtime';
import { BpeTokenizer } from '../../src/model/tokenizer';

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

  /** Sum of nats over the target's tokens. An empty context is no context. @throws RangeError beyond the trained length. */
  async nats(context: SourceText, target: SourceText): Promise<number> {
    const { all, from } = this.ids(context, target);
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
    let sum = 0;
    for (let i = from - 1; i < all.length - 1; i++) sum -= logProb[i]!;
    return sum;
  }

  /** One document goes on where the context ends in the same file; another begins with its own header. */
  private ids(context: SourceText, target: SourceText): { all: Int32Array; from: number } {
    const header = (path: string): number[] => [this.shape.fileToken, ...this.tokenizer.tokenize(`${path}\n`).ids];
    const before = [...(context.text || context.path === target.path ? header(context.path) : []), ...this.tokenizer.tokenize(context.text).ids];
    const second = context.path === target.path ? [] : header(target.path);
    const all = Int32Array.from([...before, ...second, ...this.tokenizer.tokenize(target.text).ids]);
    return { all, from: before.length + second.length };
  }
}
