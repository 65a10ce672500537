// Measures how many of the lines that a change needs stay if what somebody wrote of it is the question.
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import { writePart } from '../markdown';
import { choices, count, numbers, optional, required, runBench } from '../options';
import { commitTasks, repositoriesOf } from '../question/commits';
import { contextBenchTasks } from '../question/contextBench';
import { changesReport, type Shares } from '../question/report';
import { rowsOf, sharesIn } from '../question/rows';
import { grammarsIn, MODEL_DIR, OUT, progress } from '../setup';

const SPLITS = ['train', 'validation', 'test'] as const;

const spec = {
  name: 'changes',
  about:
    'Measures how many of the lines that a change touches stay if its message is the question: commits of the repositories, or the issues of ContextBench.',
  inputs: {
    modelDir: MODEL_DIR,
    clones: required('CLONES', 'folder with a git directory for each repository'),
  },
  options: {
    contextBench: optional('FILE.parquet', 'tasks of ContextBench in the place of commits'),
    splits: choices(SPLITS, 'repositories of the commits; nothing is tuned on test', ['test']),
    tasks: count(20, 'tasks', 'tasks of each repository, without --context-bench'),
    limit: count(Infinity, 'tasks', 'tasks in all'),
    seed: count(8, 'seeds', 'which commits'),
    ratios: numbers('0.25,0.5', 'keep ratios (default: 0.25,0.5)'),
    readings: optional('DIR', 'keeps what the model read there; the next run continues from it'),
    out: OUT,
  },
};

runBench(
  spec,
  async ({ modelDir, clones, contextBench, splits, limit, seed, ratios: given, readings, out, ...rest }) => {
    const ratios = given.length ? given : [0.25, 0.5];
    const drawn = contextBench
      ? await contextBenchTasks(contextBench, clones)
      : {
          tasks: splits.flatMap(repositoriesOf).flatMap((r) => commitTasks(clones, r, rest.tasks, seed)),
          missing: [],
        };
    const tasks = drawn.tasks.slice(0, limit);
    const engine = await Compressor.create({
      modelDir,
      grammarDir: join(__dirname, 'grammars'),
      ...(readings ? { cacheDir: readings } : {}),
    });
    const grammars = grammarsIn();
    const changed: Shares[] = [];
    const gold: Shares[] = [];
    for (const task of tasks) {
      const rows = await rowsOf(task, engine, grammars, ratios);
      changed.push(sharesIn(task, rows, task.changed));
      if (task.gold) gold.push(sharesIn(task, rows, task.gold));
      progress(changed.length, tasks.length, 'tasks');
    }
    await engine.dispose();
    const text = changesReport({ tasks, missing: drawn.missing.length, ratios, changed, gold });
    console.log(text);
    if (out) writePart(join(out, 'quality.md'), contextBench ? 'contextBench' : 'changes', text);
  },
);
