// Lists questions in words about this repository, and how much of the declaration that answers each one stays.
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import { percent, table, writePart } from '../markdown';
import { numbers, optional, runBench } from '../options';
import { mean } from '../quality/statistics';
import { ownTasks } from '../question/ownTasks';
import type { Shares } from '../question/report';
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
  const methods = Object.keys(all[0] ?? {});
  const cells = (shares: (method: string, k: number) => number): string[] =>
    methods.flatMap((method) => ratios.map((_, k) => percent(shares(method, k))));
  const text = [
    ...table(
      ['question', 'answer', ...methods.flatMap((method) => ratios.map((ratio) => `${method} @${ratio}`))],
      [
        ...tasks.map(({ question, id }, i) => [question, `\`${id}\``, ...cells((m, k) => all[i]![m]![k]!)]),
        ['mean', '', ...cells((m, k) => mean(all.map((shares) => shares[m]![k]!)))],
      ],
    ),
  ].join('\n');
  console.log(text);
  if (out) writePart(join(out, 'quality.md'), 'ownQuestions', text);
});
