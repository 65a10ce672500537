// Completes a text that begins or ends in the middle of a construct, such as a selection or a file with an open brace.
// A grammar sees such a text as one large error; with the missing part before and after it, the text parses.
import { getOrMake } from '../core/getOrMake';
import { ownValue } from '../core/ownValue';
import { piecesOf } from './pieces';

export interface Completion {
  /** Goes before the text; ends with a line break, or is empty. */
  readonly before: string;
  /** Goes behind the text. */
  readonly after: string;
  /** Whether the text begins, or ends, in the middle of a block comment. After a cut it may no longer do so. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/** Nothing is missing. */
export const COMPLETE: Completion = { before: '', after: '', begins: false, ends: false };

/** What may open, in a language, a bracket that a text closes. */
interface Openers {
  /** Alternatives for a brace inside parentheses or brackets: a function, or a literal. */
  readonly inCall: readonly string[];
  /** Alternatives for the outermost brace and the braces inside it; deeper ones open a block. */
  readonly outermost: readonly (readonly string[])[];
  readonly bracket: string; // an opening bracket where a statement may stand
  /** Ends a statement. */
  readonly end: string;
  /** Completes a `try` block without `catch`. */
  readonly handler?: string;
}

const ECMASCRIPT: Openers = {
  inCall: ['() => {', '{'],
  outermost: [
    ['{', '{'],
    ['class x_ {', 'x_() {'],
    ['interface x_ {', 'x_: {'],
    ['x_ = {', 'x_: {'],
  ],
  bracket: 'x_ = [',
  end: ';',
  handler: ' finally {}',
};
const C: Openers = {
  inCall: ['{'],
  outermost: [
    ['void x_() {', '{'],
    ['struct x_ {', 'struct {'],
    ['int x_[] = {', '{'],
  ],
  bracket: 'x_[',
  end: ';',
};
const OPENERS: Readonly<Record<string, Openers>> = {
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  go: {
    inCall: ['func() {', 'x_{'],
    outermost: [
      ['func x_() {', '{'],
      ['type x_ struct {', 'x_ struct {'],
      ['var x_ = x_{', 'x_: {'],
    ],
    bracket: 'x_ = x_[',
    end: '',
  },
  rust: {
    inCall: ['|| {', 'x_ {'],
    outermost: [
      ['{', '{'],
      ['impl x_ {', 'fn x_() {'],
      ['struct x_ {', 'x_: x_ {'],
      ['match x_ {', 'x_ => {'],
      ['use x_::{', 'x_::{'],
    ],
    bracket: 'x_ = [',
    end: ';',
  },
  java: {
    inCall: ['() -> {', 'new x_() {'],
    outermost: [
      ['{', '{'],
      ['class x_ {', 'void x_() {'],
      ['enum x_ {', 'x_ {'],
    ],
    bracket: 'x_ = x_[',
    end: ';',
    handler: ' finally {}',
  },
  c: C,
  cpp: {
    ...C,
    inCall: ['[] {', 'x_{'],
    outermost: [
      ['void x_() {', '{'],
      ['class x_ {', 'void x_() {'],
      ['namespace x_ {', 'void x_() {'],
      ['namespace x_ {', 'class x_ {', 'void x_() {'],
      ['int x_[] = {', '{'],
    ],
    handler: ' catch (...) {}',
  },
  csharp: {
    inCall: ['() => {', 'new x_ {'],
    outermost: [
      ['{', '{'],
      ['class x_ {', 'void x_() {'],
      ['namespace x_ {', 'class x_ {', 'void x_() {'],
      ['x_ = new x_ {', 'new x_ {'],
    ],
    bracket: 'x_[',
    end: ';',
    handler: ' finally {}',
  },
  json: { inCall: ['{'], outermost: [['{', '"x_": {']], bracket: '[', end: '' },
};

/** What may be missing behind the last line: nothing, a value, the end of a statement, a body, a declaration. */
const TAILS = ['', 'x_', ';', '{}', 'x_;', 'int x_;'];
const PYTHON_TAILS = ['', 'x_', '    pass', 'def x_(): pass'];

const OPENS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '#endif': '#if' };
const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '#if': '\n#endif\n' };
const CHAIN = /^\s*(\.|::|\?\.)/; // continues an expression
const LONGEST = 400_000; // UTF-16 units; every attempt parses the whole text

/** A bracket, or an #if or #endif. */
interface Bracket {
  readonly token: string;
  readonly at: number;
}

interface Scan {
  /** Closed in the text but not opened, innermost first. */
  readonly closed: readonly Bracket[];
  /** Opened in the text but not closed, outermost first. */
  readonly open: readonly Bracket[];
  /** Whether the text begins, or ends, in the middle of a block comment. */
  readonly begins: boolean;
  readonly ends: boolean;
  /** Quote of the multi-line string in which the text ends, else ''. */
  readonly quote: string;
}

/** The brackets that are open, outermost first. */
class OpenBrackets {
  readonly list: Bracket[] = [];
  private readonly places = new Map<string, number[]>(); // by token: indices into the list

  add(bracket: Bracket): void {
    const place = this.list.push(bracket) - 1;
    getOrMake(this.places, bracket.token, () => []).push(place);
  }

  /** Index of the innermost one of a kind; -1 if none is open. */
  last(token: string): number {
    return this.places.get(token)?.at(-1) ?? -1;
  }

  /** Closes all but the outermost `count`. */
  keep(count: number): void {
    while (this.list.length > count) this.places.get(this.list.pop()!.token)!.pop();
  }
}

/** Finds brackets outside strings and comments, approximately: the grammar decides whether a completion is right. */
function scan(text: string, languageId: string): Scan {
  const closed: Bracket[] = [];
  const open = new OpenBrackets();
  const firstComment = text.indexOf('/*');
  let begins = false;
  let ends = false;
  let quote = '';
  for (const { kind, start: at, end } of piecesOf(text, languageId)) {
    switch (kind) {
      case 'commentEnd':
        if (firstComment >= 0 && firstComment < at) continue; // its start was taken for a part of a string
        begins = true; // everything before it was comment
        closed.length = 0;
        open.keep(0);
        break;
      case 'comment': {
        const isOpen = end - at < 4 || !text.endsWith('*/', end);
        ends = isOpen && /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 200), at));
        break;
      }
      case 'string': {
        const opener = /^("""|'''|`)/.exec(text.slice(at, Math.min(end, at + 3)))?.[0];
        if (opener && (end - at < 2 * opener.length || text.slice(end - opener.length, end) !== opener)) quote = opener;
        break;
      }
      case 'directive': {
        const directive = /^#[ \t]*(if|el|endif|define)/.exec(text.slice(at, end))![1];
        if (directive === 'define') continue;
        const to = open.last('#if');
        if (directive === 'endif' && to >= 0) open.keep(to);
        else if (directive !== 'if' && to < 0 && !open.list.length) closed.push({ token: '#endif', at });
        if (directive === 'if' || (directive === 'el' && to < 0)) open.add({ token: '#if', at });
        break;
      }
      case 'bracket': {
        const token = text[at]!;
        if (ownValue(CLOSES, token)) {
          open.add({ token, at });
          continue;
        }
        const to = open.last(ownValue(OPENS, token)!);
        if (to >= 0)
          open.keep(to); // brackets opened since were none, or the text is wrong there
        else if (!open.list.length) closed.push({ token, at });
      }
    }
  }
  return { closed, open: open.list, begins, ends, quote };
}

/** What opens the brace that is closed at `at`, judged by the text behind it; undefined if that does not tell. */
function openerByFollower(text: string, at: number): string | undefined {
  const behind = text.slice(at + 1, at + 120);
  if (/^\s*else\b/.test(behind)) return 'if (x_) {';
  if (/^\s*(catch|finally)\b/.test(behind)) return 'try {';
  if (/^\s*while\s*\([^\n]*\)\s*;/.test(behind)) return 'do {';
  if (/^\s*from\s*['"]/.test(behind)) return 'import {';
  return undefined;
}

/** Alternatives for the missing text before a text. */
function fronts(text: string, { closed }: Scan, openers: Openers): string[] {
  const outward = [...closed].reverse();
  const opened = (braces: readonly string[], inCall: string): string => {
    let around = '';
    let depth = 0;
    return outward
      .map(({ token, at }) => {
        if (token === '#endif') return '\n#if x_\n';
        const within = around;
        around = ownValue(OPENS, token)!;
        depth++;
        if (token === ')') return 'x_(';
        if (token === ']') return within === '' || within === '{' ? openers.bracket : '[';
        return openerByFollower(text, at) ?? (within === '(' || within === '[' ? inCall : (braces[depth - 1] ?? '{'));
      })
      .join('');
  };
  const all = closed.length
    ? openers.outermost.flatMap((braces) => openers.inCall.map((inCall) => `${opened(braces, inCall)}\n`))
    : [''];
  // The text may continue an expression.
  return [...new Set(CHAIN.test(text) ? all.flatMap((front) => [front, `${front}x_\n`]) : all)];
}

/** Alternatives for the missing text behind a text. */
function backs(text: string, { open, quote }: Scan, openers: Openers): string[] {
  const inward = [...open].reverse();
  const closers = (end: string): string =>
    inward
      .map(({ token, at }, i) => {
        if (token !== '{')
          return (
            ownValue(CLOSES, token)! + (token !== '#if' && /^([{#]|$)/.test(inward[i + 1]?.token ?? '') ? end : '')
          );
        const head = text.slice(Math.max(0, at - 20), at);
        return `}${/\btry\s*$/.test(head) ? (openers.handler ?? '') : /\bdo\s*$/.test(head) ? ' while (x_);' : ''}`;
      })
      .join('');
  const all = TAILS.map((tail) => quote + tail + closers(openers.end));
  const ended = openers.end ? [all[0]!.replaceAll('}', '};')] : []; // the text ends in a literal, or in a class inside an expression
  return inward.some((b) => b.token === '(' || b.token === '[')
    ? [...all, ...ended, quote + closers(''), quote + closers('{}')]
    : [...all, ...ended];
}

/** Python: a block for every depth at which the text ends a block. @param inside quote of the string in which the text begins, else '' */
function pythonFront(text: string, { closed }: Scan, inside: string): string {
  const last = closed.at(-1);
  const depths: { indent: number; words: string }[] = [];
  for (const m of text.slice(last ? text.indexOf('\n', last.at) + 1 : 0).matchAll(/^([ \t]*)([^\s#)\]}][^\n]*)/gm)) {
    const indent = m[1]!.length;
    if (indent >= (depths[0]?.indent ?? Infinity)) continue;
    depths.unshift({ indent, words: m[2]! });
    if (!indent) break;
  }
  const own = ' '.repeat(depths.pop()?.indent ?? 0); // indentation at the start of the text
  const blocks = depths
    .map(({ indent, words }) => `${' '.repeat(indent)}${/^(except|finally)\b/.test(words) ? 'try:' : 'if x_:'}\n`)
    .join('');
  const brackets = [...closed]
    .reverse()
    .map((c) => (c.token === ')' ? 'x_(' : ownValue(OPENS, c.token)!))
    .join('');
  return blocks + (last ? `${own}x_ = ${brackets}\n` : '') + (inside ? `${own}${inside}\n` : '');
}

function pythonBacks(text: string, { open, quote }: Scan): string[] {
  const whole = text.trimEnd();
  const indent = /^([ \t]*)\S/.exec(whole.slice(whole.lastIndexOf('\n') + 1))?.[1] ?? '';
  const closers = [...open]
    .reverse()
    .map((b) => ownValue(CLOSES, b.token))
    .join('');
  if (open.length) return [quote + closers, `${quote}x_${closers}`, `${quote}${closers}: pass`];
  return PYTHON_TAILS.map(
    (tail) => (quote || tail ? indent : '') + quote + (quote && tail ? `\n${indent}` : '') + tail,
  );
}

interface Attempts {
  readonly fronts: readonly string[];
  readonly backs: readonly string[];
}

function attempts(text: string, languageId: string, found: Scan): Attempts[] {
  const openers = ownValue(OPENERS, languageId);
  if (openers) return [{ fronts: fronts(text, found, openers), backs: backs(text, found, openers) }];
  const python = (code: string, seen: Scan, inside: string): Attempts => ({
    fronts: [pythonFront(code, seen, inside)],
    backs: pythonBacks(code, seen),
  });
  const plain = python(text, found, '');
  if (!found.quote) return [plain];
  // The number of quotes is odd: the text ends in the middle of a string, or begins there.
  const rest = text.slice(text.indexOf(found.quote) + found.quote.length);
  return [plain, python(rest, scan(rest, languageId), found.quote)];
}

/**
 * Finds the completion with which the grammar finds the fewest errors; the first of equals, none if the text alone is as good.
 * Example: for `  two();\n}\n` in TypeScript the completion puts `{` and a line break before the text.
 * @param errorCost of a text: 0 if the grammar reads all of it
 */
export function completionOf(text: string, languageId: string, errorCost: (text: string) => number): Completion {
  let best = COMPLETE;
  let least = text.length > LONGEST ? 0 : errorCost(text);
  if (!least || (!ownValue(OPENERS, languageId) && languageId !== 'python')) return best;
  const found = scan(text, languageId);
  const { begins, ends, closed, open, quote } = found;
  // Nothing is missing in a text that closes what it opens and ends with a statement.
  const last = text.slice(-400).replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|^[ \t]*#[^\n]*/gm, '');
  if (
    ownValue(OPENERS, languageId)?.end &&
    !closed.length &&
    !open.length &&
    !begins &&
    !ends &&
    !quote &&
    /[;}]\s*$/.test(last) &&
    !CHAIN.test(text)
  )
    return best;
  const attempt = (before: string, after: string): void => {
    if (!least) return;
    const completion: Completion = { before, after, begins, ends };
    const now = errorCost(complete(text, languageId, completion).text);
    if (now < least) [least, best] = [now, completion];
  };
  for (const { fronts, backs } of attempts(text, languageId, found)) {
    for (const before of fronts) attempt(before, backs[0]!);
    const before = fronts.includes(best.before) ? best.before : fronts[0]!;
    for (const after of backs.slice(1)) attempt(before, after);
  }
  return best;
}

/**
 * Adds a completion to a text, or to what a cut left of it.
 * @returns the completed text, and the UTF-16 units that precede the original
 */
export function complete(
  text: string,
  languageId: string,
  { before, after, begins, ends }: Completion,
): { front: number; text: string } {
  const left = begins || ends ? scan(text, languageId) : undefined;
  const front = before + (begins && left!.begins ? '/*\n' : '');
  const back = (ends && left!.ends ? '*/' : '') + after;
  return { front: front.length, text: front + text + (back && !/[^\\\r]\r?\n$/.test(text) ? '\n' : '') + back };
}
