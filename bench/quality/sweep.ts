// Knows how the weights that evolution does not set are chosen: what a hole costs, how far the cursor reaches and how much less
// a name is worth among many, tried on validation repositories.
// Usage: sweep MODEL_DIR VALIDATION.jsonl [--cases n] [--loss-cases n] [--markers 3,5,7] [--focus 0:0,6:1,10:2] [--crowd 0,-1.5,-3]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { fitToTokens } from '../../src/text/fit';
import { Grammars } from '../../src/text/grammars';
import { orderCuts } from '../../src/text/order';
import { CASE_KINDS, loadCases } from '../cases/cases';
import { LossMeter } from '../cases/loss';
import { recallOf } from '../cases/recall';
import { counter, RATIOS, type Compressed } from './methods';
import { evidenceOf, readCase, type Reading } from './read';
import { mean } from './statistics';

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string, otherwise: string): string => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1]! : otherwise);
  const model = await openModel(modelDir!);
  const meter = await LossMeter.open(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const weights = unpackExtended(extended, shape.layers * shape.kvHeads);
  const tried = option('markers', '3,5,7').split(',').flatMap((marker) =>
    option('focus', '0:0,6:1,10:2').split(',').flatMap((pair) =>
      option('crowd', String(weights.crowd)).split(',').map((crowd) => ({
        name: `marker ${marker}, cursor ${pair}, crowd ${crowd}`,
        set: { marker: Math.log(Number(marker)), focus: Float32Array.from(pair.split(':'), Number), crowd: Number(crowd) },
      })),
    ),
  );
  const compress = (r: Reading, { set }: (typeof tried)[number]): Compressed[] => {
    const order = orderCuts(r.structure, evidenceOf(r, SCORERS.extended({ extended: { ...weights, ...set } })), [], { verify: false });
    return RATIOS.map((ratio) => {
      const { rendered } = fitToTokens(order, Math.floor(r.readerTokens * ratio), { markers: true, counter });
      return { text: rendered.text, kept: rendered.spans.filter((s) => s.kept) };
    });
  };
  const recall = tried.map(() => RATIOS.map(() => [] as number[]));
  for (const c of loadCases(file!, { limit: Number(option('cases', '60')), seed: 31, context: [3000, 24_000], target: 900 })) {
    const r = await readCase(model, grammars, counter, c);
    tried.forEach((t, k) => compress(r, t).forEach(({ kept }, i) => recall[k]![i]!.push(recallOf(c, r.structure, r.definitions, kept))));
  }
  const wanted = Number(option('loss-cases', '36'));
  const cases = loadCases(file!, { limit: wanted * 2, seed: 32, context: [1500, 5000], target: 900 }).filter((c) => meter.fits(c.context, c.target)).slice(0, wanted);
  const losses: { none: number; full: number; at: number[][] }[] = [];
  for (const c of cases) {
    const r = await readCase(model, grammars, counter, c);
    const nats = (text: string): Promise<number> => meter.nats({ ...c.context, text }, c.target);
    const at: number[][] = [];
    for (const t of tried) {
      const row: number[] = [];
      for (const { text } of compress(r, t)) row.push(await nats(text));
      at.push(row);
    }
    losses.push({ none: await nats(''), full: await nats(c.context.text), at });
  }
  const recovery = (k: number, i: number, kind?: string): string => {
    const of = losses.filter((_, j) => !kind || cases[j]!.kind === kind);
    const sum = (value: (l: (typeof of)[number]) => number): number => of.reduce((s, l) => s + value(l), 0);
    return (sum((l) => l.none - l.at[k]![i]!) / sum((l) => l.none - l.full)).toFixed(3);
  };
  console.log(`names at ${RATIOS.join(' ')} | loss recovery, all | ${CASE_KINDS.join(' | ')}`);
  tried.forEach(({ name }, k) =>
    console.log(`${name.padEnd(36)} ${RATIOS.map((_, i) => mean(recall[k]![i]!).toFixed(3)).join(' ')} | ${[undefined, ...CASE_KINDS].map((kind) => RATIOS.map((_, i) => recovery(k, i, kind)).join(' ')).join(' | ')}`),
  );
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
