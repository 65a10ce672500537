// Knows how far the shipped memory is ahead of the rows that come nearest to it, on as many cases as it takes to tell.
// Usage: closest MODEL_DIR CORPUS.jsonl --judge DIR [--cases n] [--loss-cases n] [--unplaced-cases n] [--parts names,loss,unplaced] [--kept FILE] [--out DIR]
//   Both base models judge every loss case. --out: its tables go into DIR/quality.md. --kept: as in main.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModelFolder } from '../../src/node/model/manifest';
import { CASE_KINDS, type Case } from '../cases/cases';
import { LossMeter } from '../cases/loss';
import { meanColumn, recoveryColumn, type Column } from './comparison';
import { judgeFolder } from './judge';
import { KeptMeasures, keyOf } from './kept';
import {
  lossCases,
  namesCases,
  type Kind,
  type LossMeasure,
  type Measured,
  type NamesMeasure,
  type Settings,
  type Task,
} from './measure';
import { RATIOS, SHIPPED, UNPLACED } from './methods';
import { measured, measuringCode, tasksOf } from './processes';
import { label, leads, table, withPart } from './report';

/** The two best rules in needed names. */
const IN_NAMES = ['comments out, then greedy coverage', 'comments out, then new names'];
/** The two that no 96 cases tell from the memory in loss. */
const IN_LOSS = ['tail', 'recency'];

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const given = option('judge');
  if (!given) throw new Error('closest: --judge DIR is missing (bench/judge)');
  const judgeDir = judgeFolder(given, modelDir!);
  const all: Settings = {
    modelDir: modelDir!,
    file: file!,
    cases: Number(option('cases') ?? 1000),
    lossCases: Number(option('loss-cases') ?? 1000),
    judge: judgeDir,
  };
  const [folder, judge] = await Promise.all([modelDir!, judgeDir].map(loadModelFolder));
  /** What is kept of an earlier run depends on the rows: they stand in one measure. */
  const measure = (settings: Settings, tasks: readonly Task[]): Promise<Measured[]> => {
    const key = keyOf(
      measuringCode(),
      folder!.sha256,
      judge!.sha256,
      readFileSync(settings.file),
      JSON.stringify(settings.only),
    );
    return measured(
      settings,
      tasks,
      new KeptMeasures(option('kept'), { names: key, loss: key, judged: key, carried: key }),
    );
  };
  const few = Number(option('unplaced-cases') ?? 150);
  const unplaced = { ...all, cases: few, lossCases: few };
  const parts = {
    names: () => namesPart(all, measure),
    loss: () => lossPart(all, measure),
    unplaced: () => unplacedPart(unplaced, measure),
  };
  for (const part of (option('parts') ?? 'names,loss,unplaced').split(',') as (keyof typeof parts)[]) {
    if (!(part in parts)) throw new Error(`closest: no part ${part}; there are ${Object.keys(parts).join(', ')}`);
    const out = option('out');
    const into = (text: string): string =>
      withPart(readFileSync(join(out!, 'quality.md'), 'utf8'), `closest-${part}`, text);
    if (out) into(''); // a place that is not there is better known before hours of measuring
    const text = await parts[part]();
    console.log(text);
    if (out) writeFileSync(join(out, 'quality.md'), into(text));
  }
}

type Measure = (settings: Settings, tasks: readonly Task[]) => Promise<Measured[]>;

const at = (what: string): string[] => RATIOS.map((r) => `${what} @${r}`);

function beside(rows: readonly string[], columns: readonly (readonly [string, (row: string) => Column])[]): string[] {
  return table(
    ['', ...columns.flatMap(([what]) => at(what))],
    rows.map((name) => [label(name, SHIPPED), ...columns.flatMap(([, of]) => leads(of(name), name === SHIPPED))]),
  );
}

async function namesPart(all: Settings, measure: Measure): Promise<string> {
  const settings = { ...all, only: [SHIPPED, ...IN_NAMES, ...IN_LOSS] };
  const cases = namesCases(settings);
  const names = (await measure(settings, tasksOf('names', cases.length))) as NamesMeasure[];
  return [
    `Needed names in ${cases.length} cases, ${repositories(cases)} repositories. In brackets by how much the shipped memory is ahead (95 %, paired bootstrap).`,
    '',
    ...beside(settings.only, [['needed names', (n) => meanColumn(names, (m) => m.recall, n)]]),
  ].join('\n');
}

async function lossPart(all: Settings, measure: Measure): Promise<string> {
  const settings = { ...all, only: [SHIPPED, IN_NAMES[1]!, ...IN_LOSS] };
  const cases = lossCases(settings, await LossMeter.open(settings.modelDir, 1));
  const tasks = cases.flatMap((_, i): Task[] => [
    { kind: 'loss', case: i },
    { kind: 'judged', case: i },
  ]);
  const measures = (await measure(settings, tasks)) as LossMeasure[];
  const of = (kind: Kind): LossMeasure[] => measures.filter((m) => m.kind === kind);
  const standing = (list: readonly LossMeasure[]): string[] =>
    table(
      ['', ...CASE_KINDS.flatMap((k) => at(k))],
      settings.only.map((name) => [
        label(name, SHIPPED),
        ...CASE_KINDS.flatMap((kind) =>
          leads(
            recoveryColumn(
              list.filter((m) => cases[m.case]!.kind === kind),
              name,
            ),
            name === SHIPPED,
          ),
        ),
      ]),
    );
  return [
    `Loss recovery in ${cases.length} cases, ${repositories(cases)} repositories, under the bundled model and under the judge. In brackets by how much the shipped memory is ahead (95 %, paired bootstrap).`,
    '',
    ...beside(settings.only, [
      ['loss recovery', (n) => recoveryColumn(of('loss'), n)],
      ['under the judge', (n) => recoveryColumn(of('judged'), n)],
    ]),
    '',
    'By where the target stands, under the bundled model, then under the judge:',
    '',
    ...standing(of('loss')),
    '',
    ...standing(of('judged')),
  ].join('\n');
}

/** What the memory is worth where nobody knows the place of work; only right behind the context that makes a difference. */
async function unplacedPart(all: Settings, measure: Measure): Promise<string> {
  const settings = { ...all, only: [SHIPPED, UNPLACED, ...IN_LOSS] };
  const [cases, losses] = [namesCases(settings), lossCases(settings, await LossMeter.open(settings.modelDir, 1))];
  const next = (list: readonly Case[], kind: Kind): Task[] =>
    list.flatMap((c, i): Task[] => (c.kind === 'next' ? [{ kind, case: i }] : []));
  const names = (await measure(settings, next(cases, 'names'))) as NamesMeasure[];
  const [own, other] = [
    (await measure(settings, next(losses, 'loss'))) as LossMeasure[],
    (await measure(settings, next(losses, 'judged'))) as LossMeasure[],
  ];
  return [
    `Right behind the context: needed names in ${names.length} cases, loss recovery in ${own.length}.`,
    '',
    ...beside(settings.only, [
      ['needed names', (n) => meanColumn(names, (m) => m.recall, n)],
      ['loss recovery', (n) => recoveryColumn(own, n)],
      ['under the judge', (n) => recoveryColumn(other, n)],
    ]),
  ].join('\n');
}

const repositories = (cases: readonly Case[]): number => new Set(cases.map((c) => c.repo)).size;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
