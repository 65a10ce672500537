// Knows how far the shipped memory is ahead of the rows that come nearest to it, on as many cases as it takes to tell.
// Usage: closest MODEL_DIR CORPUS.jsonl --judge DIR [--cases n] [--loss-cases n] [--kept FILE] [--out DIR]
//   Both base models judge every loss case. --out: its table goes into DIR/quality.md. --kept: as in main.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModelFolder } from '../../src/model/manifest';
import { CASE_KINDS } from '../cases/cases';
import { LossMeter } from '../cases/loss';
import { meanColumn, rate, recoveryColumn } from './comparison';
import { judgeFolder } from './judge';
import { KeptMeasures, keyOf } from './kept';
import { lossCases, namesCases, type Kind, type LossMeasure, type NamesMeasure, type Settings } from './measure';
import { RATIOS, SHIPPED } from './methods';
import { measured, measuringCode, tasksOf } from './processes';
import { label, leads, table, withPart } from './report';

/** The best rule in needed names at each ratio, and the two that no 96 cases tell from the memory in loss. */
const RIVALS = ['comments out, then greedy coverage', 'comments out, then new names', 'tail', 'recency'];

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined);
  const given = option('judge');
  if (!given) throw new Error('closest: --judge DIR is missing (bench/judge)');
  const judgeDir = judgeFolder(given, modelDir!);
  const settings: Settings = { modelDir: modelDir!, file: file!, cases: Number(option('cases') ?? 1000), lossCases: Number(option('loss-cases') ?? 300), judge: judgeDir, only: [SHIPPED, ...RIVALS] };
  const [folder, judge] = await Promise.all([modelDir!, judgeDir].map(loadModelFolder));
  const cases = namesCases(settings);
  const losses = lossCases(settings, await LossMeter.open(settings.modelDir, 1));
  const key = keyOf(measuringCode(), folder!.sha256, judge!.sha256, readFileSync(settings.file), JSON.stringify(settings.only));
  const kept = new KeptMeasures(option('kept'), { names: key, loss: key, judged: key, carried: key });
  const all = await measured(settings, [...tasksOf('loss', losses.length), ...tasksOf('judged', losses.length), ...tasksOf('names', cases.length)], kept);
  const of = <T>(kind: Kind): T[] => all.filter((m) => m.kind === kind) as T[];
  const names = of<NamesMeasure>('names');
  const [own, other] = [of<LossMeasure>('loss'), of<LossMeasure>('judged')];
  const columns = [(n: string) => meanColumn(names, (m) => m.recall, n), ...[own, other].map((list) => (n: string) => recoveryColumn(list, n))];
  const at = (what: string): string[] => RATIOS.map((r) => `${what} @${r}`);
  const standing = (list: readonly LossMeasure[]) => (name: string): string[] => CASE_KINDS.flatMap((kind) => RATIOS.map((_, i) => rate(list.filter((m) => losses[m.case]!.kind === kind), name, i).toFixed(3)));
  const repositories = new Set([...cases, ...losses].map((c) => c.repo)).size;
  const text = [
    `Needed names in ${cases.length} cases, loss recovery in ${losses.length}, under the bundled model and under the judge; ${repositories} repositories. In brackets by how much the shipped memory is ahead (95 %, paired bootstrap).`,
    '',
    ...table(['', ...at('needed names'), ...at('loss recovery'), ...at('under the judge')], settings.only!.map((name) => [label(name, SHIPPED), ...columns.flatMap((of) => leads(of(name), name === SHIPPED))])),
    '',
    'Loss recovery by where the target stands, under the bundled model, then under the judge:',
    '',
    ...[own, other].flatMap((list) => [...table(['', ...CASE_KINDS.flatMap((k) => RATIOS.map((r) => `${k} ${r}`))], settings.only!.map((name) => [label(name, SHIPPED), ...standing(list)(name)])), '']),
  ].join('\n').trimEnd();
  const out = option('out');
  if (out) {
    const document = join(out, 'quality.md');
    writeFileSync(document, withPart(readFileSync(document, 'utf8'), 'closest', text));
  }
  console.log(text);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
