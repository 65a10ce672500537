// Makes tasks of this repository: questions in words about its own code, each with the declaration that answers it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { languageOf } from '../../src/languages/languages';
import type { Task } from './task';

/** An entry of `own.json`. */
interface Question {
  readonly question: string;
  /** File of the answer, from the root of the repository. */
  readonly path: string;
  /** How the first line of the declaration begins; no other line of the file does. */
  readonly starts: string;
}

/** @param root of the repository. @returns tasks whose context is the folder of the answer */
export function ownTasks(root: string): Task[] {
  const questions = JSON.parse(readFileSync(join(root, 'bench/question/own.json'), 'utf8')) as Question[];
  return questions.map(({ question, path, starts }) => {
    const folder = dirname(path);
    const sources = readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => `${folder}/${name}`)
      .map((at) => ({ path: at, languageId: languageOf(at), text: readFileSync(join(root, at), 'utf8') }));
    const changed = sources.map((source) => (source.path === path ? declarationIn(source.text, starts) : []));
    return { id: `${path}: ${starts.trim()}`, repo: 'own', question, sources, changed, named: false };
  });
}

/** 1-based lines of a declaration, as Prettier lays it out: to the first brace that closes at its own indentation. */
function declarationIn(text: string, starts: string): number[] {
  const lines = text.split('\n');
  const found = lines.flatMap((line, i) => (line.startsWith(starts) ? [i] : []));
  if (found.length !== 1) throw new Error(`"${starts}" begins ${found.length} lines, not one`);
  const [first] = found as [number];
  const closing = `${/^ */.exec(starts)![0]}}`;
  const last = lines.findIndex((line, i) => i > first && line.startsWith(closing));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i + 1);
}
