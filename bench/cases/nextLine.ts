// Lets a base model write the next line, token by token, and compares it with the real one.
import { Tokenizer as HfTokenizer } from '@huggingface/tokenizers';
import { distance } from 'fastest-levenshtein';
import type * as Ort from 'onnxruntime-node';
import type { SourceText } from '../../src/core/context';
import { BINS, HOP } from '../../src/node/model/graphs';
import { loadModelFolder, type ModelShape } from '../../src/node/model/manifest';
import { createSession, loadRuntime, type Runtime } from '../../src/node/model/runtime';
import { BpeTokenizer } from '../../src/node/model/tokenizer';
import type { Case } from './cases';
import { idsBefore } from './documents';

const MAX_TOKENS = 32; // of a line
const MIN_UNITS = 8; // of a line: a brace alone is no task
const BEFORE_LINE = 0.4; // share of the target that the model sees before the line

/** A line of the target, and the target's text before it. */
export interface LineTask {
  readonly before: string; // ends with a line break
  readonly line: string; // trimmed
}

/** @returns undefined if no line after the first part of the target is long enough */
export function lineTaskOf({ target: { text } }: Case): LineTask | undefined {
  for (let at = text.indexOf('\n', text.length * BEFORE_LINE) + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return undefined;
    const line = text.slice(at, end).trim();
    if (line.length >= MIN_UNITS) return { before: text.slice(0, at), line };
  }
  return undefined;
}

/** 1 minus the Levenshtein distance over the longer length: 1 if both are equal, 0 if they share nothing. */
export function editSimilarity(a: string, b: string): number {
  return 1 - distance(a, b) / Math.max(1, a.length, b.length);
}

/** Writes greedily. The graph must have an output with the most probable next token (`export.py --predicts`). */
export class NextLine {
  private constructor(
    private readonly ort: Runtime,
    private readonly session: Ort.InferenceSession,
    private readonly tokenizer: BpeTokenizer,
    private readonly vocabulary: HfTokenizer,
    private readonly shape: ModelShape,
  ) {}

  static async open(dir: string, threads?: number): Promise<NextLine> {
    const folder = await loadModelFolder(dir);
    const ort = await loadRuntime();
    const session = await createSession(ort, folder.observer, 'observer.onnx', threads, folder.observerWeights);
    if (!session.outputNames.includes('next'))
      throw new Error(`${dir}: its graph has no output for the next token; export it with --predicts`);
    return new NextLine(
      ort,
      session,
      new BpeTokenizer(folder.tokenizer),
      new HfTokenizer(folder.tokenizer as never, {} as never),
      folder.shape,
    );
  }

  private textOf(ids: number[]): string {
    return this.vocabulary.decode(ids, { clean_up_tokenization_spaces: false });
  }

  /** The next line that is not blank, trimmed; it ends at MAX_TOKENS. An empty context means no context. */
  async write(context: SourceText, target: SourceText, before: string): Promise<string> {
    const room = this.shape.trainedContext - MAX_TOKENS - HOP;
    const prompt = [
      ...idsBefore(this.tokenizer, this.shape.fileToken, context, target),
      ...this.tokenizer.tokenize(before).ids,
    ].slice(-room);
    const caches = this.shape.layers * this.shape.kvHeads;
    const size = this.shape.headSize;
    // Allocated once: [caches][prompt + line][headSize], filled to `length`.
    const capacity = prompt.length + MAX_TOKENS;
    const stores = [new Float32Array(caches * capacity * size), new Float32Array(caches * capacity * size)];
    let length = 0;
    const step = async (ids: readonly number[]): Promise<number> => {
      const u = Math.ceil(ids.length / HOP) * HOP;
      const { Tensor } = this.ort;
      const past = stores.map((all) => {
        const used = new Float32Array(caches * length * size);
        for (let c = 0; c < caches; c++)
          used.set(all.subarray(c * capacity * size, (c * capacity + length) * size), c * length * size);
        return new Tensor('float32', used, [this.shape.layers, this.shape.kvHeads, length, size]);
      });
      const flat = [this.shape.layers, this.shape.kvHeads, length];
      const zeros = (width: number): Ort.Tensor =>
        new Tensor('float32', new Float32Array(caches * length * width), [...flat, width]);
      const padded = new BigInt64Array(u).fill(BigInt(this.shape.padToken));
      ids.forEach((id, i) => (padded[i] = BigInt(id)));
      const out = await this.session.run({
        input_ids: new Tensor('int64', padded, [u]),
        targets: new Tensor('int64', new BigInt64Array(u), [u]),
        n_valid: new Tensor('int64', BigInt64Array.of(BigInt(ids.length)), [1]),
        want_log_prob: new Tensor('bool', Uint8Array.of(1), [1]),
        past_key: past[0]!,
        past_value: past[1]!,
        past_valid: new Tensor('float32', new Float32Array(caches * length).fill(1), flat),
        past_ema: zeros(BINS),
        past_tail: zeros(HOP),
      });
      (['key', 'value'] as const).forEach((name, i) => {
        const fresh = out[name]!.data as Float32Array;
        for (let c = 0; c < caches; c++)
          stores[i]!.set(fresh.subarray(c * u * size, (c * u + ids.length) * size), (c * capacity + length) * size);
      });
      length += ids.length;
      return Number((out.next!.data as BigInt64Array)[ids.length - 1]);
    };
    let next = await step(prompt);
    const written: number[] = [];
    while (written.length < MAX_TOKENS - 1) {
      written.push(next);
      const lines = this.textOf(written).replace(/^\s+/, '').split('\n');
      if (lines.length > 1) return lines[0]!.trim();
      next = await step([next]);
    }
    return this.textOf(written).trim().split('\n')[0]!.trim();
  }
}
