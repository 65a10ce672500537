// Knows the holes of a text while units go one by one: where they meet, which are marked, and what stands in each.
import { createHash } from 'node:crypto';
import type { SourceText } from '../core/context';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { commentIn, emptyBlock, isIndented, lineComment } from '../parse/languages';
import { Lines } from '../core/lines';
import type { Suite, Unit } from '../parse/unit';

/** A hole in the text and what stands in it. */
export interface Hole extends Span {
  readonly marker: string; // with its line break; may be empty
  readonly id: string;
  readonly line: number; // 1-based, of its file
  readonly lines: number;
  readonly silent: boolean; // a marker was wanted, and the language has none
}

/** What went between two stretches that stay. */
export interface Gap extends Span {
  /** End of the last unit. */
  readonly solid: number;
  /** End of the blank lines behind it: a unit that begins there is part of the same hole. */
  readonly reach: number;
  /** Whether more than comments went. */
  readonly code: boolean;
  /** How many of its outermost units are markup. */
  readonly markup: number;
  /** Suites that lost their last statement here, in text order. */
  readonly emptied: readonly Emptied[];
}

interface Emptied {
  readonly suite: Suite;
  readonly first: Unit; // its first statement
}

/** One unit more: `removed` are no longer there, `added` stands in their place, `touched` reads another way. */
export interface Change {
  readonly removed: readonly Gap[];
  readonly added: Gap;
  readonly touched: readonly Gap[];
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const TAG_LENGTH = 4;

/**
 * Neighbouring cuts merge with the blank lines between them, if those are free; each hole in the code gets one marker.
 * Where only comments went the code is whole: a comment about a missing comment would cost more than it tells.
 * Units may come in any order.
 */
export class Holes {
  private readonly list: Gap[] = [];
  private readonly outer: Unit[] = []; // gone units that lie in no other, in text order
  private readonly gone = new Set<Unit>();
  private readonly left = new Map<Suite, number>(); // statements
  private readonly quiet = new Set<number>(); // ends of cuts without a marker behind a blank line
  private readonly facts: Facts;
  private readonly commented: boolean; // whether the language has comments
  private readonly indented: boolean; // whether it is a marker's indentation that tells which block lost something

  constructor(
    private readonly source: SourceText,
    private readonly markers: boolean,
    private readonly pins: readonly Span[] = [],
  ) {
    this.facts = factsOf(source);
    this.commented = commentIn(source.languageId, '') !== undefined;
    this.indented = isIndented(source.languageId);
  }

  /** In text order. */
  get gaps(): readonly Gap[] {
    return this.list;
  }

  add(unit: Unit): Change {
    const { list, outer } = this;
    const { start } = unit;
    // Holes reach over following blank lines, so that neighbours meet.
    const own = unit.end + blankLinesAt(this.source.text, unit.end, this.pins);
    if ((unit.comment || !this.markers || !this.commented) && doubled(this.source.text, start, own))
      this.quiet.add(unit.end);
    let from = firstIndexWhere(list, (g) => g.reach >= start);
    let to = Math.max(
      from,
      firstIndexWhere(list, (g) => g.start > own),
    );
    if (list[from]?.reach === start && list[from]!.solid < start) from++; // met over blank lines: seen below
    if (to > from && unit.end < own && list[to - 1]!.start === own && this.hugs(list[to - 1]!)) to--;
    to = Math.max(from, to);
    const ends = (): { start: number; solid: number; reach: number; code: boolean } => ({
      start: Math.min(start, list[from]?.start ?? start),
      solid: Math.max(unit.end, from < to ? list[to - 1]!.solid : 0),
      reach: Math.max(own, from < to ? list[to - 1]!.reach : 0),
      code: !unit.comment || list.slice(from, to).some((g) => g.code),
    });
    while (from > 0 && list[from - 1]!.reach >= ends().start && !this.hugs(ends())) from--;
    const removed = list.slice(from, to);
    const inside = firstIndexWhere(outer, (u) => u.end > start);
    const buried = outer[inside] && outer[inside].start <= start && outer[inside].end >= unit.end;
    let behind = inside;
    if (!buried) while (behind < outer.length && outer[behind]!.start < unit.end) behind++;
    const swallowed = buried ? [] : outer.splice(inside, behind - inside, unit);
    this.gone.add(unit);
    const markup =
      removed.reduce((sum, g) => sum + g.markup, 0) -
      swallowed.filter((u) => u.markup).length +
      (unit.markup && !buried ? 1 : 0);
    // Inside a larger cut nothing of a suite is left to fill.
    const emptied = removed
      .flatMap((g) => g.emptied)
      .filter(({ suite, first }) => suite === unit.suite || first.start < start || first.end > unit.end);
    const { solid, reach, ...edge } = ends();
    const added: Gap = {
      ...edge,
      end: this.parts(solid, reach) ? solid : reach,
      solid,
      reach,
      markup,
      emptied,
    };
    list.splice(from, to - from, added);
    return this.emptiedBy(unit, { removed, added, touched: [] });
  }

  /** Whether only comments went above what stays, with the blank lines behind them: those in front still part that from another hole. */
  private hugs({ code, solid, reach }: Pick<Gap, 'code' | 'solid' | 'reach'>): boolean {
    const { text } = this.source;
    return !code && reach < text.length && !this.parts(solid, reach) && !CLOSER.test(text.slice(reach, reach + 200));
  }

  /**
   * Whether the blank lines behind a hole stay: not in front of what closes a block, at the end of the text, nor behind a
   * cut that leaves no sign between other blank lines. Those that go stay gone while more is cut: less never keeps more.
   */
  private parts(solid: number, reach: number): boolean {
    const { text } = this.source;
    return (
      solid < reach && reach < text.length && !this.quiet.has(solid) && !CLOSER.test(text.slice(reach, reach + 200))
    );
  }

  /** Adds to a change what stands for a suite that has no statement left. */
  private emptiedBy({ suite, comment }: Unit, change: Change): Change {
    if (!suite) return change;
    const left = (this.left.get(suite) ?? suite.members.filter((m) => !m.comment).length) - (comment ? 0 : 1);
    this.left.set(suite, left);
    const first = left > 0 ? undefined : (suite.members.find((m) => !m.comment) ?? suite.members[0]);
    if (!first || !this.gone.has(first)) return change;
    const over = this.outer[firstIndexWhere(this.outer, (u) => u.end > first.start)]!;
    if (over.suite !== suite) return change; // inside a larger cut
    const at = firstIndexWhere(this.list, (g) => g.end > first.start);
    const old = this.list[at]!;
    if (old.emptied.some((e) => e.suite === suite)) return change;
    const gap = { ...old, emptied: [...old.emptied, { suite, first }].sort((a, b) => a.first.start - b.first.start) };
    this.list[at] = gap;
    return old === change.added
      ? { ...change, added: gap }
      : { ...change, removed: [...change.removed, old], touched: [gap] };
  }

  /** Whether a gap is told to the reader. */
  private marked(gap: Gap): boolean {
    return this.markers && gap.code && (this.commented || gap.markup > 0);
  }

  /**
   * The gap that names the version for all. Every token is paid for at every hole, and it is the last, because any edit
   * changes that name, and what a receiver has cached ends where the text differs.
   */
  naming(): Gap | undefined {
    return this.list.findLast((g) => this.marked(g));
  }

  /** @param index of a gap. @param naming as `naming()` says. */
  hole(index: number, naming: Gap | undefined): Hole {
    const gap = this.list[index]!;
    const { start, end } = gap;
    const { line, lines, indent, eol } = this.facts.cut(start, end);
    let twins = 0;
    while (index > twins && this.facts.lineAt(this.list[index - twins - 1]!.start) === line) twins++;
    const place = `${line}${twins ? String.fromCharCode(97 + (twins % 26)) : ''}`; // two holes in one line: 7, 7b
    const note = `${place}…${gap === naming ? ` #${this.facts.tag}` : ''}`;
    const comment = this.marked(gap) ? this.comment(gap, note) : undefined;
    // At most one: another suite's header would stand between, and it stays.
    const empty = gap.emptied[0];
    let marker = '';
    if (empty)
      marker = `${indentAt(this.source.text, empty.first.start, empty.first.start + 200)}${emptyBlock(this.source.languageId)!.statement}${comment === undefined ? '' : ` ${comment}`}`;
    else if (comment !== undefined) marker = (this.atMargin(gap, indent) ? '' : indent) + comment;
    if (marker) marker += eol;
    return {
      start,
      end,
      marker,
      id: `${this.facts.tag}:${place}`,
      line,
      lines,
      silent: this.markers && gap.code && comment === undefined,
    };
  }

  /** Whether the marker stands at the margin, where it costs a reader two tokens less: wherever the lines around it tell its block. */
  private atMargin({ start, end }: Gap, indent: string): boolean {
    if (!this.indented) return true;
    if (lineComment(this.source.languageId) === undefined) return false; // at the margin `<!--` would end a list
    const { before, behind } = this.facts.around(start, end);
    return behind === indent && before !== undefined && indent.startsWith(before);
  }

  private comment({ start, markup }: Gap, note: string): string | undefined {
    if (markup > 0) return `{/*${note}*/}`;
    const first = this.outer[firstIndexWhere(this.outer, (u) => u.end > start)];
    const comment = commentIn(first?.language ?? this.source.languageId, note);
    return first?.row ? `| ${comment} |` : comment;
  }

  all(): Hole[] {
    const naming = this.naming();
    return this.list.map((_, i) => this.hole(i, naming));
  }
}

export function holesOf(
  source: SourceText,
  units: readonly Unit[],
  markers: boolean,
  pins: readonly Span[] = [],
): Hole[] {
  const holes = new Holes(source, markers, pins);
  for (const u of [...units].sort((a, b) => a.start - b.start || b.end - a.end)) holes.add(u);
  return holes.all();
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

const CLOSER = /^[ \t]*([)\]}]|<\/|(end|fi|done|esac)\b)/;
const AFTER_BLANK = /(^|[\n\r])[ \t\f\v]*(\r\n|\n|\r)$|^\ufeff?$/;
const OPENED = /[[({:>]([ \t]*(#|\/\/|--)[^\n\r]*)?[ \t]*(\r\n|\n|\r)$/;

/** Whether the blank lines behind a cut without a marker would be too many: a blank line or the head of their block is in front. */
function doubled(text: string, start: number, behind: number): boolean {
  const before = text.slice(Math.max(0, start - 200), start);
  return (
    AFTER_BLANK.test(before) ||
    (OPENED.test(before) && indentAt(text, start, start + 200).length <= indentAt(text, behind, behind + 200).length)
  );
}

function indentAt(text: string, start: number, most: number): string {
  let end = start;
  while (end < most && (text[end] === ' ' || text[end] === '\t')) end++;
  return text.slice(start, end);
}

/** Length of the blank lines that begin at `offset` (a line start), up to the first pinned unit. */
function blankLinesAt(text: string, offset: number, pins: readonly Span[]): number {
  const limit = pins[firstIndexWhere(pins, (p) => p.end > offset)]?.start ?? text.length;
  let end = offset;
  for (let i = offset; i < limit; i++) {
    const c = text[i]!;
    if (c === '\n' || (c === '\r' && text[i + 1] !== '\n')) end = i + 1;
    else if (c !== ' ' && c !== '\t' && c !== '\r' && c !== '\f' && c !== '\v') break;
  }
  return end - offset;
}

/** What only depends on the stretch that was cut. */
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

  constructor(private readonly source: SourceText) {
    this.lines = new Lines(source.text);
    this.tag = base32(createHash('sha256').update(`${source.path}\0${source.text}`).digest()).slice(0, TAG_LENGTH);
  }

  lineAt(offset: number): number {
    return (this.source.firstLine ?? 1) + this.lines.at(offset);
  }

  cut(start: number, end: number): Cut {
    const { text } = this.source;
    const line = this.lineAt(start);
    const closed = text[end - 1] === '\n' || text[end - 1] === '\r';
    const lines = this.lineAt(end) - line + (closed ? 0 : 1);
    const eol = closed ? (text.endsWith('\r\n', end) ? '\r\n' : text[end - 1]!) : '';
    return { line, lines, indent: indentAt(text, start, Math.min(end, start + 400)), eol };
  }

  /** Indentation of the lines with text in front of a stretch of whole lines and behind it. */
  around(start: number, end: number): { before: string | undefined; behind: string | undefined } {
    const { text } = this.source;
    const last = text.slice(Math.max(0, start - 2000), start).trimEnd();
    const from = Math.max(last.lastIndexOf('\n'), last.lastIndexOf('\r')) + 1;
    const next = /^(?:[^\S\n\r]*(?:\r\n|\n|\r))*([^\S\n\r]*)\S/.exec(text.slice(end, end + 2000));
    return { before: last ? indentAt(last, from, last.length) : undefined, behind: next?.[1] };
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
