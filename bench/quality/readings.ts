// Knows what the reading record is good for: how else a text could be read, by the same memory, and what its ranking keeps then.
// Usage: readings MODEL_DIR VALIDATION.jsonl [--cases n] [--loss-cases n] [--memory namm.json] another network beside the one that ships [--only pattern]
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel, type LocalModel } from '../../src/node/model/model';
import { parseNamm, type NammWeights, type ReadingRecord } from '../../src/node/model/manifest';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { fitToTokens } from '../../src/cut/fit';
import { Grammars } from '../../src/parse/grammars';
import { orderCuts } from '../../src/cut/order';
import { loadCases, TABLE_SIZES, type Case } from '../cases/cases';
import { LossMeter } from '../cases/loss';
import { recallOf } from '../cases/recall';
import { counter, RATIOS } from './methods';
import { evidenceOf, readCase } from './read';
import { interval, mean } from './statistics';

interface Way {
  readonly name: string;
  readonly record?: Partial<ReadingRecord>;
  /** The text comes once more as what closes the reading, and a token counts by its last update. */
  readonly twice?: true;
  readonly memory?: NammWeights;
}

const RECORDS: readonly Way[] = [
  { name: 'n_up 128', record: { nUp: 128 } },
  { name: 'n_up 256', record: { nUp: 256 } },
  { name: 'n_up 1024', record: { nUp: 1024 } },
  { name: 'aligned selection', record: { selection: 'aligned' } },
  { name: 'caches of 512', record: { cacheSize: 512 } },
  { name: 'read twice', twice: true },
];

interface Row {
  readonly names: number[]; // at each ratio
  readonly nats: number[];
  readonly entries: number; // in a cache, on average
  readonly seconds: number;
}

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string, otherwise: string): string =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1]! : otherwise;
  const memory = option('memory', '');
  const only = new RegExp(option('only', ''));
  const ways: Way[] = [
    { name: 'as it ships' },
    ...(memory ? [{ name: memory, memory: parseNamm(JSON.parse(readFileSync(memory, 'utf8'))) }] : []),
    ...RECORDS.filter((w) => only.test(w.name)),
  ];
  const model = await openModel(modelDir!);
  const meter = await LossMeter.open(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const weights = unpackExtended(extended, shape.layers * shape.kvHeads);
  const otherwise = (way: Way): LocalModel => ({
    ...model,
    reader: model.withMemory(way.memory ?? model.folder.namm, undefined, { ...model.folder.reading, ...way.record })
      .reader,
  });

  async function measure(item: Case, way: Way, loss: boolean): Promise<Row> {
    const began = performance.now();
    const r = await readCase(otherwise(way), grammars, counter, item, way.twice);
    const seconds = (performance.now() - began) / 1000;
    const order = orderCuts(r.structure, evidenceOf(r, SCORERS.namm({ extended: weights })), [], { verify: false });
    const row: Row = { names: [], nats: [], entries: r.seen.meanCacheLength, seconds };
    for (const ratio of RATIOS) {
      const { rendered } = fitToTokens(order, Math.floor(r.recipientTokens * ratio), { markers: true, counter });
      row.names.push(
        recallOf(
          item,
          r.structure,
          r.definitions,
          rendered.spans.filter((s) => s.kept),
        ),
      );
      if (loss) row.nats.push(await meter.nats({ ...item.context, text: rendered.text }, item.target));
    }
    return row;
  }

  const each = async (measured: (way: Way) => Promise<Row>): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const way of ways) rows.push(await measured(way));
    return rows;
  };
  const named = [...loadCases(file!, { limit: Number(option('cases', '60')), seed: 31, ...TABLE_SIZES })];
  const lost = meter.cases(file!, Number(option('loss-cases', '40')), 32);
  const names: Row[][] = [];
  if (named[0]) await each((way) => measure(named[0]!, way, false)); // the first reading of a process is slower
  for (const c of named) names.push(await each((way) => measure(c, way, false)));
  const losses: { none: number; full: number; rows: Row[] }[] = [];
  for (const c of lost)
    losses.push({
      none: await meter.nats({ ...c.context, text: '' }, c.target),
      full: await meter.nats(c.context, c.target),
      rows: await each((way) => measure(c, way, true)),
    });

  const recovery = (w: number, i: number, sample: readonly number[]): number => {
    const sum = (of: (l: (typeof losses)[number]) => number): number => sample.reduce((s, j) => s + of(losses[j]!), 0);
    return sum((l) => l.none - l.rows[w]!.nats[i]!) / sum((l) => l.none - l.full);
  };
  const all = losses.map((_, j) => j);
  const against = (difference: (sample: readonly number[]) => number, cases: number): string =>
    interval(cases, difference)
      .map((x) => `${x < 0 ? '' : '+'}${x.toFixed(3)}`)
      .join(' to ');
  console.log(`${named.length} cases for names, ${lost.length} for loss\n`);
  console.log(
    `| reading | entries a cache | time | ${RATIOS.map((r) => `names @${r} | difference (95 %)`).join(' | ')} | ${RATIOS.map((r) => `loss recovery @${r} | difference (95 %)`).join(' | ')} |\n|---|${'---|'.repeat(2 + 4 * RATIOS.length)}`,
  );
  ways.forEach(({ name }, w) => {
    const cells = [
      mean(names.map((n) => n[w]!.entries)).toFixed(0),
      (mean(names.map((n) => n[w]!.seconds)) / mean(names.map((n) => n[0]!.seconds))).toFixed(2),
      ...RATIOS.flatMap((_, i) => [
        mean(names.map((n) => n[w]!.names[i]!)).toFixed(3),
        w ? against((s) => mean(s.map((j) => names[j]![w]!.names[i]! - names[j]![0]!.names[i]!)), names.length) : '',
      ]),
      ...RATIOS.flatMap((_, i) => [
        recovery(w, i, all).toFixed(3),
        w ? against((s) => recovery(w, i, s) - recovery(0, i, s), losses.length) : '',
      ]),
    ];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  });
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
