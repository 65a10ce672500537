// Writes what training/future.py learns from: for each token of a context the forecast of the model, and the attention that a real reader gives it later.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { choice, count, optional, required, runBench } from '../options';
import { readerCases, SPLITS, type Repository } from '../reader/cases';
import { ReaderClient } from '../reader/client';
import { attentionOf } from '../reader/measure';
import { grammarsIn, MODEL_DIR } from '../setup';
import { prepare } from '../reader/rows';

const spec = {
  name: 'attention',
  about:
    'Writes, for each token of real contexts, the forecast of the bundled model and the attention that a pretrained reader gives the token when it writes on (training/future.py learns from it).',
  inputs: {
    modelDir: MODEL_DIR,
    clones: required('CLONES', 'folder with a git directory for each repository of the list'),
    models: required('MODELS', 'folder that bench/reader/fetch.sh made'),
    out: required('OUT.jsonl', 'one JSON object for each context'),
  },
  options: {
    list: optional('FILE', 'list of repositories (default: bench/reader/repositories.json)'),
    split: choice(SPLITS, 'SPLIT', 'whose repositories'),
    cases: count(100, 'cases', 'contexts'),
    seed: count(24, 'seeds', 'which cases'),
    answers: optional('FILE', 'keeps every answer of the reader there; the next run continues from it'),
  },
};

/** Sums values of the reader's tokens over the model's tokens in which they begin. */
function onto(bounds: Int32Array, starts: readonly number[], values: readonly number[]): number[] {
  const sums = new Float64Array(bounds.length - 1);
  let t = 0;
  starts.forEach((start, i) => {
    while (t + 1 < sums.length && bounds[t + 1]! <= start) t++;
    if (start >= 0) sums[t]! += values[i]!;
  });
  return Array.from(sums, (x) => Math.round(x * 1e5) / 1e5);
}

runBench(spec, async ({ modelDir, clones, models, out, list, split, cases: limit, seed, answers }) => {
  const model = await openModel(modelDir);
  const grammars = grammarsIn();
  const { repositories } = JSON.parse(readFileSync(list ?? join('bench', 'reader', 'repositories.json'), 'utf8')) as {
    repositories: Repository[];
  };
  const reader = new ReaderClient(join(models, 'qwen2.5-coder-0.5b'), answers);
  const items = readerCases(
    clones,
    repositories.filter((r) => r.split === split),
    { limit, seed },
  );
  writeFileSync(out, '');
  for (const [i, item] of items.entries()) {
    const { starts, target } = await attentionOf(item, reader);
    const { tokens, seen, recipientTokens } = (await prepare(model, grammars, reader, item)).reading;
    const { width, codes } = seen.forecast!;
    const attention = onto(tokens.bounds, starts, target);
    const row = {
      repo: item.repo,
      width,
      codes: Buffer.from(codes.buffer).toString('base64'),
      attention,
      recipientTokens,
    };
    appendFileSync(out, `${JSON.stringify(row)}\n`);
    console.error(`${i + 1} of ${items.length}: ${item.id}`);
  }
  reader.close();
  await model.release();
});
