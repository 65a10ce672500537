// What several benches share: their inputs and options, and the grammars beside the bundle.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Span } from '../src/core/span';
import type { RetainedSpan } from '../src/core/context';
import { Grammars } from '../src/parse/grammars';
import { optional, required } from './options';

export const MODEL_DIR = required('MODEL_DIR', 'model folder, such as media/model');
export const TEST_CORPUS = required('CORPUS.jsonl', 'files of the test repositories, one JSON object a line');
export const VALIDATION_CORPUS = required(
  'VALIDATION.jsonl',
  'files of the validation repositories, one JSON object a line',
);
export const OUT = optional('DIR', 'writes the tables into quality.md in this folder');
export const RESUME = optional(
  'FILE',
  'writes every measure there; the next run continues from it if code, model and corpus are the same',
);
export const JUDGE = 'folder of a second base model, such as bench/judge';

/** @param dir folder of the `.wasm` files; by default beside the running bundle */
export const grammarsIn = (dir = join(__dirname, 'grammars')): Grammars =>
  new Grammars((file) => readFile(join(dir, file)));

export const keptSpans = ({ spans }: { readonly spans: readonly RetainedSpan[] }): Span[] =>
  spans.filter((s) => s.kept);

/** The objects of a file that has one JSON object a line. */
export const readJsonLines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

/** Tells on stderr how far a loop over cases is. */
export function progress(done: number, total: number, what = 'cases'): void {
  if (done % 20 === 0) console.error(`${done} of ${total} ${what}`);
}
