// Reads the comments and strings of a text without a grammar: which stretches of lines stay together, and which brackets count.
import { isWithin, type Span } from '../core/span';
import { firstIndexWhere } from '../core/search';
import { getOrMake } from '../core/getOrMake';
import { ownValue } from '../core/ownValue';
import type { Lines } from '../core/lines';
import { lexisOf, type Lexis, type Quote } from '../languages/lexis';
import { Occurrences } from './occurrences';
import { Pairing } from './pairing';

/** What a text without a grammar says about its lines. */
export interface Stretches {
  /** Whether `offset`, the start of a line, lies inside a comment, a string or a here-document. */
  readonly inside: (offset: number) => boolean;
  /** The text of a part of a line in front of a comment that ends with the line. */
  readonly code: (start: number, end: number) => string;
  /** The same without strings and other comments. */
  readonly words: (start: number, end: number) => string;
  /** The brackets outside comments and strings. */
  readonly brackets: Pairing;
}

const DOLLARS = '\\$(?:[A-Za-z_]\\w{0,60})?\\$'; // opens and closes a string of PostgreSQL
const HEREDOC_LINE = /^[ \t]*([A-Za-z_][\w.-]{0,100})[;,)\].]{0,9}[ \t]*$/;
/** A line of YAML whose value is the lines below it, with what stands in front of its key. */
const BLOCK_SCALAR = /^(\s*(?:-\s+)*)([^\s#][^#]*:\s+)?(?:[&!]\S+\s+)*[|>][-+\d]*\s*(?:#.*)?$/;
const LINE_UNITS = 400; // UTF-16 units of a line that tell whether it opens or closes a fence
const VALUE_UNITS = 100; // UTF-16 units in front of a quote that tell whether a value begins there

/**
 * Reads a text once, in time linear in its length.
 * @param embedded parts in other languages, in text order
 * @param insertions parts in the language of a template, in text order: over several lines they stay whole
 */
export function stretchesOf(
  text: string,
  languageId: string,
  lines: Lines,
  embedded: readonly (Span & { readonly language: string })[] = [],
  insertions: readonly Span[] = [],
): Stretches {
  const brackets = new Pairing();
  const found: Span[] = [];
  const comments: number[] = []; // where those begin that end with their line
  const occurrences = new Occurrences(text);
  let at = 0;
  const read = (lexis: Lexis, start: number, end: number): void => {
    if (start < end) new Reader(text, lexis, lines, occurrences, brackets, found, comments).read(start, end);
  };
  for (const { start, end, language } of embedded) {
    read(lexisOf(languageId), at, start);
    read(lexisOf(language), start, end);
    at = end;
  }
  read(lexisOf(languageId), at, text.length);
  const codeEnd = (start: number, end: number): number =>
    Math.min(comments[firstIndexWhere(comments, (at) => at >= start)] ?? end, end);
  return {
    inside: (offset) => isWithin(found, offset) || isWithin(insertions, offset),
    code: (start, end) => text.slice(start, codeEnd(start, end)),
    words: (start, end) => {
      const to = codeEnd(start, end);
      const parts: string[] = [];
      let at = start;
      for (let i = firstIndexWhere(found, (s) => s.end > start); i < found.length && found[i]!.start < to; i++) {
        parts.push(text.slice(at, found[i]!.start));
        at = found[i]!.end;
      }
      return [...parts, text.slice(at, to)].join(' ');
    },
    brackets,
  };
}

const signs = new Map<Lexis, RegExp>();
const escaped = (sign: string): string => sign.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Everything in code that may begin a stretch, or is a bracket; the longest sign first. */
function signOf(lexis: Lexis): RegExp {
  return getOrMake(signs, lexis, () => {
    const opening = [...lexis.comments, ...lexis.quotes.map((q) => q.opens), ...(lexis.heredoc ? ['<<', '\n'] : [])];
    const longest = opening.sort((a, b) => b.length - a.length).map(escaped);
    if (lexis.dollars) longest.unshift(DOLLARS);
    if (lexis.operators) longest.unshift(lexis.operators.source);
    return new RegExp([...(lexis.escapes ? ['\\\\[^]'] : []), ...longest, '[()[\\]{}]'].join('|'), 'g');
  });
}

const closings = new Map<Quote, RegExp>();

/** A closing sign, or what a scan for it must look at before. */
function closingOf(quote: Quote): RegExp {
  return getOrMake(closings, quote, () => {
    const { opens, closes, lines, nests } = quote;
    return new RegExp([nests ? escaped(opens) : '\\\\[^]', escaped(closes), ...(lines ? [] : ['\\n'])].join('|'), 'g');
  });
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const TWO_PARTS = /^(?:s|tr|y)\b/; // what is replaced, and by what
const BETWEEN_PARTS = /\s*(?:#.*\s*)?/y;
const FLAGS = /[a-z]*/y;

const parts = new Map<string, RegExp>();

/** The signs that tell where a part ends that this sign begins. */
function partSigns(opens: string): RegExp {
  return getOrMake(parts, opens, () => {
    const signs = [opens, ownValue(PAIRS, opens) ?? opens].map(escaped);
    return new RegExp(['\\\\[^]', ...signs].join('|'), 'g');
  });
}

/** Where a sticky expression ends that matches at an offset. */
function behindMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

class Reader {
  private readonly dead = new Map<Quote, number>(); // up to this offset there is no closing sign
  private readonly unclosed = new Set<string>(); // signs of operators without an end
  private heredocs: { readonly start: number; readonly name: string }[] = []; // whose lines begin below this line
  private dollars: Map<string, number[]> | undefined; // where each sign such as `$body$` stands
  private heredocEnds: Map<string, number[]> | undefined; // by word: where a line with nothing else ends

  constructor(
    private readonly text: string,
    private readonly lexis: Lexis,
    private readonly lines: Lines,
    private readonly occurrences: Occurrences,
    private readonly brackets: Pairing,
    private readonly found: Span[],
    private readonly comments: number[],
  ) {}

  read(from: number, to: number): void {
    const { text } = this;
    const sign = signOf(this.lexis);
    const fences = this.fencesIn(from, to);
    let next = 0;
    for (let at = from; at < to;) {
      sign.lastIndex = at;
      const m = sign.exec(text);
      const here = m ? Math.min(to, m.index) : to;
      const fence = fences[next];
      if (fence && fence.start <= here) {
        next++;
        if (fence.start < at) continue; // inside a string
        this.found.push(fence);
        at = fence.end;
      } else if (here < to) at = this.behind(m![0], here, to);
      else break;
    }
  }

  /** Reads what begins at `at`. @returns where code goes on */
  private behind(sign: string, at: number, to: number): number {
    const { text, lexis, brackets } = this;
    if (sign === '\n') return this.behindHeredocs(at + 1);
    if (lexis.escapes && sign[0] === '\\') return text[at + 1] === '\n' ? at + 1 : at + 2;
    if (sign.startsWith('<<')) {
      const end = this.behindHeredocSign(at);
      if (end !== undefined) return end;
    }
    if (lexis.dollars && sign[0] === '$') {
      const end = this.dollarsEnd(sign, at + sign.length);
      if (end === undefined || end > to) return at + sign.length;
      this.found.push({ start: at, end });
      return end;
    }
    if (lexis.operators && /[a-z/]/.test(sign[0]!)) {
      const end = this.operatorEnd(sign, at + sign.length, to);
      if (end === undefined) return at + 1;
      this.found.push({ start: at, end });
      return end;
    }
    for (const quote of lexis.quotes) {
      if (!text.startsWith(quote.opens, at) || !this.mayOpen(quote, at)) continue;
      const end = this.endOf(quote, at, to);
      if (end === undefined) continue;
      this.found.push({ start: at, end });
      return end;
    }
    if (lexis.comments.some((c) => text.startsWith(c, at)) && this.mayComment(at)) {
      this.comments.push(at);
      return Math.min(to, this.lineEnd(at));
    }
    const kind = '()[]{}'.indexOf(text[at]!);
    if (kind >= 0 && kind % 2 === 0) brackets.opens(at, text[at]!);
    else if (kind >= 0) brackets.closes(at, '()[]{}'[kind - 1]!);
    return at + 1;
  }

  /** Whether a quote may begin at `at`: `it's` has none. */
  private mayOpen({ opens, comment }: Quote, at: number): boolean {
    const { text, lexis } = this;
    if (comment) return true;
    if (lexis.values) {
      const before = text.slice(Math.max(0, at - VALUE_UNITS), at);
      return /(^|[\n\r:\-,[{?(]|[&!][\w!:/.-]*[ \t])[ \t]*$/.test(before);
    }
    return lexis.glued === true || opens !== "'" || !/[\p{L}\p{N}_]/u.test(text[at - 1] ?? ' ');
  }

  /** Where the line of an offset ends, in front of its line break. */
  private lineEnd(offset: number): number {
    const { end } = this.lines.span(this.lines.at(offset));
    return end > offset && /[\n\r]/.test(this.text[end - 1]!) ? end - 1 : end;
  }

  private mayComment(at: number): boolean {
    const { text, lexis, lines } = this;
    if (lexis.commentsAt === 'anywhere') return true;
    if (lexis.commentsAt === 'blank') return /[\s;&|(){}]/.test(text[at - 1] ?? ' ');
    const { start } = lines.span(lines.at(at));
    return at - start < VALUE_UNITS && !text.slice(start, at).trim();
  }

  /** The end of a quote behind its closing sign; undefined if it does not close where it must. */
  private endOf(quote: Quote, at: number, to: number): number | undefined {
    if (at < (this.dead.get(quote) ?? 0)) return undefined;
    const from = at + quote.opens.length;
    const limit = quote.lines ? to : Math.min(to, this.lineEnd(from));
    const end = this.closingEnd(quote, from);
    if (end !== undefined && end <= limit) return end;
    if (quote.comment) return to;
    this.dead.set(quote, limit);
    return undefined;
  }

  private closingEnd(quote: Quote, from: number): number | undefined {
    const { closes, escapes, doubled, nests } = quote;
    if (!escapes && !nests) {
      let at = this.occurrences.next(closes, from);
      while (doubled && at >= 0 && this.text.startsWith(closes, at + closes.length))
        at = this.occurrences.next(closes, at + 2 * closes.length);
      return at < 0 ? undefined : at + closes.length;
    }
    const sign = closingOf(quote);
    sign.lastIndex = from;
    let depth = 1;
    for (let m = sign.exec(this.text); m; m = sign.exec(this.text)) {
      if (m[0] === '\n' && closes !== '\n') return undefined;
      if (m[0] === closes) depth--;
      else if (nests) depth++;
      if (depth === 0) return m.index + closes.length;
    }
    return undefined;
  }

  /** The end of a string behind a word, with its flags; undefined if it does not close. */
  private operatorEnd(sign: string, from: number, to: number): number | undefined {
    const { text } = this;
    const opens = sign.at(-1)!;
    let end = this.partEnd(opens, from, to);
    if (end === undefined) return undefined;
    if (TWO_PARTS.test(sign)) {
      const pairs = ownValue(PAIRS, opens) !== undefined;
      const second = pairs ? behindMatch(BETWEEN_PARTS, text, end) : end;
      const last = this.partEnd(pairs ? (text[second] ?? '') : opens, pairs ? second + 1 : end, to);
      if (last === undefined) return end;
      end = last;
    }
    return Math.min(to, behindMatch(FLAGS, text, end));
  }

  /** The end of a part behind the sign that closes it. */
  private partEnd(opens: string, from: number, to: number): number | undefined {
    if (/^[\w\s]?$/.test(opens) || this.unclosed.has(opens)) return undefined;
    const closes = ownValue(PAIRS, opens) ?? opens;
    const sign = partSigns(opens);
    sign.lastIndex = from;
    let depth = 1;
    for (let m = sign.exec(this.text); m && m.index < to; m = sign.exec(this.text)) {
      if (m[0] === closes) depth--;
      else if (m[0] === opens) depth++;
      if (depth === 0) return m.index + 1;
    }
    this.unclosed.add(opens);
    return undefined;
  }

  /** The end of a string between two signs such as `$body$`; undefined if the second is missing. */
  private dollarsEnd(sign: string, from: number): number | undefined {
    if (!this.dollars) {
      this.dollars = new Map<string, number[]>();
      for (const m of this.text.matchAll(new RegExp(DOLLARS, 'g')))
        getOrMake(this.dollars, m[0], () => []).push(m.index);
    }
    const starts = this.dollars.get(sign) ?? [];
    const start = starts[firstIndexWhere(starts, (s) => s >= from)];
    return start === undefined ? undefined : start + sign.length;
  }

  /** Notes a here-document. @returns the offset behind its word; undefined if there is none */
  private behindHeredocSign(at: number): number | undefined {
    const sign = this.lexis.heredoc!;
    sign.lastIndex = at;
    const m = sign.exec(this.text);
    if (!m) return undefined;
    this.heredocs.push({ start: at, name: m.groups!.name! });
    return at + m[0].length;
  }

  /** Skips the here-documents that begin at a line start. One whose word never comes is none: `1 << bits` shifts. */
  private behindHeredocs(lineStart: number): number {
    let at = lineStart;
    for (const { start, name } of this.heredocs) {
      const ends = (this.heredocEnds ??= this.heredocLines()).get(name) ?? [];
      const end = ends[firstIndexWhere(ends, (e) => e > at)];
      if (end === undefined) continue;
      this.found.push({ start, end });
      at = end;
    }
    if (this.heredocs.length) this.heredocs = [];
    return at;
  }

  private heredocLines(): Map<string, number[]> {
    const out = new Map<string, number[]>();
    for (const { start, end } of this.lines.all()) {
      const name = end - start < 200 ? HEREDOC_LINE.exec(this.text.slice(start, end).trimEnd())?.[1] : undefined;
      if (name !== undefined) getOrMake(out, name, () => []).push(end);
    }
    return out;
  }

  /** YAML: the lines of scalars behind `|` or `>`, with the line break above them. Quotes inside are no strings. */
  private blockScalarsIn(from: number, to: number): Span[] {
    const { lines, text } = this;
    const out: Span[] = [];
    let open: { readonly start: number; readonly column: number; end: number } | undefined;
    for (let i = lines.at(from); i < lines.starts.length && lines.starts[i]! < to; i++) {
      const { start, end } = lines.span(i);
      const words = text.slice(start, Math.min(end, start + LINE_UNITS));
      const column = words.search(/\S/);
      if (open && (column < 0 || column > open.column)) {
        if (column >= 0) open.end = end;
        continue;
      }
      if (open && open.end > open.start) out.push({ start: open.start, end: open.end });
      const head = BLOCK_SCALAR.exec(words);
      const at = head?.[1]!.length ?? 0;
      const dash = words.lastIndexOf('-', at - 1);
      const parent = head?.[2] !== undefined ? at : at > 0 && dash >= 0 ? dash : at - 1;
      open = head ? { start: end - 1, end: 0, column: parent } : undefined;
    }
    if (open && open.end > open.start) out.push({ start: open.start, end: open.end });
    return out;
  }

  /** Lines that stay together, from a line that opens them to one that closes them, or to the end. */
  private fencesIn(from: number, to: number): Span[] {
    const { lexis, lines, text } = this;
    if (lexis.values) return this.blockScalarsIn(from, to);
    const out: Span[] = [];
    if (!lexis.fences?.length || from === to) return out;
    let open: { readonly start: number; readonly closes: RegExp } | undefined;
    for (let i = lines.at(from); i < lines.starts.length && lines.starts[i]! < to; i++) {
      const { start, end } = lines.span(i);
      const words = text.slice(start, Math.min(end, start + LINE_UNITS)).trimEnd();
      if (!open) {
        const closes = lexis.fences.find(([opens]) => opens.test(words))?.[1];
        if (closes) open = { start, closes };
      } else if (open.closes.test(words)) {
        out.push({ start: open.start, end });
        open = undefined;
      }
    }
    if (open) out.push({ start: open.start, end: to });
    return out;
  }
}
