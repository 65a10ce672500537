// Knows which lines of comment are one thought: what follows each other line on line, in paragraphs.
import type { Span } from '../core/span';
import type { Lines } from '../core/lines';
import { isProtectedLine } from './syntax';
import { unitOf, type Unit } from './unit';

const SIGN = '(\\/\\/[/!]?|#|--|;)';
const LINE_COMMENT = new RegExp(`^${SIGN}`);
const BARE = new RegExp(`^\\s*${SIGN}\\s*$`);
const BARE_INSIDE = /^[\s/*]*$/; // what opens it has no words either
const TAG = /^[\s*]*@\w/;
const FENCE = new RegExp(`^\\s*(${SIGN}|\\*)?\\s*(\`\`\`|~~~)`);

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
export function runFrom<T extends Span>(
  text: string,
  lines: Lines,
  comments: readonly (T | undefined)[],
  from: number,
): T[] {
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

/**
 * A comment of whole lines as one unit, its paragraphs inside. An empty line of comment, outside fenced code, parts it; in a block
 * comment a tag begins another, and the first paragraph goes with what opens and closes it.
 * @param parts the comments that it is made of
 */
export function remarkUnit(text: string, whole: Span, parts: readonly Span[], lines: Lines): Unit {
  const block =
    parts.length === 1 && divisible(text.slice(whole.start, whole.end)) && !steers(text, lines, whole.start, whole.end);
  const paragraphs = block ? inBlock(text, whole, lines) : paragraphsOf(text, parts, (words) => BARE.test(words));
  const comment = { comment: true };
  return unitOf(whole, paragraphs.length > 1 || block ? paragraphs.map((p) => unitOf(p, [], comment)) : [], comment);
}

/** Whether lines can go from inside a block comment: nothing but its end stands on its last line, and no other begins or ends inside. */
function divisible(words: string): boolean {
  const opens = words.search(/\S/);
  const inside = words.slice(opens + 2, words.lastIndexOf('*/'));
  const last = inside.lastIndexOf('\n');
  return (
    words.startsWith('/*', opens) && last >= 0 && BARE_INSIDE.test(inside.slice(last)) && !/\/\*|\*\//.test(inside)
  );
}

function inBlock(text: string, { start, end }: Span, lines: Lines): Span[] {
  const all: Span[] = [];
  for (let i = lines.at(start); i <= lines.at(end - 1); i++) all.push(lines.span(i));
  return paragraphsOf(
    text,
    all.slice(0, -1),
    (words) => BARE_INSIDE.test(words),
    (words) => TAG.test(words),
  ).slice(1);
}

/** @param bare whether there are no words in a line. @param begins whether it begins a paragraph, whatever is in front of it. */
function paragraphsOf(
  text: string,
  lines: readonly Span[],
  bare: (words: string) => boolean,
  begins: (words: string) => boolean = () => false,
): Span[] {
  const paragraphs: { start: number; end: number }[] = [];
  let open = true; // the next line begins a paragraph
  let fenced = false;
  let solid = false; // there are words in it
  for (const line of lines) {
    const words = text.slice(line.start, line.end);
    if (FENCE.test(words)) fenced = !fenced;
    const empty = !fenced && bare(words);
    if ((open && (!empty || !paragraphs.length)) || (solid && !fenced && begins(words)))
      paragraphs.push({ start: line.start, end: line.end });
    else paragraphs.at(-1)!.end = line.end;
    solid ||= !empty;
    open = empty && solid;
  }
  return paragraphs;
}
