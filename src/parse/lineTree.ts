// Builds the tree of lines of a text without a grammar: which lines belong under which, by indentation.
import type { SourceText } from '../core/context';
import type { Span } from '../core/span';
import { emptyBlock, hasBraces, type EmptyBlock } from '../languages/languages';
import type { Lines } from '../core/lines';
import type { LineRole } from './controls';
import { ownValue } from '../core/ownValue';
import {
  BEGINS_OPEN,
  CLOSES,
  CLOSES_DATA,
  DATA,
  ENDS_OPEN,
  plainScalarColumn,
  SECTION,
} from '../languages/lineStatements';
import { SqlStatements } from '../languages/sqlStatements';
import type { Stretches } from './stretches';
import { endsTag, isTagged, leavesTagOpen } from './tags';
import type { Suite } from './unit';

const HEAD_UNITS = 1000; // UTF-16 units of a Dockerfile that may say how it continues lines
const LONG_LINE = 2000; // UTF-16 units; longer lines are generated
const OPERATOR_UNITS = 60; // UTF-16 units at the end of a line that hold its last operator
const RECIPE_INDENT = 2; // of a line behind one tab
const CONDITION_LINES = 20; // conditions, comments and blank lines before the line of a make file that one of them is about
const MAX_DEPTH = 300; // deeper text stays whole: recursion could overflow the stack

const ENDS_BRANCH = /^\s*;[;&]/;
/** A command with the end of its branch. */
const LAST_OF_BRANCH = /^[^()]*;[;&]\s*$/;
const BRANCH = /\)\s*$/; // the pattern of a branch of `case`
const BLOCK_SCALAR = /[|>][-+\d]*\s*$/; // of YAML
const COMPLEX_KEY = /^\s*\?\s/; // of YAML, over several lines
const UNFINISHED = /(,|&&|\|\||[=+])\s*$/; // deeper lines continue it, in a language without braces
const CONTINUES = /^\s*(\.\w+\s*[(?!;]|\?\.|\??->|&&|\|\||=>|[?:+] )/; // continues a statement, in a language with braces
const ELSE = /^\s*els(e|if)\b/;
const BARE = /^\s*\{\s*$/;
/** How code ends in front of a bare block of Perl: a statement is complete. */
const COMPLETE = /[;}]\s*$|^(?:=cut\b.*|[A-Z_]+\s*)$/;
/** What stands in front of a block of Perl behind which a list follows. */
const LISTS =
  /(?<![\w$@%&>:-]|\bsub\s{1,9})(?:map|grep|sort|first|any|all|none|notall|reduce|indexes|part|pair\w{1,9}|\w{1,9}_(?:by|index))\s*$/;
const LISTS_UNITS = 40; // UTF-16 units in front of a block that hold such a word
/** Inside an instruction of a Dockerfile: a package or a variable; a command; a sign by which a command may not be complete. */
const WORD = /^\s*(?:[\w.+:@/-]+(?:=(?:"[^"]*"|'[^']*'|[^\s"']*))?|"[^"]*"|'[^']*')\s*$/;
const COMMAND = /^\s*&&\s/;
const SKIPPED = /^\s*(#|$)/; // what a Dockerfile may have between the lines of an instruction
const SHELL_SIGN = /(?<![\w-])(if|then|elif|else|fi|for|while|until|do|done|case|esac)(?![\w-])|[{}()"'`\\]|;;|<</;
const GRAPHQL_HEAD = /^\s*(@|&|implements\b)/; // goes on with what stands above
const DESCRIPTION = /^\s*"/; // of GraphQL: belongs to what stands below
const ATTRIBUTE = /^\s*(@[\w.]+(\(.*\))?|#?\[\w.*\])\s*$/; // belongs to the line behind it

/** Languages of tags in which brackets over several lines hold code, where a comment of HTML is none. */
const BRACKETED = new Set(['svelte', 'astro', 'blade']);

/** Languages in which a list of lines before a block is its head. */
const SELECTORS = new Set(['css', 'scss', 'less']);

/** A line without its line break, which `$` would not look behind. */
function withoutBreak(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === '\n' || line[end - 1] === '\r')) end--;
  return line.slice(0, end);
}

function firstLine(text: string, start: number): string {
  return /[^\r\n]*/.exec(text.slice(start, start + LONG_LINE))![0];
}

/** Whether the last line of [start, end) opens a block, possibly with parameters: `{`, `{ |a| `, `{ a ->`, `[a in`. */
function opensBlock(text: string, start: number, end: number, signs: RegExp): boolean {
  let to = end;
  while (to > start && /\s/.test(text[to - 1]!)) to--;
  let from = to;
  while (from > start && !/[\r\n]/.test(text[from - 1]!)) from--;
  const line = text.slice(from, to);
  const comment = line.search(/\s\/\//);
  const words = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  const opens = (part: string): boolean => signs.test(part.trimEnd().slice(-1));
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
  readonly stays: boolean; // it is what the lines beside it are about
  branch: Suite | undefined; // the block of its next child
  readonly suite: Suite | undefined; // the block that it stands in
}

/** Whether a line belongs to the statement that an earlier line of the same depth began. */
export const closesStatement = (words: string, languageId: string): boolean =>
  (DATA.has(languageId) ? CLOSES_DATA : CLOSES).test(words);

/**
 * The tree of the lines of a text; returns the outermost lines.
 * @param languageAt language id of a range in a script or style element, else undefined
 * @param stretches the comments and strings of the text
 * @param roles what control tags do, by number of the line
 */
export function lineTreeOf(
  source: SourceText,
  lines: Lines,
  languageAt: (start: number, end: number) => string | undefined,
  stretches: Stretches,
  roles: ReadonlyMap<number, LineRole> = new Map(),
): LineNode[] {
  const aboveItems = source.languageId === 'yaml' ? commentsAboveItems(source.text, lines) : new Set<number>();
  const builder = new TreeBuilder(source, languageAt, stretches, roles, aboveItems);
  lines.all().forEach((line, i) => builder.read(line, i));
  return builder.finish();
}

/** Where the comments of YAML begin that stand above an item of a list, as deep as it: they belong to the list. */
function commentsAboveItems(text: string, lines: Lines): ReadonlySet<number> {
  const out = new Set<number>();
  let item = -1; // indentation of the line below, if it is an item
  for (const { start, end } of lines.all().reverse()) {
    const words = text.slice(start, Math.min(end, start + LONG_LINE));
    const indent = words.search(/\S/);
    if (indent < 0) continue;
    if (words[indent] !== '#') item = /^\s*- /.test(words) ? indent : -1;
    else if (indent === item) out.add(start);
  }
  return out;
}

/** Where a line stands, and whether it continues the line that opened its pair. */
interface Entered {
  readonly indent: number;
  readonly continues: boolean;
  readonly section: boolean;
}

class TreeBuilder {
  private readonly roots: LineNode[] = [];
  private readonly open: LineNode[] = []; // the last line and the lines that it stands under, outermost first
  private end = 0; // of all open lines with the lines under them
  private previous = ''; // the code of the last line that is no comment
  private previousStart = 0; // where it begins
  private isAttribute = false; // whether the last line belongs to the next one
  private continued = false; // whether the last line ends with a backslash
  private row: { readonly kind: 'word' | 'command'; readonly node?: LineNode | undefined } | undefined; // the last line, if it is one
  private base = 0; // added to every indentation: deeper inside a pair of control tags, or in a section
  private readonly openers: { readonly base: number; readonly indent: number | undefined }[] = [];
  private readonly arrays: string[] = []; // TOML: the open arrays of tables, outermost first
  private blankAbove = false; // whether the last line was blank
  private directed = false; // YAML: whether the last line is a directive, which needs the `---` below it
  private staged = false; // whether there was a section
  private begun = false; // whether there was a line that is no comment
  private statement: LineNode | undefined; // SQL: the statement that is not complete
  private readonly sql: SqlStatements | undefined;
  private inTag = false; // whether the last line ends inside a tag
  private readonly text: string;
  private readonly yaml: boolean;
  private readonly graphql: boolean;
  private readonly opening: RegExp; // how a line ends that opens a block, in a language with braces
  private readonly escape: string; // continues a line at its end
  private readonly docker: boolean;
  private readonly makefile: boolean;
  private readonly braces: boolean;
  private readonly tagged: boolean;
  private readonly block: EmptyBlock | undefined;

  constructor(
    private readonly source: SourceText,
    private readonly languageAt: (start: number, end: number) => string | undefined,
    private readonly stretches: Stretches,
    private readonly roles: ReadonlyMap<number, LineRole>,
    private readonly aboveItems: ReadonlySet<number>,
  ) {
    const { text, languageId } = source;
    this.text = text;
    this.yaml = languageId === 'yaml';
    this.graphql = languageId === 'graphql';
    this.opening = SELECTORS.has(languageId) ? /\{$/ : /[{[:]$/; // `:` of a style sheet stands before a value
    this.docker = languageId === 'dockerfile';
    this.makefile = languageId === 'makefile';
    this.escape = this.docker && /^#\s*escape\s*=\s*`/im.test(text.slice(0, HEAD_UNITS)) ? '`' : '\\';
    this.braces = hasBraces(languageId);
    this.tagged = isTagged(languageId);
    this.block = emptyBlock(languageId);
    this.sql = languageId === 'sql' ? new SqlStatements(text) : undefined;
  }

  read(line: Span, index: number): void {
    const start = line.start === 0 && this.text.startsWith('\ufeff') ? 1 : line.start;
    const { end } = line;
    const words = withoutBreak(this.text.slice(start, end));
    const role = this.roles.get(index);
    const goesOn = this.inTag || this.continued || this.stretches.inside(start) || this.inExpression(start, end);
    if (role && goesOn) this.passRole(role);
    if (goesOn) {
      if (this.docker) this.placeRow(words, start, end);
      this.extend(end);
      if (!this.inTag)
        this.inTag = !this.stretches.inside(end) && this.leavesTagOpen(words, start, end); // a tag may begin on the last line
      else if (endsTag(words)) this.inTag = false;
    } else if (words.trim()) {
      this.place(words, start, end, this.enter(words, start, role));
      this.row = undefined;
      this.inTag = this.leavesTagOpen(words, start, end);
    } else {
      this.blankAbove = true;
      return;
    }
    this.blankAbove = false;
    this.begun ||= !words.startsWith('#');
    // A comment or a blank line ends no instruction of a Dockerfile.
    const skipped = this.docker && SKIPPED.test(words);
    this.continued = skipped ? this.continued : words.endsWith(this.escape);
    const code = this.code(start, words);
    if (!code.trim()) return; // a comment may stand inside a statement
    this.previous = code;
    this.previousStart = start;
  }

  /**
   * The indentation of a line, which pairs of control tags and sections make deeper, and whether the line continues the one that
   * opened its pair.
   */
  private enter(words: string, start: number, role: LineRole | undefined): Entered {
    // A YAML list may be as deep as the key that it belongs to.
    const item = this.yaml && (/^\s*- /.test(words) || this.aboveItems.has(start));
    const recipe = this.makefile && (role?.kind === 'opens' || words.startsWith('#')) && this.isRecipe(start);
    const own = recipe ? RECIPE_INDENT : words.search(/\S/) * 2 + (item ? 1 : 0);
    if (role && role.kind !== 'opens') {
      const opener = this.openers.at(-1); // pairs are nested
      if (role.kind === 'closes') this.passRole(role);
      if (opener?.indent !== undefined) return { indent: opener.indent, continues: true, section: false };
    }
    if (!this.openers.length && this.beginsSection(words, start)) return this.enterSection(words);
    const indent = this.base + own;
    if (role?.kind === 'opens') {
      this.openers.push({ base: this.base, indent });
      this.base = indent + 1;
    }
    return { indent, continues: false, section: false };
  }

  /** Whether a condition or a comment of a make file stands among lines of a recipe: it belongs to the rule above. */
  private isRecipe(start: number): boolean {
    let at = start;
    for (let i = 0; i < CONDITION_LINES; i++) {
      at = this.text.indexOf('\n', at) + 1;
      if (at === 0) return false;
      const line = firstLine(this.text, at);
      if (!/^\s*($|#|if|else)/.test(line)) return line.startsWith('\t');
    }
    return false;
  }

  /** Notes a role of a line that is no line of its own, or the end of a pair. */
  private passRole({ kind }: LineRole): void {
    if (kind === 'opens') this.openers.push({ base: this.base, indent: undefined });
    else if (kind === 'closes') this.base = this.openers.pop()?.base ?? 0;
  }

  private beginsSection(words: string, start: number): boolean {
    const head = ownValue(SECTION, this.source.languageId);
    if (!head || this.stretches.brackets.isInside(start)) return false;
    // The first line of a file of several documents stands for the first of them.
    if (this.yaml && !this.begun && !words.startsWith('#')) return /^---(\s|$)/m.test(this.text);
    return words.length < LONG_LINE && head.test(this.code(start, words));
  }

  private enterSection(words: string): Entered {
    const head = /^\s*(\[{0,2})([^\]]*)/.exec(words)!;
    const name = head[2]!.replace(/["'\s]/g, '');
    const { arrays } = this;
    // What stands in the last table of an array: tables, and arrays of tables.
    while (arrays.length && !name.startsWith(`${arrays.at(-1)!}.`)) arrays.pop();
    const indent = arrays.length;
    if (head[1] === '[[') arrays.push(name);
    this.base = indent + 1;
    return { indent, continues: false, section: true };
  }

  /** Adds a line under the line that it stands under, or to the one that it continues. */
  private place(words: string, start: number, end: number, { indent, continues, section }: Entered): void {
    const { open, text } = this;
    if (this.sql) return this.placeStatement(this.sql, words, start, end);
    const code = this.code(start, words);
    while (open.length && open.at(-1)!.indent > indent) this.close();
    if (this.yaml && !section && this.continuesScalar(words)) return this.extend(end);
    const closing = continues || this.closes(words, start, end);
    if (this.source.languageId === 'perl' && ELSE.test(words)) this.passComments(indent);
    this.isAttribute = this.graphql ? DESCRIPTION.test(words) : this.braces && ATTRIBUTE.test(words);
    while (open.length && open.at(-1)!.indent === indent && !closing && !this.joins(code)) this.close();
    const parent = open.at(-1);
    // Deeper lines before the first block belong to the head of a statement.
    const head =
      (parent && this.graphql && GRAPHQL_HEAD.test(words)) ||
      (parent &&
        this.braces &&
        parent.indent < indent &&
        !parent.children.length &&
        !opensBlock(text, parent.start, start, this.opening));
    const same = closing && parent?.indent === indent;
    if (parent && same) parent.branch = undefined;
    if (parent && (parent.whole || head || same || this.joins(code))) return this.extend(end);
    if (parent && !parent.branch && this.block?.opens.test(this.previous.trimEnd())) parent.branch = { members: [] };
    const stays = this.yaml
      ? section
        ? this.directed
        : this.isRecordHead(words, parent)
      : this.docker && section
        ? !this.staged
        : this.block !== undefined && LAST_OF_BRANCH.test(code);
    const whole = this.yaml
      ? BLOCK_SCALAR.test(code) || COMPLEX_KEY.test(words)
      : !this.braces && (UNFINISHED.test(code) || this.endsOpen(code) || this.opensPatterns(code));
    const node: LineNode = { start, end, indent, children: [], whole, stays, branch: undefined, suite: parent?.branch };
    if (section) this.staged = true;
    this.directed = this.yaml && words.startsWith('%');
    this.extend(end);
    if (open.length >= MAX_DEPTH) return;
    (parent?.children ?? this.roots).push(node);
    open.push(node);
  }

  /** Opens the statement again above the comments that stand in front of its next branch. */
  private passComments(indent: number): void {
    const { open } = this;
    const siblings = open.at(-2)?.children ?? this.roots;
    while (siblings.length > 1 && open.at(-1)?.indent === indent && this.isComment(open.at(-1)!)) {
      siblings.pop();
      open.splice(-1, 1, siblings.at(-1)!);
    }
  }

  private isComment({ start }: LineNode): boolean {
    return !this.code(start, firstLine(this.text, start)).trim();
  }

  /** Whether a key says what its record is: without it, the rest would be read as another one. */
  private isRecordHead(words: string, parent: LineNode | undefined): boolean {
    if (/^(apiVersion|kind|metadata):/.test(words)) return true;
    return (
      /^\s+(name|namespace|generateName):/.test(words) &&
      parent !== undefined &&
      /^metadata:/.test(firstLine(this.text, parent.start))
    );
  }

  /** YAML: whether a line goes on with the plain scalar that the line above began. Inside, a comment would end it. */
  private continuesScalar(words: string): boolean {
    const above = this.open.at(-1);
    if (!above || above.children.length) return false;
    const line = firstLine(this.text, above.start);
    return words.search(/\S/) > plainScalarColumn(this.code(above.start, line));
  }

  /** Whether an operator at the end of the line above, or at the start of this one, makes them one statement. */
  private joins(code: string): boolean {
    return (
      this.endsOpen(this.previous) ||
      this.endsInList() ||
      ownValue(BEGINS_OPEN, this.source.languageId)?.test(code) === true
    );
  }

  /** Perl: whether the line above ends with the block of `map` or the like, whose list follows. */
  private endsInList(): boolean {
    if (this.source.languageId !== 'perl') return false;
    const { length } = this.previous.trimEnd();
    if (this.previous[length - 1] !== '}') return false;
    const opener = this.stretches.brackets.openerOf(this.previousStart + length - 1);
    return opener !== undefined && LISTS.test(this.text.slice(Math.max(0, opener - LISTS_UNITS), opener));
  }

  private endsOpen(code: string): boolean {
    return ownValue(ENDS_OPEN, this.source.languageId)?.test(code.trimEnd().slice(-OPERATOR_UNITS)) ?? false;
  }

  /** A line up to its comment: what a comment says is no code. */
  private code(start: number, words: string): string {
    return this.stretches.code(start, start + words.length);
  }

  /**
   * Dockerfile: lines of an instruction that can go one by one: a word behind another one, and a command among commands that all
   * follow `&&`.
   */
  private placeRow(words: string, start: number, end: number): void {
    if (SKIPPED.test(words)) return;
    const { row } = this;
    this.row = undefined;
    if (!this.continued || this.stretches.inside(start)) return;
    const kind = COMMAND.test(words) ? 'command' : 'word';
    const node = {
      start,
      end,
      indent: 0,
      children: [],
      whole: true,
      stays: false,
      branch: undefined,
      suite: undefined,
    };
    if (row?.node && row.kind === kind && kind === 'command') this.open.at(-1)?.children.push(row.node);
    if (!words.endsWith(this.escape)) return;
    const line = words.slice(0, -1);
    if (kind === 'word') {
      if (!WORD.test(line)) return;
      if (row?.kind === kind) this.open.at(-1)?.children.push(node);
      this.row = { kind };
    } else this.row = { kind, node: SHELL_SIGN.test(line) ? undefined : node };
  }

  /** SQL: a statement is one unit up to its semicolon. The rows of a table or of its values can go one by one, but not the last. */
  private placeStatement(sql: SqlStatements, words: string, start: number, end: number): void {
    const { stretches, text } = this;
    const depth = stretches.brackets.isInside(start);
    const code = this.code(start, words).trimEnd();
    const comment = !code;
    if (this.statement && !depth && this.blankAbove && sql.begins(code)) this.statement = undefined;
    if (!this.statement) {
      while (this.open.length) this.close();
      const node: LineNode = {
        start,
        end,
        indent: 0,
        children: [],
        whole: false,
        stays: false,
        branch: undefined,
        suite: undefined,
      };
      this.roots.push(node);
      this.open.push(node);
      if (!comment) this.statement = node;
      sql.reset();
    } else {
      const head = firstLine(text, this.statement.start);
      const row = /^\s*create\s+(\w+\s+){0,3}table\b/i.test(head)
        ? depth && /[(,]$/.test(this.previous.trimEnd())
        : /^\s*(insert|replace)\b/i.test(head) &&
          !depth &&
          /(\bvalues|,)\s*$/i.test(this.previous.trimEnd()) &&
          /^\s*\(.*\),$/.test(code);
      if (row && code.endsWith(','))
        this.statement.children.push({
          start,
          end,
          indent: 1,
          children: [],
          whole: true,
          stays: false,
          branch: undefined,
          suite: undefined,
        });
    }
    this.extend(end);
    if (!this.statement || comment) return;
    const isOpen = stretches.inside(end) || stretches.brackets.isInside(end);
    const line = { code, words: stretches.words(start, end), isOpen, end };
    if (sql.ends(line, this.statement.start)) this.statement = undefined;
  }

  /** Whether a line belongs to the statement that an earlier line of the same depth began. */
  private closes(words: string, start: number, end: number): boolean {
    const above = this.open.at(-1);
    // The end of a branch belongs to the branch, not to its last statement.
    const endsBranch =
      ENDS_BRANCH.test(words) &&
      above !== undefined &&
      !BRANCH.test(this.code(above.start, firstLine(this.text, above.start)));
    // The end of a script or style element does not belong to its last line.
    if (this.tagged && above && this.languageAt(above.start, above.end) !== this.languageAt(start, end)) return false;
    if (this.source.languageId === 'perl' && BARE.test(words) && COMPLETE.test(this.previous)) return false;
    if (this.graphql && above && firstLine(this.text, above.start).trimStart().startsWith('#')) return false;
    if (closesStatement(words, this.source.languageId) && !endsBranch) return true;
    if (this.graphql && GRAPHQL_HEAD.test(words)) return true;
    if (this.yaml && /^\s*:\s/.test(words)) return true; // the value of a key of several lines
    if (this.isAttribute || (this.braces && CONTINUES.test(words))) return true;
    if (SELECTORS.has(this.source.languageId) && /^\s*@else\b/.test(words)) return true;
    return (
      (SELECTORS.has(this.source.languageId) || this.languageAt(start, end) === 'css') && /,\s*$/.test(this.previous)
    );
  }

  private leavesTagOpen(words: string, start: number, end: number): boolean {
    return this.tagged && words.length < LONG_LINE && leavesTagOpen(words) && !this.languageAt(start, end);
  }

  private inExpression(start: number, end: number): boolean {
    return (
      BRACKETED.has(this.source.languageId) && this.stretches.brackets.isInside(start) && !this.languageAt(start, end)
    );
  }

  /** Tcl: a list of patterns and bodies, in which a comment would be a pattern. */
  private opensPatterns(code: string): boolean {
    return this.source.languageId === 'tcl' && /^\s*switch\b[^{]*\{\s*$/.test(code);
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
