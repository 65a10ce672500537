// Groups comments into units: consecutive line comments form one unit, its paragraphs are its children.
import type { Span } from '../core/span';
import type { Lines } from '../core/lines';
import { isProtectedLine } from '../languages/directives';
import { unitOf, type Unit } from './unit';

const OPENER = '(\\/\\/[/!]?|#|--|;)';
const LINE_COMMENT = new RegExp(`^${OPENER}`);
const EMPTY = new RegExp(`^\\s*${OPENER}\\s*$`);
const EMPTY_INSIDE = /^[\s/*]*$/; // a line of a block comment without words, its first line included
const TAG = /^[\s*]*@\w/;
const FENCE = new RegExp(`^\\s*(?:(?:${OPENER}|\\*)\\s*)?(\`\`\`|~~~)`);

/** A text as comments are read in it. */
export interface CommentText {
  readonly text: string;
  readonly lines: Lines;
  readonly languageId: string;
}

/** UTF-16 units between the start of the line and `offset`. */
export function columnOf(lines: Lines, offset: number): number {
  return offset - lines.span(lines.at(offset)).start;
}

/** Whether a comment is a directive, for a tool or for us (`namm:`). It is not about the code around it. */
export function isDirective({ text, lines, languageId }: CommentText, start: number, end: number): boolean {
  for (let i = lines.at(start); i < lines.starts.length && lines.starts[i]! < end; i++) {
    const { start: from, end: to } = lines.span(i);
    const line = text.slice(from, to).trimEnd();
    if (line.includes('namm:') || isProtectedLine(line, i, languageId)) return true;
  }
  return false;
}

/**
 * The line comments that continue the comment at index `from`: on consecutive lines, in the same column, with the same opener.
 * @param comments in text order; undefined for an item that is no comment
 * @returns the first comment and those that continue it
 */
export function runFrom<T extends Span>(source: CommentText, comments: readonly (T | undefined)[], from: number): T[] {
  const { text, lines } = source;
  const first = comments[from]!;
  const run = [first];
  const kind = LINE_COMMENT.exec(text.slice(first.start, first.start + 4))?.[0];
  if (!kind || !lines.own(first.start, first.end) || isDirective(source, first.start, first.end)) return run;
  const column = columnOf(lines, first.start);
  for (let i = from + 1; i < comments.length; i++) {
    const next = comments[i];
    if (!next || LINE_COMMENT.exec(text.slice(next.start, next.start + 4))?.[0] !== kind) break;
    if (lines.at(next.start) !== lines.at(run.at(-1)!.end - 1) + 1 || columnOf(lines, next.start) !== column) break;
    if (isDirective(source, next.start, next.end)) break;
    run.push(next);
  }
  return run;
}

/**
 * A unit for a comment of whole lines; its paragraphs are its children. An empty line outside fenced code ends a paragraph. In a block
 * comment a tag such as `@param` begins one as well, and the first paragraph is no child: it belongs to the opening and closing line.
 * @param whole span of the comment in whole lines
 * @param parts the comments that it consists of
 */
export function commentUnit(source: CommentText, whole: Span, parts: readonly Span[]): Unit {
  const { text, lines } = source;
  const block =
    parts.length === 1 &&
    isDivisible(text.slice(whole.start, whole.end)) &&
    !isDirective(source, whole.start, whole.end);
  const paragraphs = block
    ? paragraphsOfBlock(text, whole, lines)
    : paragraphsOf(text, parts, (words) => EMPTY.test(words));
  const comment = { comment: true };
  return unitOf(whole, paragraphs.length > 1 || block ? paragraphs.map((p) => unitOf(p, [], comment)) : [], comment);
}

/** Whether lines inside a block comment can be cut: its last line holds nothing but its end, and no other comment begins or ends inside. */
function isDivisible(words: string): boolean {
  const opens = words.search(/\S/);
  const inside = words.slice(opens + 2, words.lastIndexOf('*/'));
  const last = inside.lastIndexOf('\n');
  return (
    words.startsWith('/*', opens) && last >= 0 && EMPTY_INSIDE.test(inside.slice(last)) && !/\/\*|\*\//.test(inside)
  );
}

function paragraphsOfBlock(text: string, { start, end }: Span, lines: Lines): Span[] {
  const all: Span[] = [];
  for (let i = lines.at(start); i <= lines.at(end - 1); i++) all.push(lines.span(i));
  return paragraphsOf(
    text,
    all.slice(0, -1),
    (words) => EMPTY_INSIDE.test(words),
    (words) => TAG.test(words),
  ).slice(1);
}

/**
 * @param isEmpty whether a line has no words
 * @param begins whether a line begins a paragraph, whatever precedes it
 */
function paragraphsOf(
  text: string,
  lines: readonly Span[],
  isEmpty: (words: string) => boolean,
  begins: (words: string) => boolean = () => false,
): Span[] {
  const paragraphs: { start: number; end: number }[] = [];
  let open = true; // whether the next line begins a paragraph
  let fenced = false;
  let hasWords = false; // whether any line had words so far
  for (const line of lines) {
    const words = text.slice(line.start, line.end);
    if (FENCE.test(words)) fenced = !fenced;
    const empty = !fenced && isEmpty(words);
    if ((open && (!empty || !paragraphs.length)) || (hasWords && !fenced && begins(words)))
      paragraphs.push({ start: line.start, end: line.end });
    else paragraphs.at(-1)!.end = line.end;
    hasWords ||= !empty;
    open = empty && hasWords;
  }
  return paragraphs;
}
