// Knows how a text looks after some units went: cut by spans, marked in the language's own comments, nothing rewritten.
import { createHash } from 'node:crypto';
import type { Elision, RetainedSpan, SourceText, SpanReason } from '../core/context';
import { overlaps, unionSpans, type Span } from '../core/span';
import type { TokenCounter } from '../core/token';
import { commentIn, emptyBlock } from './languages';
import { Lines } from './lines';
import { massOf } from './mass';
import type { CutOrder } from './order';
import type { Suite, Unit } from './structure';

export interface RenderOptions {
  readonly markers: boolean;
  readonly counter: TokenCounter;
  /** Share of caches that kept each model token, for display. */
  readonly retention?: { readonly bounds: Int32Array; readonly values: Float32Array };
}

export interface Rendered {
  readonly text: string;
  readonly spans: RetainedSpan[];
  readonly elisions: Elision[];
  readonly readerTokens: number;
}

/** A hole in the text and what stands in it. */
export interface Hole extends Span {
  readonly marker: string; // with its line break; may be empty
  readonly id: string;
  readonly line: number;
  readonly lines: number;
  readonly solid: readonly Span[]; // cut units inside; the rest is blank space that went along
}

/** The text after the first `count` steps, with every span, elision and count. */
export function renderPrefix(order: CutOrder, count: number, options: RenderOptions): Rendered {
  const { source } = order;
  const retained = retentionOf(options.retention);
  const holes = holesOf(source, order.steps.slice(0, count).map((s) => s.unit), options.markers, order.pins);
  const text = fill(source.text, holes);
  const readerTokens = options.counter.count(text);
  if (holes.length === 0) {
    const spans: RetainedSpan[] = source.text.length
      ? [{ start: 0, end: source.text.length, kept: true, reason: 'untouched', retention: retained(0, source.text.length) }]
      : [];
    return { text, spans, elisions: [], readerTokens };
  }
  const spans: RetainedSpan[] = [];
  const cuttable = unionSpans(order.steps.map((s) => s.unit));
  const excluded = unionSpans(order.steps.slice(0, order.forced).map((s) => s.unit));
  const keep = (start: number, end: number): void => {
    // Split where the reason changes: pins and protected lines stand out, the rest is either ranked or held by syntax.
    const edges = new Set([start, end]);
    for (const list of [order.pins, order.protectedSpans, cuttable])
      for (const s of list) for (const at of [s.start, s.end]) if (at > start && at < end) edges.add(at);
    const sorted = [...edges].sort((a, b) => a - b);
    for (let i = 0; i + 1 < sorted.length; i++) {
      const [from, to] = [sorted[i]!, sorted[i + 1]!];
      const reason: SpanReason = overlaps(order.pins, from, to)
        ? 'pinned'
        : overlaps(order.protectedSpans, from, to)
          ? 'protected'
          : overlaps(cuttable, from, to)
            ? 'score'
            : 'syntax';
      const last = spans.at(-1);
      if (last?.kept && last.reason === reason && last.end === from)
        spans[spans.length - 1] = { ...last, end: to, retention: retained(last.start, to) };
      else spans.push({ start: from, end: to, kept: true, reason, retention: retained(from, to) });
    }
  };
  let at = 0;
  for (const hole of holes) {
    if (hole.start > at) keep(at, hole.start);
    let inside = hole.start;
    const drop = (start: number, end: number, reason: SpanReason): void =>
      void spans.push({ start, end, kept: false, reason, retention: retained(start, end), elision: hole.id });
    for (const s of hole.solid) {
      if (s.start > inside) drop(inside, s.start, 'absorbed');
      for (const e of excluded) {
        if (e.end <= inside || e.start >= s.end) continue;
        if (e.start > Math.max(inside, s.start)) drop(Math.max(inside, s.start), e.start, 'score');
        drop(Math.max(e.start, s.start), Math.min(e.end, s.end), 'excluded');
        inside = Math.min(e.end, s.end);
      }
      if (Math.max(inside, s.start) < s.end) drop(Math.max(inside, s.start), s.end, 'score');
      inside = s.end;
    }
    if (inside < hole.end) drop(inside, hole.end, 'absorbed');
    at = hole.end;
  }
  if (at < source.text.length) keep(at, source.text.length);
  const elisions = holes.map((h) => ({
    id: h.id,
    start: h.start,
    end: h.end,
    line: h.line,
    lines: h.lines,
    readerTokens: options.counter.count(source.text.slice(h.start, h.end)),
    marker: h.marker,
  }));
  return { text, spans, elisions, readerTokens };
}

/** The marked text alone: what the parser is asked about. */
export function cutText(source: SourceText, units: readonly Unit[]): string {
  return fill(source.text, holesOf(source, units, true));
}

export function fill(text: string, holes: readonly Hole[]): string {
  let out = '';
  let at = 0;
  for (const hole of holes) {
    out += text.slice(at, hole.start) + hole.marker;
    at = hole.end;
  }
  return out + text.slice(at);
}

/**
 * Neighbouring cuts merge with the blank lines between and behind them, if those are free; each hole in the code gets one
 * marker. Where only comments went the code is whole: a comment about a missing comment would cost more than it tells.
 */
export function holesOf(source: SourceText, units: readonly Unit[], markers: boolean, pins: readonly Span[] = []): Hole[] {
  const { text } = source;
  const gone = new Set(units);
  const spans = unionSpans(units);
  // Holes grow over following blank lines, so that neighbours meet.
  const grown = unionSpans(spans.map((s) => ({ start: s.start, end: s.end + blankLinesAt(text, s.end, pins) })));
  const emptied = emptiedSuites(text, units, gone, spans);
  const markup = unionSpans(outermost(units).filter((u) => u.markup));
  const code = units.filter((u) => !u.comment).sort((a, b) => a.start - b.start);
  const facts = factsOf(source);
  let nextCode = 0;
  const marked = grown.map((hole) => {
    while (nextCode < code.length && code[nextCode]!.start < hole.start) nextCode++;
    return markers && nextCode < code.length && code[nextCode]!.start < hole.end;
  });
  const commented = (hole: Span, note: string): string | undefined =>
    overlaps(markup, hole.start, hole.end) ? `{/* ${note} */}` : commentIn(source.languageId, note);
  // Every token is paid for at every hole: one names the version for all of them, and it is the last, because any edit
  // changes that name, and what a receiver has cached ends where the text differs.
  const naming = grown.findLastIndex((hole, i) => marked[i]! && commented(hole, '') !== undefined);
  let next = 0;
  let nextEmpty = 0;
  let last = 0;
  let twins = 0;
  return grown.map((hole, i) => {
    const solid: Span[] = [];
    while (next < spans.length && spans[next]!.start < hole.end) solid.push(spans[next++]!);
    const { line, lines, indent, eol } = facts.cut(hole.start, hole.end);
    twins = line === last ? twins + 1 : 0;
    last = line;
    const place = `${line}${twins ? String.fromCharCode(97 + (twins % 26)) : ''}`; // two holes in one line: 7, 7b
    const note = `…${place}${i === naming ? ` #${facts.tag}` : ''}`;
    // At most one: another suite's header would stand between, and it stays.
    while (nextEmpty < emptied.length && emptied[nextEmpty]!.start < hole.start) nextEmpty++;
    const empty = nextEmpty < emptied.length && emptied[nextEmpty]!.start < hole.end ? emptied[nextEmpty] : undefined;
    const comment = commented(hole, note);
    let marker = '';
    if (empty) marker = `${empty.indent}${emptyBlock(source.languageId)!.statement}${marked[i] ? `  ${comment}` : ''}`;
    else if (marked[i] && comment !== undefined) marker = indent + comment;
    if (marker) marker += eol;
    return { ...hole, marker, id: `${facts.tag}:${place}`, line, lines, solid };
  });
}

/** Units that lie in no other of the list. */
function outermost(units: readonly Unit[]): Unit[] {
  const out: Unit[] = [];
  for (const u of [...units].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (!last || u.start >= last.end) out.push(u);
  }
  return out;
}

/** Suites that lost their last statement while the code around them stays. */
function emptiedSuites(text: string, units: readonly Unit[], gone: ReadonlySet<Unit>, spans: readonly Span[]): { start: number; indent: string }[] {
  const suites = new Set<Suite>();
  for (const u of units) if (u.suite) suites.add(u.suite);
  if (suites.size === 0) return [];
  const reach = reachOf(units);
  const out: { start: number; indent: string }[] = [];
  for (const suite of suites) {
    const statements = suite.members.filter((m) => !m.comment);
    if (statements.some((m) => !gone.has(m))) continue;
    const first = statements.find((m) => gone.has(m)) ?? suite.members[0]!;
    // Inside a larger cut nothing of the suite is left to fill.
    if (reach(first.start, suite) < first.end && overlaps(spans, first.start, first.end)) out.push({ start: first.start, indent: /^[ \t]*/.exec(text.slice(first.start, first.start + 200))![0] });
  }
  return out.sort((a, b) => a.start - b.start);
}

/** How far units that begin at or in front of an offset reach, those of one suite left out; -1 where there is none. */
function reachOf(units: readonly Unit[]): (offset: number, without: Suite) => number {
  const sorted = [...units].sort((a, b) => a.start - b.start);
  // The furthest so far, and the furthest of any other suite: one of the two is not of the suite that is left out.
  const best = new Float64Array(sorted.length);
  const whose: (Suite | undefined)[] = [];
  const second = new Float64Array(sorted.length);
  let [most, other] = [-1, -1];
  let owner: Suite | undefined;
  sorted.forEach(({ end, suite }, i) => {
    if (suite === owner && most >= 0) most = Math.max(most, end);
    else if (end > most) [other, most, owner] = [most, end, suite];
    else other = Math.max(other, end);
    best[i] = most;
    whose[i] = owner;
    second[i] = other;
  });
  return (offset, without) => {
    let lo = 0;
    let hi = sorted.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (sorted[mid]!.start <= offset) lo = mid + 1;
      else hi = mid;
    }
    return lo === 0 ? -1 : whose[lo - 1] === without ? second[lo - 1]! : best[lo - 1]!;
  };
}

/** Length of the blank lines that begin at `offset` (a line start), up to the first pinned unit. */
function blankLinesAt(text: string, offset: number, pins: readonly Span[]): number {
  const limit = pins.find((p) => p.end > offset)?.start ?? text.length;
  let end = offset;
  for (let i = offset; i < limit; i++) {
    const c = text[i]!;
    if (c === '\n' || (c === '\r' && text[i + 1] !== '\n')) end = i + 1;
    else if (c !== ' ' && c !== '\t' && c !== '\r' && c !== '\f' && c !== '\v') break;
  }
  return end - offset;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const TAG_LENGTH = 4;

/** What only depends on the stretch that was cut; a file is rendered many times with the same holes. */
interface Cut {
  readonly line: number; // 1-based, of its file
  readonly lines: number;
  readonly indent: string;
  readonly eol: string; // its own, when it ends with one
}

/** What only depends on the source. */
class Facts {
  /** Names path and text, so that an id never leads into another version of the file. */
  readonly tag: string;
  private readonly lines: Lines;
  private readonly cuts = new Map<number, Cut>();

  constructor(private readonly source: SourceText) {
    this.lines = new Lines(source.text);
    this.tag = base32(createHash('sha256').update(`${source.path}\0${source.text}`).digest()).slice(0, TAG_LENGTH);
  }

  cut(start: number, end: number): Cut {
    const { text, firstLine = 1 } = this.source;
    const key = start * (text.length + 1) + end;
    let cut = this.cuts.get(key);
    if (!cut) {
      const first = this.lines.at(start);
      const closed = /[\r\n]/.test(text[end - 1]!);
      const lines = this.lines.at(end) - first + (closed ? 0 : 1);
      const eol = closed ? (text.endsWith('\r\n', end) ? '\r\n' : text[end - 1]!) : '';
      cut = { line: firstLine + first, lines, indent: /^[ \t]*/.exec(text.slice(start, Math.min(end, start + 400)))![0], eol };
      this.cuts.set(key, cut);
    }
    return cut;
  }
}

const known = new WeakMap<SourceText, Facts>();

function factsOf(source: SourceText): Facts {
  let facts = known.get(source);
  if (!facts) known.set(source, (facts = new Facts(source)));
  return facts;
}

function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return bits.replace(/.{1,5}/g, (five) => ALPHABET[parseInt(five, 2)]!);
}

/** Mean over the model tokens that begin in a range, 0…1. */
function retentionOf(retention: RenderOptions['retention']): (start: number, end: number) => number {
  if (!retention || retention.values.length === 0) return () => 1;
  const mass = massOf(retention.bounds, retention.values);
  return (start, end) => {
    const { sum, tokens } = mass(start, end);
    return tokens ? Math.round((sum / tokens) * 1e4) / 1e4 : 0;
  };
}
