// Builds the tree of lines of a text without a grammar: which lines belong under which, by indentation.
import type { SourceText } from '../core/context';
import type { Span } from '../core/span';
import { emptyBlock, hasBraces, type EmptyBlock } from '../languages/languages';
import type { Lines } from '../core/lines';
import type { Stretches } from './stretches';
import { endsTag, isTagged, leavesTagOpen } from './tags';
import type { Suite } from './unit';

const LONG_LINE = 2000; // UTF-16 units; longer lines are generated
const MAX_DEPTH = 300; // deeper text stays whole: recursion could overflow the stack

/** A line that belongs to the statement that an earlier line of the same depth began. */
const CLOSES =
  /^\s*([)\]}]|\{\s*$|<\/|\/>|(end|fi|done|esac|else|elif|elsif|elseif|rescue|ensure|except|catch|finally|then|do|until|when|default|EOF|EOT)\b|;[;&])/;
const ENDS_BRANCH = /^\s*;[;&]/;
const BRANCH = /\)\s*(#.*)?$/; // the pattern of a branch of `case`
const UNFINISHED = /(,|&&|\|\||[=+])\s*$/; // deeper lines continue it, in a language without braces
const CONTINUES = /^\s*(\.\w+\s*[(?!;]|\?\.|\??->|&&|\|\||=>|[?:+] )/; // continues a statement, in a language with braces
const ATTRIBUTE = /^\s*(@[\w.]+(\(.*\))?|#?\[\w.*\])\s*$/; // belongs to the line behind it
const CONTINUED = /\\\r?\n?$/;

/** Languages in which a list of lines before a block is its head. */
const SELECTORS = new Set(['css', 'scss', 'less']);

function firstLine(text: string, start: number): string {
  return /[^\r\n]*/.exec(text.slice(start, start + LONG_LINE))![0];
}

/** Whether the last line of [start, end) opens a block, possibly with parameters: `{`, `{ |a| `, `{ a ->`, `[a in`. */
function opensBlock(text: string, start: number, end: number): boolean {
  let to = end;
  while (to > start && /\s/.test(text[to - 1]!)) to--;
  let from = to;
  while (from > start && !/[\r\n]/.test(text[from - 1]!)) from--;
  const line = text.slice(from, to);
  const comment = line.search(/\s\/\//);
  const words = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  const opens = (part: string): boolean => /[{[:]$/.test(part.trimEnd().slice(-1));
  if (opens(words)) return true;
  if (words.endsWith('|')) return opens(words.slice(0, Math.max(0, words.lastIndexOf('|', words.length - 2))));
  const parameters = /(?:->|\bin)$/.exec(words.slice(-3))?.index;
  if (parameters === undefined) return false;
  const head = words.slice(0, Math.max(0, words.length - 3) + parameters);
  const brace = Math.max(head.lastIndexOf('{'), head.lastIndexOf('}'));
  return head[brace] === '{' || /[[:]/.test(head.slice(brace + 1));
}

/** A line with the deeper lines under it and the lines that continue it. */
export interface LineNode extends Span {
  readonly start: number;
  end: number;
  readonly indent: number;
  readonly children: LineNode[];
  readonly whole: boolean; // the lines under it are not divided
  branch: Suite | undefined; // the block of its next child
  readonly suite: Suite | undefined; // the block that it stands in
}

/** Whether a line belongs to the statement that an earlier line of the same depth began. */
export const closesStatement = (words: string): boolean => CLOSES.test(words);

/**
 * The tree of the lines of a text; returns the outermost lines.
 * @param languageAt language id of a range in a script or style element, else undefined
 * @param stretches the comments and strings of the text
 */
export function lineTreeOf(
  source: SourceText,
  lines: Lines,
  languageAt: (start: number, end: number) => string | undefined,
  stretches: Stretches,
): LineNode[] {
  const builder = new TreeBuilder(source, languageAt, stretches);
  for (const line of lines.all()) builder.read(line);
  return builder.finish();
}

class TreeBuilder {
  private readonly roots: LineNode[] = [];
  private readonly open: LineNode[] = []; // the last line and the lines that it stands under, outermost first
  private end = 0; // of all open lines with the lines under them
  private previous = ''; // the last line
  private isAttribute = false; // whether the last line belongs to the next one
  private continued = false; // whether the last line ends with a backslash
  private inTag = false; // whether the last line ends inside a tag
  private readonly text: string;
  private readonly yaml: boolean;
  private readonly braces: boolean;
  private readonly tagged: boolean;
  private readonly block: EmptyBlock | undefined;

  constructor(
    private readonly source: SourceText,
    private readonly languageAt: (start: number, end: number) => string | undefined,
    private readonly stretches: Stretches,
  ) {
    const { text, languageId } = source;
    this.text = text;
    this.yaml = languageId === 'yaml';
    this.braces = hasBraces(languageId);
    this.tagged = isTagged(languageId);
    this.block = emptyBlock(languageId);
  }

  read(line: Span): void {
    const start = line.start === 0 && this.text.startsWith('\ufeff') ? 1 : line.start;
    const { end } = line;
    const words = this.text.slice(start, end);
    if (this.inTag || this.continued || this.stretches.inside(start)) {
      this.extend(end);
      if (!this.inTag)
        this.inTag = this.leavesTagOpen(words, start, end); // a tag may begin on any of the lines
      else if (endsTag(words)) this.inTag = false;
    } else if (words.trim()) {
      this.place(words, start, end);
      this.inTag = this.leavesTagOpen(words, start, end);
    } else return;
    this.continued = CONTINUED.test(words);
    this.previous = words;
  }

  /** Adds a line under the line that it stands under, or to the one that it continues. */
  private place(words: string, start: number, end: number): void {
    const { open, text } = this;
    // A YAML list may be as deep as the key that it belongs to.
    const indent = words.search(/\S/) * 2 + (this.yaml && /^\s*- /.test(words) ? 1 : 0);
    while (open.length && open.at(-1)!.indent > indent) this.close();
    const closing = this.closes(words, start, end);
    this.isAttribute = this.braces && ATTRIBUTE.test(words);
    while (open.length && open.at(-1)!.indent === indent && !closing) this.close();
    const parent = open.at(-1);
    // Deeper lines before the first block belong to the head of a statement.
    const head =
      parent &&
      this.braces &&
      parent.indent < indent &&
      !parent.children.length &&
      !opensBlock(text, parent.start, start);
    const same = closing && parent?.indent === indent;
    if (parent && same) parent.branch = undefined;
    if (parent && (parent.whole || head || same)) return this.extend(end);
    if (parent && !parent.branch && this.block?.opens.test(this.previous.trimEnd())) parent.branch = { members: [] };
    const whole = this.yaml ? /[|>][-+\d]*\s*(#.*)?$/.test(words) : !this.braces && UNFINISHED.test(words);
    const node: LineNode = { start, end, indent, children: [], whole, branch: undefined, suite: parent?.branch };
    this.extend(end);
    if (open.length >= MAX_DEPTH) return;
    (parent?.children ?? this.roots).push(node);
    open.push(node);
  }

  /** Whether a line belongs to the statement that an earlier line of the same depth began. */
  private closes(words: string, start: number, end: number): boolean {
    const above = this.open.at(-1);
    // The end of a branch belongs to the branch, not to its last statement.
    const endsBranch =
      ENDS_BRANCH.test(words) && above !== undefined && !BRANCH.test(firstLine(this.text, above.start));
    if (CLOSES.test(words) && !endsBranch) return true;
    if (this.braces && (this.isAttribute || CONTINUES.test(words))) return true;
    return (
      (SELECTORS.has(this.source.languageId) || this.languageAt(start, end) === 'css') && /,\s*$/.test(this.previous)
    );
  }

  private leavesTagOpen(words: string, start: number, end: number): boolean {
    return this.tagged && words.length < LONG_LINE && leavesTagOpen(words) && !this.languageAt(start, end);
  }

  private extend(end: number): void {
    this.end = end;
  }

  private close(): void {
    this.open.pop()!.end = this.end;
  }

  /** Closes all lines. @returns the outermost ones */
  finish(): LineNode[] {
    while (this.open.length) this.close();
    return this.roots;
  }
}
