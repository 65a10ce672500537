// Reads the tasks of ContextBench (github.com/Nobbettt/ContextBench, Apache-2.0): issues with the lines that people marked as needed.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import type { SourceText } from '../../src/core/context';
import { languageOf } from '../../src/languages/languages';
import { cloneOf, type Clone } from '../corpus/clones';
import { changedLines, namesChange, type Task } from './task';

/** A row of `data/contextbench_verified_test.parquet`. */
interface Row {
  readonly original_inst_id: string;
  readonly base_commit: string;
  /** JSON: lines of files, 1-based, the last one included. */
  readonly gold_context: string;
  readonly patch: string;
  readonly problem_statement: string;
}

interface GoldPart {
  readonly file: string;
  readonly start_line: number;
  readonly end_line: number;
}

/** `cli__cli-5973` and `instance_ansible__ansible-bec27…` name their repositories so. */
const REPOSITORY = /^(?:instance_)?(.+?)__(.+?)-(?:\d+$|[0-9a-f]{40})/;
const WORKSPACE = /^\/workspace\/[^/]+\//;

/**
 * The tasks that can be had: those whose repository is among the clones with the commit that they begin at.
 * @param file the parquet file. @param clones see `cloneOf`
 */
export async function contextBenchTasks(
  file: string,
  clones: string,
): Promise<{ readonly tasks: Task[]; readonly missing: string[] }> {
  const bytes = await readFile(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = (await parquetReadObjects({ file: buffer })) as unknown as Row[];
  const tasks: Task[] = [];
  const missing: string[] = [];
  for (const row of rows) {
    const task = taskOf(row, clones);
    if (task) tasks.push(task);
    else missing.push(row.original_inst_id);
  }
  return { tasks, missing };
}

function taskOf(row: Row, clones: string): Task | undefined {
  const [, owner, name] = REPOSITORY.exec(row.original_inst_id) ?? [];
  const repo = `${owner}/${name}`;
  let clone: Clone;
  try {
    clone = cloneOf(clones, repo);
    clone.git(['cat-file', '-e', `${row.base_commit}^{commit}`]);
  } catch {
    return undefined;
  }
  const parts = (JSON.parse(row.gold_context) as GoldPart[]).map((part) => ({
    ...part,
    file: part.file.replace(WORKSPACE, ''),
  }));
  const paths = [...new Set(parts.map((part) => part.file))].filter((path) => !isAbsolute(path)); // others are no file of the commit
  const files = clone.filesOf(row.base_commit, paths);
  const texts = clone.textsOf(files.map((f) => f.hash));
  const sources = files.flatMap(({ path }, i): SourceText[] => {
    const text = texts[i];
    return text ? [{ path, languageId: languageOf(path, text), text }] : [];
  });
  const changes = changedLines(row.patch);
  const changed = sources.map(({ path }) => changes.get(path) ?? []);
  if (!changed.some((lines) => lines.length)) return undefined;
  const gold = sources.map(({ path }) => {
    const lines = new Set<number>();
    for (const part of parts)
      if (part.file === path) for (let line = part.start_line; line <= part.end_line; line++) lines.add(line);
    return [...lines].sort((a, b) => a - b);
  });
  const question = row.problem_statement;
  return {
    id: row.original_inst_id,
    repo,
    question,
    sources,
    changed,
    gold,
    named: namesChange(question, sources, changed),
  };
}
