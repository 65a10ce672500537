// Knows how the weights that neither evolution nor a fit sets are chosen: by needed names and loss recovery on validation repositories.
// Usage: sweep MODEL_DIR VALIDATION.jsonl [--cases n] [--loss-cases n], and lists that are tried together:
//   [--markers 2,3.5] reader tokens that a hole costs  [--focus 6:1,9:1.5] worth at the cursor, near and wide
//   [--again 0.05,0.1] share of a repeated mention  [--definitions 2,4] worth of a definition in mentions
//   [--surprisal 1:0:0,0.8:3:0.3] worth of a pair of tokens, what its spread over the text adds, and the share of a copy
//   [--classes 0,1] [--attention 0,1] times what the weights say
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended, type ExtendedWeights } from '../../src/scorers/extended';
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
  const times = (w: Float32Array, by: string): Float32Array => w.map((x) => x * Number(by));
  const SETTINGS: Readonly<Record<string, (value: string) => Partial<ExtendedWeights>>> = {
    markers: (v) => ({ marker: Math.log(Number(v)) }),
    focus: (v) => ({ focus: Float32Array.from(v.split(':'), Number) }),
    again: (v) => ({ again: Math.log(Number(v) / (1 - Number(v))) }),
    definitions: (v) => ({ sure: Float32Array.of(weights.sure[0]!, weights.sure[0]! + Math.log(Number(v))) }),
    classes: (v) => ({ classes: times(weights.classes, v) }),
    surprisal: (v) => ({ surprisal: Float32Array.from(v.split(':'), Number) }),
    attention: (v) => ({ caches: times(weights.caches, v) }),
  };
  let tried: { name: string; set: Partial<ExtendedWeights> }[] = [{ name: '', set: {} }];
  for (const [key, make] of Object.entries(SETTINGS))
    if (rest.includes(`--${key}`)) tried = option(key, '').split(',').flatMap((v) => tried.map((t) => ({ name: `${t.name} ${key} ${v}`, set: { ...t.set, ...make(v) } })));
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
  const cases = meter.cases(file!, wanted, 32);
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
    console.log(`${name.padEnd(48)} ${RATIOS.map((_, i) => mean(recall[k]![i]!).toFixed(3)).join(' ')} | ${[undefined, ...CASE_KINDS].map((kind) => RATIOS.map((_, i) => recovery(k, i, kind)).join(' ')).join(' | ')}`),
  );
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
