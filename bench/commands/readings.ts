// Measures what the reading record is worth: other ways to read a text with the same memory, and what its ranking keeps then.
import { readFileSync } from 'node:fs';
import { orderCuts } from '../../src/cut/order';
import { parseNamm, type NammWeights, type ReadingRecord } from '../../src/node/model/manifest';
import { openModel, type LocalModel } from '../../src/node/model/model';
import { SCORERS } from '../../src/scorers';
import { loadCases, TABLE_SIZES, type Case } from '../cases/cases';
import { atRatios, counter, cutTo, RATIOS } from '../cases/compressed';
import { LossMeter } from '../cases/loss';
import { table } from '../markdown';
import { count, optional, runBench } from '../options';
import { evidenceOf, readCase, recallIn } from '../quality/read';
import { interval, mean, sum } from '../quality/statistics';
import { grammarsIn, MODEL_DIR, VALIDATION_CORPUS } from '../setup';

interface Way {
  readonly name: string;
  readonly record?: Partial<ReadingRecord>;
  /** Reads the text a second time as its own question; the last update of a token counts. */
  readonly twice?: true;
  readonly memory?: NammWeights;
}

const WAYS: readonly Way[] = [
  { name: 'n_up 128', record: { nUp: 128 } },
  { name: 'n_up 256', record: { nUp: 256 } },
  { name: 'n_up 1024', record: { nUp: 1024 } },
  { name: 'aligned selection', record: { selection: 'aligned' } },
  { name: 'caches of 512', record: { cacheSize: 512 } },
  { name: 'read twice', twice: true },
];

/** One case, read one way. */
interface Measure {
  readonly recall: readonly number[]; // by ratio
  readonly nats: readonly number[]; // by ratio; empty without loss
  readonly entries: number; // mean cache length
  readonly seconds: number;
}

const spec = {
  name: 'readings',
  about: 'Measures other ways to read a text with the same memory, against the way that ships.',
  inputs: { modelDir: MODEL_DIR, corpus: VALIDATION_CORPUS },
  options: {
    cases: count(60, 'cases', 'contexts for needed names'),
    lossCases: count(40, 'cases', 'contexts for loss recovery'),
    memory: optional('FILE', 'a namm.json: tries this network too'),
    only: optional('PATTERN', 'regular expression: tries only the ways whose name matches'),
  },
};

runBench(spec, async (options) => {
  const { modelDir, corpus, memory } = options;
  const only = new RegExp(options.only ?? '');
  const ways: Way[] = [
    { name: 'as it ships' },
    ...(memory ? [{ name: memory, memory: parseNamm(JSON.parse(readFileSync(memory, 'utf8'))) }] : []),
    ...WAYS.filter((w) => only.test(w.name)),
  ];
  const model = await openModel(modelDir);
  const meter = await LossMeter.open(modelDir);
  const grammars = grammarsIn();
  const scorer = SCORERS.namm(model.folder);
  const readingBy = ({ memory = model.folder.namm, record }: Way): LocalModel => ({
    ...model,
    reader: model.withMemory(memory, undefined, { ...model.folder.reading, ...record }).reader,
  });

  async function measure(item: Case, way: Way, withLoss: boolean): Promise<Measure> {
    const begun = performance.now();
    const r = await readCase(readingBy(way), grammars, counter, item, way.twice);
    const seconds = (performance.now() - begun) / 1000;
    const order = orderCuts(r.structure, evidenceOf(r, scorer), [], { verify: false });
    const compressed = atRatios(r.recipientTokens, (allowed) => cutTo(order, allowed));
    const nats: number[] = [];
    if (withLoss)
      for (const { text } of compressed) nats.push(await meter.nats({ ...item.context, text }, item.target));
    return { recall: compressed.map(({ kept }) => recallIn(r, kept)), nats, entries: r.seen.meanCacheLength, seconds };
  }

  const measureWays = async (item: Case, withLoss: boolean): Promise<Measure[]> => {
    const measures: Measure[] = [];
    for (const way of ways) measures.push(await measure(item, way, withLoss));
    return measures;
  };
  const namesCases = loadCases(corpus, { limit: options.cases, seed: 31, ...TABLE_SIZES });
  const lossCases = meter.cases(corpus, options.lossCases, 32);
  const names: Measure[][] = []; // [case][way]
  if (namesCases[0]) await measureWays(namesCases[0], false); // warms up: the first reading of a process is slower
  for (const c of namesCases) names.push(await measureWays(c, false));
  const losses: { none: number; full: number; ways: Measure[] }[] = [];
  for (const c of lossCases)
    losses.push({
      none: await meter.nats({ ...c.context, text: '' }, c.target),
      full: await meter.nats(c.context, c.target),
      ways: await measureWays(c, true),
    });

  const recovery = (w: number, i: number, sample: readonly number[]): number => {
    const drawn = sample.map((j) => losses[j]!);
    return sum(drawn.map((l) => l.none - l.ways[w]!.nats[i]!)) / sum(drawn.map((l) => l.none - l.full));
  };
  const all = losses.map((_, j) => j);
  const bounds = (cases: number, difference: (sample: readonly number[]) => number): string =>
    interval(cases, difference)
      .map((x) => `${x < 0 ? '' : '+'}${x.toFixed(3)}`)
      .join(' to ');
  const seconds = (w: number): number => mean(names.map((n) => n[w]!.seconds));
  const rows = ways.map(({ name }, w) => [
    name,
    mean(names.map((n) => n[w]!.entries)).toFixed(0),
    (seconds(w) / seconds(0)).toFixed(2),
    ...RATIOS.flatMap((_, i) => [
      mean(names.map((n) => n[w]!.recall[i]!)).toFixed(3),
      w ? bounds(names.length, (s) => mean(s.map((j) => names[j]![w]!.recall[i]! - names[j]![0]!.recall[i]!))) : '',
    ]),
    ...RATIOS.flatMap((_, i) => [
      recovery(w, i, all).toFixed(3),
      w ? bounds(losses.length, (s) => recovery(w, i, s) - recovery(0, i, s)) : '',
    ]),
  ]);
  const heads = ['names', 'loss recovery'].flatMap((what) =>
    RATIOS.flatMap((r) => [`${what} @${r}`, 'difference (95 %)']),
  );
  console.log(`${namesCases.length} cases for names, ${lossCases.length} for loss\n`);
  console.log(table(['reading', 'entries a cache', 'time', ...heads], rows).join('\n'));
  await model.release();
});
