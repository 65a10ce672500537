// The rules that people use instead of a model: whole lines, taken in some order until the budget is spent.
// They write no markers and ignore syntax; both is to their advantage here.
import { TOKEN_CLASSES, type TokenClass } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import type { Span } from '../../src/core/span';
import type { TokenCounter } from '../../src/core/token';
import { codeOnly, namesIn, seededRandom } from '../cases/cases';
import type { Compressed } from '../cases/compressed';
import type { Reading } from './read';

export interface Line extends Span {
  readonly text: string;
  readonly silent: boolean; // blanks, comments and docstrings alone
  readonly signature: boolean;
  readonly names: ReadonlySet<string>;
  readonly cost: number; // recipient tokens
  readonly surprisal: number; // mean nats per model token
  readonly attention: number; // mean attention sum per model token
}

const SILENT: ReadonlySet<TokenClass> = new Set(['blank', 'comment', 'docstring', 'licence']);

export function linesOf({ case: { context }, tokens, classes, seen }: Reading, counter: TokenCounter): Line[] {
  const { text } = context;
  const lines: Line[] = [];
  const caches = seen.layers * seen.heads;
  let t = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    let n = 0;
    let silent = true;
    let signature = false;
    let nats = 0;
    let attention = 0;
    for (; t < tokens.length && tokens.bounds[t]! < end; t++) {
      const kind = TOKEN_CLASSES[classes[t]!]!;
      if (!SILENT.has(kind)) silent = false;
      if (kind === 'signature' || kind === 'import') signature = true;
      nats -= seen.logProb![t]!;
      for (let c = 0; c < caches; c++) attention += seen.attentionSum!.data[c * tokens.length + t]! / caches;
      n++;
    }
    const line = text.slice(start, end);
    const per = Math.max(1, n);
    lines.push({
      start,
      end,
      text: line,
      silent,
      signature,
      names: namesIn(codeOnly(line)),
      cost: counter.count(line),
      surprisal: nats / per,
      attention: attention / per,
    });
    start = end;
  }
  return lines;
}

/** Gives the lines in the order in which it takes them; lines that it leaves out are never taken. */
export type Rule = (lines: readonly Line[], reading: Reading) => readonly Line[];
export const LOUD: Rule = (lines) => lines.filter((l) => !l.silent);
const shuffled: Rule = (lines) => {
  const next = seededRandom(7);
  return lines
    .map((line) => ({ line, at: next(1 << 30) }))
    .sort((a, b) => a.at - b.at)
    .map((x) => x.line);
};
const by =
  (value: (line: Line) => number): Rule =>
  (lines) =>
    [...lines].sort((a, b) => value(b) - value(a) || a.start - b.start);

/** By how many names no earlier line has, per token. */
const newNames: Rule = (lines) => {
  const seen = new Set<string>();
  const fresh = new Map<Line, number>();
  for (const line of lines) {
    fresh.set(line, [...line.names].filter((n) => !seen.has(n)).length);
    for (const n of line.names) seen.add(n);
  }
  return by((l) => fresh.get(l)! / Math.max(1, l.cost))(lines, undefined!);
};

/** Greedy coverage: takes the line that adds most uncovered names per token, then repeats. */
const coverage = (lines: readonly Line[], wanted: (name: string) => boolean = () => true): Line[] => {
  const left = new Set(lines);
  const covered = new Set<string>();
  const out: Line[] = [];
  while (left.size) {
    let best: Line | undefined;
    let most = -1;
    for (const line of left) {
      let gain = 0;
      for (const n of line.names) if (!covered.has(n) && wanted(n)) gain++;
      const value = gain / Math.max(1, line.cost);
      if (value > most) [best, most] = [line, value];
    }
    out.push(best!);
    left.delete(best!);
    for (const n of best!.names) covered.add(n);
  }
  return out;
};

/** By the names of their table rows. */
export const RULES: Readonly<Record<string, Rule>> = {
  'random line': shuffled,
  head: (lines) => lines,
  tail: (lines) => [...lines].reverse(),
  'surprisal, by line': by((l) => l.surprisal),
  'attention sum, by line': by((l) => l.attention),
  'comments out, then random line': (lines, r) => shuffled(LOUD(lines, r), r),
  'comments out, then head': LOUD,
  'comments out, then surprisal': (lines, r) => by((l) => l.surprisal)(LOUD(lines, r), r),
  'comments out, then attention sum': (lines, r) => by((l) => l.attention)(LOUD(lines, r), r),
  'comments out, then new names': (lines, r) => newNames(LOUD(lines, r), r),
  'comments out, then greedy coverage': (lines, r) => coverage(LOUD(lines, r)),
  'signatures and imports, then head': (lines) => [
    ...lines.filter((l) => l.signature && !l.silent),
    ...lines.filter((l) => !l.signature && !l.silent),
  ],
};

/** Lines without comments, by how many names they share with the other file of the context, per token. */
export const LEXICAL_MATCH: Rule = (lines, r) => {
  const wanted = namesIn(codeOnly(r.case.beside?.text ?? ''));
  return by((l) => [...l.names].filter((n) => wanted.has(n)).length / Math.max(1, l.cost))(LOUD(lines, r), r);
};

/** Rules that are also tried under the product's terms: cut along syntax, with a marker at every hole. */
export const ALONG_SYNTAX = [
  'random line',
  'comments out, then head',
  'comments out, then surprisal',
  'comments out, then new names',
  'comments out, then greedy coverage',
] as const;

/** A rule as evidence: the value of a token is the share of lines that the rule takes after its line, 0 if it never takes it. */
export function evidenceBy(rule: Rule, reading: Reading, counter: TokenCounter): TokenEvidence {
  const lines = linesOf(reading, counter);
  const order = rule(lines, reading);
  const worth = new Map(order.map((line, i) => [line.start, 1 - i / lines.length]));
  const { bounds, length } = reading.tokens;
  const values = new Float32Array(length);
  let at = 0;
  for (let t = 0; t < length; t++) {
    while (at + 1 < lines.length && lines[at + 1]!.start <= bounds[t]!) at++;
    values[t] = worth.get(lines[at]!.start) ?? 0;
  }
  return { bounds, values };
}

/** The choice of lines that knows the needed names: an upper bound. */
export const ORACLE: Rule = (lines, { case: { needed }, structure, definitions }) => {
  const defining = new Set<Line>();
  for (const d of structure.definitions)
    if (definitions.has(d.name))
      for (const l of lines) if (l.start <= d.span.start && d.span.start < l.end) defining.add(l);
  const cheap = (l: Line): Line => ({ ...l, cost: l.cost / 2 }); // a definition counts for both halves
  const original = new Map<Line, Line>();
  const pool = lines.map((l) => {
    const priced = defining.has(l) ? cheap(l) : l;
    original.set(priced, l);
    return priced;
  });
  return coverage(pool, (n) => needed.has(n)).map((l) => original.get(l)!);
};

/**
 * Takes lines until the budget is spent; a line that does not fit is skipped.
 * @param allowed recipient tokens
 * @returns the kept lines in text order
 */
export function take(lines: readonly Line[], allowed: number, counter: TokenCounter): Line[] {
  let used = 0;
  const kept: Line[] = [];
  for (const line of lines) {
    if (used + line.cost > allowed) continue;
    used += line.cost;
    kept.push(line);
  }
  kept.sort((a, b) => a.start - b.start);
  // Counted together, lines can cost a little more than counted alone.
  while (kept.length && counter.count(kept.map((l) => l.text).join('')) > allowed) kept.pop();
  return kept;
}

/** A rule on one reading. @returns compresses to a number of recipient tokens */
export function ruleWithin(rule: Rule, reading: Reading, counter: TokenCounter): (allowed: number) => Compressed {
  const lines = rule(linesOf(reading, counter), reading);
  return (allowed) => {
    const kept = take(lines, allowed, counter);
    return { text: kept.map((l) => l.text).join(''), kept };
  };
}
