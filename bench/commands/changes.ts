// Measures how many of the lines that a change needs stay if what somebody wrote of it is the question.
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import type { Span } from '../../src/core/span';
import { counter } from '../cases/compressed';
import { table } from '../markdown';
import { count, numbers, optional, required, runBench } from '../options';
import { commitTasks, repositoriesOf } from '../question/commits';
import { contextBenchTasks } from '../question/contextBench';
import { keptLines, shareOf } from '../question/measure';
import { SEARCHES, takePieces } from '../question/searches';
import type { Task } from '../question/task';
import { interval, mean } from '../quality/statistics';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import { grammarsIn, keptSpans, MODEL_DIR, progress } from '../setup';

const WITH = 'extended, with the question';
const WITHOUT = 'extended, without the question';

/** By row and ratio: shares of one task, 0…1. */
type Shares = Record<string, number[]>;

const spec = {
  name: 'changes',
  about:
    'Measures how many of the lines that a change touches stay if its message is the question: commits of the test repositories, or the issues of ContextBench.',
  inputs: {
    modelDir: MODEL_DIR,
    clones: required('CLONES', 'folder with a git directory for each repository'),
  },
  options: {
    contextBench: optional('FILE.parquet', 'tasks of ContextBench in the place of commits'),
    tasks: count(20, 'tasks', 'tasks of each repository, without --context-bench'),
    limit: count(Infinity, 'tasks', 'tasks in all'),
    seed: count(8, 'seeds', 'which commits'),
    ratios: numbers('0.25,0.5', 'keep ratios (default: 0.25,0.5)'),
    readings: optional('DIR', 'keeps what the model read there; the next run continues from it'),
  },
};

runBench(spec, async ({ modelDir, clones, contextBench, tasks: each, limit, seed, ratios: given, readings }) => {
  const ratios = given.length ? given : [0.25, 0.5];
  const drawn = contextBench
    ? await contextBenchTasks(contextBench, clones)
    : { tasks: repositoriesOf('test').flatMap((r) => commitTasks(clones, r, each, seed)), missing: [] };
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
    const structures: CodeStructure[] = [];
    for (const source of task.sources) structures.push(await parseStructure(source, grammars));
    const before = task.sources.reduce((sum, { text }) => sum + counter.count(text), 0);
    const rows: Record<string, readonly Span[][][]> = {};
    for (const [name, query] of [
      [WITH, task.question],
      [WITHOUT, undefined],
    ] as const) {
      const kept: Span[][][] = [];
      for (const keepRatio of ratios) {
        const { files } = await engine.compress({
          sources: task.sources,
          budget: { kind: 'keepRatio', keepRatio },
          scorer: 'extended',
          counter: 'o200k',
          markers: true,
          ...(query ? { query } : {}),
        });
        kept.push(files.map(keptSpans));
      }
      rows[name] = kept;
    }
    for (const [name, search] of Object.entries(SEARCHES)) {
      const pieces = search(task, structures);
      rows[name] = ratios.map((ratio) => takePieces(task, pieces, Math.floor(before * ratio), counter));
    }
    const sharesIn = (wanted: Task['changed']): Shares =>
      Object.fromEntries(
        Object.entries(rows).map(([name, kept]) => [
          name,
          kept.map((spans) =>
            shareOf(
              wanted,
              task.sources.map((source, i) => keptLines(source, spans[i]!)),
            ),
          ),
        ]),
      );
    changed.push(sharesIn(task.changed));
    if (task.gold) gold.push(sharesIn(task.gold));
    progress(changed.length, tasks.length, 'tasks');
  }
  await engine.dispose();
  const repos = new Set(tasks.map((t) => t.repo)).size;
  const named = tasks.map((t) => t.named);
  console.log(
    `${tasks.length} tasks from ${repos} repositories, ${named.filter(Boolean).length} of them name what is changed` +
      `${drawn.missing.length ? `; not to be had: ${drawn.missing.length}` : ''}.\n`,
  );
  const worse = ratios.map(
    (_, k) => changed.filter((shares) => shares[WITH]![k]! < shares[WITHOUT]![k]!).length / Math.max(1, changed.length),
  );
  const groups: (readonly [string, readonly Shares[]])[] = [
    ['changed lines', changed],
    ['named', changed.filter((_, i) => named[i])],
    ['not named', changed.filter((_, i) => !named[i])],
    ...(gold.length ? [['gold lines', gold] as const] : []),
  ];
  const head = groups.flatMap(([name]) => ratios.map((ratio) => `${name} @${ratio}`));
  const body = Object.keys(changed[0]!).map((row) => [
    row,
    ...groups.flatMap(([, shares]) => ratios.map((_, k) => cell(shares, row, k))),
  ]);
  console.log(table(['', ...head], body).join('\n'));
  console.log(
    `\nFewer changed lines with the question than without: ${ratios.map((r, k) => `${(100 * worse[k]!).toFixed(1)} % of the tasks @${r}`).join(', ')}.`,
  );
});

/** The mean share of a row, and the 95 % interval of how far the row with the question is ahead. */
function cell(shares: readonly Shares[], row: string, k: number): string {
  const value = mean(shares.map((s) => s[row]![k]!)).toFixed(3);
  if (row === WITH) return value;
  const lead = shares.map((s) => s[WITH]![k]! - s[row]![k]!);
  const [low, high] = interval(shares.length, (sample) => mean(sample.map((i) => lead[i]!)));
  const sign = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;
  return `${value} (${sign(low)} … ${sign(high)})`;
}
