// Completes a text that begins or ends in the middle of a construct, such as a selection or a file with an open brace.
// A grammar sees such a text as one large error; with the missing part before and after it, the text parses.
import { ownValue } from '../core/ownValue';

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

const REST = '$(?![\\s\\S])';
const C_COMMENT = `//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|${REST})|\\*/`;
const BRACKETS = '[()[\\]{}]';
const DIRECTIVES = '(?<=^|\\n)[ \\t]*#[ \\t]*(?:if|elif|else|endif|define)(?:\\\\\\r?\\n|[^\\n])*';
const DOUBLE = '"(?:\\\\[\\s\\S]|[^"\\\\\\n])*"?';
const SINGLE = "'(?:\\\\[\\s\\S]|[^'\\\\\\n])*'?";
const expression = (...parts: string[]): RegExp => new RegExp(parts.join('|'), 'g');
const PLAIN_PIECES = expression(C_COMMENT, '`(?:\\\\[\\s\\S]|[^`\\\\])*`?', DOUBLE, SINGLE, BRACKETS);
const C_PIECES = expression(C_COMMENT, DIRECTIVES, DOUBLE, SINGLE, BRACKETS);
const ECMASCRIPT_PIECES = expression(
  C_COMMENT,
  '`(?:\\\\[\\s\\S]|[^`\\\\])*`?',
  DOUBLE,
  SINGLE,
  '(?<=[(,=:[!&|?{};]\\s*)/(?![*/])(?:\\\\.|\\[(?:\\\\.|[^\\]\\\\\\n])*\\]|[^/\\\\\\n])+/',
  BRACKETS,
);
const PIECES: Readonly<Record<string, RegExp>> = {
  python: expression('#[^\\n]*', `"""[\\s\\S]*?(?:"""|${REST})|'''[\\s\\S]*?(?:'''|${REST})`, DOUBLE, SINGLE, BRACKETS),
  csharp: expression(
    C_COMMENT,
    DIRECTIVES,
    '\\$*"""[\\s\\S]*?"""',
    '(?:@\\$?|\\$@)"(?:""|[^"])*"?',
    DOUBLE,
    SINGLE,
    BRACKETS,
  ),
  rust: expression(
    C_COMMENT,
    'r(#+)"[\\s\\S]*?"\\1',
    '"(?:\\\\[\\s\\S]|[^"\\\\])*"?',
    "'(?:\\\\[^\\n]|[^'\\\\\\n])'",
    BRACKETS,
  ),
  typescript: ECMASCRIPT_PIECES,
  typescriptreact: ECMASCRIPT_PIECES,
  javascript: ECMASCRIPT_PIECES,
  javascriptreact: ECMASCRIPT_PIECES,
  c: C_PIECES,
  cpp: C_PIECES,
};

/** Finds brackets outside strings and comments, approximately: the grammar decides whether a completion is right. */
function scan(text: string, languageId: string): Scan {
  const closed: Bracket[] = [];
  const open: Bracket[] = [];
  let begins = false;
  let ends = false;
  let quote = '';
  for (const { 0: piece, index: at } of text.matchAll(ownValue(PIECES, languageId) ?? PLAIN_PIECES)) {
    if (piece === '*/') {
      if (text.lastIndexOf('/*', at) >= 0) continue; // its start was taken for a part of a string
      begins = true; // everything before it was comment
      closed.length = open.length = 0;
    } else if (piece.startsWith('/*'))
      ends = (piece.length < 4 || !piece.endsWith('*/')) && /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 200), at));
    else if (/^("""|'''|`)/.test(piece)) {
      const opener = piece.slice(0, piece[0] === '`' ? 1 : 3);
      if (piece.length < 2 * opener.length || !piece.endsWith(opener)) quote = opener;
    } else if (/^\s*#/.test(piece)) {
      const directive = /^\s*#\s*(if|el|endif|define)/.exec(piece)?.[1];
      if (!directive || directive === 'define') continue;
      const to = open.findLastIndex((b) => b.token === '#if');
      if (directive === 'endif' && to >= 0) open.length = to;
      else if (directive !== 'if' && to < 0 && !open.length) closed.push({ token: '#endif', at });
      if (directive === 'if' || (directive === 'el' && to < 0)) open.push({ token: '#if', at });
    } else if (ownValue(OPENS, piece)) {
      const to = open.findLastIndex((b) => b.token === ownValue(OPENS, piece));
      if (to >= 0)
        open.length = to; // brackets opened since were none, or the text is wrong there
      else if (!open.length) closed.push({ token: piece, at });
    } else if (ownValue(CLOSES, piece)) open.push({ token: piece, at });
  }
  return { closed, open, begins, ends, quote };
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
  const indent = /(?:^|\n)([ \t]*)\S[^\n]*\s*$/.exec(text)?.[1] ?? '';
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
