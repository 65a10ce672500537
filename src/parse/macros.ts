// Knows what a C grammar can read in place of what the preprocessor would take: macros, and branches that only together make sense.
// Without it one macro is an error to the grammar, and around an error nothing can be cut.
import type { Span } from '../core/span';
import { balancedBrackets } from './indentation';

/** What the grammar reads for a macro: every reading is as long as what it stands for, and has its line breaks. */
const READINGS = ['call', 'loop', 'specifier', 'type', 'nothing'] as const;
const WITHOUT_ARGUMENTS = READINGS.slice(2);
type MacroReading = (typeof READINGS)[number];

export interface Macros {
  /** Of every #if whose branches each hold a part of something, the first is read; what a condition asks of headers and attributes is not. */
  readonly directives: boolean;
  /** Conditions by their line, of which the first branch is read. */
  readonly conditions: ReadonlySet<string>;
  readonly readings: ReadonlyMap<string, MacroReading>;
}

/** The text as it is. */
export const NO_MACROS: Macros = { directives: false, conditions: new Set(), readings: new Map() };

/** What a grammar complains of in a text. */
export interface SyntaxErrors {
  readonly errorCost: number; // 0 when it reads all of it
  readonly spans: readonly Span[];
}

const WORK = 2_000_000; // UTF-16 units that may be read to find the readings
const MOST = 24; // macros, and conditions, that are tried in a round
const PIECES =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))|\bR"([^\s()\\]{0,16})\([\s\S]*?\)\1"|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|^[ \t]*#[ \t]*(?:define|undef|ifdef|ifndef|include)\b(?:\\\r?\n|[^\n])*|[A-Za-z_]\w*/gm;
/** By their looks: all capitals, and loops over a list. */
const MACRO = /^(?:[A-Z][A-Z0-9_]{2,}|\w*for_?each\w*)$/;
const LOOP = /for_?each/i;
const DIRECTIVE = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b(?:\\\r?\n|[^\n])*/gm;

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Of the parentheses that open at `at`, the end; undefined when they do not close. */
function closing(text: string, at: number): number | undefined {
  let depth = 0;
  for (const m of text.slice(at, at + 4000).matchAll(/"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\.|[^'\\\n])'|[()]/g)) {
    if (m[0] === '(') depth++;
    else if (m[0] === ')' && --depth === 0) return at + m.index + 1;
  }
  return undefined;
}

/** In `if MACRO (…)` the parentheses are the condition's. */
const behindIf = (text: string, start: number): boolean => /\bif\s+$/.test(text.slice(Math.max(0, start - 20), start));

/** Where the arguments of the macro at `start` end; undefined without. */
function argumentsOf(text: string, start: number, name: string): number | undefined {
  const end = start + name.length;
  const opens = /^[ \t]*\(/.exec(text.slice(end, end + 40));
  return opens && !behindIf(text, start) ? closing(text, end + opens[0].length - 1) : undefined;
}

/** @param args with their parentheses, and the blanks in front; '' without */
function written(name: string, args: string, reading: MacroReading): string {
  const hollow =
    args &&
    blank(args.slice(0, args.indexOf('(') + 1)).slice(0, -1) + '(' + blank(args.slice(args.indexOf('(') + 1, -1)) + ')';
  const whole = blank(name + args);
  const put = (word: string): string => (name.length >= word.length ? word + whole.slice(word.length) : whole);
  switch (reading) {
    case 'nothing':
      return whole;
    case 'specifier':
      return put('const');
    case 'type':
      return put('int');
    case 'call':
      return args ? name + hollow : whole;
    case 'loop':
      return args && name.length >= 5 && hollow.length > 2
        ? `while${blank(name.slice(5))}${hollow.replace('( ', '(1')}`
        : whole;
  }
}

interface Condition {
  readonly line: string; // of its #if
  readonly directives: readonly Span[];
  readonly branches: readonly Span[];
}

/** Every #if with all that belongs to it, inner ones first. */
function conditionsIn(text: string): Condition[] {
  const out: Condition[] = [];
  const stack: Span[][] = [];
  for (const m of text.matchAll(DIRECTIVE)) {
    const span = { start: m.index, end: m.index + m[0].length };
    if (m[1]!.startsWith('if')) stack.push([span]);
    else if (stack.length && m[1] !== 'endif') stack.at(-1)!.push(span);
    else if (stack.length) {
      const directives = [...stack.pop()!, span];
      const line = text.slice(directives[0]!.start, directives[0]!.end).trim();
      out.push({
        line,
        directives,
        branches: directives.slice(1).map((d, i) => ({ start: directives[i]!.end, end: d.start })),
      });
    }
  }
  return out;
}

const torn = (text: string, { branches }: Condition): boolean =>
  branches.some((b) => !balancedBrackets(text.slice(b.start, b.end)));

/** The text without these conditions, but for what stands in their first branch. */
function firstBranches(text: string, conditions: readonly Condition[]): string {
  let out = text;
  for (const { directives, branches } of conditions)
    for (const { start, end } of [...directives, ...branches.slice(1)])
      out = out.slice(0, start) + blank(out.slice(start, end)) + out.slice(end);
  return out;
}

const ASKED = /\(\s*<[^>\r\n]*>\s*\)|\(\s*\w+::\w+\s*\)/g; // a header, an attribute
const plain = (directive: string): string => directive.replace(ASKED, (asked) => `(1${blank(asked.slice(2, -1))})`);

/** Whether there is an #if that no grammar reads: its branches each hold a part of something, or its condition asks for a header. */
export function hasOddDirectives(text: string): boolean {
  return conditionsIn(text).some(
    (c) => torn(text, c) || c.directives.some((d) => plain(text.slice(d.start, d.end)) !== text.slice(d.start, d.end)),
  );
}

/** The text as the grammar reads it: as long, line by line. */
export function read(text: string, { directives, conditions, readings }: Macros): string {
  const first =
    directives || conditions.size
      ? firstBranches(
          text,
          conditionsIn(text).filter((c) => conditions.has(c.line) || (directives && torn(text, c))),
        )
      : text;
  const whole = directives ? first.replace(DIRECTIVE, plain) : first;
  if (!readings.size) return whole;
  const out: string[] = [];
  let at = 0;
  for (const { 0: piece, index } of whole.matchAll(PIECES)) {
    const reading = readings.get(piece);
    if (!reading || index < at) continue; // the second is inside the arguments of another
    const end = argumentsOf(whole, index, piece) ?? index + piece.length;
    out.push(
      whole.slice(at, index),
      written(piece, whole.slice(index + piece.length, end), behindIf(whole, index) ? 'nothing' : reading),
    );
    at = end;
  }
  return out.join('') + whole.slice(at);
}

/** Whether an #if stands in the middle of a statement: between statements the grammar reads it itself. */
function inside(text: string, { directives, branches }: Condition): boolean {
  const words = (part: string): string =>
    part.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|^[ \t]*#(?:\\\r?\n|[^\n])*/gm, '').trimEnd();
  const { start } = directives[0]!;
  return (
    /[^\s;{}:]$/.test(words(text.slice(Math.max(0, start - 2000), start))) ||
    /[,=+\-*/&|(<?]$/.test(words(text.slice(branches[0]!.start, branches[0]!.end)))
  );
}

/** Lines that a grammar complains of, with the line above: it may be that which went wrong. @returns [text.length] 1 inside them */
function linesOf(text: string, spans: readonly Span[]): Uint8Array {
  const near = new Uint8Array(text.length);
  for (const { start, end } of spans) {
    const line = text.lastIndexOf('\n', start - 1);
    const to = text.indexOf('\n', end);
    near.fill(1, text.lastIndexOf('\n', line - 1) + 1, to < 0 ? text.length : to);
  }
  return near;
}

/** Whether a macro stands where no name of a language can: alone on its line, in front of a block or another word, behind a head. */
function stands(text: string, start: number, name: string): boolean {
  const end = argumentsOf(text, start, name) ?? start + name.length;
  const before = text.slice(Math.max(0, start - 80), start);
  const after = text.slice(end, end + 80);
  if (
    LOOP.test(name) ||
    /^\s*(\{|[A-Za-z_~])/.test(after) ||
    /\b(class|struct|enum|if|namespace)\s+$|\)\s*$/.test(before)
  )
    return true;
  return (
    (/(^|\n)[ \t]*$/.test(before) && /^[ \t]*(\r?\n|;|$)/.test(after)) ||
    (/[<,]\s*$/.test(before) && /^\s*>/.test(after))
  );
}

/** Macros on the lines that a grammar complains of and how often they stand there, the most frequent first. */
function suspects(text: string, near: Uint8Array): [string, number][] {
  const counts = new Map<string, number>();
  for (const { 0: piece, index } of text.matchAll(PIECES))
    if (near[index] && MACRO.test(piece) && stands(text, index, piece)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/**
 * What leaves the grammar least to complain of, one by one.
 * @param start what is known already
 * @param complaints of the text, when it is read so; their spans are in the text
 */
export function macrosOf(text: string, start: Macros, complaints: (macros: Macros) => SyntaxErrors): Macros {
  let best = start;
  let found = complaints(start);
  let work = WORK;
  const attempt = (macros: Macros): boolean => {
    if (!found.errorCost || work < 0) return false;
    work -= text.length;
    const now = complaints(macros);
    if (now.errorCost >= found.errorCost) return false;
    [best, found] = [macros, now];
    return true;
  };
  for (let again = true; again && found.errorCost && work > 0;) {
    again = false;
    const near = linesOf(text, found.spans);
    const conditions = conditionsIn(text).filter((c) => c.directives.some((d) => near[d.start]) && inside(text, c));
    for (const [name, times] of suspects(text, near).slice(0, MOST)) {
      const { errorCost } = found;
      const { readings } = best;
      for (const reading of new RegExp(`\\b${name}[ \\t]*\\(`).test(text) ? READINGS : WITHOUT_ARGUMENTS) {
        again = attempt({ ...best, readings: new Map([...readings, [name, reading]]) }) || again;
        if (found.errorCost <= errorCost - times) break; // nothing is left that another reading could mend
      }
    }
    for (const { line } of conditions.slice(0, MOST))
      if (!best.conditions.has(line))
        again = attempt({ ...best, conditions: new Set([...best.conditions, line]) }) || again;
  }
  return best;
}
