// Finds what counts for the nesting of a text: brackets, strings, comments and #if lines, approximately. The grammar decides what they mean.
import { ownValue } from '../core/ownValue';
import type { Span } from '../core/span';
import { Occurrences } from './occurrences';

export type PieceKind = 'bracket' | 'comment' | 'commentEnd' | 'string' | 'directive' | 'other';

export interface Piece extends Span {
  readonly kind: PieceKind;
}

/** How a language writes what may hide a bracket. */
interface Lexis {
  /** Opens a comment that ends with the line. */
  readonly line: '//' | '#';
  readonly block: boolean;
  readonly directives?: true;
  readonly backquotes?: true;
  readonly regexes?: true;
  /** Strings of several lines between three quotes; `closed`: only if they have an end. */
  readonly triple?: { readonly quotes: readonly string[]; readonly closed: boolean };
  /** C#: in `@"…"` only a doubled quote is no end. */
  readonly verbatim?: true;
  /** Rust: `r#"…"#`, plain strings of several lines, and `'a` that may be a lifetime. */
  readonly rust?: true;
}

const C_LIKE = { line: '//', block: true } as const;
const ECMASCRIPT: Lexis = { ...C_LIKE, backquotes: true, regexes: true };
const C: Lexis = { ...C_LIKE, directives: true };
const PLAIN: Lexis = { ...C_LIKE, backquotes: true };
const LEXIS: Readonly<Record<string, Lexis>> = {
  python: { line: '#', block: false, triple: { quotes: ['"""', "'''"], closed: false } },
  csharp: { ...C, triple: { quotes: ['"""'], closed: true }, verbatim: true },
  rust: { ...C_LIKE, rust: true },
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  c: C,
  cpp: C,
};

const SIGN = /[/*#"'`@$r()[\]{}]/g;
const DIRECTIVE = /#[ \t]*(?:if|elif|else|endif|define)/y;
const RAW = /r(#{1,255})"/y; // the language allows no more signs
const VERBATIM = /(?:@\$?|\$@)"/y;
const BEFORE_REGEX = '(,=:[!&|?{};';

/** The pieces of a text, in its order. Time is linear in the text, whatever it holds. */
export function* piecesOf(text: string, languageId: string): Generator<Piece> {
  const reader = new Pieces(text, ownValue(LEXIS, languageId) ?? PLAIN);
  SIGN.lastIndex = 0;
  for (let at = nextSign(text, 0); at >= 0;) {
    const piece = reader.at(at);
    if (piece) yield piece;
    at = nextSign(text, piece ? Math.max(piece.end, at + 1) : at + 1);
  }
}

function nextSign(text: string, from: number): number {
  SIGN.lastIndex = from;
  return SIGN.exec(text)?.index ?? -1;
}

class Pieces {
  private readonly occurrences: Occurrences;
  private readonly failed = new Set<number>(); // where no regular expression ends: offset * 2, + 1 inside a class

  constructor(
    private readonly text: string,
    private readonly lexis: Lexis,
  ) {
    this.occurrences = new Occurrences(text);
  }

  /** The piece that begins at `at`, if one does. */
  at(at: number): Piece | undefined {
    const { text, lexis } = this;
    const piece = (kind: PieceKind, end: number): Piece => ({ kind, start: at, end });
    const sign = text[at]!;
    if (text.startsWith(lexis.line, at)) return piece('other', lineEnd(text, at));
    switch (sign) {
      case '/': {
        if (lexis.block && text[at + 1] === '*') return piece('comment', commentEnd(text, at));
        const end = lexis.regexes && this.regexEnd(at);
        return end ? piece('other', end) : undefined;
      }
      case '*':
        return lexis.block && text[at + 1] === '/' ? piece('commentEnd', at + 2) : undefined;
      case '#': {
        const end = lexis.directives && this.directiveEnd(at);
        return end ? piece('directive', end) : undefined;
      }
      case '`':
        return lexis.backquotes && piece('string', stringEnd(text, at, true));
      case '"':
      case "'": {
        const end = this.quotedEnd(at);
        return end ? piece('string', end) : undefined;
      }
      case '@':
      case '$': {
        const end = lexis.verbatim && this.verbatimEnd(at);
        return end ? piece('other', end) : undefined;
      }
      case 'r': {
        const end = lexis.rust && this.rawEnd(at);
        return end ? piece('other', end) : undefined;
      }
      default:
        return piece('bracket', at + 1);
    }
  }

  private quotedEnd(at: number): number | undefined {
    const { text, lexis } = this;
    const triple = lexis.triple?.quotes.find((quotes) => text.startsWith(quotes, at));
    if (triple) {
      const close = this.occurrences.next(triple, at + 3);
      if (close >= 0) return close + 3;
      if (!lexis.triple!.closed) return text.length;
    }
    if (!lexis.rust) return stringEnd(text, at);
    if (text[at] === '"') return stringEnd(text, at, true);
    const escaped = text[at + 1] === '\\' && text[at + 2] !== '\n';
    const end = at + (escaped ? 3 : 2);
    return text[end] === "'" && (escaped || !/['\\\n]/.test(text[at + 1]!)) ? end + 1 : undefined;
  }

  private directiveEnd(at: number): number | undefined {
    const { text } = this;
    let start = at;
    while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
    DIRECTIVE.lastIndex = at;
    return (start === 0 || text[start - 1] === '\n') && DIRECTIVE.test(text) ? directiveEnd(text, at) : undefined;
  }

  private verbatimEnd(at: number): number | undefined {
    const { text } = this;
    VERBATIM.lastIndex = at;
    if (!VERBATIM.test(text)) return undefined;
    for (let i = VERBATIM.lastIndex; ; i += 2) {
      i = text.indexOf('"', i);
      if (i < 0) return text.length;
      if (text[i + 1] !== '"') return i + 1;
    }
  }

  private rawEnd(at: number): number | undefined {
    RAW.lastIndex = at;
    const hashes = RAW.exec(this.text)?.[1];
    if (hashes === undefined) return undefined;
    const close = this.occurrences.next(`"${hashes}`, RAW.lastIndex);
    return close < 0 ? undefined : close + 1 + hashes.length;
  }

  /** The end of the regular expression whose `/` stands at `at`; undefined if it divides. Each offset is looked at once, however many fail there. */
  private regexEnd(at: number): number | undefined {
    const { text, failed } = this;
    let before = at - 1;
    while (before >= 0 && /\s/.test(text[before]!)) before--;
    if (before < 0 || !BEFORE_REGEX.includes(text[before]!)) return undefined;
    const passed: number[] = [];
    let inside = false;
    for (let i = at + 1; i < text.length && text[i] !== '\n'; i++) {
      const state = 2 * i + (inside ? 1 : 0);
      if (failed.has(state)) break;
      passed.push(state);
      const sign = text[i]!;
      if (sign === '/' && !inside) return i + 1;
      if (sign === '[') inside = true;
      else if (sign === ']') inside = false;
      else if (sign === '\\' && (++i >= text.length || /[\n\r\u2028\u2029]/.test(text[i]!))) break;
    }
    for (const state of passed) failed.add(state);
    return undefined;
  }
}

/** The end of a line: offset of its `\n`, or of the end of the text. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** The end of the block comment that begins at `at`, behind its last sign; the end of the text if it is open. */
export function commentEnd(text: string, at: number): number {
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

/**
 * The end of the string whose quote stands at `at`, behind its closing quote; an open one ends before the line break, or
 * with the text. A backslash hides the sign behind it.
 */
export function stringEnd(text: string, at: number, multiline = false): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    const sign = text[i];
    if (sign === quote) return i + 1;
    if (sign === '\n' && !multiline) return i;
    if (sign === '\\' && ++i >= text.length) return i - 1;
  }
  return text.length;
}

/** The end of a directive of the preprocessor: of its line, or of the lines that a backslash joins to it. */
export function directiveEnd(text: string, at: number): number {
  for (let end = lineEnd(text, at); ; end = lineEnd(text, end + 1)) {
    const continued = text[end - 1] === '\\' || (text[end - 1] === '\r' && text[end - 2] === '\\');
    if (end >= text.length || !continued) return end;
  }
}
