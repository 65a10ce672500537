// Knows a text as a tree of things that can be cut, and the class of each of its tokens.
import type { Parser, Tree, TreeCursor } from '@vscode/tree-sitter-wasm';
import { TOKEN_CLASSES, type SourceText, type TokenClass } from '../core/context';
import type { Span } from '../core/span';
import type { Grammars } from './grammars';
import { emptyBlock, hasBraces, lineComment } from './languages';
import { Lines } from './lines';
import { balancedDirectives, isProtectedLine, syntaxOf, type Syntax } from './syntax';

/** A stretch of whole lines that can go: statement, member, comment, element. */
export interface Unit extends Span {
  readonly children: readonly Unit[];
  /** False for what only groups smaller units. */
  readonly cuttable: boolean;
  readonly comment: boolean;
  /** In markup a comment is an expression. */
  readonly markup: boolean;
  /** The suite it stands in, when that may not become empty. */
  readonly suite: Suite | undefined;
}

/** An indented block that needs at least one statement. */
export interface Suite {
  readonly members: Unit[];
}

export interface Definition {
  readonly name: string;
  readonly span: Span;
}

export interface CodeStructure {
  readonly source: SourceText;
  readonly units: readonly Unit[];
  readonly protectedSpans: readonly Span[];
  readonly definitions: readonly Definition[];
  /** Comments in text order; undefined where no grammar knows them. */
  readonly comments: readonly Span[] | undefined;
  /** Class of each token, as an index into TOKEN_CLASSES. @param bounds [n + 1] token bounds. */
  classes(bounds: Int32Array): Uint8Array;
  /** Syntax errors of another version of this text, by the grammar; 0 without one. */
  errorsIn(text: string): number;
}

const FRAGMENT_COVERAGE = 0.5;
const MAX_DEPTH = 300; // deeper code is left whole rather than risk the stack

/** Never throws on a text: what a grammar cannot read is cut by lines or not at all. */
export async function parseStructure(source: SourceText, grammars: Grammars): Promise<CodeStructure> {
  const syntax = syntaxOf(source.languageId);
  const parser = syntax ? await grammars.parserFor(source.languageId) : undefined;
  const lines = new Lines(source.text);
  const protectedSpans = lines.all().filter((s, i) => isProtectedLine(source.text.slice(s.start, s.end).replace(/^\ufeff/, '').trimEnd(), i));
  const tree = parser?.parse(source.text) ?? undefined;
  if (!syntax || !parser || !tree) {
    return {
      source,
      units: indentationUnits(source, lines),
      protectedSpans,
      definitions: [],
      comments: undefined,
      classes: (bounds) => classesOf(source.text, [], bounds),
      errorsIn: () => 0,
    };
  }
  const walk = new Walk(source.text, lines, syntax);
  const cursor = tree.walk();
  let units = walk.collect(cursor, 0);
  cursor.delete();
  // A fragment (a selection, a file cut off) is an error to a grammar from the outside in: its lines and indentation say
  // more. An error further inside is the grammar's own, the compiler may well read it, and the pieces were found all the
  // same. So it is with C, whose grammar cannot read macros.
  const broken = tree.rootNode.type === 'ERROR' || tree.rootNode.children.some((c) => c?.type === 'ERROR');
  const fragment = broken && !syntax.macros && coverage(units) < FRAGMENT_COVERAGE * source.text.length;
  if (fragment) units = indentationUnits(source, lines);
  tree.delete();
  return {
    source,
    units,
    protectedSpans,
    definitions: walk.definitions,
    comments: walk.comments,
    classes: (bounds) => classesOf(source.text, walk.painted, bounds),
    errorsIn: (text) => countErrors(parser, text),
  };
}

/** UTF-16 units inside something that can be cut. */
function coverage(units: readonly Unit[]): number {
  return units.reduce((sum, u) => sum + (u.cuttable ? u.end - u.start : coverage(u.children)), 0);
}

function countErrors(parser: Parser, text: string): number {
  const tree: Tree | null = parser.parse(text);
  if (!tree) return 0;
  let errors = 0;
  if (tree.rootNode.hasError) {
    const cursor = tree.walk();
    for (let down = true; ; ) {
      if (down && (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing)) errors++;
      if (down && cursor.gotoFirstChild()) continue;
      if (cursor.gotoNextSibling()) {
        down = true;
        continue;
      }
      if (!cursor.gotoParent()) break;
      down = false;
    }
    cursor.delete();
    errors ||= 1; // what is missing may be hidden from the cursor
  }
  tree.delete();
  return errors;
}

interface Item {
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
}

const SOUND = /(_definition|_declaration|_statement|_item)$|^declaration$/;

/** One pass over a tree: units, definitions, classes. */
class Walk {
  readonly definitions: Definition[] = [];
  readonly comments: Span[] = [];
  readonly painted: { start: number; end: number; kind: TokenClass }[] = [];

  constructor(
    private readonly text: string,
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
    if (!cursor.gotoFirstChild()) return [];
    do {
      this.define(cursor, type);
      const children = this.collect(cursor, depth + 1);
      if (!container) {
        flat.push(...children);
        continue;
      }
      const start = cursor.startIndex;
      const end = cursor.endIndex;
      if (end === start) continue;
      const childType = cursor.nodeType;
      const comment = childType.includes('comment');
      items.push({
        start,
        end,
        comment,
        named: cursor.nodeIsNamed,
        clause: childType === 'case_clause',
        // What shares a line with the container's own brackets and words holds them.
        fixed: (!cursor.nodeIsNamed && !/^[,;]$/.test(childType)) || this.syntax.fixed.has(childType) || (type.startsWith('jsx') && childType.startsWith('jsx_text')),
        broken: childType === 'ERROR' || cursor.nodeIsMissing || cursor.currentNode.hasError,
        sound: comment || (SOUND.test(childType) && /[;}]\s*$/.test(this.text.slice(Math.max(start, end - 20), end))),
        conditional: childType.startsWith('preproc_if'),
        leads: this.syntax.leads(childType, comment ? this.text.slice(start, start + 3) : ''),
        children,
      });
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    if (!container) return flat;
    const inner = depth > 1; // a file of one small record can still be cut
    return inner && this.lines.at(cursor.endIndex) - this.lines.at(cursor.startIndex) + 1 < this.syntax.wholeBelow ? [] : this.group(type, items);
  }

  /** Children of a container become units of whole lines; what shares a line goes together. */
  private group(type: string, items: readonly Item[]): Unit[] {
    const rows: Item[] = [];
    for (const item of items) {
      const last = rows[rows.length - 1];
      const sameLine = last !== undefined && this.lines.at(Math.max(last.start, last.end - 1)) >= this.lines.at(item.start);
      // A leading attribute or doc comment belongs to the item behind it, whatever the lines.
      if (last && (sameLine || last.leads)) {
        if (last.leads && last.comment && !sameLine) this.separate(last);
        last.leads = item.leads || (last.leads && item.comment); // a plain comment may stand between
        last.end = Math.max(last.end, item.end);
        last.comment &&= item.comment || !item.named;
        last.named ||= item.named;
        last.fixed ||= item.fixed;
        last.broken ||= item.broken;
        last.sound &&= item.sound;
        last.children.push(...item.children);
      } else rows.push({ ...item, children: [...item.children] });
    }
    const markup = this.syntax.markup.has(type);
    const suite: Suite | undefined = this.syntax.suites.has(type) ? { members: [] } : undefined;
    const units: Unit[] = [];
    const real = rows.map((r, i) => (r.named && !r.comment ? i : -1)).filter((i) => i >= 0);
    // With commas in front, the first element carries none: without it the second would begin with a comma.
    const keepFirst = this.syntax.keepFirst.has(type) || items.some((i) => i.clause) || rows.some((r) => this.text[r.start] === ',');
    rows.forEach((row, i) => {
      const own = this.lines.own(row.start, row.end);
      const stays =
        !row.named ||
        row.fixed ||
        row.leads ||
        row.broken ||
        rows[i - 1]?.broken ||
        rows[i + 1]?.broken ||
        // Inside an error only complete things among complete things: an `else` may hang on what is in front of it.
        (type === 'ERROR' && ![row, rows[i - 1] ?? row, rows[i + 1] ?? row].every((r) => r.sound)) ||
        (keepFirst && i === real[0]) ||
        (this.syntax.keepLast.has(type) && i === real.at(-1)) ||
        !own ||
        !balancedDirectives(this.text.slice(own.start, own.end));
      const span = own ?? { start: row.start, end: row.end };
      // The branches of an #if may each be the rest of what is broken off in front of it.
      const children = row.conditional && rows[i - 1]?.broken ? [] : row.children;
      const unit: Unit = { ...span, children, cuttable: !stays, comment: row.comment, markup, suite };
      suite?.members.push(unit);
      units.push(unit);
    });
    return units;
  }

  /** A doc comment in front of an item can also go alone. */
  private separate(lead: Item): void {
    const covered = lead.children.at(-1)?.end ?? lead.start;
    const own = this.lines.own(Math.max(lead.start, covered), lead.end);
    if (own && own.start >= covered) lead.children.push({ ...own, children: [], cuttable: true, comment: true, markup: false, suite: undefined });
  }

  private define(cursor: TreeCursor, parent: string): void {
    const field = cursor.currentFieldName;
    const naming = field === 'name' && /(declaration|definition|_item|signature|_spec|declarator|specifier|enum_variant|_alias)$/.test(parent);
    const declaring = field === 'declarator' && parent === 'function_declarator';
    if (!naming && !declaring) return;
    const span = { start: cursor.startIndex, end: cursor.endIndex };
    const name = this.text.slice(span.start, span.end);
    if (/^[\w$]+$/.test(name)) this.definitions.push({ name, span });
  }

  private paint(cursor: TreeCursor, type: string, depth: number): void {
    const put = (kind: TokenClass, start = cursor.startIndex, end = cursor.endIndex): void => void this.painted.push({ start, end, kind });
    if (type.includes('comment')) {
      if (cursor.startIndex >= (this.comments.at(-1)?.end ?? 0)) this.comments.push({ start: cursor.startIndex, end: cursor.endIndex }); // not the parts of one
      const text = this.text.slice(cursor.startIndex, Math.min(cursor.endIndex, cursor.startIndex + 4000));
      const doc = /^(\/\/\/|\/\/!|\/\*\*)/.test(text);
      put(cursor.startIndex < 400 && /copyright|licen[cs]e|spdx/i.test(text) ? 'licence' : doc ? 'docstring' : 'comment');
    } else if (depth === 1 && /^(import|use_|using|preproc_include|package)/.test(type)) put('import');
    else if (/string|number|integer|float|char_literal|template_string/.test(type) && cursor.nodeIsNamed) {
      if (!/_(content|start|end|fragment)$/.test(type)) put(this.docstring(cursor, type) ? 'docstring' : 'literal');
    } else if (/(function|method|class|interface|struct|enum|trait|impl|constructor|namespace|module|record).*(declaration|definition|item|specifier|signature|spec)$/.test(type)) {
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

/** Later paint lies over earlier paint: inner nodes are visited after their parents. */
function classesOf(text: string, painted: readonly { start: number; end: number; kind: TokenClass }[], bounds: Int32Array): Uint8Array {
  const index = (kind: TokenClass): number => TOKEN_CLASSES.indexOf(kind);
  const generated = /@generated|code generated by|do not edit/i.test(text.slice(0, 1500));
  const paper = new Uint8Array(text.length).fill(index(generated ? 'generated' : 'body'));
  if (!generated) for (const p of painted) paper.fill(index(p.kind), p.start, p.end);
  const out = new Uint8Array(bounds.length - 1);
  for (let t = 0; t < out.length; t++) {
    const token = text.slice(bounds[t], bounds[t + 1]);
    const solid = token.search(/\S/);
    if (solid < 0) {
      out[t] = index('blank');
      continue;
    }
    const kind = paper[bounds[t]! + solid]!;
    const plain = kind === index('body') || kind === index('signature');
    out[t] = plain && !/[\p{L}\p{N}_$]/u.test(token) ? index('punctuation') : kind;
  }
  return out;
}

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
const CLOSES = /^\s*([)\]}]|\{\s*$|<\/|\/>|(end|fi|done|esac|else|elif|elsif|elseif|rescue|ensure|except|catch|finally|then|do|until|when|default|EOF|EOT)\b|;[;&])/;
const HANGS = /(,|&&|\|\||[=+])\s*$/; // deeper lines are the rest of it, where no brace opens a block
const CONTINUES = /^\s*(\.\w+\s*[(?!;]|\?\.|&&|\|\||=>|[?:+] )/; // where blocks have braces
const LEADS = /^\s*(@[\w.]+(\(.*\))?|#?\[\w.*\])\s*$/; // an attribute belongs to what follows
const OPENS = /[{[:]\s*(\|[^|\n]*\||[^{}\n]*(->|\bin))?\s*$/; // a block, perhaps with its parameters

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

function opens(text: string): boolean {
  const lines = text.trimEnd();
  return OPENS.test(lines.slice(lines.lastIndexOf('\n') + 1).replace(/\s\/\/.*$/, ''));
}

/** A text whose brackets do not pair holds a part of something larger. Strings and prose count as well: only caution is lost. */
function balancedBrackets(text: string): boolean {
  const open: string[] = [];
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    const at = '([{'.indexOf(bracket);
    if (at >= 0) open.push(')]}'[at]!);
    else if (open.pop() !== bracket) return false;
  }
  return open.length === 0;
}

/**
 * Without a grammar: every line is a unit and owns the deeper-indented lines below it. Comments, fenced blocks, block
 * scalars, continued lines stay whole, and a line that closes something goes with what it closes.
 */
function indentationUnits(source: SourceText, lines: Lines): Unit[] {
  interface Draft extends Span {
    indent: number;
    children: Draft[];
    start: number;
    end: number;
    whole: boolean; // its inside is not ours to divide
    branch: { members: Unit[] } | undefined; // the block that its next child stands in
    suite: { members: Unit[] } | undefined; // the block that it stands in itself
  }
  const { text } = source;
  const block = emptyBlock(source.languageId);
  const remark = lineComment(source.languageId);
  let before = ''; // the line above
  const yaml = source.languageId === 'yaml';
  const braces = hasBraces(source.languageId);
  let leading = false;
  const roots: Draft[] = [];
  const open: Draft[] = [];
  let until: ((line: string) => boolean) | undefined;
  let continued = false;
  const extend = (end: number): void => {
    for (const d of open) d.end = end;
  };
  for (const line of lines.all()) {
    const start = line.start === 0 && text.startsWith('\ufeff') ? 1 : line.start;
    const { end } = line;
    const words = text.slice(start, end);
    if (until || continued) {
      extend(end);
      if (until?.(words)) until = undefined;
      continued = !until && /\\\r?\n?$/.test(words);
      continue;
    }
    if (!words.trim()) continue;
    // A list may stand at the depth of the key that it belongs to.
    const indent = words.search(/\S/) * 2 + (yaml && /^\s*- /.test(words) ? 1 : 0);
    const closing = CLOSES.test(words) || (braces && (leading || CONTINUES.test(words)));
    leading = braces && LEADS.test(words);
    while (open.length && (open.at(-1)!.indent > indent || (open.at(-1)!.indent === indent && !closing))) open.pop();
    const parent = open.at(-1);
    // Before its first block opens, deeper lines are the rest of a statement's head.
    const head = parent && braces && parent.indent < indent && !parent.children.length && !opens(text.slice(parent.start, start));
    const same = closing && parent?.indent === indent;
    if (parent && same) parent.branch = undefined;
    if (parent && (parent.whole || head || same)) extend(end);
    else {
      const whole = yaml ? /[|>][-+\d]*\s*(#.*)?$/.test(words) : !braces && HANGS.test(words);
      if (parent && !parent.branch && block?.opens.test(before.trimEnd())) parent.branch = { members: [] };
      const draft: Draft = { start, end, indent, children: [], whole, branch: undefined, suite: parent?.branch };
      if (open.length < MAX_DEPTH) {
        (parent?.children ?? roots).push(draft);
        extend(end);
        open.push(draft);
      } else extend(end);
    }
    before = words;
    continued = /\\\r?\n?$/.test(words);
    if (words.length < 2000) until = stretchFrom(words, source.languageId);
  }
  const finish = (d: Draft): Unit => {
    const words = text.slice(d.start, d.end);
    const unit: Unit = {
      start: d.start,
      end: d.end,
      children: d.children.map(finish),
      cuttable: !CLOSES.test(words.slice(0, 200)) && balancedBrackets(words),
      comment: remark !== undefined && words.trimStart().startsWith(remark) && d.children.length === 0,
      markup: false,
      suite: d.suite,
    };
    d.suite?.members.push(unit);
    return unit;
  };
  return roots.map(finish);
}
