// Makes tasks of commits: the message is the question, the files before the change are the context.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceText } from '../../src/core/context';
import { languageOf } from '../../src/languages/languages';
import { seededRandom } from '../cases/cases';
import { cloneOf, type Clone } from '../corpus/clones';
import { languageByEnding } from '../corpus/sample';
import { changedLines, namesChange, type Task } from './task';

/** A repository of `repositories.json`. */
export interface Repository {
  readonly repo: string;
  readonly commit: string;
  readonly split: 'train' | 'validation' | 'test';
}

const CODE = new Set('TypeScript TSX JavaScript Python Go Rust Java C C++ C# Ruby PHP Kotlin Swift Scala'.split(' '));
const UNITS = [1500, 40_000] as const; // UTF-16 units of a file
const MOST_UNITS = 60_000; // of a context
const MOST_FILES = 4; // that a commit changes
const MOST_LINES = 40; // that it changes
const MOST_BESIDE = 2; // files of the folder that it does not change
const RECENT = 4000; // commits that are looked at
const QUESTION = [40, 4000] as const; // UTF-16 units of a message
const LEAST_WORDS = 6;
const PASSED_OVER =
  /(^|\/)(tests?|__tests__|spec|specs|e2e|vendor|node_modules|third_party|dist|build|generated|fixtures?|examples?|docs?|benchmarks?|testdata)\/|[._-](test|spec|tests)\.\w+$|(^|\/)test_\w+\.py$|_test\.(go|py|rb)$|Tests?\.(java|cs|kt|php|swift)$/;
const NO_QUESTION =
  /^(merge|revert|release|bump|version|v?\d+\.\d|prepare|update (the )?(change|dep|version|copyright|licen)|chore|docs?\b|style\b|ci\b|build\b|test|format|typo|fix (typo|lint|build|ci|test)|cleanup|lint|\[maven|add (more )?tests?)/i;
/** The subject of a message that is about no code. */
const NO_CODE =
  /\b(javadoc|doc(s|umentation|strings?)?|comments?|typos?|changelog|readme|copyright|licen[cs]e|white ?space|formatting|spelling|grammar|wording)\b/i;
const TRAILER = /^(?:[A-Z][\w-]+-by|Change-Id|Cc|Bug|Git-svn-id|Differential Revision|Refs?|PR-URL): .*$/gim;

/** @returns what a message asks for; undefined if it is no question */
function questionOf(message: string): string | undefined {
  const text = message
    .replace(TRAILER, '')
    .replace(/\(?#\d+\)?/g, '')
    .trim();
  if (NO_QUESTION.test(text) || NO_CODE.test(text.split('\n')[0]!) || text.length < QUESTION[0]) return undefined;
  return (text.match(/[A-Za-z_]{3,}/g) ?? []).length < LEAST_WORDS ? undefined : text.slice(0, QUESTION[1]);
}

/**
 * Tasks of one repository, the newest commits first among those that the seed draws.
 * @param clones see `cloneOf`
 */
export function commitTasks(clones: string, { repo, commit }: Repository, limit: number, seed: number): Task[] {
  const clone = cloneOf(clones, repo);
  const next = seededRandom(seed);
  const log = clone
    .git(['log', '--no-merges', `--max-count=${RECENT}`, '--format=%H%x00%B%x01', commit])
    .toString('utf8')
    .split('\x01')
    .map((entry) => entry.trim().split('\0') as [string, string])
    .filter(([hash]) => hash);
  const order = log.map((entry) => ({ entry, at: next(1 << 30) })).sort((a, b) => a.at - b.at);
  const tasks: Task[] = [];
  for (const { entry } of order) {
    if (tasks.length === limit) break;
    const question = questionOf(entry[1]);
    const task = question && taskOf(clone, repo, entry[0], question, next);
    if (task) tasks.push(task);
  }
  return tasks;
}

function taskOf(
  clone: Clone,
  repo: string,
  hash: string,
  question: string,
  next: (n: number) => number,
): Task | undefined {
  const patch = clone.git(['diff-tree', '-p', '-U0', '--no-renames', '--no-commit-id', '-r', hash]).toString('utf8');
  const changes = new Map(
    [...changedLines(patch)].filter(([path, lines]) => lines.length && isCode(path) && !PASSED_OVER.test(path)),
  );
  const lines = [...changes.values()].reduce((sum, l) => sum + l.length, 0);
  if (!changes.size || changes.size > MOST_FILES || lines > MOST_LINES) return undefined;
  const paths = [...changes.keys()];
  const files = clone.filesOf(`${hash}^`, paths);
  if (files.length !== paths.length || files.some(({ size }) => size < UNITS[0] || size > UNITS[1])) return undefined;
  const folders = [...new Set(paths.map((path) => `${dirname(path)}/`))];
  const beside = clone
    .filesOf(`${hash}^`, folders)
    .filter(
      ({ path, size }) =>
        !changes.has(path) &&
        isCode(path) &&
        !PASSED_OVER.test(path) &&
        folders.includes(`${dirname(path)}/`) &&
        size >= UNITS[0] &&
        size <= UNITS[1],
    );
  for (let i = 0; i < MOST_BESIDE && beside.length; i++) files.push(...beside.splice(next(beside.length), 1));
  const texts = clone.textsOf(files.map((f) => f.hash));
  const sources = files.flatMap(({ path }, i): SourceText[] => {
    const text = texts[i];
    return text === undefined ? [] : [{ path, languageId: languageOf(path, text), text }];
  });
  if (sources.length !== files.length || sources.reduce((sum, s) => sum + s.text.length, 0) > MOST_UNITS)
    return undefined;
  const changed = sources.map(({ path }) => changes.get(path) ?? []);
  return {
    id: `${repo} ${hash.slice(0, 10)}`,
    repo,
    question,
    sources,
    changed,
    named: namesChange(question, sources, changed),
  };
}

const isCode = (path: string): boolean => CODE.has(languageByEnding(path) ?? '');

/** The repositories of a split. */
export function repositoriesOf(split: Repository['split']): Repository[] {
  const { repositories } = JSON.parse(readFileSync(join('bench', 'question', 'repositories.json'), 'utf8')) as {
    repositories: Repository[];
  };
  return repositories.filter((r) => r.split === split);
}
