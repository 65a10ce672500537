// Knows what the user decided about parts of a text: by span, by pattern, by a marker in a comment.
import { CompressionError } from '../core/errors';
import { overlaps, unionSpans, type Span } from '../core/span';
import { lineComment } from '../parse/languages';
import { Lines } from '../core/lines';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';

/** As it was constraints for one text. */
export interface Constraints {
  readonly pins: readonly Span[];
  readonly drops: readonly Span[];
  /** Regular expressions, each tried on single lines. */
  readonly protectedPatterns: readonly string[];
  readonly droppedPatterns: readonly string[];
  /** Whether `namm:keep` and `namm:drop` in comments count. */
  readonly inlineMarkers: boolean;
}

/** As spans of the text: `pins` and `protects` stay, `drops` go where nothing in them must stay. */
export interface ConstraintSpans {
  readonly pins: readonly Span[];
  readonly protects: readonly Span[];
  readonly drops: readonly Span[];
}

/** @throws CompressionError badRequest for a pattern that is no regular expression */
export function constraintSpans(structure: CodeStructure, constraints: Constraints): ConstraintSpans {
  const { text } = structure.source;
  const lines = new Lines(text);
  const marked = constraints.inlineMarkers ? markedSpans(structure, lines) : { pins: [], drops: [] };
  return {
    pins: unionSpans([...constraints.pins, ...marked.pins]),
    protects: matchingLines(text, lines, constraints.protectedPatterns),
    // Not merged: each is a wish of its own about the statements in it.
    drops: [...constraints.drops, ...marked.drops, ...matchingLines(text, lines, constraints.droppedPatterns)],
  };
}

/**
 * The outermost units that go for `drops`: those that lie within the lines of a span, or, where none does, the one that
 * begins on its first line. What holds something that must stay is divided further.
 */
export function unitsToGo(structure: CodeStructure, drops: readonly Span[], pins: readonly Span[]): Unit[] {
  const { text } = structure.source;
  const lines = new Lines(text);
  const out = new Set<Unit>();
  for (const drop of drops) {
    const start = lines.span(lines.at(drop.start)).start;
    const end = lines.span(lines.at(Math.max(drop.start, drop.end - 1))).end;
    // A line that is protected by its look alone goes when the user says so.
    const mustKeep = unionSpans([...pins, ...structure.protectedSpans.filter((s) => s.start < start || s.end > end)]);
    const free = (u: Unit): boolean => u.cuttable && !overlaps(mustKeep, u.start, u.end);
    const found: Unit[] = [];
    const within = (units: readonly Unit[]): void => {
      for (const u of units) {
        if (u.end <= start || u.start >= end) continue;
        if (u.start >= start && u.end <= end && free(u)) found.push(u);
        else within(u.children);
      }
    };
    within(structure.units);
    const begins = found.length
      ? undefined
      : outermost(
          structure.units,
          (u) => u.start >= start && u.start < end && lines.at(u.start) === lines.at(start) && free(u),
        );
    for (const u of begins ? [begins] : found) out.add(u);
  }
  return [...out].sort((a, b) => a.start - b.start || b.end - a.end);
}

function outermost(units: readonly Unit[], holds: (u: Unit) => boolean): Unit | undefined {
  for (const u of units) {
    const found = holds(u) ? u : outermost(u.children, holds);
    if (found) return found;
  }
  return undefined;
}

/** @throws CompressionError badRequest */
export function matchingLines(text: string, lines: Lines, patterns: readonly string[]): Span[] {
  const expressions = patterns.map((p) => {
    try {
      return new RegExp(p, 'u');
    } catch (cause) {
      throw new CompressionError('badRequest', `"${p}" is no regular expression`, { cause });
    }
  });
  if (!expressions.length) return [];
  return lines.all().filter((s) => {
    const line = text.slice(s.start, s.end).trimEnd();
    return line !== '' && expressions.some((e) => e.test(line));
  });
}

const MARKER = /^[^\p{L}\p{N}]*namm:(keep|drop)(?:-(start|end))?(?![\w-])/u;

interface Marker extends Span {
  readonly drop: boolean;
  readonly edge: 'start' | 'end' | undefined;
}

/**
 * `namm:keep` and `namm:drop` open a comment. Behind code they mean the statement that begins on that line, alone on a
 * line the statement that follows; between `-start` and `-end` (or the end of the text) they mean everything.
 */
function markedSpans(structure: CodeStructure, lines: Lines): { pins: Span[]; drops: Span[] } {
  const { text, languageId } = structure.source;
  const out = { pins: [] as Span[], drops: [] as Span[] };
  if (!text.includes('namm:')) return out;
  const comments = structure.comments ?? commentLines(text, lines, languageId);
  const open: Partial<Record<'pins' | 'drops', Marker>> = {};
  for (const marker of markersIn(text, comments)) {
    const list = marker.drop ? 'drops' : 'pins';
    const line = lines.span(lines.at(marker.start));
    if (marker.edge === 'start') open[list] ??= marker;
    else if (marker.edge === 'end') {
      const from = open[list];
      delete open[list];
      if (from) out[list].push({ start: lines.span(lines.at(from.start)).start, end: line.end });
    } else out[list].push(spanOf(marker, structure, comments, lines));
  }
  for (const list of ['pins', 'drops'] as const)
    if (open[list]) out[list].push({ start: lines.span(lines.at(open[list].start)).start, end: text.length });
  return out;
}

function markersIn(text: string, comments: readonly Span[]): Marker[] {
  return comments.flatMap(({ start, end }) => {
    const m = MARKER.exec(text.slice(start, Math.min(end, start + 200)));
    return m ? [{ start, end, drop: m[1] === 'drop', edge: m[2] as Marker['edge'] }] : [];
  });
}

/** What a marker without an edge means. */
function spanOf(
  marker: Marker,
  { source: { text }, units }: CodeStructure,
  comments: readonly Span[],
  lines: Lines,
): Span {
  const first = lines.span(lines.at(marker.start));
  const last = lines.span(lines.at(Math.max(marker.start, marker.end - 1)));
  const around = text.slice(first.start, marker.start) + text.slice(marker.end, last.end);
  const alone = /^[\s{}]*$/.test(around); // in markup a comment stands between braces
  const bare = (from: number, to: number): boolean => {
    let at = from;
    for (const c of comments) {
      if (c.end <= at || c.start >= to) continue;
      if (/\S/.test(text.slice(at, c.start))) return false;
      at = Math.max(at, c.end);
    }
    return at >= to || !/\S/.test(text.slice(at, to));
  };
  let meant = first;
  if (alone)
    for (let i = lines.at(last.start) + 1; i < lines.starts.length; i++)
      if (!bare((meant = lines.span(i)).start, meant.end)) break;
  // A doc comment in front belongs to the statement behind it.
  const statement = outermost(
    units,
    (u) => u.start < meant.end && u.end > meant.start && (u.start >= meant.start || bare(u.start, meant.start)),
  );
  const span = statement ?? meant;
  if (!marker.drop || !alone) return { start: span.start, end: span.end };
  let from = Math.min(first.start, span.start);
  // What is said above without a blank line between is said about the same statement.
  for (let i = lines.at(from) - 1; i >= 0; i--) {
    const line = lines.span(i);
    const said = text.slice(line.start, line.end);
    if (!said.trim() || said.includes('namm:') || !bare(line.start, line.end)) break;
    from = line.start;
  }
  return { start: from, end: span.end };
}

/** Without a grammar: whatever follows the sign of a comment on a line. */
function commentLines(text: string, lines: Lines, languageId: string): Span[] {
  const sign = lineComment(languageId);
  return lines.all().flatMap(({ start, end }) => {
    const line = text.slice(start, end).trimEnd();
    const at = line.search(/(?:\/\/|\/\*|<!--|--|[#;%[])\s*namm:/);
    if (at >= 0) return [{ start: start + at, end: start + line.length }];
    const indent = line.search(/\S/);
    return sign && indent >= 0 && line.startsWith(sign, indent)
      ? [{ start: start + indent, end: start + line.length }]
      : [];
  });
}
