// Finds the units that the user leaves out, and says which of the lines stay all the same, and why.
import type { DropEffect, DropFault } from '../core/context';
import { Lines } from '../core/lines';
import { firstIndexWhere } from '../core/search';
import { overlaps, unionSpans, type Span } from '../core/span';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';

/** What the user leaves out. */
export interface Drop extends Span {
  /** Only a statement that lies in it or begins on its first line goes; else the smallest one around each of its lines goes. */
  readonly begins?: true;
}

/**
 * Finds the outermost units to cut for `drops`: those within the lines of a span; if there is none, the comment or else the unit that
 * begins on its first line; else the smallest unit around each line. A unit that overlaps a span that must stay is divided into its children.
 *
 * Example: the drop covers a function and the pin one of its statements. The function stays, its other statements are cut.
 * @param drops in any order @param pins in any order
 * @returns in text order
 */
export function unitsToCut(structure: CodeStructure, drops: readonly Drop[], pins: readonly Span[]): Unit[] {
  const text = new Marked(structure, pins);
  const out = new Set(drops.flatMap((drop) => text.unitsOf(drop)));
  return [...out].sort((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * What becomes of each drop.
 * @param pins in any order
 * @param gone the units of `unitsToCut` that the grammar allows to cut @param refused the others
 * @returns of each drop, in their order
 */
export function dropEffects(
  structure: CodeStructure,
  drops: readonly Drop[],
  pins: readonly Span[],
  gone: readonly Unit[],
  refused: readonly Unit[],
): DropEffect[] {
  const text = new Marked(structure, pins);
  const cut = unionSpans(gone);
  return drops.map((drop) => text.effectOf(drop, cut, new Set(gone), new Set(refused)));
}

/** A text whose lines are left out. */
class Marked {
  private readonly lines: Lines;
  private readonly pinned: readonly Span[];

  constructor(
    private readonly structure: CodeStructure,
    pins: readonly Span[],
  ) {
    this.lines = new Lines(structure.source.text);
    this.pinned = unionSpans(pins);
  }

  /** The outermost units that go for a drop. */
  unitsOf(drop: Drop): Unit[] {
    const { protectedSpans, units } = this.structure;
    const { start, end } = this.linesOf(drop);
    // The user's drop outweighs the protection of a line by its form (a shebang, a pragma).
    const protects = (u: Unit): boolean => {
      const first = firstIndexWhere(protectedSpans, (s) => s.end > u.start);
      const behind = firstIndexWhere(protectedSpans, (s) => s.start >= u.end, first);
      return first < behind && (protectedSpans[first]!.start < start || protectedSpans[behind - 1]!.end > end);
    };
    const found: Unit[] = [];
    const within = (list: readonly Unit[]): void => {
      for (const u of overlapping(list, start, end))
        if (u.start >= start && u.end <= end && this.isFree(u) && !protects(u)) found.push(u);
        else within(u.children);
    };
    within(units);
    if (found.length) return found;
    const first = this.lines.at(start);
    const isFirst = (u: Unit): boolean =>
      this.lines.at(u.start) === first && this.isFree(u) && !(drop.begins && protects(u));
    // A comment of several lines goes without the code below it, as one of a single line does.
    const words = this.wordsOf(drop);
    const leads = (u: Unit): boolean => u.comment && words.length > 0 && u.start <= words[0]!.start && isFirst(u);
    const begins = outermost(units, { start, end }, leads) ?? outermost(units, { start, end }, isFirst);
    if (begins || drop.begins) return begins ? [begins] : [];
    return words.flatMap((line) => this.around(line) ?? []);
  }

  effectOf(drop: Drop, cut: readonly Span[], gone: ReadonlySet<Unit>, refused: ReadonlySet<Unit>): DropEffect {
    const goes = unionSpans(this.unitsOf(drop).filter((u) => gone.has(u)));
    const words = this.wordsOf(drop);
    const stays = words.find((line) => !cut.some((c) => c.start <= line.start && c.end >= line.end));
    if (words.length && !stays) return { goes };
    return { goes, ...(stays ? this.faultOf(stays, refused) : { fault: 'blank' }) };
  }

  /** Why a line stays, and the smallest statement around it that can go. */
  private faultOf(line: Span, refused: ReadonlySet<Unit>): Omit<DropEffect, 'goes'> {
    const next = this.around(line, refused);
    const isRefused = [...refused].some((u) => u.start < line.end && u.end > line.start);
    const fault = (): DropFault => {
      if (isRefused) return 'syntax';
      if (next) return 'part';
      if (overlaps(this.pinned, line.start, line.end) || this.around(line, refused, true)) return 'pinned';
      return overlaps(this.structure.unparsed, line.start, line.end) ? 'unparsed' : 'syntax';
    };
    if (!next) return { fault: fault() };
    const { lines, structure } = this;
    const first = lines.at(next.start);
    const count = lines.at(Math.max(next.start, next.end - 1)) - first + 1;
    const around = { start: next.start, end: next.end, line: first + (structure.source.firstLine ?? 1), lines: count };
    return { fault: fault(), around };
  }

  /** The smallest unit around a span that may go. @param without units that may not @param pinned whether it may overlap a pin */
  private around({ start, end }: Span, without?: ReadonlySet<Unit>, pinned = false): Unit | undefined {
    const inside = (units: readonly Unit[]): Unit | undefined => {
      for (const u of overlapping(units, start, end))
        if (u.start <= start && u.end >= end)
          return inside(u.children) ?? (!without?.has(u) && (pinned ? isCuttable(u) : this.isFree(u)) ? u : undefined);
      return undefined;
    };
    return inside(this.structure.units);
  }

  private isFree(u: Unit): boolean {
    return isCuttable(u) && !overlaps(this.pinned, u.start, u.end);
  }

  /** The lines of a drop. */
  private linesOf(drop: Span): Span {
    const { lines } = this;
    return {
      start: lines.span(lines.at(drop.start)).start,
      end: lines.span(lines.at(Math.max(drop.start, drop.end - 1))).end,
    };
  }

  /** What stands on each line of a drop, without the white space around it. */
  private wordsOf(drop: Span): Span[] {
    const { lines, structure } = this;
    const { text } = structure.source;
    const out: Span[] = [];
    const last = lines.at(Math.max(drop.start, drop.end - 1));
    for (let i = lines.at(drop.start); i <= last; i++) {
      const { start, end } = lines.span(i);
      const words = text.slice(start, end);
      const from = start + words.search(/\S/);
      if (from >= start) out.push({ start: from, end: start + words.trimEnd().length });
    }
    return out;
  }
}

/** Whether syntax allows that a unit goes alone. */
const isCuttable = ({ cuttable, member = false }: Unit): boolean => cuttable || member;

/** The units of a list that overlap [start, end). */
export function* overlapping(units: readonly Unit[], start: number, end: number): Generator<Unit> {
  for (let i = firstIndexWhere(units, (u) => u.end > start); i < units.length && units[i]!.start < end; i++)
    yield units[i]!;
}

/** The first and outermost unit that overlaps a span and for which `holds` is true. */
export function outermost(units: readonly Unit[], span: Span, holds: (u: Unit) => boolean): Unit | undefined {
  for (const u of overlapping(units, span.start, span.end)) {
    const found = holds(u) ? u : outermost(u.children, span, holds);
    if (found) return found;
  }
  return undefined;
}
