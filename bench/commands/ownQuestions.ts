// Lists questions in words about this repository, and how much of the declaration that answers each one stays.
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import { percent, table, writePart } from '../markdown';
import { numbers, optional, runBench } from '../options';
import { mean } from '../quality/statistics';
import { ownTasks } from '../question/ownTasks';
import { WITH, WITHOUT, type Shares } from '../question/report';
import { rowsOf, sharesIn } from '../question/rows';
import { grammarsIn, MODEL_DIR, OUT, progress } from '../setup';

const spec = {
  name: 'ownQuestions',
  about:
    'Asks questions in words about this repository, each over the folder of its answer, and lists how much of the declaration that answers it stays.',
  inputs: { modelDir: MODEL_DIR },
  options: {
    ratios: numbers('0.1,0.25', 'keep ratios (default: 0.1,0.25)'),
    readings: optional('DIR', 'keeps what the model read there; the next run continues from it'),
    out: OUT,
  },
};

runBench(spec, async ({ modelDir, ratios: given, readings, out }) => {
  const ratios = given.length ? given : [0.1, 0.25];
  const grammars = grammarsIn();
  const engine = await Compressor.create({
    modelDir,
    grammarDir: join(__dirname, 'grammars'),
    ...(readings ? { cacheDir: readings } : {}),
  });
  const tasks = ownTasks('.');
  const all: Shares[] = [];
  for (const task of tasks) {
    all.push(sharesIn(task, await rowsOf(task, engine, grammars, ratios), task.changed));
    progress(all.length, tasks.length, 'questions');
  }
  await engine.dispose();
  const cells = (shares: Shares, method: string): string[] => shares[method]!.map((share) => percent(share));
  const head = ratios.map((ratio) => `@${ratio}`);
  const means: Shares = Object.fromEntries(
    Object.keys(all[0] ?? {}).map((method) => [method, ratios.map((_, k) => mean(all.map((own) => own[method]![k]!)))]),
  );
  const text = [
    ...table(
      ['question', 'answer', ...head.map((at) => `stays ${at}`), ...head.map((at) => `without the question ${at}`)],
      tasks.map(({ question, id }, i) => [
        question,
        `\`${id}\``,
        ...[WITH, WITHOUT].flatMap((method) => cells(all[i]!, method)),
      ]),
    ),
    '',
    ...table(
      ['mean of all', ...head],
      Object.keys(means).map((method) => [method, ...cells(means, method)]),
    ),
  ].join('\n');
  console.log(text);
  if (out) writePart(join(out, 'quality.md'), 'ownQuestions', text);
});
