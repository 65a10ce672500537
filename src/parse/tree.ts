// Turns a syntax tree into units, definitions and token classes.
import type { TreeCursor } from '@vscode/tree-sitter-wasm';
import type { TokenClass } from '../core/context';
import { complementSpans, unionSpans, type Span } from '../core/span';
import { commentClass, type ClassSpan } from './classes';
import { columnOf, commentUnit, isDirective, runFrom, type CommentText } from './comments';
import { LONG_LINE, type Lines } from '../core/lines';
import { append } from '../core/append';
import { bracketPairs, directivePairs, type Pairing } from './pairing';
import { bindsName, listsParameters, namesBoundIn, namesImportedIn, parametersIn } from '../languages/bindings';
import { describesChild, holds, type Syntax } from '../languages/syntax';
import type { Definition, Suite, Unit } from './unit';

/** A child of a container, or several children that are cut together. */
interface Item {
  type: string;
  start: number;
  end: number;
  comment: boolean; // consists of comments only
  named: boolean;
  clause: boolean; // a case, which no placeholder can replace
  fixed: boolean; // never cut alone
  member: boolean; // a statement of the container's suite
  broken: boolean; // contains or is a syntax error
  intact: boolean; // a complete statement or comment, even beside a syntax error
  precedes: boolean; // belongs to the item behind it
  follows: boolean; // belongs to the item before it
  continues: boolean; // goes on with the item before it, across directives
  conditional: boolean; // an #if with its lines
  count: number; // things that it is made of, divided by commas; NaN if anything else divides them
  divided: boolean; // ends with a comma
  children: Unit[];
  comments: Unit[]; // comments about this item
}

const TABLE_LINES = 40; // a longer table is divided
const TABLE_UNITS = 4000; // the same in UTF-16 units
const BRANCH_LINES = 3; // of a branch that is no more than a value
const LEAST_PIECE = 100; // UTF-16 units of such a part
const COUNTED = 20_000_000; // UTF-16 units: each part costs a count of its whole line
const WORD_UNITS = 20; // UTF-16 units of a node that hold its first word
const isComment = (type: string): boolean => type.includes('comment') || type === 'haddock';
const MAX_DEPTH = 300; // deeper code stays whole: recursion could overflow the stack
const MEMBER_DEPTH = 3; // of the value of a member of the outermost object of JSON
const IMPORT = /^(import|use_|using|preproc_include|package)/;
const BINDING_UNITS = 5000; // UTF-16 units of an import, or of the left side of an assignment
const INTACT = /(_definition|_declaration|_statement|_item|_rule)$|^(declaration|rule_set|keyframe_block)$/;

/** Collects units, definitions, comments and token classes in one pass over a tree. Spans are offsets of the parsed text. */
export class Walk {
  readonly definitions: Definition[] = [];
  /** Names that imports, assignments and declarations of variables give to values. */
  readonly bindings: Definition[] = [];
  readonly comments: Span[] = [];
  readonly classified: ClassSpan[] = [];
  /** Spans that stay because they contain a syntax error or stand beside one. */
  readonly unparsed: Span[] = [];
  private readonly directives: Pairing;
  /** PHP: where its code begins and ends, in turn. The rest is HTML. */
  readonly codeEdges: number[] = [];
  private readonly misread = new Set<number>(); // starts of nodes that the grammar read wrongly
  private trimmed = { from: 0, to: 0 }; // the end of a node, and of its words: many nodes end at one place
  private brackets: Pairing | undefined; // needed beside syntax errors only
  /** The comments with which the node that was visited last ends: some grammars put there what stands in front of the next one. */
  private trailing: { readonly end: number; readonly from: number; readonly comments: readonly Span[] } | undefined;

  private readonly text: string;
  private readonly lines: Lines;

  constructor(
    private readonly source: CommentText,
    /** The text as the grammar read it, of the same length: macros are replaced. */
    private readonly legible: string,
    private readonly syntax: Syntax,
  ) {
    ({ text: this.text, lines: this.lines } = source);
    this.directives = directivePairs(this.text);
  }

  /**
   * Units inside the node of the cursor, in text order; the cursor returns to that node.
   * @param above comments in front of the node that belong to its children
   */
  collect(cursor: TreeCursor, depth: number, parent = '', above: readonly Span[] = []): Unit[] {
    const type = cursor.nodeType;
    this.classify(cursor, type, depth, parent);
    if (depth > MAX_DEPTH || this.syntax.leaves.has(type)) return [];
    const container = holds(this.syntax.containers, type, parent) || type === 'ERROR';
    const items: Item[] = above.map(commentItem);
    let flat: Unit[] = [];
    const pending: Span[] = [];
    const oneLine = this.syntax.misread?.types.has(type) ? cursor.startIndex : undefined;
    if (oneLine !== undefined && this.syntax.misread!.words.test(this.text.slice(oneLine, oneLine + WORD_UNITS)))
      this.misread.add(oneLine);
    let last = cursor.startIndex; // end of the previous child
    let lastCode: number | undefined; // end of the previous child that is no comment
    if (!cursor.gotoFirstChild()) return [];
    let inside = 0; // transparent nodes around the cursor
    const next = (): boolean => {
      while (!cursor.gotoNextSibling()) {
        if (!inside) return false;
        inside--;
        cursor.gotoParent();
      }
      return true;
    };
    do {
      while (this.syntax.transparent.has(cursor.nodeType) && cursor.gotoFirstChild()) inside++;
      if (oneLine !== undefined && /(^|[^\\\r])\r?\n/.test(this.text.slice(last, cursor.startIndex)))
        this.misread.add(oneLine);
      last = cursor.endIndex;
      this.define(cursor, type);
      this.bind(cursor, type, depth);
      const before = this.syntax.bodies.has(cursor.nodeType) ? pending.splice(0) : [];
      this.trailing = undefined;
      const children = this.collect(cursor, depth + 1, type, before);
      const tail = this.tailOf(cursor);
      // The first node of a text may begin behind its first sign.
      const start =
        depth || items.length || pending.length
          ? cursor.startIndex
          : Math.min(cursor.startIndex, this.legible.search(/\S/));
      const end = tail?.from ?? this.endOf(cursor);
      const childType = cursor.nodeType;
      if (childType === 'php_tag') this.codeEdges.push(start);
      else if (childType === 'php_end_tag') this.codeEdges.push(end);
      const comment = isComment(childType);
      if (!container) {
        // A comment can be cut wherever it stands.
        if (comment) pending.push({ start, end });
        else {
          append(flat, this.commentUnits(pending.splice(0)));
          if (flat.length) append(flat, children);
          else flat = children; // not copied on each level of a long chain
          lastCode = end;
          append(pending, tail?.comments ?? []);
        }
        continue;
      }
      if (end === start) continue;
      // Before CRLF, or behind blanks at the end of a line, white space is a text of its own.
      if (childType === 'jsx_text' && !this.text.slice(start, end).trim()) continue;
      const words = this.text.slice(start, start + WORD_UNITS);
      const continues = this.syntax.continues(words, type);
      const follows = continues || this.syntax.follows.has(childType);
      const precedes = this.syntax.precedes(childType, words, type);
      items.push({
        start,
        end,
        comment,
        type: childType,
        named: cursor.nodeIsNamed,
        clause: holds(this.syntax.clauses, childType, type),
        // The brackets and keywords of the container stay, and so does what shares a line with them.
        fixed:
          (!cursor.nodeIsNamed && !precedes && !follows && !/^[,;]$/.test(childType)) ||
          holds(this.syntax.fixed, childType, type) ||
          (type.startsWith('jsx') && childType.startsWith('jsx_text')),
        member: cursor.nodeIsNamed && !this.syntax.branches.has(childType),
        broken: childType === 'ERROR' || cursor.nodeIsMissing || cursor.currentNode.hasError || this.misread.has(start),
        intact: comment || (INTACT.test(childType) && /[;}]\s*$/.test(this.text.slice(Math.max(start, end - 20), end))),
        conditional: childType.startsWith('preproc_if'),
        precedes,
        follows,
        continues,
        count: cursor.nodeIsNamed && !comment ? 1 : 0,
        divided: false,
        children,
        comments: [],
      });
      if (tail) append(items, tail.comments.map(commentItem));
    } while (next());
    cursor.gotoParent();
    if (isComment(type)) return [];
    if (!container) {
      if (lastCode === undefined || !pending.length || this.lines.at(pending[0]!.start) === this.lines.at(lastCode - 1))
        return [...flat, ...this.commentUnits(pending)];
      this.trailing = { end: cursor.endIndex, from: lastCode, comments: pending };
      return flat;
    }
    const head = this.syntax.heads.get(type);
    if (head !== undefined) fixHead(items, head);
    // The outermost record of a file can be divided even if it is small, and so can its members, of which something always stays.
    const inner = depth > 1 && depth !== MEMBER_DEPTH;
    const { startIndex, endIndex } = cursor;
    const piece = this.pieceAt(startIndex);
    if (piece === undefined) {
      if (inner && this.lines.at(endIndex) - this.lines.at(startIndex) + 1 < this.syntax.wholeBelow) return [];
    } else if (endIndex - startIndex < 2 * piece) return []; // a small part of a long line
    const units = this.group(type, parent, this.withComments(type, items));
    const lines = this.lines.at(endIndex) - this.lines.at(startIndex) + 1;
    const isShort = lines <= TABLE_LINES && endIndex - startIndex <= TABLE_UNITS && piece === undefined;
    if (isShort && this.isTable(type, parent, units)) makeMembers(units);
    return units;
  }

  /** Whether the units of a container say something together: values alone, or short branches. */
  private isTable(type: string, parent: string, units: readonly Unit[]): boolean {
    const { tables, choices } = this.syntax;
    if (holds(tables, type, parent)) return !units.some((u) => holdsCode(u.children));
    return (
      holds(choices, type, parent) &&
      units.every((u) => this.lines.at(u.end - 1) - this.lines.at(u.start) < BRANCH_LINES)
    );
  }

  /** The comments on lines of their own with which the node of the cursor ends, if it was visited last. */
  private tailOf(cursor: TreeCursor): { readonly from: number; readonly comments: readonly Span[] } | undefined {
    const tail = this.trailing?.end === cursor.endIndex ? this.trailing : undefined;
    this.trailing = undefined;
    return tail;
  }

  /** Where the words of the node end. */
  private endOf(cursor: TreeCursor): number {
    const end = cursor.endIndex;
    if (!this.syntax.trailingBlanks) return end;
    if (this.trimmed.from !== end) {
      let to = end;
      while (to > 0 && /\s/.test(this.text[to - 1]!)) to--;
      this.trimmed = { from: end, to };
    }
    return Math.max(cursor.startIndex, this.trimmed.to);
  }

  /** Joins consecutive line comments; a comment directly above a declaration becomes a part of it. */
  private withComments(type: string, items: readonly Item[]): Item[] {
    const out: Item[] = [];
    const comments = items.map((item) => (item.comment ? item : undefined));
    for (let i = 0; i < items.length;) {
      const item = items[i]!;
      const run = item.comment ? runFrom(this.source, comments, i) : [item];
      const whole = { ...item, end: run.at(-1)!.end };
      i += run.length;
      if (item.comment) {
        if (run.length > 1)
          this.classified.push({
            start: whole.start,
            end: whole.end,
            kind: commentClass(this.text, whole.start, whole.end),
          });
        const unit = this.commentUnit(run);
        if (unit) whole.comments = [unit];
        const next = items[i];
        if (
          unit &&
          next &&
          !next.comment &&
          (this.syntax.described.has(next.type) || describesChild(type, next.type)) &&
          !next.fixed &&
          !next.broken &&
          this.directlyAbove(whole, next)
        )
          whole.precedes = true;
      }
      out.push(whole);
    }
    return out;
  }

  private directlyAbove(comment: Span, next: Span): boolean {
    const { lines } = this;
    if (
      lines.at(comment.end - 1) + 1 !== lines.at(next.start) ||
      columnOf(lines, comment.start) !== columnOf(lines, next.start)
    )
      return false;
    return !isDirective(this.source, comment.start, comment.end);
  }

  /** The unit of a comment; undefined if code stands on its lines. */
  private commentUnit(run: readonly Span[]): Unit | undefined {
    const own = this.lines.own(run[0]!.start, run.at(-1)!.end);
    return (
      own &&
      commentUnit(
        this.source,
        own,
        run.map((r) => this.lines.own(r.start, r.end) ?? r),
      )
    );
  }

  /** Units of comments outside containers: between a head and its block, among arguments. */
  private commentUnits(comments: readonly Span[]): Unit[] {
    const units: Unit[] = [];
    for (let i = 0; i < comments.length;) {
      const run = runFrom(this.source, comments, i);
      const unit = this.commentUnit(run);
      if (unit) units.push(unit);
      i += run.length;
    }
    return units;
  }

  /** Turns the children of a container into units of whole lines; children that share a line are cut together. */
  private group(type: string, parent: string, items: readonly Item[]): Unit[] {
    const rows: Item[] = [];
    const join = (last: Item, item: Item): void => {
      // An attribute in front of an item is no other one.
      if (item.count && last.count && !last.precedes) last.count = last.divided ? last.count + item.count : NaN;
      else last.count = Math.max(last.count, item.count);
      last.divided = item.type === ',' || (last.divided && item.comment);
      last.precedes = item.precedes || (last.precedes && item.comment); // a plain comment may stand between
      last.end = Math.max(last.end, item.end);
      last.comment &&= item.comment || !item.named;
      last.named ||= item.named;
      last.fixed ||= item.fixed;
      last.member ||= item.member && !item.comment;
      last.broken ||= item.broken;
      last.intact &&= item.intact;
      last.continues ||= item.continues;
      append(last.children, item.children);
      append(last.comments, item.comments);
    };
    for (const item of items) {
      if (item.follows) {
        const passes = (row: Item): boolean => row.comment || (item.continues && isDirectiveItem(row));
        let at = rows.length - 1;
        while (at > 0 && passes(rows[at]!)) at--;
        for (const between of rows.splice(at + 1)) join(rows[at]!, { ...between, fixed: false });
      }
      const last = rows[rows.length - 1];
      // The #endif of a part that went on with the statement.
      if (last?.continues && isDirectiveItem(item) && !this.directives.within(last.start, last.end)) {
        join(last, { ...item, fixed: false });
        continue;
      }
      const sameLine =
        last !== undefined && this.lines.at(Math.max(last.start, last.end - 1)) >= this.lines.at(item.start);
      // An attribute or a doc comment belongs to the item behind it, on any line.
      if (last && (last.precedes || item.follows || (sameLine && !this.divides(last, item)))) join(last, item);
      else rows.push({ ...item, children: [...item.children], comments: [...item.comments] });
    }
    const markup = this.syntax.markup.has(type);
    const isCounted = holds(this.syntax.tables, type, parent);
    const suite: Suite | undefined = this.isSuite(type, parent, items) ? { members: [] } : undefined;
    const units: Unit[] = [];
    const real = rows.map((r, i) => (r.named && !r.comment ? i : -1)).filter((i) => i >= 0);
    const firstReal = real.find((i) => !rows[i]!.fixed);
    // With leading commas only the first element has none: without it the list would begin with a comma.
    const keepFirst =
      holds(this.syntax.keepFirst, type, parent) ||
      items.some((i) => i.clause) ||
      rows.some((r) => this.text[r.start] === ',');
    // A complete #if … #endif, or a complete statement, can be cut even if the grammar cannot read everything inside.
    const broken = (row: Item): boolean =>
      row.broken &&
      !((row.conditional || row.intact) && (this.brackets ??= bracketPairs(this.text)).within(row.start, row.end));
    rows.forEach((row, i) => {
      const own = this.lines.own(row.start, row.end);
      const around = [row, rows[i - 1] ?? row, rows[i + 1] ?? row];
      // Inside an error node an item can be cut only among intact items: an `else` may belong to the one before it.
      const unreadable = around.some(broken) || (type === 'ERROR' && !around.every((r) => r.intact));
      if (unreadable)
        append(
          this.unparsed, // units inside are judged on their own
          complementSpans(unionSpans([{ start: 0, end: row.start }, ...row.children]), row.end),
        );
      const stays =
        unreadable ||
        !row.named ||
        row.fixed ||
        row.precedes ||
        (keepFirst && i === firstReal) ||
        (holds(this.syntax.keepLast, type, parent) && i === real.at(-1)) ||
        (own
          ? this.behindMacro(own.start) || !this.directives.within(own.start, own.end)
          : !this.ends(row) || this.pieceAt(row.start) === undefined);
      // The blanks behind a part of a line go with it.
      const behind = this.text.slice(row.end, rows[i + 1]?.start ?? row.end);
      const span = own ?? { start: row.start, end: row.end + (/^[ \t]*$/.test(behind) ? behind.length : 0) };
      const unit: Unit = {
        ...span,
        children: this.inside(row, rows[i - 1]?.broken === true),
        cuttable: !stays,
        comment: row.comment,
        markup,
        suite: row.member ? suite : undefined,
        ...(own ? {} : { inline: true as const }),
        ...(isCounted && row.count > 0 ? { items: row.count } : {}),
      };
      unit.suite?.members.push(unit);
      units.push(unit);
    });
    return units;
  }

  private isSuite(type: string, parent: string, items: readonly Item[]): boolean {
    if (holds(this.syntax.suites, type, parent)) return true;
    return holds(this.syntax.indented, type, parent) && !items.some((item) => item.type === '{');
  }

  /** UTF-16 units of the least part of the line at an offset that goes by itself; undefined if the line is not divided. */
  private pieceAt(offset: number): number | undefined {
    if (!this.syntax.inline) return undefined;
    const { start, end } = this.lines.span(this.lines.at(offset));
    const length = end - start;
    return length < LONG_LINE ? undefined : Math.max(LEAST_PIECE, (length * length) / COUNTED);
  }

  /** Whether a long line is divided between two children of a container: brackets stand alone, other parts have some length. */
  private divides(last: Item, next: Item): boolean {
    const piece = this.pieceAt(next.start);
    if (piece === undefined || /^[,;]$/.test(next.type)) return false;
    const isBracket = ({ named, fixed }: Item): boolean => !named && fixed;
    return isBracket(last) || isBracket(next) || (last.end - last.start >= piece && this.ends(last));
  }

  /** Whether what stands behind a part of a line does not depend on it. */
  private ends({ end }: Item): boolean {
    return /[,;}]/.test(this.text[end - 1]!);
  }

  /** Whether the line above consists of a macro: it may belong to the line below. */
  private behindMacro(start: number): boolean {
    if (this.legible === this.text) return false;
    let i = this.lines.at(start);
    const above = (): string => this.text.slice(this.lines.span(i).start, this.lines.span(i).end);
    do i--;
    while (i >= 0 && !above().trim());
    if (i < 0 || /^\s*#/.test(above())) return false;
    const { start: from, end } = this.lines.span(i);
    return !this.legible.slice(from, end).trim();
  }

  /** Units that can be cut while the row stays. */
  private inside(row: Item, behindError: boolean): Unit[] {
    // The branches of an #if may each continue the broken statement before it.
    const parts = row.conditional && behindError ? [] : row.children;
    if (!row.comment)
      return row.comments.length ? [...row.comments, ...parts].sort((a, b) => a.start - b.start) : parts;
    return row.comments.length === 1 ? [...row.comments[0]!.children] : row.comments;
  }

  /** Lists the names that a node gives to values: what an import brings, what an assignment or a declaration names. */
  private bind(cursor: TreeCursor, parent: string, depth: number): void {
    const imported = depth === 0 && IMPORT.test(cursor.nodeType);
    const parameters = listsParameters(cursor.nodeType);
    if (!imported && !parameters && !bindsName(cursor.currentFieldName, parent)) return;
    const { startIndex: start, endIndex: end } = cursor;
    if (end - start > BINDING_UNITS) return;
    const text = this.text.slice(start, end);
    const names = parameters
      ? parametersIn(text, this.source.languageId)
      : imported
        ? namesImportedIn(text)
        : namesBoundIn(text);
    for (const { name, at } of names)
      this.bindings.push({ name, span: { start: start + at, end: start + at + name.length } });
  }

  private define(cursor: TreeCursor, parent: string): void {
    const field = cursor.currentFieldName;
    const naming =
      field === 'name' &&
      /(declaration|definition|_item|signature|_spec|declarator|specifier|enum_variant|_alias)$/.test(parent);
    const declaring = field === 'declarator' && parent === 'function_declarator';
    if (!naming && !declaring) return;
    const span = { start: cursor.startIndex, end: cursor.endIndex };
    const name = this.text.slice(span.start, span.end);
    if (/^[\w$]+$/.test(name)) this.definitions.push({ name, span });
  }

  private classify(cursor: TreeCursor, type: string, depth: number, parent: string): void {
    const add = (kind: TokenClass, start = cursor.startIndex, end = cursor.endIndex): void =>
      void this.classified.push({ start, end, kind });
    if (isComment(type)) {
      if (cursor.startIndex >= (this.comments.at(-1)?.end ?? 0))
        this.comments.push({ start: cursor.startIndex, end: cursor.endIndex }); // without the nodes inside a comment
      add(commentClass(this.text, cursor.startIndex, cursor.endIndex));
    } else if (depth === 1 && IMPORT.test(type)) add('import');
    else if (/string|number|integer|float|char_literal|template_string/.test(type) && cursor.nodeIsNamed) {
      if (!/_(content|start|end|fragment)$/.test(type))
        add(type === 'string' && parent === 'expression_statement' ? 'docstring' : 'literal'); // a Python statement by itself
    } else if (
      /(function|method|class|interface|struct|enum|trait|impl|constructor|namespace|module|record).*(declaration|definition|item|specifier|signature|spec)$/.test(
        type,
      )
    ) {
      const body = cursor.currentNode.childForFieldName('body');
      add('signature', cursor.startIndex, body ? body.startIndex : cursor.endIndex);
      if (body) add('body', body.startIndex, body.endIndex);
    }
  }
}

/** The items up to the sign behind which the statements of a container begin: its condition, its pattern. Without the sign all are its head. */
function fixHead(items: readonly Item[], sign: string): void {
  for (const item of items) {
    item.fixed = true;
    item.member = false;
    if (item.type === sign) return;
  }
}

/** Whether a budget could cut more than comments of some units. */
const holdsCode = (units: readonly Unit[]): boolean =>
  units.some((u) => !u.comment && (u.cuttable || holdsCode(u.children)));

/** Makes units the members of a table, in place: suites hold them, too. Comments go as before. */
function makeMembers(units: readonly Unit[]): void {
  for (const unit of units as { -readonly [Key in keyof Unit]: Unit[Key] }[]) {
    if (unit.comment) continue;
    unit.member = unit.cuttable || unit.member === true;
    unit.cuttable = false;
    makeMembers(unit.children);
  }
}

const isDirectiveItem = ({ type }: Item): boolean => type === 'directive';

const commentItem = ({ start, end }: Span): Item => ({
  type: 'comment',
  start,
  end,
  comment: true,
  named: true,
  clause: false,
  fixed: false,
  member: true,
  broken: false,
  intact: true,
  precedes: false,
  follows: false,
  continues: false,
  conditional: false,
  count: 0,
  divided: false,
  children: [],
  comments: [],
});
