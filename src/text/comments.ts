// Knows which lines of comment are one thought: what follows each other line on line, in paragraphs.
import type { Span } from '../core/span';
import type { Lines } from './lines';
import { isProtectedLine } from './syntax';
import { unitOf, type Unit } from './unit';

const SIGN = '(\\/\\/[/!]?|#|--|;)';
const LINE_COMMENT = new RegExp(`^${SIGN}`);
const BARE = new RegExp(`^\\s*${SIGN}\\s*$`);
const FENCE = new RegExp(`^\\s*${SIGN}\\s*(\`\`\`|~~~)`);

export function columnOf(lines: Lines, offset: number): number {
  return offset - lines.span(lines.at(offset)).start;
}

/** Whether a comment is for a tool or for us: it speaks of nothing but itself. */
export function steers(text: string, lines: Lines, start: number, end: number): boolean {
  for (let i = lines.at(start); i < lines.starts.length && lines.starts[i]! < end; i++) {
    const { start: from, end: to } = lines.span(i);
    const line = text.slice(from, to).trimEnd();
    if (line.includes('namm:') || isProtectedLine(line, i)) return true;
  }
  return false;
}

/**
 * The line comments that go on from the first: line on line, in one column, of one kind.
 * @param comments undefined for what is no comment
 * @param from index of the first
 */
export function runFrom<T extends Span>(text: string, lines: Lines, comments: readonly (T | undefined)[], from: number): T[] {
  const first = comments[from]!;
  const run = [first];
  const kind = LINE_COMMENT.exec(text.slice(first.start, first.start + 4))?.[0];
  if (!kind || !lines.own(first.start, first.end) || steers(text, lines, first.start, first.end)) return run;
  const column = columnOf(lines, first.start);
  for (let i = from + 1; i < comments.length; i++) {
    const next = comments[i];
    if (!next || LINE_COMMENT.exec(text.slice(next.start, next.start + 4))?.[0] !== kind) break;
    if (lines.at(next.start) !== lines.at(run.at(-1)!.end - 1) + 1 || columnOf(lines, next.start) !== column) break;
    if (steers(text, lines, next.start, next.end)) break;
    run.push(next);
  }
  return run;
}

/** A comment of whole lines as one unit; an empty line of comment, outside fenced code, parts it in paragraphs. */
export function remarkUnit(text: string, whole: Span, lines: readonly Span[]): Unit {
  const paragraphs: { start: number; end: number }[] = [];
  let open = true; // the next line begins a paragraph
  let fenced = false;
  let solid = false; // there are words in it
  for (const line of lines) {
    const words = text.slice(line.start, line.end);
    if (FENCE.test(words)) fenced = !fenced;
    const bare = !fenced && BARE.test(words);
    if (open && (!bare || !paragraphs.length)) paragraphs.push({ start: line.start, end: line.end });
    else paragraphs.at(-1)!.end = line.end;
    solid ||= !bare;
    open = bare && solid;
  }
  const comment = { comment: true };
  return unitOf(whole, paragraphs.length > 1 ? paragraphs.map((p) => unitOf(p, [], comment)) : [], comment);
}
