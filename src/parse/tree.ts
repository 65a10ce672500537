// Knows a syntax tree as units: which lines can go, what goes with them, what each token is.
import type { TreeCursor } from '@vscode/tree-sitter-wasm';
import type { TokenClass } from '../core/context';
import { complementSpans, unionSpans, type Span } from '../core/span';
import { commentClass, type Paint } from './classes';
import { columnOf, remarkUnit, runFrom, steers } from './comments';
import { balancedBrackets } from './indentation';
import type { Lines } from '../core/lines';
import { balancedDirectives, speaksOf, type Syntax } from './syntax';
import type { Definition, Suite, Unit } from './unit';

interface Item {
  type: string;
  start: number;
  end: number;
  comment: boolean; // comments only
  named: boolean;
  clause: boolean; // a case of a `match` suite, which no placeholder can stand for
  fixed: boolean;
  broken: boolean; // holds or touches a syntax error
  sound: boolean; // a complete statement or comment, even where the grammar lost its way around it
  leads: boolean; // belongs to what follows
  conditional: boolean; // the lines of an #if
  children: Unit[];
  remarks: Unit[]; // comments in front of what it is about
}

const MAX_DEPTH = 300; // deeper code is left whole rather than risk the stack
const SOUND = /(_definition|_declaration|_statement|_item)$|^declaration$/;

/** One pass over a tree: units, definitions, classes. */
export class Walk {
  readonly definitions: Definition[] = [];
  readonly comments: Span[] = [];
  readonly painted: Paint[] = [];
  /** What stays because the grammar lost its way in it or beside it. */
  readonly unparsed: Span[] = [];

  constructor(
    private readonly text: string,
    /** The same as the grammar read it: blank where it could not. */
    private readonly legible: string,
    private readonly lines: Lines,
    private readonly syntax: Syntax,
  ) {}

  /** Units inside the cursor's node; the cursor comes back to it. */
  collect(cursor: TreeCursor, depth: number): Unit[] {
    const type = cursor.nodeType;
    this.paint(cursor, type, depth);
    if (depth > MAX_DEPTH || this.syntax.opaque.has(type)) return [];
    const container = this.syntax.containers.has(type) || type === 'ERROR';
    const items: Item[] = [];
    const flat: Unit[] = [];
    const loose: Span[] = [];
    if (!cursor.gotoFirstChild()) return [];
    do {
      this.define(cursor, type);
      const children = this.collect(cursor, depth + 1);
      const start = cursor.startIndex;
      const end = cursor.endIndex;
      const childType = cursor.nodeType;
      const comment = childType.includes('comment');
      if (!container) {
        // A comment may go wherever it stands.
        if (comment) loose.push({ start, end });
        else flat.push(...this.remarks(loose.splice(0)), ...children);
        continue;
      }
      if (end === start) continue;
      items.push({
        start,
        end,
        comment,
        type: childType,
        named: cursor.nodeIsNamed,
        clause: childType === 'case_clause',
        // What shares a line with the container's own brackets and words holds them.
        fixed:
          (!cursor.nodeIsNamed && !/^[,;]$/.test(childType)) ||
          this.syntax.fixed.has(childType) ||
          (type.startsWith('jsx') && childType.startsWith('jsx_text')),
        broken: childType === 'ERROR' || cursor.nodeIsMissing || cursor.currentNode.hasError,
        sound: comment || (SOUND.test(childType) && /[;}]\s*$/.test(this.text.slice(Math.max(start, end - 20), end))),
        conditional: childType.startsWith('preproc_if'),
        leads: this.syntax.leads(childType, comment ? this.text.slice(start, start + 3) : ''),
        children,
        remarks: [],
      });
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    if (type.includes('comment')) return [];
    if (!container) return [...flat, ...this.remarks(loose)];
    const inner = depth > 1; // a file of one small record can still be cut
    return inner && this.lines.at(cursor.endIndex) - this.lines.at(cursor.startIndex) + 1 < this.syntax.wholeBelow
      ? []
      : this.group(type, this.gathered(type, items));
  }

  /** Lines of comment that follow each other become one, and what one says above a declaration belongs to it. */
  private gathered(type: string, items: readonly Item[]): Item[] {
    const out: Item[] = [];
    const comments = items.map((item) => (item.comment ? item : undefined));
    for (let i = 0; i < items.length;) {
      const item = items[i]!;
      const run = item.comment ? runFrom(this.text, this.lines, comments, i) : [item];
      const whole = { ...item, end: run.at(-1)!.end };
      i += run.length;
      if (item.comment) {
        if (run.length > 1)
          this.painted.push({
            start: whole.start,
            end: whole.end,
            kind: commentClass(this.text, whole.start, whole.end),
          });
        const unit = this.remark(run);
        if (unit) whole.remarks = [unit];
        const next = items[i];
        if (
          unit &&
          next &&
          !next.comment &&
          speaksOf(type, next.type) &&
          !next.fixed &&
          !next.broken &&
          this.directlyAbove(whole, next)
        )
          whole.leads = true;
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
    return !steers(this.text, lines, comment.start, comment.end);
  }

  /** A comment as a unit, its paragraphs inside. */
  private remark(run: readonly Span[]): Unit | undefined {
    const own = this.lines.own(run[0]!.start, run.at(-1)!.end);
    return (
      own &&
      remarkUnit(
        this.text,
        own,
        run.map((r) => this.lines.own(r.start, r.end) ?? r),
        this.lines,
      )
    );
  }

  /** Comments among what is no container: between a head and its block, among arguments. */
  private remarks(comments: readonly Span[]): Unit[] {
    const units: Unit[] = [];
    for (let i = 0; i < comments.length;) {
      const run = runFrom(this.text, this.lines, comments, i);
      const unit = this.remark(run);
      if (unit) units.push(unit);
      i += run.length;
    }
    return units;
  }

  /** Children of a container become units of whole lines; what shares a line goes together. */
  private group(type: string, items: readonly Item[]): Unit[] {
    const rows: Item[] = [];
    for (const item of items) {
      const last = rows[rows.length - 1];
      const sameLine =
        last !== undefined && this.lines.at(Math.max(last.start, last.end - 1)) >= this.lines.at(item.start);
      // A leading attribute or comment belongs to the item behind it, whatever the lines.
      if (last && (sameLine || last.leads)) {
        last.leads = item.leads || (last.leads && item.comment); // a plain comment may stand between
        last.end = Math.max(last.end, item.end);
        last.comment &&= item.comment || !item.named;
        last.named ||= item.named;
        last.fixed ||= item.fixed;
        last.broken ||= item.broken;
        last.sound &&= item.sound;
        last.children.push(...item.children);
        last.remarks.push(...item.remarks);
      } else rows.push({ ...item, children: [...item.children], remarks: [...item.remarks] });
    }
    const markup = this.syntax.markup.has(type);
    const suite: Suite | undefined = this.syntax.suites.has(type) ? { members: [] } : undefined;
    const units: Unit[] = [];
    const real = rows.map((r, i) => (r.named && !r.comment ? i : -1)).filter((i) => i >= 0);
    // With commas in front, the first element carries none: without it the second would begin with a comma.
    const keepFirst =
      this.syntax.keepFirst.has(type) || items.some((i) => i.clause) || rows.some((r) => this.text[r.start] === ',');
    // What a whole #if … #endif holds may be lost on the grammar (macros), its lines are still complete.
    // And what is complete as a whole may be lost on it somewhere inside.
    const broken = (row: Item): boolean =>
      row.broken && !((row.conditional || row.sound) && balancedBrackets(this.text.slice(row.start, row.end)));
    rows.forEach((row, i) => {
      const own = this.lines.own(row.start, row.end);
      const around = [row, rows[i - 1] ?? row, rows[i + 1] ?? row];
      // Inside an error only complete things among complete things: an `else` may hang on what is in front of it.
      const lost = around.some(broken) || (type === 'ERROR' && !around.every((r) => r.sound));
      if (lost)
        this.unparsed.push(...complementSpans(unionSpans([{ start: 0, end: row.start }, ...row.children]), row.end)); // what stands inside answers for itself
      const stays =
        lost ||
        !row.named ||
        row.fixed ||
        row.leads ||
        (keepFirst && i === real[0]) ||
        (this.syntax.keepLast.has(type) && i === real.at(-1)) ||
        !own ||
        this.behindMacro(own.start) ||
        !balancedDirectives(this.text.slice(own.start, own.end));
      const span = own ?? { start: row.start, end: row.end };
      const unit: Unit = {
        ...span,
        children: this.inside(row, rows[i - 1]?.broken === true),
        cuttable: !stays,
        comment: row.comment,
        markup,
        suite,
      };
      suite?.members.push(unit);
      units.push(unit);
    });
    return units;
  }

  /** Whether the line above is a macro by itself: it may speak of what follows, or open it. */
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

  /** What can go while the row stays. */
  private inside(row: Item, behindError: boolean): Unit[] {
    // The branches of an #if may each be the rest of what is broken off in front of it.
    const parts = row.conditional && behindError ? [] : row.children;
    if (!row.comment) return row.remarks.length ? [...row.remarks, ...parts].sort((a, b) => a.start - b.start) : parts;
    return row.remarks.length === 1 ? [...row.remarks[0]!.children] : row.remarks;
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

  private paint(cursor: TreeCursor, type: string, depth: number): void {
    const put = (kind: TokenClass, start = cursor.startIndex, end = cursor.endIndex): void =>
      void this.painted.push({ start, end, kind });
    if (type.includes('comment')) {
      if (cursor.startIndex >= (this.comments.at(-1)?.end ?? 0))
        this.comments.push({ start: cursor.startIndex, end: cursor.endIndex }); // not the parts of one
      put(commentClass(this.text, cursor.startIndex, cursor.endIndex));
    } else if (depth === 1 && /^(import|use_|using|preproc_include|package)/.test(type)) put('import');
    else if (/string|number|integer|float|char_literal|template_string/.test(type) && cursor.nodeIsNamed) {
      if (!/_(content|start|end|fragment)$/.test(type)) put(this.docstring(cursor, type) ? 'docstring' : 'literal');
    } else if (
      /(function|method|class|interface|struct|enum|trait|impl|constructor|namespace|module|record).*(declaration|definition|item|specifier|signature|spec)$/.test(
        type,
      )
    ) {
      const body = cursor.currentNode.childForFieldName('body');
      put('signature', cursor.startIndex, body ? body.startIndex : cursor.endIndex);
      if (body) put('body', body.startIndex, body.endIndex);
    }
  }

  /** A Python string that is a statement by itself. */
  private docstring(cursor: TreeCursor, type: string): boolean {
    return type === 'string' && cursor.currentNode.parent?.type === 'expression_statement';
  }
}
