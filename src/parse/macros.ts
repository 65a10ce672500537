// Replaces macros and #if branches by code that a C grammar can read, without changing lengths or lines.
// Otherwise a macro can be a syntax error, and around a syntax error nothing can be cut.
import { unionSpans, type Span } from '../core/span';
import { getOrMake } from '../core/getOrMake';
import { Lines } from '../core/lines';
import { firstIndexWhere } from '../core/search';
import { bracketPairs, type Pairing } from './pairing';
import { commentEnd, directiveEnd, lineEnd, stringEnd } from './pieces';

/** What the grammar reads in place of a macro: a text of the same length, with the same line breaks. */
const READINGS = ['call', 'loop', 'specifier', 'type', 'nothing'] as const;
const WITHOUT_ARGUMENTS = READINGS.slice(2);
type MacroReading = (typeof READINGS)[number];

export interface Macros {
  /** Whether only the first branch is read of each #if whose branches have unbalanced brackets; headers and attributes in conditions are replaced. */
  readonly directives: boolean;
  /** Text of the #if lines of which only the first branch is read. */
  readonly conditions: ReadonlySet<string>;
  /** By the name of the macro. */
  readonly readings: ReadonlyMap<string, MacroReading>;
}

/** Nothing is replaced. */
export const NO_MACROS: Macros = { directives: false, conditions: new Set(), readings: new Map() };

/** The syntax errors of a text. */
export interface SyntaxErrors {
  readonly errorCost: number; // 0 without errors; more and larger errors cost more
  readonly spans: readonly Span[];
}

const MAX_PARSED = 2_000_000; // UTF-16 units that are parsed in search of readings
const MAX_TRIED = 24; // macros, and conditions, that are tried in a round
const SEEN_BEFORE = 2000; // UTF-16 units that tell how a statement goes on
/** Names that are macros by convention: all capitals, and loops over a list. */
const MACRO = /^(?:[A-Z][A-Z0-9_]{2,}|\w*for_?each\w*)$/;
const LOOP = /for_?each/i;
const CONDITION = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b/gm;
const UNREAD = /#[ \t]*(?:define|undef|ifdef|ifndef|include)\b/y; // a directive whose names are no macros in use

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** The identifiers of a text outside comments, strings and definitions of macros. */
function* identifiersIn(text: string): Generator<{ readonly word: string; readonly index: number }> {
  const sign = /[/"'#A-Za-z_]\w*/g;
  let rawEnds: Map<string, number[]> | undefined;
  for (let m = sign.exec(text); m; m = sign.exec(text)) {
    const { index, 0: word } = m;
    const next = text[index + word.length];
    let end = index + 1;
    if (word[0] === '/') {
      if (text[end] === '/') end = lineEnd(text, index);
      else if (text[end] === '*') end = commentEnd(text, index);
    } else if (word[0] === '"' || word[0] === "'") end = stringEnd(text, index);
    else if (word[0] === '#') {
      UNREAD.lastIndex = index;
      if (beginsLine(text, index) && UNREAD.test(text)) end = directiveEnd(text, index);
    } else if (word === 'R' && next === '"' && !/\w/.test(text[index - 1] ?? ' ')) {
      const name = /^"([^\s()\\]{0,16})\(/.exec(text.slice(end, end + 18))?.[1];
      const ends = name === undefined ? undefined : (rawEnds ??= rawEndsIn(text)).get(name);
      const close = ends?.[firstIndexWhere(ends, (at) => at > end + name!.length + 1)];
      if (close !== undefined) end = close + name!.length + 2;
      else yield { word, index };
    } else {
      end = index + word.length;
      yield { word, index };
    }
    sign.lastIndex = end;
  }
}

/** Whether only blanks stand before `at` on its line. */
function beginsLine(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  return start === 0 || /[\n\r\u2028\u2029]/.test(text[start - 1]!);
}

/** Where raw strings of C++ may end, by the name between their parentheses and quotes. */
function rawEndsIn(text: string): Map<string, number[]> {
  const out = new Map<string, number[]>();
  for (let at = text.indexOf(')'); at >= 0; at = text.indexOf(')', at + 1)) {
    const behind = /^[^\s()\\]{0,17}/.exec(text.slice(at + 1, at + 18))![0];
    for (let quote = behind.indexOf('"'); quote >= 0; quote = behind.indexOf('"', quote + 1))
      getOrMake(out, behind.slice(0, quote), () => []).push(at);
  }
  return out;
}

/** End of the parentheses that open at `at`; undefined if they do not close. */
function endOfParentheses(text: string, at: number): number | undefined {
  let depth = 0;
  for (const m of text.slice(at, at + 4000).matchAll(/"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\.|[^'\\\n])'|[()]/g)) {
    if (m[0] === '(') depth++;
    else if (m[0] === ')' && --depth === 0) return at + m.index + 1;
  }
  return undefined;
}

/** Whether an `if` precedes: in `if MACRO (…)` the parentheses are those of the condition. */
const behindIf = (text: string, start: number): boolean => /\bif\s+$/.test(text.slice(Math.max(0, start - 20), start));

/** End of the arguments of the macro at `start`; undefined if it has none. */
function argumentsOf(text: string, start: number, name: string): number | undefined {
  const end = start + name.length;
  const opens = /^[ \t]*\(/.exec(text.slice(end, end + 40));
  return opens && !behindIf(text, start) ? endOfParentheses(text, end + opens[0].length - 1) : undefined;
}

/** Text in place of a macro call. @param args with their parentheses and the spaces before them; '' without */
function replacement(name: string, args: string, reading: MacroReading): string {
  const emptied = // the arguments, blanked
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
      return args ? name + emptied : whole;
    case 'loop':
      return args && name.length >= 5 && emptied.length > 2
        ? `while${blank(name.slice(5))}${emptied.replace('( ', '(1')}`
        : whole;
  }
}

interface Condition {
  readonly line: string; // of its #if
  readonly directives: readonly Span[];
  readonly branches: readonly Span[];
}

/** The lines of #if, #else and the like, with the lines that continue them. */
function directivesIn(text: string): (Span & { readonly word: string })[] {
  const out: (Span & { readonly word: string })[] = [];
  for (const { 0: words, 1: word, index: start } of text.matchAll(CONDITION))
    if (start >= (out.at(-1)?.end ?? 0))
      out.push({ start, end: directiveEnd(text, start + words.length), word: word! });
  return out;
}

/** Every #if with its directives and branches, inner ones first. */
function conditionsIn(text: string): Condition[] {
  const out: Condition[] = [];
  const stack: Span[][] = [];
  for (const { word, ...span } of directivesIn(text)) {
    if (word.startsWith('if')) stack.push([span]);
    else if (stack.length && word !== 'endif') stack.at(-1)!.push(span);
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

/** Whether a branch has brackets that pair only with those of another branch. */
const isTorn = (brackets: Pairing, { branches }: Condition): boolean =>
  branches.some((b) => !brackets.within(b.start, b.end));

/** The text with all but the first branch of these conditions blanked. */
function firstBranches(text: string, conditions: readonly Condition[]): string {
  const gone = unionSpans(conditions.flatMap(({ directives, branches }) => [...directives, ...branches.slice(1)]));
  return replaced(text, gone, blank);
}

/** The text with each of these disjoint spans replaced. */
function replaced(text: string, spans: readonly Span[], replace: (part: string) => string): string {
  const out: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    out.push(text.slice(at, start), replace(text.slice(start, end)));
    at = end;
  }
  return out.join('') + text.slice(at);
}

const TESTED = /\(\s*<[^<>\r\n]*>\s*\)|\(\s*\w+::\w+\s*\)/g; // a header, an attribute
const plain = (directive: string): string => directive.replace(TESTED, (tested) => `(1${blank(tested.slice(2, -1))})`);

/** Whether there is an #if that the grammar cannot read: with unbalanced branches, or a condition that tests a header or attribute. */
export function hasOddDirectives(text: string): boolean {
  const brackets = bracketPairs(text);
  return conditionsIn(text).some(
    (c) =>
      isTorn(brackets, c) || c.directives.some((d) => plain(text.slice(d.start, d.end)) !== text.slice(d.start, d.end)),
  );
}

/** The text as the grammar reads it, of the same length line by line. */
export function applyMacros(text: string, { directives, conditions, readings }: Macros): string {
  const brackets = directives ? bracketPairs(text) : undefined;
  const first =
    brackets || conditions.size
      ? firstBranches(
          text,
          conditionsIn(text).filter((c) => conditions.has(c.line) || (brackets && isTorn(brackets, c))),
        )
      : text;
  const whole = directives ? replaced(first, directivesIn(first), plain) : first;
  if (!readings.size) return whole;
  const out: string[] = [];
  let at = 0;
  for (const { word: piece, index } of identifiersIn(whole)) {
    const reading = readings.get(piece);
    if (!reading || index < at) continue; // `index < at`: inside the arguments of another macro
    const end = argumentsOf(whole, index, piece) ?? index + piece.length;
    out.push(
      whole.slice(at, index),
      replacement(piece, whole.slice(index + piece.length, end), behindIf(whole, index) ? 'nothing' : reading),
    );
    at = end;
  }
  return out.join('') + whole.slice(at);
}

/** Whether an #if stands inside a statement; between statements the grammar can read it. */
function isInsideStatement(text: string, { directives, branches }: Condition): boolean {
  const words = (part: string): string =>
    part.replace(/\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))|\/\/[^\n]*|^[ \t]*#(?:\\\r?\n|[^\n])*/gm, '').trimEnd();
  const before = (from: number, to: number): string => words(text.slice(Math.max(from, to - SEEN_BEFORE), to));
  return (
    /[^\s;{}:]$/.test(before(0, directives[0]!.start)) ||
    /[,=+\-*/&|(<?]$/.test(before(branches[0]!.start, branches[0]!.end))
  );
}

/** Marks the lines with syntax errors and the line above each, which may be the cause. @returns [text.length] 1 inside them */
function linesWithErrors(text: string, spans: readonly Span[]): Uint8Array {
  const near = new Uint8Array(text.length);
  const lines = new Lines(text);
  const whole = spans.map(({ start, end }) => ({
    start: lines.span(Math.max(0, lines.at(start) - 1)).start,
    end: lines.span(lines.at(end)).end,
  }));
  for (const { start, end } of unionSpans(whole)) near.fill(1, start, end);
  return near;
}

/** Whether a name stands where only a macro can: alone on its line, before a block or another word, behind a head. */
function isMacroPosition(text: string, start: number, name: string): boolean {
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

/** Macros on the lines with syntax errors, with their number of occurrences there, the most frequent first. */
function suspects(text: string, near: Uint8Array): [string, number][] {
  const counts = new Map<string, number>();
  for (const { word: piece, index } of identifiersIn(text))
    if (near[index] && MACRO.test(piece) && isMacroPosition(text, index, piece))
      counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/**
 * Finds readings of macros and conditions that reduce the syntax errors, one at a time.
 * @param start readings that are known already
 * @param errorsWith syntax errors of the text with these readings; their spans are offsets in `text`
 */
export function macrosOf(text: string, start: Macros, errorsWith: (macros: Macros) => SyntaxErrors): Macros {
  let best = start;
  let found = errorsWith(start);
  let left = MAX_PARSED;
  const attempt = (macros: Macros): boolean => {
    if (!found.errorCost || left < 0) return false;
    left -= text.length;
    const now = errorsWith(macros);
    if (now.errorCost >= found.errorCost) return false;
    [best, found] = [macros, now];
    return true;
  };
  for (let improved = true; improved && found.errorCost && left > 0;) {
    improved = false;
    const near = linesWithErrors(text, found.spans);
    const conditions = conditionsIn(text).filter(
      (c) => c.directives.some((d) => near[d.start]) && isInsideStatement(text, c),
    );
    for (const [name, times] of suspects(text, near).slice(0, MAX_TRIED)) {
      const { errorCost } = found;
      const { readings } = best;
      for (const reading of new RegExp(`\\b${name}[ \\t]*\\(`).test(text) ? READINGS : WITHOUT_ARGUMENTS) {
        improved = attempt({ ...best, readings: new Map([...readings, [name, reading]]) }) || improved;
        if (found.errorCost <= errorCost - times) break; // all its errors are gone
      }
    }
    for (const { line } of conditions.slice(0, MAX_TRIED))
      if (!best.conditions.has(line))
        improved = attempt({ ...best, conditions: new Set([...best.conditions, line]) }) || improved;
  }
  return best;
}
