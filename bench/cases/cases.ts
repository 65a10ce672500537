// Draws cases from a corpus: real code as context, and other real code, the target, that someone writes with its help.
import { dirname } from 'node:path';
import type { SourceText } from '../../src/core/context';
import { languageOf } from '../../src/languages/languages';
import { isName } from '../../src/evidence/names';
import { readJsonLines } from '../setup';
import { withHeader } from './headers';

/** Where the target is: right after the context, further down its file, or in another file of its folder. */
export const CASE_KINDS = ['next', 'later', 'across'] as const;
/** `beside`: in another file whose beginning is in the context as well. */
export type CaseKind = (typeof CASE_KINDS)[number] | 'beside';

export interface Case {
  readonly kind: CaseKind;
  readonly repo: string;
  readonly language: string;
  readonly context: SourceText;
  readonly target: SourceText;
  /** The text before the target in its own file, if the context holds that too. */
  readonly beside?: SourceText;
  /** Names that the target's code uses and the context's code mentions. */
  readonly needed: ReadonlySet<string>;
}

export interface CaseOptions {
  readonly limit: number;
  readonly seed: number;
  /** Fewest and most UTF-16 units of the context; the length is drawn evenly and ends at a line. */
  readonly context: readonly [number, number];
  /** UTF-16 units of the target. */
  readonly target: number;
  /** Every third context that begins with its file gets a licence header, as real files have. */
  readonly headers?: boolean;
  /** Kinds that take turns; CASE_KINDS by default. */
  readonly kinds?: readonly CaseKind[];
}

/** Sizes in UTF-16 units for every table of names and for the threshold of `--auto`: contexts of about 900 to 7,000 model tokens. */
export const TABLE_SIZES = { context: [3000, 24_000], target: 900 } as const;

/** The cursor position: the end of the context if the target follows it. @returns UTF-16 offset; undefined if nobody knows it */
export function focusOf({ kind, context }: Case): number | undefined {
  return kind === 'next' ? context.text.length : undefined;
}

interface Row {
  readonly repo: string;
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

export const WORD = /[A-Za-z_$][\w$]{2,}/g; // may be a needed name
const MIN_NEEDED = 4; // needed names of a case
const GAP = 1200; // units between a context and a later target
const MIN_BESIDE = 1500; // units before a target of kind `beside`

export function namesIn(code: string): Set<string> {
  return new Set((code.match(WORD) ?? []).filter(isName));
}

/** Code without comments and strings: an approximation that is good enough to find the names it uses. */
export function codeOnly(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\/|'''[\s\S]*?'''|"""[\s\S]*?"""/g, ' ')
    .replace(/(^|\s)(\/\/|#(?!include|define|\[)).*$/gm, ' ')
    .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
}

/** Cases from a corpus file (one JSON object a line), spread over repositories and kinds. The same seed gives the same cases. */
export function loadCases(
  file: string,
  { limit, seed, context, target, headers = false, kinds = CASE_KINDS }: CaseOptions,
): Case[] {
  const rows = readJsonLines<Row>(file).filter((r) => r.language !== 'JSON' && r.language !== 'Markdown');
  const folders = groupBy(rows, (r) => `${r.repo}/${dirname(r.path)}`);
  const repos = [...groupBy(rows, (r) => r.repo).values()];
  const next = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const cases: Case[] = [];
  for (let tries = 0; cases.length < limit && tries < limit * 200; tries++) {
    const kind = kinds[cases.length % kinds.length]!;
    const inOtherFile = kind === 'across' || kind === 'beside';
    const row = pick(pick(repos));
    const size = context[0] + next(context[1] - context[0] + 1);
    const whole = row.text.length <= size;
    if (inOtherFile ? row.text.length < context[0] : row.text.length < size + target + (kind === 'later' ? GAP : 0))
      continue;
    // Half of the contexts begin with their file, half at a later line: a recipient gets both.
    const room = row.text.length - size - (inOtherFile ? 0 : target + (kind === 'later' ? GAP : 0));
    const from = whole || next(2) ? 0 : row.text.indexOf('\n', next(Math.max(1, room))) + 1;
    const cut = whole ? row.text.length : row.text.lastIndexOf('\n', from + size) + 1;
    if (cut - from < size / 2 && !whole) continue;
    const text = row.text.slice(from, cut);
    let goal: { path: string; text: string };
    let beside: SourceText | undefined;
    if (inOtherFile) {
      const other = pick(folders.get(`${row.repo}/${dirname(row.path)}`)!);
      if (other === row || other.text.length < target) continue;
      const at = other.text.indexOf('\n', next(Math.max(1, other.text.length - target))) + 1;
      if (kind === 'beside') {
        if (at < MIN_BESIDE) continue;
        beside = { path: other.path, languageId: languageOf(other.path), text: other.text.slice(0, at) };
      }
      goal = { path: other.path, text: other.text.slice(at, at + target) };
    } else {
      const at =
        kind === 'next'
          ? cut
          : row.text.indexOf('\n', cut + GAP + next(Math.max(1, row.text.length - cut - GAP - target))) + 1;
      if (at < cut) continue;
      goal = { path: row.path, text: row.text.slice(at, at + target) };
    }
    const known = namesIn(codeOnly(text));
    const needed = new Set([...namesIn(codeOnly(goal.text))].filter((w) => known.has(w)));
    if (needed.size < MIN_NEEDED) continue;
    const languageId = languageOf(row.path);
    const shown = headers && from === 0 && next(3) === 0 ? withHeader(text, languageId, next) : text;
    cases.push({
      kind,
      repo: row.repo,
      language: row.language,
      context: { path: row.path, languageId, text: shown },
      target: { languageId, ...goal },
      ...(beside ? { beside } : {}),
      needed,
    });
  }
  return cases;
}

function groupBy<T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const out = new Map<string, T[]>();
  for (const item of list) {
    const k = key(item);
    const group = out.get(k);
    if (group) group.push(item);
    else out.set(k, [item]);
  }
  return out;
}

/** A linear congruential generator. @returns a function that gives the next whole number below n */
export function seededRandom(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
}

export const repositoriesOf = (cases: readonly Case[]): number => new Set(cases.map((c) => c.repo)).size;
