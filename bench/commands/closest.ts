// Measures the lead of the shipped memory over its closest rivals, on as many cases as it takes to be sure.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModelFolder } from '../../src/node/model/manifest';
import { CASE_KINDS, repositoriesOf, type Case } from '../cases/cases';
import { RATIOS } from '../cases/compressed';
import { LossMeter } from '../cases/loss';
import { table, withPart, writePart } from '../markdown';
import { choices, count, required, runBench } from '../options';
import { meanColumn, recoveryColumn, type Column } from '../quality/comparison';
import { judgeFolder } from '../quality/judge';
import {
  lossCases,
  namesCases,
  type Kind,
  type LossMeasure,
  type Measured,
  type NamesMeasure,
  type Settings,
  type Task,
} from '../quality/measure';
import { keyOf, MeasureLog } from '../quality/measureLog';
import { SHIPPED, UNPLACED } from '../quality/methods';
import { measureAll, tasksOf, workerCode } from '../quality/processes';
import { label, leadCells } from '../quality/report';
import { JUDGE, MODEL_DIR, OUT, RESUME, TEST_CORPUS } from '../setup';

/** The two best rules in needed names. */
const IN_NAMES = ['comments out, then greedy coverage', 'comments out, then new names'];
/** The two rows that 96 cases cannot tell from the memory in loss. */
const IN_LOSS = ['tail', 'recency'];

const spec = {
  name: 'closest',
  about: 'Measures the lead of the shipped memory over its closest rivals. Both base models judge every loss case.',
  inputs: { modelDir: MODEL_DIR, corpus: TEST_CORPUS },
  options: {
    judge: required('DIR', JUDGE),
    cases: count(1000, 'cases', 'contexts for needed names'),
    lossCases: count(1000, 'cases', 'contexts for loss recovery'),
    unplacedCases: count(150, 'cases', 'contexts of each sort for the part without a cursor position'),
    parts: choices(['names', 'loss', 'unplaced'], 'tables to measure'),
    resume: RESUME,
    out: OUT,
  },
};

runBench(spec, async (options) => {
  const { modelDir, corpus: file, out } = options;
  const judgeDir = judgeFolder(options.judge, modelDir);
  const all: Settings = { modelDir, file, cases: options.cases, lossCases: options.lossCases, judge: judgeDir };
  const [folder, judge] = await Promise.all([modelDir, judgeDir].map(loadModelFolder));
  /** A logged measure holds one value for each row, so the rows are part of its key. */
  const measure = (settings: Settings, tasks: readonly Task[]): Promise<Measured[]> => {
    const corpus = readFileSync(settings.file);
    const key = keyOf(workerCode(), folder!.sha256, judge!.sha256, corpus, JSON.stringify(settings.only));
    const log = new MeasureLog(options.resume, { names: key, loss: key, judged: key, transferred: key });
    return measureAll(settings, tasks, log);
  };
  const unplaced = { ...all, cases: options.unplacedCases, lossCases: options.unplacedCases };
  const parts = {
    names: () => namesPart(all, measure),
    loss: () => lossPart(all, measure),
    unplaced: () => unplacedPart(unplaced, measure),
  };
  for (const part of options.parts) {
    const page = out === undefined ? undefined : join(out, 'quality.md');
    if (page) withPart(readFileSync(page, 'utf8'), `closest-${part}`, ''); // fails before hours of measuring
    const text = await parts[part]();
    console.log(text);
    if (page) writePart(page, `closest-${part}`, text);
  }
});

type Measure = (settings: Settings, tasks: readonly Task[]) => Promise<Measured[]>;

const heads = (what: string): string[] => RATIOS.map((r) => `${what} @${r}`);

function rowsOf(names: readonly string[], columns: readonly (readonly [string, (name: string) => Column])[]): string[] {
  return table(
    ['', ...columns.flatMap(([what]) => heads(what))],
    names.map((name) => [
      label(name, SHIPPED),
      ...columns.flatMap(([, columnOf]) => leadCells(columnOf(name), name === SHIPPED)),
    ]),
  );
}

async function namesPart(all: Settings, measure: Measure): Promise<string> {
  const settings = { ...all, only: [SHIPPED, ...IN_NAMES, ...IN_LOSS] };
  const cases = namesCases(settings);
  const names = (await measure(settings, tasksOf('names', cases.length))) as NamesMeasure[];
  return [
    `Needed names in ${cases.length} cases, ${repositoriesOf(cases)} repositories. In brackets by how much the shipped memory is ahead (95 %, paired bootstrap).`,
    '',
    ...rowsOf(settings.only, [['needed names', (n) => meanColumn(names, (m) => m.recall, n)]]),
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
  const ofKind = (kind: Kind): LossMeasure[] => measures.filter((m) => m.kind === kind);
  const byPosition = (list: readonly LossMeasure[]): string[] =>
    rowsOf(
      settings.only,
      CASE_KINDS.map((kind): [string, (name: string) => Column] => {
        const some = list.filter((m) => cases[m.case]!.kind === kind);
        return [kind, (name) => recoveryColumn(some, name)];
      }),
    );
  return [
    `Loss recovery in ${cases.length} cases, ${repositoriesOf(cases)} repositories, under the bundled model and under the judge. In brackets by how much the shipped memory is ahead (95 %, paired bootstrap).`,
    '',
    ...rowsOf(settings.only, [
      ['loss recovery', (n) => recoveryColumn(ofKind('loss'), n)],
      ['under the judge', (n) => recoveryColumn(ofKind('judged'), n)],
    ]),
    '',
    'By where the target stands, under the bundled model, then under the judge:',
    '',
    ...byPosition(ofKind('loss')),
    '',
    ...byPosition(ofKind('judged')),
  ].join('\n');
}

/** The memory without a cursor position. That makes a difference only if the target follows the context. */
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
    ...rowsOf(settings.only, [
      ['needed names', (n) => meanColumn(names, (m) => m.recall, n)],
      ['loss recovery', (n) => recoveryColumn(own, n)],
      ['under the judge', (n) => recoveryColumn(other, n)],
    ]),
  ].join('\n');
}
