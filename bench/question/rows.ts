// Compresses a task by each method that is compared, and says which share of the needed lines stays.
import type { Span } from '../../src/core/span';
import type { Compressor } from '../../src/node/engine/compressor';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import { counter } from '../cases/compressed';
import { keptSpans, type grammarsIn } from '../setup';
import { keptLines, shareOf } from './measure';
import { WITH, WITHOUT, type Shares } from './report';
import { SEARCHES, takePieces } from './searches';
import type { Task } from './task';

/** Kept spans by row, ratio and text. */
export type Rows = Readonly<Record<string, readonly (readonly Span[][])[]>>;

export async function rowsOf(
  task: Task,
  engine: Compressor,
  grammars: ReturnType<typeof grammarsIn>,
  ratios: readonly number[],
): Promise<Rows> {
  const structures: CodeStructure[] = [];
  for (const source of task.sources) structures.push(await parseStructure(source, grammars));
  const before = task.sources.reduce((sum, { text }) => sum + counter.count(text), 0);
  const rows: Record<string, Span[][][]> = {};
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
  return rows;
}

/** @param wanted per text, 1-based lines */
export function sharesIn({ sources }: Task, rows: Rows, wanted: Task['changed']): Shares {
  return Object.fromEntries(
    Object.entries(rows).map(([name, kept]) => [
      name,
      kept.map((spans) =>
        shareOf(
          wanted,
          sources.map((source, i) => keptLines(source, spans[i]!)),
        ),
      ),
    ]),
  );
}
