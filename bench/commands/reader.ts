// Measures what a real reader loses by a compression: a pretrained code model writes on, with the context compressed in many ways.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExtended } from '../../src/node/model/manifest';
import { openModel } from '../../src/node/model/model';
import type { ExtendedWeights } from '../../src/scorers/extended';
import { writePart } from '../markdown';
import { choice, count, list, optional, required, runBench, UsageError } from '../options';
import { readerCases, type Repository } from '../reader/cases';
import { ReaderClient } from '../reader/client';
import { ATTENTION_ROWS, DEEP_ATTENTION, measureCase, type CaseMeasure } from '../reader/measure';
import { report } from '../reader/report';
import { OURS, prepare, rowsOf } from '../reader/rows';
import { grammarsIn, MODEL_DIR, OUT } from '../setup';

const SPLITS = ['validation', 'test'] as const;

const spec = {
  name: 'reader',
  about:
    'Measures what a pretrained reader (bench/reader/fetch.sh) loses by a compression: loss recovery, names, next tokens and first lines, for every scorer and rule at as many of the reader’s tokens as the shipped scorer keeps.',
  inputs: {
    modelDir: MODEL_DIR,
    clones: required('CLONES', 'folder with a git directory for each repository of bench/reader/repositories.json'),
    models: required('MODELS', 'folder that bench/reader/fetch.sh made'),
  },
  options: {
    split: choice(SPLITS, 'SPLIT', 'whose repositories: values are chosen on validation, tables are of test'),
    cases: count(40, 'cases', 'places where the reader goes on'),
    seed: count(24, 'seeds', 'which cases'),
    rows: list('ROW,…', 'rows to measure, by their whole names (default: all)'),
    candidate: list('FILE,…', 'other extended.json files, a row for each'),
    answers: optional('FILE', 'keeps every answer of the models there; the next run continues from it'),
    out: OUT,
  },
};

runBench(spec, async ({ modelDir, clones, models, split, cases: limit, seed, rows: some, candidate, answers, out }) => {
  const model = await openModel(modelDir);
  const grammars = grammarsIn();
  const { repositories } = JSON.parse(readFileSync(join('bench', 'reader', 'repositories.json'), 'utf8')) as {
    repositories: Repository[];
  };
  const candidates = new Map(
    candidate.map((file): [string, ExtendedWeights] => [
      file,
      parseExtended(JSON.parse(readFileSync(file, 'utf8')), model.folder.shape),
    ]),
  );
  const rows = rowsOf(model.folder.extended, candidates);
  const names = [...rows.keys(), ...ATTENTION_ROWS];
  const unknown = some.find((row) => !names.includes(row));
  if (unknown !== undefined) throw new UsageError(`There is no row "${unknown}"; there are: ${names.join(' · ')}.`);
  const wanted = some.length ? names.filter((n) => n === OURS || some.includes(n)) : names;
  const reader = new ReaderClient(join(models, 'qwen2.5-coder-0.5b'), answers);
  const deep = wanted.includes(DEEP_ATTENTION) ? new ReaderClient(join(models, 'smollm2-135m'), answers) : undefined;
  const items = readerCases(
    clones,
    repositories.filter((r) => r.split === split),
    { limit, seed },
  );
  const measured: CaseMeasure[] = [];
  for (const item of items) {
    const subject = await prepare(model, grammars, reader, item);
    measured.push(await measureCase(subject, { reader, deep }, rows, wanted));
    console.error(`${measured.length} of ${items.length}: ${item.id}`);
  }
  reader.close();
  deep?.close();
  await model.release();
  const text = report(measured, wanted);
  if (out) writePart(join(out, 'quality.md'), 'reader', text);
  console.log(text);
});
