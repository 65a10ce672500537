// Divides a Markdown text into units: sections, paragraphs, list items, table rows, parts of long code.
import MarkdownIt from 'markdown-it';
import { append } from '../core/append';
import type { Span } from '../core/span';
import { codeLanguage, commentIn, isLiteral } from '../languages/languages';
import type { Lines } from '../core/lines';
import { balancedBrackets } from './pairing';
import { balancedTags } from './tags';
import { unitOf, type Unit } from './unit';
import { ownValue } from '../core/ownValue';

const DIVIDED_FROM = 12; // lines; a shorter fenced block stays whole
const MAX_NESTING = 100; // deeper quotes and lists stay whole
const PART = 128_000; // UTF-16 units of a long text that are parsed at once
const LONG_LINE = 2000; // UTF-16 units of a line that tell whether it begins or ends a block
/** HTML that may hold blank lines, and where it ends. */
const RAW_HTML: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(script|pre|style|textarea)\b/i, /<\/(script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
];
const markdown = new MarkdownIt({ html: true, maxNesting: MAX_NESTING }).disable(
  ['inline', 'text_join', 'linkify', 'replacements', 'smartquotes'],
  true,
);

interface Block {
  readonly type: string;
  readonly from: number; // first line
  to: number; // line behind the last
  readonly level: number; // of a heading, else 0
  readonly children: Block[];
}

/** The units of a Markdown text, in text order. A section contains the blocks and sections under its heading. */
export function markdownUnits(text: string, lines: Lines): Unit[] {
  const last = lines.starts.length - 1;
  const offset = (line: number): number =>
    line === 0 && text.startsWith('\ufeff') ? 1 : (lines.starts[line] ?? text.length);
  const blank = (line: number): boolean => !text.slice(offset(line), offset(line + 1)).trim();
  const head = frontMatter(text, lines);
  const blocks = partsOf(text, lines, head).flatMap(({ from, to }) =>
    // The parser counts lines as `Lines` does.
    blocksOf(markdown.parse(text.slice(offset(from), offset(to)), {}), from),
  );

  /** Span of a block without the blank lines behind it. */
  const spanOf = ({ from, to }: { from: number; to: number }): Span => {
    let end = Math.min(to, last + 1);
    while (end > from + 1 && blank(end - 1)) end--;
    return { start: offset(from), end: offset(end) };
  };
  /** Parts of a long fenced block, divided at its blank lines; the fences stay. */
  const codeParts = (block: Block, language: string | undefined): Unit[] => {
    if (block.to - block.from < DIVIDED_FROM || language === undefined || commentIn(language, '') === undefined)
      return [];
    if (isLiteral(language)) return []; // half a change says something else
    const out: Unit[] = [];
    let from = block.from + 1;
    for (let i = from; i < block.to; i++) {
      if (i + 1 < block.to && !blank(i)) continue;
      const span = { start: offset(from), end: offset(i) };
      if (i > from)
        out.push(unitOf(span, [], { cuttable: balancedBrackets(text.slice(span.start, span.end)), language }));
      from = i + 1;
    }
    return out.length > 1 ? out : [];
  };
  const blockUnit = (block: Block): Unit => {
    const span = spanOf(block);
    const words = text.slice(span.start, span.end);
    if (block.type === 'html_block')
      return unitOf(span, [], { cuttable: balancedTags(words), comment: /^\s*<!--(?:(?!-->)[^])*-->\s*$/.test(words) });
    if (block.type === 'table')
      return unitOf(
        span,
        block.children.map((row) => unitOf(spanOf(row), [], { row: true })),
      );
    if (block.type === 'fence')
      return unitOf(
        span,
        codeParts(block, codeLanguage(/^[^\S\n\r]*[`~]+[^\S\n\r]*([\w+#-]*)/.exec(words)?.[1] ?? '')),
      );
    return unitOf(span, itemsOf(block));
  };
  /** Units of the items of a list, or of the blocks of an item but the first, which stays with the item. */
  const itemsOf = (block: Block): Unit[] => {
    if (block.type === 'list') return block.children.map(blockUnit);
    if (block.type !== 'item') return [];
    return block.children.slice(1).flatMap((b) => (b.type === 'list' ? itemsOf(b) : [blockUnit(b)]));
  };

  const roots: Unit[] = [];
  const sections: { level: number; from: number; units: Unit[]; html: string }[] = [];
  const siblings = (): Unit[] => sections.at(-1)?.units ?? roots;
  const close = (level: number, to: number): void => {
    while (sections.length && sections.at(-1)!.level >= level) {
      const { from, units, html } = sections.pop()!;
      const span = spanOf({ from, to });
      siblings().push(unitOf(span, units, { cuttable: balancedTags(html) }));
      if (sections.length) sections.at(-1)!.html += html;
    }
  };
  let line = head; // the first line that is in no unit yet
  /** Adds units for lines outside all blocks: definitions of links. */
  const addLines = (to: number): void => {
    for (; line < to; line++) if (!blank(line)) siblings().push(unitOf({ start: offset(line), end: offset(line + 1) }));
  };
  for (const block of blocks) {
    addLines(block.from);
    const { start, end } = spanOf(block);
    if (block.type === 'html_block' && sections.length) sections.at(-1)!.html += text.slice(start, end);
    if (block.level) {
      close(block.level, block.from);
      sections.push({ level: block.level, from: block.from, units: [], html: '' });
    } else append(siblings(), block.type === 'list' ? itemsOf(block) : [blockUnit(block)]);
    line = Math.max(line, lines.at(Math.max(0, end - 1)) + 1);
  }
  addLines(last + 1);
  close(0, last + 1);
  return roots;
}

/** Number of lines of the front matter. */
function frontMatter(text: string, lines: Lines): number {
  const opening = /^\ufeff?---[ \t]*(\r\n|\r|\n)/.exec(text);
  if (!opening) return 0;
  for (let i = 1; i < lines.starts.length; i++) {
    const { start, end } = lines.span(i);
    if (/^(---|\.\.\.)\s*$/.test(text.slice(start, end))) return i + 1;
  }
  return 0;
}

interface Token {
  readonly type: string;
  readonly tag: string;
  readonly nesting: number;
  readonly map: readonly [number, number] | null;
}

/**
 * Parts of a long text that are parsed one by one: a part takes a thousand times its length in memory. A part ends before a
 * line without indentation behind a blank line, where no block but a list goes on, and a list is divided into its items
 * anyway; a part of twice the length ends before any line.
 * @param head line at which the first part begins
 */
function partsOf(text: string, lines: Lines, head: number): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  const { starts } = lines;
  let from = head;
  let blank = false; // the line above
  let closes: RegExp | undefined; // ends the fence or the HTML that the line stands in
  for (let i = head; i < starts.length && text.length - starts[from]! > PART; i++) {
    const span = lines.span(i);
    const line = text.slice(span.start, Math.min(span.end, span.start + LONG_LINE));
    const length = span.start - starts[from]!;
    if (!closes && (length >= 2 * PART || (length >= PART && blank && /^\S/.test(line)))) {
      parts.push({ from, to: i });
      from = i;
    }
    if (closes) closes = closes.test(line) ? undefined : closes;
    else closes = undividedFrom(line);
    blank = !line.trim();
  }
  return [...parts, { from, to: starts.length }];
}

/** If a line begins a block that may hold blank lines: what its last line has. */
function undividedFrom(line: string): RegExp | undefined {
  const fence = /^ {0,3}(`{3,}(?!.*`)|~{3,})/.exec(line)?.[1];
  if (fence) return new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
  for (const [opens, closes] of RAW_HTML)
    if (opens.test(line)) return closes.test(line.replace(opens, '')) ? undefined : closes;
  return undefined;
}

/** Turns the flat list of parser tokens into a tree of blocks. @param first line of the text that the tokens count from */
function blocksOf(tokens: readonly Token[], first: number): Block[] {
  const roots: Block[] = [];
  const open: Block[] = [];
  let inBody = false; // of a table
  for (const token of tokens) {
    if (token.type === 'tbody_open') inBody = true;
    if (token.type === 'tbody_close') inBody = false;
    const type =
      ownValue(KINDS, token.type) ?? (token.nesting === 0 && token.type !== 'inline' ? token.type : undefined);
    if (token.nesting < 0) {
      if (type && (type !== 'row' || inBody)) open.pop();
      continue;
    }
    if (!type || (type === 'row' && !inBody) || (!token.map && token.nesting === 0)) continue;
    const parent = open.at(-1);
    const [from, to] = token.map
      ? [token.map[0] + first, token.map[1] + first]
      : [parent?.to ?? first, parent?.to ?? first];
    const block: Block = {
      type,
      from,
      to,
      level: type === 'heading' && !parent ? Number(token.tag.slice(1)) : 0,
      children: [],
    };
    (parent?.children ?? roots).push(block);
    if (token.nesting > 0) open.push(block);
  }
  return roots;
}

const KINDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    heading: 'heading',
    paragraph: 'paragraph',
    blockquote: 'quote',
    bullet_list: 'list',
    ordered_list: 'list',
    list_item: 'item',
    table: 'table',
    tr: 'row',
  }).flatMap(([name, kind]) => [
    [`${name}_open`, kind],
    [`${name}_close`, kind],
  ]),
);
