// What other tools run for the same job: encoders of their size in our runtime, and how many tokens they would see.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode as encodeGpt2 } from 'gpt-tokenizer/encoding/r50k_base';
import { createSession, loadRuntime } from '../../src/node/model/runtime';

export interface Rival {
  readonly name: string;
  readonly window: number; // tokens of one run
  /** Reads one window. */
  run(): Promise<unknown>;
  release(): Promise<void>;
}

const KINDS = [
  { name: 'mBERT size, int8', file: 'mbert.int8.onnx', window: 512 },
  { name: 'mBERT size, fp32', file: 'mbert.fp32.onnx', window: 512 },
  { name: 'GPT-2 size, int8', file: 'gpt2.int8.onnx', window: 1024 },
  { name: 'GPT-2 size, fp32', file: 'gpt2.fp32.onnx', window: 1024 },
] as const;

/** Opens those whose graphs graphs.py has written to `dir`. */
export async function openRivals(dir: string): Promise<Rival[]> {
  const ort = await loadRuntime();
  const out: Rival[] = [];
  for (const { name, file, window } of KINDS) {
    if (!existsSync(join(dir, file))) continue;
    const session = await createSession(ort, readFileSync(join(dir, file)), file);
    const ids = new ort.Tensor(
      'int64',
      BigInt64Array.from({ length: window }, (_, i) => BigInt((i * 7919) % 8000)),
      [1, window],
    );
    out.push({
      name,
      window,
      run: () => session.run({ ids }),
      release: () => session.release(),
    });
  }
  return out;
}

/** GPT-2's own byte-pair encoding. */
export function gpt2Tokens(text: string): number {
  return encodeGpt2(text).length;
}

/** A lower bound of mBERT's tokens: words and punctuation marks, as if every word were one token. */
export function mbertTokensAtLeast(text: string): number {
  return text.match(/[\p{P}\p{S}]|[^\s\p{P}\p{S}]+/gu)?.length ?? 0;
}
