// Measures how the time of our own stages grows with the length of a text, for texts that have too much of one thing.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choices, count, flag, optional, runBench, text } from '../options';
import { writePart } from '../markdown';
import { growthPicture, growthTables, TIME, WORK, type Series } from '../speed/growthReport';
import { openTools, STAGES, Subject } from '../speed/growthStages';
import { FAMILIES } from '../speed/growthTexts';
import { openWorkCounter } from '../speed/work';

const FAMILY_NAMES = FAMILIES.map((f) => f.name);
const FIRST = 1000; // UTF-16 units
const GIVE_UP = 12; // times the seconds of a point, by the clock: what comes before a stage takes time as well
const HEAP_MB = 6000;
const REPEATED_BELOW = 200; // ms; the least of several runs is the least disturbed
const MOST_RUNS = 4;
const MOST_MS = 400; // of the runs of one point

const spec = {
  name: 'growth',
  about:
    'Measures processor time against length for every stage of ours and many kinds of texts, doubling from 1 kB. A series ends at the first point that takes too long. Reading by the model and parsing by the grammars are not measured.',
  inputs: {},
  options: {
    stages: choices(Object.keys(STAGES), 'stages to measure'),
    families: choices(FAMILY_NAMES, 'kinds of texts'),
    first: count(FIRST, 'UTF-16 units', 'length of the shortest text'),
    longest: count(2_048_000, 'UTF-16 units', 'length of the longest text'),
    work: flag('counts the executed blocks of our code in place of time: on any machine the same, also on a busy one'),
    seconds: count(10, 'seconds', 'processor time of a point behind which a series ends'),
    model: text('DIR', 'model folder, for its tokenizer', 'media/model'),
    out: optional(
      'DIR',
      'writes growth.json and growth.svg there (of work: growth-work.json), and the table into speed.md; what the JSON has of other series stays',
    ),
    serve: flag('measures the points that the parent process asks for'),
  },
};

/** One point that the child shall measure. */
interface Point {
  readonly family: string;
  readonly stage: string;
  readonly units: number;
}

type Answer = Series['points'][number] | { readonly error: string } | { readonly none: true };

/** Measures points, one at a time; results of earlier stages stay while the text is the same. */
async function serve(modelDir: string, countWork: boolean): Promise<void> {
  const counter = countWork ? await openWorkCounter(__filename) : undefined;
  const tools = openTools(modelDir, join(__dirname, 'grammars'));
  let subject: { readonly key: string; readonly value: Subject } | undefined;
  const measure = async ({ family, stage, units }: Point): Promise<Answer> => {
    const { languageId, make } = FAMILIES.find((f) => f.name === family)!;
    const key = `${family} ${units}`;
    if (subject?.key !== key)
      subject = { key, value: new Subject(tools, { path: 'a', languageId, text: make(units) }) };
    const fresh = await STAGES[stage]!(subject.value);
    if (!fresh) return { none: true };
    const { length } = subject.value.source.text;
    if (counter) return { units: length, cost: await counter.of(fresh()) };
    let least = Infinity;
    let all = 0;
    for (let runs = 0; !runs || (runs < MOST_RUNS && least < REPEATED_BELOW && all < MOST_MS); runs++) {
      const run = fresh();
      gc!({ type: runs ? 'minor' : 'major' }); // what is measured pays for its own garbage alone
      const begun = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(begun);
      const ms = (user + system) / 1000;
      all += ms;
      least = Math.min(least, ms);
    }
    return { units: length, cost: least };
  };
  process.on('message', (point: Point) => {
    void measure(point)
      .catch((error: unknown): Answer => ({ error: error instanceof Error ? error.message : String(error) }))
      .then((answer) => process.send!(answer));
  });
}

/** A child that measures; a new one is started after one that hung or ran out of memory, and for each family: a text may break the grammars. */
class Child {
  private process: ChildProcess | undefined;

  constructor(
    private readonly model: string,
    private readonly work: boolean,
    private readonly mostSeconds: number,
  ) {}

  ask(point: Point): Promise<Answer> {
    const child = (this.process ??= fork(
      __filename,
      ['--serve', '--model', this.model, ...(this.work ? ['--work'] : [])],
      {
        execArgv: [
          '--expose-gc',
          `--max-old-space-size=${HEAP_MB}`,
          ...(this.work ? ['--no-turbo-inlining'] : []), // a call that was inlined is not counted
        ],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    ));
    return new Promise((done) => {
      const end = (answer: Answer): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
        done(answer);
      };
      const onMessage = (answer: unknown): void => end(answer as Answer);
      const onExit = (code: number | null, signal: string | null): void => {
        this.process = undefined;
        end({ error: `the process ended (${signal ?? code}), perhaps for lack of memory` });
      };
      const timer = setTimeout(() => {
        this.process = undefined;
        end({ error: `not done within ${this.mostSeconds} s` });
        child.kill('SIGKILL');
      }, this.mostSeconds * 1000);
      child.on('message', onMessage).on('exit', onExit);
      child.send(point);
    });
  }

  close(): void {
    this.process?.disconnect();
    this.process = undefined;
  }
}

runBench(spec, async (options) => {
  const { model, work, out } = options;
  if (options.serve) return serve(model, work);
  const child = new Child(model, work, GIVE_UP * options.seconds);
  const part = work ? 'growth-work' : 'growth';
  const file = out === undefined ? undefined : join(out, `${part}.json`);
  const measured = (s: Series): boolean => options.families.includes(s.family) && options.stages.includes(s.stage);
  const all: Series[] =
    file !== undefined && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Series[]).filter((s) => !measured(s))
      : [];
  for (const family of options.families) {
    const series = options.stages.map((stage) => ({ family, stage, points: [], ended: undefined }) as Series);
    const open = new Set(series);
    for (let units = options.first; units <= options.longest && open.size; units *= 2)
      for (const s of [...open]) {
        const answer = await child.ask({ family, stage: s.stage, units });
        if ('none' in answer || 'error' in answer) {
          if ('error' in answer) s.ended = { units, reason: answer.error };
          open.delete(s);
          continue;
        }
        s.points.push(answer);
        if (work || answer.cost <= options.seconds * 1000) continue;
        open.delete(s);
        if (2 * units <= options.longest) s.ended = { units, reason: `over ${options.seconds} s` };
      }
    child.close();
    all.push(...series.filter((s) => s.points.length || s.ended));
    process.stderr.write(`${family}\n`);
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(all)}\n`);
  }
  const tables = growthTables(all, work ? WORK : TIME);
  process.stdout.write(`${tables}\n`);
  if (out === undefined) return;
  if (!work) writeFileSync(join(out, 'growth.svg'), growthPicture(all));
  const image = '![Processor time against length, one line for each stage and kind of text](growth.svg)\n\n';
  writePart(join(out, 'speed.md'), part, `${work ? '' : image}${tables}`);
});
