// Knows which lines stand under which: a text read line by line, where only indentation tells.
import type { SourceText } from '../core/context';
import type { Span } from '../core/span';
import { emptyBlock, hasBraces, type EmptyBlock } from './languages';
import type { Lines } from '../core/lines';
import { endsTag, isTagged, leavesTagOpen } from './tags';
import type { Suite } from './unit';

const LONG_LINE = 2000; // UTF-16 units: nobody wrote it, and expressions over it are slow
const MAX_DEPTH = 300; // deeper text is left whole rather than risk the stack

/** What opens a stretch that stays whole, and what closes it; the same line may do both. */
const STRETCHES: readonly (readonly [RegExp, RegExp])[] = [
  [/^\s*```/, /^\s*```\s*$/],
  [/^\s*~~~/, /^\s*~~~\s*$/],
  [/<!--/, /-->/],
  [/^[^'"]*\/\*/, /\*\//],
  [/"""/, /"""/],
  [/'''/, /'''/],
];
/** Belongs to what the line before it at its own depth began. */
const CLOSES =
  /^\s*([)\]}]|\{\s*$|<\/|\/>|(end|fi|done|esac|else|elif|elsif|elseif|rescue|ensure|except|catch|finally|then|do|until|when|default|EOF|EOT)\b|;[;&])/;
const ENDS_BRANCH = /^\s*;[;&]/;
const BRANCH = /\)\s*(#.*)?$/; // its pattern
const HANGS = /(,|&&|\|\||[=+])\s*$/; // deeper lines are the rest of it, where no brace opens a block
const CONTINUES = /^\s*(\.\w+\s*[(?!;]|\?\.|\??->|&&|\|\||=>|[?:+] )/; // where blocks have braces
const LEADS = /^\s*(@[\w.]+(\(.*\))?|#?\[\w.*\])\s*$/; // an attribute belongs to what follows
const CONTINUED = /\\\r?\n?$/;
const OPENS = /[{[:]\s*(\|[^|\n]*\||[^{}\n]*(->|\bin))?\s*$/; // a block, perhaps with its parameters

/** Languages in which a list of lines in front of a block is its head. */
const SELECTORS = new Set(['css', 'scss', 'less']);

const HEREDOC: Readonly<Record<string, RegExp>> = {
  shellscript: /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/,
  ruby: /<<[-~]?(['"]?)([A-Z_]\w*)\1/,
  perl: /<<~?(['"]?)([A-Z_]\w*)\1/,
  php: /<<<(['"]?)([A-Za-z_]\w*)\1/,
};

/** Tells the last line of a stretch that begins in this one and must stay whole. */
function stretchFrom(words: string, languageId: string): ((line: string) => boolean) | undefined {
  for (const [opens, closes] of STRETCHES) {
    const at = opens.exec(words);
    if (at && !closes.test(words.slice(at.index + at[0].length))) return (line) => closes.test(line);
  }
  const name = HEREDOC[languageId]?.exec(words)?.[2];
  if (name) return (line) => new RegExp(`^\\s*${name}\\b`).test(line);
  if (languageId !== 'shellscript') return undefined;
  const odd = (line: string): boolean => (line.replace(/\\.|'[^']*'/g, '').match(/"/g)?.length ?? 0) % 2 === 1;
  return odd(words.replace(/(^|\s)#.*/, '')) ? odd : undefined;
}

function firstLine(text: string, start: number): string {
  return /[^\r\n]*/.exec(text.slice(start, start + LONG_LINE))![0];
}

function opens(text: string): boolean {
  const lines = text.trimEnd();
  return OPENS.test(lines.slice(lines.lastIndexOf('\n') + 1).replace(/\s\/\/.*$/, ''));
}

/** A line with the deeper lines under it, and what goes with it. */
export interface Draft extends Span {
  readonly start: number;
  end: number;
  readonly indent: number;
  readonly children: Draft[];
  readonly whole: boolean; // its inside is not ours to divide
  branch: Suite | undefined; // the block that its next child stands in
  readonly suite: Suite | undefined; // the block that it stands in itself
}

export const closesSomething = (words: string): boolean => CLOSES.test(words);

/** @param languageAt of a part of a text in tags that is in a language of its own */
export function draftsOf(
  source: SourceText,
  lines: Lines,
  languageAt: (start: number, end: number) => string | undefined,
): Draft[] {
  const drafting = new Drafting(source, languageAt);
  for (const line of lines.all()) drafting.read(line);
  return drafting.roots;
}

class Drafting {
  readonly roots: Draft[] = [];
  private readonly open: Draft[] = []; // what the last line stands in, itself the last
  private before = ''; // the last line
  private leads = false; // it belongs to the next one
  private continued = false; // it ends in a backslash
  private until: ((line: string) => boolean) | undefined; // tells the last line of the stretch that it stands in
  private readonly text: string;
  private readonly yaml: boolean;
  private readonly braces: boolean;
  private readonly tagged: boolean;
  private readonly block: EmptyBlock | undefined;

  constructor(
    private readonly source: SourceText,
    private readonly languageAt: (start: number, end: number) => string | undefined,
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
    if (this.until || this.continued) {
      this.extend(end);
      if (!this.until)
        this.until = this.stretch(words, start, end); // a string may begin in any of the lines
      else if (this.until(words)) this.until = undefined;
      this.continued = !this.until && CONTINUED.test(words);
    } else if (words.trim()) {
      this.place(words, start, end);
      this.continued = CONTINUED.test(words);
      this.until = this.stretch(words, start, end);
    } else return;
    this.before = words;
  }

  /** Under which line this one stands, or with which it goes. */
  private place(words: string, start: number, end: number): void {
    const { open, text } = this;
    // A list may stand at the depth of the key that it belongs to.
    const indent = words.search(/\S/) * 2 + (this.yaml && /^\s*- /.test(words) ? 1 : 0);
    while (open.length && open.at(-1)!.indent > indent) open.pop();
    const closing = this.closes(words, start, end);
    this.leads = this.braces && LEADS.test(words);
    while (open.length && open.at(-1)!.indent === indent && !closing) open.pop();
    const parent = open.at(-1);
    // Before its first block opens, deeper lines are the rest of a statement's head.
    const head =
      parent &&
      this.braces &&
      parent.indent < indent &&
      !parent.children.length &&
      !opens(text.slice(parent.start, start));
    const same = closing && parent?.indent === indent;
    if (parent && same) parent.branch = undefined;
    if (parent && (parent.whole || head || same)) return this.extend(end);
    if (parent && !parent.branch && this.block?.opens.test(this.before.trimEnd())) parent.branch = { members: [] };
    const whole = this.yaml ? /[|>][-+\d]*\s*(#.*)?$/.test(words) : !this.braces && HANGS.test(words);
    const draft: Draft = { start, end, indent, children: [], whole, branch: undefined, suite: parent?.branch };
    this.extend(end);
    if (open.length >= MAX_DEPTH) return;
    (parent?.children ?? this.roots).push(draft);
    open.push(draft);
  }

  /** Whether a line goes with what the line before it at its depth began. */
  private closes(words: string, start: number, end: number): boolean {
    const above = this.open.at(-1);
    // What ends a branch stays with the branch, not with its last statement.
    const endsBranch =
      ENDS_BRANCH.test(words) && above !== undefined && !BRANCH.test(firstLine(this.text, above.start));
    if (CLOSES.test(words) && !endsBranch) return true;
    if (this.braces && (this.leads || CONTINUES.test(words))) return true;
    return (
      (SELECTORS.has(this.source.languageId) || this.languageAt(start, end) === 'css') && /,\s*$/.test(this.before)
    );
  }

  private stretch(words: string, start: number, end: number): ((line: string) => boolean) | undefined {
    if (words.length >= LONG_LINE) return undefined;
    return this.tagged && leavesTagOpen(words) && !this.languageAt(start, end)
      ? endsTag
      : stretchFrom(words, this.source.languageId);
  }

  private extend(end: number): void {
    for (const d of this.open) d.end = end;
  }
}
