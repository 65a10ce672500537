// Resolves what the user decided about parts of a text (spans, patterns, markers in comments) to spans.
import { CompressionError } from '../core/errors';
import { firstIndexWhere } from '../core/search';
import { unionSpans, type Span } from '../core/span';
import { lineComment } from '../languages/languages';
import { Lines } from '../core/lines';
import type { CodeStructure } from '../parse/structure';
import { outermost, type Drop } from './drops';

/** The user's constraints for one text, unresolved. */
export interface Constraints {
  readonly pins: readonly Span[];
  readonly drops: readonly Span[];
  /** Regular expressions, each tried on single lines. */
  readonly protectedPatterns: readonly string[];
  readonly droppedPatterns: readonly string[];
  /** Whether `namm:keep` and `namm:drop` in comments count. */
  readonly inlineMarkers: boolean;
}

/** Constraints as spans of the text, UTF-16: `pins` and `protects` stay; units in `drops` are cut unless they contain a span that stays. */
export interface ConstraintSpans {
  readonly pins: readonly Span[];
  readonly protects: readonly Span[];
  readonly drops: readonly Drop[];
}

/**
 * Resolves patterns and markers to spans.
 * @throws CompressionError badRequest for a pattern that is no regular expression
 */
export function constraintSpans(structure: CodeStructure, constraints: Constraints): ConstraintSpans {
  const { text } = structure.source;
  const lines = new Lines(text);
  const marked = constraints.inlineMarkers ? markedSpans(structure, lines) : { pins: [], drops: [] };
  return {
    pins: unionSpans([...constraints.pins, ...marked.pins]),
    protects: matchingLines(text, lines, constraints.protectedPatterns),
    // Not merged: each span selects its own units. Those of the request come first.
    drops: [
      ...constraints.drops,
      ...marked.drops,
      ...matchingLines(text, lines, constraints.droppedPatterns).map((line) => ({ ...line, begins: true as const })),
    ],
  };
}

/**
 * Lines that match at least one regular expression, each tried on the line without trailing white space.
 * @throws CompressionError badRequest for a pattern that is no regular expression
 */
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
 * Resolves `namm:keep` and `namm:drop` at the start of a comment. Behind code they select the statement that begins on the line,
 * alone on a line the statement that follows. `-start` and `-end` select everything between them, without an end up to the end of the text.
 */
function markedSpans(structure: CodeStructure, lines: Lines): { pins: Span[]; drops: Span[] } {
  const { text, languageId } = structure.source;
  const out = { pins: [] as Span[], drops: [] as Span[] };
  if (!text.includes('namm:')) return out;
  const comments = structure.comments ?? commentLines(text, lines, languageId);
  const code = new Code(text, comments);
  const open: Partial<Record<'pins' | 'drops', Marker>> = {};
  for (const marker of markersIn(text, comments)) {
    const list = marker.drop ? 'drops' : 'pins';
    const line = lines.span(lines.at(marker.start));
    if (marker.edge === 'start') open[list] ??= marker;
    else if (marker.edge === 'end') {
      const from = open[list];
      delete open[list];
      if (from) out[list].push({ start: lines.span(lines.at(from.start)).start, end: line.end });
    } else out[list].push(selectedBy(marker, structure, code, lines));
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

/** Where a text has code, between its comments. */
class Code {
  private readonly starts: number[] = []; // the first unit of code behind each stretch of comments and white space

  constructor(
    private readonly text: string,
    private readonly comments: readonly Span[],
  ) {
    let at = 0;
    for (const { start, end } of [...comments, { start: text.length, end: text.length }]) {
      const solid = text.slice(at, start).search(/\S/);
      if (solid >= 0) this.starts.push(at + solid);
      at = Math.max(at, end);
    }
  }

  /** Offset of the first unit of code at or behind `from`; the end of the text if there is none. */
  next(from: number): number {
    const comment = this.comments[firstIndexWhere(this.comments, (c) => c.end > from)];
    if (!comment || comment.start > from) {
      SOLID.lastIndex = from;
      const at = SOLID.exec(this.text)?.index ?? this.text.length;
      if (!comment || at < comment.start) return at;
    }
    return this.starts[firstIndexWhere(this.starts, (start) => start >= from)] ?? this.text.length;
  }
}

const SOLID = /\S/g;

/** The statement that a marker without `-start` or `-end` selects. */
function selectedBy(marker: Marker, { source: { text }, units }: CodeStructure, code: Code, lines: Lines): Span {
  const first = lines.span(lines.at(marker.start));
  const last = lines.span(lines.at(Math.max(marker.start, marker.end - 1)));
  const around = text.slice(first.start, marker.start) + text.slice(marker.end, last.end);
  const alone = /^[\s{}]*$/.test(around); // in markup a comment stands between braces
  /** Whether a range has nothing but comments and white space. */
  const onlyComments = (from: number, to: number): boolean => code.next(from) >= to;
  let target = first; // the line of the statement
  const below = lines.at(last.start) + 1;
  if (alone && below < lines.starts.length)
    target = lines.span(lines.at(Math.min(code.next(lines.starts[below]!), text.length)));
  // A doc comment in front belongs to the statement behind it.
  const statement = outermost(units, target, (u) => u.start >= target.start || onlyComments(u.start, target.start));
  const span = statement ?? target;
  if (!marker.drop || !alone) return { start: span.start, end: span.end };
  let from = Math.min(first.start, span.start);
  // Comments directly above are about the same statement.
  for (let i = lines.at(from) - 1; i >= 0; i--) {
    const line = lines.span(i);
    const above = text.slice(line.start, line.end);
    if (!above.trim() || above.includes('namm:') || !onlyComments(line.start, line.end)) break;
    from = line.start;
  }
  return { start: from, end: span.end };
}

/** Comments of a language without a grammar: what follows the sign of a comment on each line. */
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
