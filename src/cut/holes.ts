// Keeps the holes of a text while units are cut one by one: merges neighbours, and writes the marker of each hole.
import type { SourceText } from '../core/context';
import { ChunkedList } from './chunkedList';
import { getOrMake } from '../core/getOrMake';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { columnPlace, elisionId, markerNote, markerPlace, tagOf } from '../elisions/markers';
import { blockComment, commentIn, isIndented, isLiteral, lineComment, placeholderIn } from '../languages/languages';
import { Lines } from '../core/lines';
import type { Suite, Unit } from '../parse/unit';

/** A hole in the text and the marker that fills it. */
export interface Hole extends Span {
  readonly marker: string; // with its line break; may be empty
  readonly id: string; // of the elision: `tag:line`
  readonly line: number; // 1-based, in its file
  readonly lines: number;
  readonly silent: boolean; // the marker is empty only because the language has no comments
  readonly partial: boolean; // its patch lost lines inside a hunk
}

/** What was cut between two kept spans, without the marker. */
export interface Gap extends Span {
  /** End of the last unit. */
  readonly unitsEnd: number;
  /** End of the blank lines behind the last unit: a unit that begins there belongs to the same hole. */
  readonly blanksEnd: number;
  /** Whether more than comments was cut. */
  readonly code: boolean;
  /** Number of its outermost units that are markup. */
  readonly markup: number;
  /** Members of tables in its outermost units, and how many of these units are no members. */
  readonly items: number;
  readonly others: number;
  /** Suites that lost their last statement here, in text order. */
  readonly emptied: readonly Emptied[];
}

interface Emptied {
  readonly suite: Suite;
  readonly first: Unit; // its first statement
}

/** Effect of one more cut: `added` replaces `removed`; the markers of `touched` change. */
export interface Change {
  readonly removed: readonly Gap[];
  readonly added: Gap;
  readonly touched: readonly Gap[];
}

/**
 * The holes of one text. Neighbouring cuts merge into one hole, with the blank lines between them unless a pin holds those.
 * A hole gets one marker if code was cut; a hole in which only comments were cut gets none, because the code is complete.
 * Units may be added in any order.
 *
 * Example: lines 1 to 4 of a TypeScript file are `a();`, an empty line, `b();`, `c();`. Cutting `a();` makes a hole of line 1 with
 * the marker `//1… #k3fa`. Cutting `b();` as well makes one hole of lines 1 to 3 with the same marker.
 */
export class Holes {
  private readonly list = new ChunkedList<Gap>();
  private readonly outer = new ChunkedList<Unit>(); // cut units that lie in no other cut unit, in text order
  private readonly cut = new Set<Unit>();
  private readonly left = new Map<Suite, number>(); // statements that are not cut
  private hunkParts = 0; // outermost cut units that lie inside a hunk
  private lastMarked: Gap | undefined;
  private readonly firsts = new Map<Suite, Unit | undefined>(); // of emptied suites: the first statement
  private readonly absorbing = new Set<number>(); // ends of cuts without a marker whose blank lines are cut as well
  private readonly facts: SourceFacts;
  private readonly hasComments: boolean; // of the language
  private readonly literal: boolean; // blank lines are text
  private readonly indented: boolean; // only the marker's indentation tells in which block something was cut

  constructor(
    private readonly source: SourceText,
    private readonly markers: boolean,
    private readonly pins: readonly Span[] = [],
    private readonly commented = false,
  ) {
    this.facts = getOrMake(known, source, () => new SourceFacts(source));
    this.hasComments = commented || commentIn(source.languageId, '') !== undefined;
    this.literal = isLiteral(source.languageId);
    this.indented = isIndented(source.languageId);
  }

  /** Holes without their markers, in text order. */
  get gaps(): ChunkedList<Gap> {
    return this.list;
  }

  /** Cuts one more unit. It may lie inside a unit that is cut already, or around some. */
  add(unit: Unit): Change {
    const { list, outer } = this;
    const { start } = unit;
    // A hole extends over the blank lines behind it, so that neighbours touch.
    const end = unit.end + (this.literal ? 0 : blankLinesAt(this.source.text, unit.end, this.pins));
    if ((unit.comment || !this.markers || !this.hasComments) && wouldDoubleBlanks(this.source.text, start, end))
      this.absorbing.add(unit.end);
    let from = list.firstIndexWhere((g) => g.blanksEnd >= start);
    let to = Math.max(
      from,
      list.firstIndexWhere((g) => g.start > end),
    );
    const touching = list.at(from);
    if (touching?.blanksEnd === start && touching.unitsEnd < start) from++; // touches over blank lines: checked below
    const last = to > from ? list.at(to - 1)! : undefined;
    if (last && unit.end < end && last.start === end && this.staysApart(last)) to--;
    to = Math.max(from, to);
    const merged = { start, unitsEnd: unit.end, blanksEnd: end, code: !unit.comment };
    const merge = (gap: Gap): void => {
      merged.start = Math.min(merged.start, gap.start);
      merged.unitsEnd = Math.max(merged.unitsEnd, gap.unitsEnd);
      merged.blanksEnd = Math.max(merged.blanksEnd, gap.blanksEnd);
      merged.code ||= gap.code;
    };
    for (let i = from; i < to; i++) merge(list.at(i)!);
    while (from > 0 && list.at(from - 1)!.blanksEnd >= merged.start && !this.staysApart(merged))
      merge(list.at(--from)!);
    const inside = outer.firstIndexWhere((u) => u.end > start);
    const around = outer.at(inside);
    const isInner = around !== undefined && around.start <= start && around.end >= unit.end;
    let behind = inside;
    if (!isInner) while (behind < outer.length && outer.at(behind)!.start < unit.end) behind++;
    const inner = isInner ? [] : outer.replace(inside, behind - inside, unit);
    this.cut.add(unit);
    const removed: Gap[] = [];
    for (let i = from; i < to; i++) removed.push(list.at(i)!);
    const markup =
      removed.reduce((sum, g) => sum + g.markup, 0) -
      inner.filter((u) => u.markup).length +
      (unit.markup && !isInner ? 1 : 0);
    const sumOf = (of: (u: Unit) => number, before: (g: Gap) => number): number =>
      removed.reduce((sum, g) => sum + before(g), 0) -
      inner.reduce((sum, u) => sum + of(u), 0) +
      (isInner ? 0 : of(unit));
    // A suite inside a larger cut needs no placeholder.
    const emptied = removed
      .flatMap((g) => g.emptied)
      .filter(({ suite, first }) => suite === unit.suite || first.start < start || first.end > unit.end);
    const { unitsEnd, blanksEnd, ...rest } = merged;
    const added: Gap = {
      ...rest,
      end: this.keepsBlanks(unitsEnd, blanksEnd) ? unitsEnd : blanksEnd,
      unitsEnd,
      blanksEnd,
      markup,
      items: sumOf(itemsOf, (g) => g.items),
      others: sumOf(isOther, (g) => g.others),
      emptied,
    };
    list.replace(from, to - from, added);
    const marked = this.lastMarked && !removed.includes(this.lastMarked) ? this.lastMarked : undefined;
    if (this.marked(added)) this.lastMarked = marked && marked.start > added.start ? marked : added;
    else if (this.lastMarked !== marked) this.lastMarked = list.findLast((g) => this.marked(g));
    const wasPartial = this.hunkParts > 0;
    if (!isInner) this.hunkParts += Number(isHunkPart(unit)) - inner.filter(isHunkPart).length;
    // While a hunk is incomplete, the patch cannot be applied, and the markers of whole hunks need not be hunks.
    const touched = wasPartial === this.hunkParts > 0 ? [] : [...list].filter((g) => g !== added && this.isHunk(g));
    return this.emptiedBy(unit, { removed, added, touched });
  }

  /** Whether a hole of comments stays apart from a hole above it: its own blank lines are cut, those above it separate the two. */
  private staysApart({ code, unitsEnd, blanksEnd }: Pick<Gap, 'code' | 'unitsEnd' | 'blanksEnd'>): boolean {
    return (
      !code &&
      blanksEnd < this.source.text.length &&
      !this.keepsBlanks(unitsEnd, blanksEnd) &&
      !this.closesBlock(blanksEnd)
    );
  }

  /**
   * Whether the blank lines behind a hole stay. They are cut in front of a closing bracket or word, at the end of the text, and behind
   * a cut without a marker that follows a blank line. What was cut stays cut while more is cut: a smaller budget never keeps more.
   */
  private keepsBlanks(unitsEnd: number, blanksEnd: number): boolean {
    return (
      unitsEnd < blanksEnd &&
      blanksEnd < this.source.text.length &&
      !this.absorbing.has(unitsEnd) &&
      !this.closesBlock(blanksEnd)
    );
  }

  private closesBlock(offset: number): boolean {
    return CLOSER.test(this.source.text.slice(offset, offset + 200));
  }

  /** Adds a placeholder to the change if the suite of the unit has no statement left. */
  private emptiedBy({ suite, comment }: Unit, change: Change): Change {
    if (!suite) return change;
    const left = (this.left.get(suite) ?? suite.members.filter((m) => !m.comment).length) - (comment ? 0 : 1);
    this.left.set(suite, left);
    const first = left > 0 ? undefined : getOrMake(this.firsts, suite, () => firstStatement(suite));
    if (!first || !this.cut.has(first)) return change;
    const outer = this.outer.at(this.outer.firstIndexWhere((u) => u.end > first.start))!;
    if (outer.suite !== suite) return change; // the suite lies inside a larger cut
    const at = this.list.firstIndexWhere((g) => g.end > first.start);
    const old = this.list.at(at)!;
    if (old.emptied.some((e) => e.suite === suite)) return change;
    const gap = { ...old, emptied: [...old.emptied, { suite, first }].sort((a, b) => a.first.start - b.first.start) };
    this.list.replace(at, 1, gap);
    if (this.lastMarked === old) this.lastMarked = gap;
    return old === change.added
      ? { ...change, added: gap }
      : { ...change, removed: [...change.removed, old], touched: [gap] };
  }

  /** Whether a hole gets a marker. */
  private marked(gap: Gap): boolean {
    return this.markers && gap.code && (this.hasComments || gap.markup > 0);
  }

  /**
   * The hole whose marker carries the tag for all. One tag per text saves tokens. It is the last marked hole: every edit of the text
   * changes the tag, and the prompt cache of the recipient is lost from there on.
   */
  tagged(): Gap | undefined {
    return this.lastMarked;
  }

  /** A hole with its marker. @param index into `gaps` @param tagged result of `tagged()` */
  hole(index: number, tagged: Gap | undefined): Hole {
    const gap = this.list.at(index)!;
    const { start, end } = gap;
    const { line, lines, indent, eol } = this.facts.of(start, end);
    const first = this.outermost(start);
    let earlier = 0; // holes that begin on the same line
    if (!first?.inline)
      while (index > earlier && this.facts.lineAt(this.list.at(index - earlier - 1)!.start) === line) earlier++;
    const place = first?.inline ? columnPlace(line, this.facts.columnOf(start)) : markerPlace(line, earlier);
    const note = markerNote(place, gap === tagged ? this.facts.tag : undefined, gap.others ? 0 : gap.items);
    const comment = this.marked(gap) ? this.comment(gap, note) : undefined;
    // At most one suite: the head of another one would stand between them, and it stays.
    const empty = gap.emptied[0];
    let marker = '';
    if (empty)
      marker = `${indentAt(this.source.text, empty.first.start, empty.first.start + 200)}${this.facts.placeholder()}${comment === undefined ? '' : ` ${comment}`}`;
    else if (comment !== undefined) marker = (this.atMargin(gap, indent) ? '' : indent) + comment;
    if (marker) marker += eol;
    return {
      start,
      end,
      marker,
      id: elisionId(this.facts.tag, place),
      line,
      lines,
      silent: this.markers && gap.code && comment === undefined,
      partial: first !== undefined && isHunkPart(first),
    };
  }

  /** Whether the marker stands at the margin, which saves two recipient tokens: the lines around it show in which block something was cut. */
  private atMargin({ start, end }: Gap, indent: string): boolean {
    if (!this.indented) return true;
    if (lineComment(this.source.languageId) === undefined) return false; // `<!--` at the margin would end a Markdown list
    const { before, behind } = this.facts.around(start, end);
    return behind === indent && before !== undefined && indent.startsWith(before);
  }

  private comment({ start, end, markup }: Gap, note: string): string | undefined {
    if (markup > 0) return `{/*${note}*/}`;
    const first = this.outermost(start);
    const own = first?.language ?? this.source.languageId;
    const language = this.commented && commentIn(own, '') === undefined ? 'jsonc' : own;
    const [opens, closes] = (first?.inline && blockComment(language)) || [];
    if (opens !== undefined) return opens + note + closes!;
    const comment = commentIn(language, note);
    if (typeof first?.hunk === 'number' && !this.hunkParts && this.isAmongHunks(start, end))
      return `@@ -${Math.max(2, first.hunk)},0 +${Math.max(2, first.hunk)},0 @@ ${note}`;
    return first?.row ? `| ${comment} |` : comment;
  }

  /** Whether a hole begins with a whole hunk. */
  private isHunk({ start }: Gap): boolean {
    return typeof this.outermost(start)?.hunk === 'number';
  }

  /** The outermost cut unit at the start of a hole. */
  private outermost(start: number): Unit | undefined {
    return this.outer.at(this.outer.firstIndexWhere((u) => u.end > start));
  }

  /**
   * Whether a patch could not be applied with a comment at a hole: directly below the head of a file or above a hunk stands a
   * hunk. One without lines takes its place; at line 1 it would have to begin the file.
   */
  private isAmongHunks(start: number, end: number): boolean {
    const { text } = this.source;
    const above = text.lastIndexOf('\n', start - 2) + 1;
    return text.startsWith('+++ ', above) || text.startsWith('@@ ', end);
  }

  /** All holes with their markers, in text order. */
  all(): Hole[] {
    const tagged = this.tagged();
    return [...this.list].map((_, i) => this.hole(i, tagged));
  }
}

const itemsOf = ({ items = 0 }: Unit): number => items;
const isOther = ({ comment, items }: Unit): number => (comment || items !== undefined ? 0 : 1);
const isHunkPart = ({ hunk }: Unit): boolean => hunk === 'part';
const firstStatement = ({ members }: Suite): Unit | undefined => members.find((m) => !m.comment);

/**
 * The holes of a text after these units were cut, in text order.
 *
 * Example: cutting the body line of `def f():\n    return 1\n` gives one hole with the marker `    ... #2… #k3fa\n`: Python needs a
 * statement, the comment tells that code is left out from line 2 on, and the tag `k3fa` names this version of the text.
 * @param units in any order
 * @param markers false leaves placeholders that the syntax needs, and nothing else
 * @param pins sorted, disjoint
 * @param commented whether a language without comments gets them as markers
 */
export function holesOf(
  source: SourceText,
  units: readonly Unit[],
  markers: boolean,
  pins: readonly Span[] = [],
  commented = false,
): Hole[] {
  const holes = new Holes(source, markers, pins, commented);
  for (const u of [...units].sort((a, b) => a.start - b.start || b.end - a.end)) holes.add(u);
  return holes.all();
}

/** The text after these units were cut, with markers. */
export function cutText(source: SourceText, units: readonly Unit[]): string {
  return fill(source.text, holesOf(source, units, true));
}

/** Replaces every hole by its marker. @param holes in text order */
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
const ENDS_BLANK = /(^|[\n\r])[ \t\f\v]*(\r\n|\n|\r)$|^\ufeff?$/;
const OPENS_BLOCK = /[[({:>][ \t]*((#|\/\/|--)[^\n\r]*)?(\r\n|\n|\r)$/;

/** Whether the blank lines behind a cut without a marker would follow a blank line or the head of their block. */
function wouldDoubleBlanks(text: string, start: number, behind: number): boolean {
  const before = text.slice(Math.max(0, start - 200), start);
  return (
    ENDS_BLANK.test(before) ||
    (OPENS_BLOCK.test(before) &&
      indentAt(text, start, start + 200).length <= indentAt(text, behind, behind + 200).length)
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

/** Facts about a span that depend on the source alone. */
interface SpanFacts {
  readonly line: number; // 1-based, in its file
  readonly lines: number;
  readonly indent: string;
  readonly eol: string; // its line break, '' if it ends without one
}

/** Facts about a source, for all its holes. */
class SourceFacts {
  /** Hash of path and text: an id never leads into another version of the file. */
  readonly tag: string;
  private readonly lines: Lines;
  private statement: string | undefined;

  constructor(private readonly source: SourceText) {
    this.lines = new Lines(source.text);
    this.tag = tagOf(source.path, source.text);
  }

  lineAt(offset: number): number {
    return (this.source.firstLine ?? 1) + this.lines.at(offset);
  }

  /** What stands for the statements of an empty block. */
  placeholder(): string {
    return (this.statement ??= placeholderIn(this.source.languageId, this.source.text));
  }

  /** UTF-16 units from the start of its line. */
  columnOf(offset: number): number {
    return offset - this.lines.span(this.lines.at(offset)).start;
  }

  of(start: number, end: number): SpanFacts {
    const { text } = this.source;
    const line = this.lineAt(start);
    const closed = text[end - 1] === '\n' || text[end - 1] === '\r';
    const lines = this.lineAt(end) - line + (closed ? 0 : 1);
    const eol = closed ? (text.endsWith('\r\n', end) ? '\r\n' : text[end - 1]!) : '';
    return { line, lines, indent: indentAt(text, start, Math.min(end, start + 400)), eol };
  }

  /** Indentation of the nearest lines with text before and behind a span of whole lines. */
  around(start: number, end: number): { before: string | undefined; behind: string | undefined } {
    const { text } = this.source;
    const last = text.slice(Math.max(0, start - 2000), start).trimEnd();
    const from = Math.max(last.lastIndexOf('\n'), last.lastIndexOf('\r')) + 1;
    const next = /^(?:[^\S\n\r]*(?:\r\n|\n|\r))*([^\S\n\r]*)\S/.exec(text.slice(end, end + 2000));
    return { before: last ? indentAt(last, from, last.length) : undefined, behind: next?.[1] };
  }
}

const known = new WeakMap<SourceText, SourceFacts>();
