// Parses a text into the tree of its units, the spans that must stay, and the class of each token.
import type { Tree } from '@vscode/tree-sitter-wasm';
import type { GrammarFault, SourceText } from '../core/context';
import { unionSpans, type Span } from '../core/span';
import { GrammarFaultError, type BoundedParser } from './boundedParser';
import { classesOf, type ClassSpan } from './classes';
import { complete, completionOf, COMPLETE, type Completion } from './completion';
import type { Grammars } from './grammars';
import { indentationUnits } from './indentation';
import { Lines } from '../core/lines';
import { firstIndexWhere } from '../core/search';
import { hasOddDirectives, macrosOf, NO_MACROS, applyMacros, type SyntaxErrors, type Macros } from './macros';
import { markdownUnits } from './markdown';
import { isForeignCell, magicEnd } from '../languages/cellMagics';
import { protectedSpans } from '../languages/directives';
import { syntaxOf, type Syntax } from '../languages/syntax';
import { readable } from '../languages/unread';
import { bracketPairs } from './pairing';
import { patchParts, type PatchPart } from '../texts/patch';
import { embeddedIn, isTagged } from './tags';
import { bringsIn, keepTopKeys, type Brings } from './targets';
import { Walk } from './tree';
import { nested, unitOf, type Definition, type Suite, type Unit } from './unit';

/** A parsed text. All spans are UTF-16 offsets of `source.text`, in text order. */
export interface CodeStructure {
  readonly source: SourceText;
  readonly units: readonly Unit[];
  /** Directives and other lines that stay whatever their score. */
  readonly protectedSpans: readonly Span[];
  /** Spans that stay because the grammar cannot read them or their neighbours; disjoint. */
  readonly unparsed: readonly Span[];
  /** Approximate offset of the first syntax error. */
  readonly errorAt: number | undefined;
  /** What a unit refers to: the units that stay wherever it stays. */
  readonly brings?: Brings | undefined;
  readonly definitions: readonly Definition[];
  /** Names that imports, assignments and declarations of variables give to values; a name may stand there several times. */
  readonly bindings: readonly Definition[];
  /** Comments; undefined without a grammar. */
  readonly comments: readonly Span[] | undefined;
  /** Class of each token, as an index into TOKEN_CLASSES. @param bounds [n + 1] token bounds @returns [n] */
  classes(bounds: Int32Array): Uint8Array;
  /**
   * Number of syntax errors in another version of this text; 0 without a grammar, Infinity if its parse costs too much.
   * @throws GrammarFaultError if all versions since the last `renew` cost too much together, or the runtime broke
   */
  errorsIn(text: string): number;
  /** Allows `errorsIn` its full cost again: called before each order and each fit. */
  renew(): void;
  /** Set if the language has a grammar that could not be used. */
  readonly grammarFault?: GrammarFault;
}

/** A structure with the classes of its parts. */
interface Reading extends CodeStructure {
  readonly classified: readonly ClassSpan[];
}

const MOST_PARTS = 100; // scripts and styles of a text that are read by their grammars
const FRAGMENT_COVERAGE = 0.5; // share of a broken text that must lie in cuttable units

/**
 * Parses a text with the grammar of its language. A text that is cut off is completed first, and macros of C are replaced. Without a
 * grammar, or if the grammar cannot read most of the text, the units follow from the indentation.
 *
 * Example: `def f():\n    a()\n    b()\n` in Python gives one unit, the definition, with two children, its statements. Both children belong
 * to one suite: if both are cut, a placeholder is left. `definitions` holds `f`.
 *
 * The magic of a notebook cell (`%%html`) stays, and is blank to the grammar. Below one that nobody knows everything stays.
 * @throws CompressionError grammarCorrupt, and nothing else: any text can be parsed
 */
export async function parseStructure(source: SourceText, grammars: Grammars): Promise<CodeStructure> {
  const { text, languageId } = source;
  const head = magicEnd(text);
  if (!head) return readStructure(source, grammars);
  const withoutMagic = (whole: string): string => whole.slice(0, head).replace(/[^\r\n]/g, ' ') + whole.slice(head);
  const read = await readStructure({ ...source, text: withoutMagic(text) }, grammars);
  const kept = { start: 0, end: isForeignCell(text, languageId) ? text.length : head };
  return {
    ...read,
    source,
    protectedSpans: unionSpans([kept, ...read.protectedSpans]),
    errorsIn: (other) => read.errorsIn(withoutMagic(other)), // the magic stays, so every version begins with it
  };
}

async function readStructure(source: SourceText, grammars: Grammars): Promise<CodeStructure> {
  const syntax = syntaxOf(source.languageId);
  if (source.grammarFault) return byLines(source, source.grammarFault);
  // To its grammar, a part of a PHP file without a tag is HTML.
  if (source.languageId === 'php' && !source.text.includes('<?')) return byLines(source);
  try {
    if (!syntax) return isTagged(source.languageId) ? await byTags(source, grammars) : byLines(source);
    const parser = await grammars.boundedFor(source);
    return parser ? (byGrammar(source, parser, syntax) ?? byLines(source, 'slow')) : byLines(source);
  } catch (error) {
    if (error instanceof GrammarFaultError && !grammars.needRestart) return byLines(source, error.fault);
    throw error;
  }
}

/** The units follow from the lines; after a defect there are none. */
function byLines(source: SourceText, grammarFault?: GrammarFault): Reading {
  const lines = new Lines(source.text);
  const { units, classified } =
    grammarFault === 'defect'
      ? { units: [], classified: [] }
      : source.languageId === 'markdown'
        ? { units: markdownUnits(source.text, lines), classified: [] }
        : source.languageId === 'diff'
          ? { units: patchParts(source.text).map(patchUnit), classified: [] }
          : indentationUnits(source, lines);
  return {
    source,
    units,
    protectedSpans: protectedSpans(source.text, lines, source.languageId),
    unparsed: [],
    errorAt: undefined,
    definitions: [],
    bindings: [],
    comments: undefined,
    classified,
    classes: (bounds) => classesOf(source.text, classified, bounds),
    brings: grammarFault ? undefined : bringsIn(source, units, lines),
    errorsIn: () => 0,
    renew: () => undefined,
    ...(grammarFault ? { grammarFault } : {}),
  };
}

/** The units of the tags follow from the lines, those of the scripts and styles from their grammars, where these can read them. */
async function byTags(source: SourceText, grammars: Grammars): Promise<CodeStructure> {
  const { path, text } = source;
  const outer = byLines(source);
  const parsers = new Map<string, BoundedParser>();
  const inner: { readonly part: Span; readonly reading: Reading }[] = [];
  for (const part of embeddedIn(text).slice(0, MOST_PARTS)) {
    const { language, start, end } = part;
    const syntax = syntaxOf(language);
    const own = { path, languageId: language, text: text.slice(start, end) };
    const parser = parsers.get(language) ?? (syntax && (await grammars.boundedFor(own)));
    if (!parser || !syntax) continue;
    parsers.set(language, parser);
    const reading = byGrammar(own, parser, syntax);
    if (reading?.errorsIn(own.text) === 0) inner.push({ part, reading });
  }
  if (!inner.length) return outer;
  const isRead = ({ start, end }: Span): boolean => {
    const part = inner[firstIndexWhere(inner, (i) => i.part.end >= end)]?.part;
    return part !== undefined && part.start <= start;
  };
  const ofTags = (units: readonly Unit[]): Unit[] =>
    units.flatMap((u) => (u.language !== undefined && isRead(u) ? [] : [{ ...u, children: ofTags(u.children) }]));
  const moved = <T extends Span>(of: (reading: Reading) => readonly T[]): T[] =>
    inner.flatMap(({ part, reading }) =>
      of(reading).map((s) => ({ ...s, start: s.start + part.start, end: s.end + part.start })),
    );
  const named = (of: (reading: Reading) => readonly Definition[]): Definition[] =>
    inner.flatMap(({ part, reading }) =>
      of(reading).map(({ name, span }) => ({
        name,
        span: { start: span.start + part.start, end: span.end + part.start },
      })),
    );
  const classified = [...outer.classified, ...moved((r) => r.classified)];
  return {
    ...outer,
    units: nested(
      inner.flatMap(({ part, reading }) => unitsOfPart(reading, part.start)),
      ofTags(outer.units),
    ),
    protectedSpans: unionSpans([...outer.protectedSpans, ...moved((r) => r.protectedSpans)]),
    definitions: named((r) => r.definitions),
    bindings: named((r) => r.bindings),
    comments: moved((r) => r.comments ?? []),
    classes: (bounds) => classesOf(text, classified, bounds),
    errorsIn: (other) => {
      let count = 0;
      for (const { language, start, end } of embeddedIn(other).slice(0, MOST_PARTS)) {
        const parser = parsers.get(language);
        if (!parser) continue;
        count += parseErrors(parser, other.slice(start, end)).count;
        if (count === Infinity && (parser.exhausted || other === text)) throw new GrammarFaultError(path, 'slow');
      }
      return count;
    },
    renew: () => parsers.forEach((parser) => parser.renew()),
  };
}

/** The units of a script or style as units of the text around it. What shares a line with a tag cannot be cut. */
function unitsOfPart({ source: { text, languageId }, units }: Reading, offset: number): Unit[] {
  const first = /^[^\r\n]*(?:\r\n|\r|\n|$)/.exec(text)![0].length;
  const last = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
  const own = (u: Unit): Unit => ({
    ...u,
    start: u.start + offset,
    end: u.end + offset,
    children: u.children.map(own),
    cuttable: u.cuttable && u.start >= first && u.end <= last,
    member: u.member === true && u.start >= first && u.end <= last,
    language: u.language ?? languageId,
  });
  return units.map(own);
}

/** Context goes first. The hunks of a file that is new or gone go with it: its head alone would say that it is empty. */
function patchUnit(part: PatchPart): Unit {
  const { kind, line, whole } = part;
  const hunk = kind === 'hunk' ? line : ['context', 'change', 'lines'].includes(kind) ? 'part' : undefined;
  return unitOf(
    part,
    part.parts.map((p) => (whole ? { ...patchUnit(p), cuttable: false } : patchUnit(p))),
    {
      ...(hunk === undefined ? {} : { hunk }),
      ...(kind === 'context' ? { spare: true as const } : {}),
    },
  );
}

/** @returns undefined if the parse costs too much */
function byGrammar(source: SourceText, parser: BoundedParser, syntax: Syntax): Reading | undefined {
  const { languageId } = source;
  const given = withLineFeeds(source.text);
  const tree = parser.parse(given);
  if (!tree) return undefined;
  const { hasError } = tree.rootNode;
  const legibly = (text: string): string => {
    const lines = withLineFeeds(text);
    return hasError ? readable(lines, languageId) : lines;
  };
  const { macros, completion } = hasError
    ? repaired(parser, { ...source, text: legibly(source.text) }, syntax.macros)
    : { macros: NO_MACROS, completion: COMPLETE };
  const completed = complete(source.text, languageId, completion);
  const legible = applyMacros(legibly(completed.text), macros);
  let completeTree: Tree | undefined = tree;
  if (legible !== given) {
    tree.delete();
    parser.renew();
    completeTree = parser.parse(legible);
    if (!completeTree) return undefined;
  }
  const walk = new Walk({ text: completed.text, lines: new Lines(completed.text), languageId }, legible, syntax);
  const cursor = completeTree.walk();
  const collected = walk.collect(cursor, 0);
  const divided =
    languageId === 'php' ? withHtml(source, collected, walk.codeEdges, new Lines(source.text)) : collected;
  let units = within(divided, completed.front, source.text.length);
  cursor.delete();
  // With an error at the root and few units found, indentation tells more than the grammar. An error further inside is often a limit of
  // the grammar, and the units around it are right. The same holds for C, whose grammar cannot read macros.
  const { rootNode } = completeTree;
  const broken = rootNode.type === 'ERROR' || rootNode.children.some((c) => c?.type === 'ERROR');
  const fragment = broken && !syntax.macros && coverage(units) < FRAGMENT_COVERAGE * source.text.length;
  const lines = new Lines(source.text);
  if (fragment) ({ units } = indentationUnits(source, lines));
  else if (languageId === 'json') units = keepTopKeys(source.text, units);
  const errors = rootNode.hasError ? errorsOf(completeTree, legible.length).spans : [];
  completeTree.delete();
  const inside = <T extends Span>(spans: readonly T[]): T[] =>
    spans.flatMap((s) => clip(s, completed.front, source.text.length) ?? []);
  const classified = inside(walk.classified);
  const named = (places: readonly Definition[]): Definition[] =>
    places.flatMap(({ name, span: whole }) => {
      const span = clip(whole, completed.front, source.text.length);
      return span ? [{ name, span }] : [];
    });
  return {
    source,
    units,
    protectedSpans: protectedSpans(source.text, lines, source.languageId),
    unparsed: fragment ? [{ start: 0, end: source.text.length }] : unionSpans(inside(walk.unparsed)),
    // An error node that contains another one begins where the parser last succeeded, far before the mistake: it does not count.
    errorAt: inside(errors.filter((e, i) => !(errors[i + 1] && errors[i + 1]!.start < e.end)))[0]?.start,
    brings: bringsIn(source, units, lines),
    definitions: named(walk.definitions),
    bindings: named(walk.bindings),
    comments: inside(walk.comments),
    classified,
    classes: (bounds) => classesOf(source.text, classified, bounds),
    errorsIn: (text) => {
      const { count } = parseErrors(parser, applyMacros(legibly(complete(text, languageId, completion).text), macros));
      if (count === Infinity && (parser.exhausted || text === source.text))
        throw new GrammarFaultError(source.path, 'slow');
      return count;
    },
    renew: () => parser.renew(),
  };
}

/** To most grammars a lone carriage return ends no line, so that a comment would go on. */
const withLineFeeds = (text: string): string => text.replace(/\r(?!\n)/g, '\n');

/** The completion and the macro readings with which the grammar finds the fewest errors. */
function repaired(
  parser: BoundedParser,
  { text, languageId }: SourceText,
  preprocessed: boolean,
): { macros: Macros; completion: Completion } {
  const completed = (macros: Macros): { macros: Macros; completion: Completion; errorCost: number } => {
    const errorCostOf = (t: string): number => parseErrors(parser, applyMacros(t, macros)).errorCost;
    const completion = completionOf(applyMacros(text, macros), languageId, errorCostOf);
    return { macros, completion, errorCost: errorCostOf(complete(text, languageId, completion).text) };
  };
  let best = completed(NO_MACROS);
  const attempt = (macros: Macros): void => {
    const now = completed(macros);
    if (now.errorCost < best.errorCost) best = now;
  };
  if (!preprocessed) return best;
  if (best.errorCost && hasOddDirectives(text)) attempt({ ...NO_MACROS, directives: true });
  if (!best.errorCost) return best;
  const { text: whole, front } = complete(text, languageId, best.completion);
  const macros = macrosOf(text, best.macros, (m) => {
    const found = parseErrors(parser, applyMacros(whole, m));
    return { ...found, spans: found.spans.flatMap((s) => clip(s, front, text.length) ?? []) };
  });
  if (macros !== best.macros) attempt(macros);
  return best;
}

/** A span of the completed text as a span of the text itself; undefined if it lies outside. */
function clip<T extends Span>(span: T, before: number, length: number): T | undefined {
  const start = Math.max(0, span.start - before);
  const end = Math.min(length, span.end - before);
  return start < end ? { ...span, start, end } : undefined;
}

/** Units of the completed text as units of the text itself. A unit that reaches beyond the text cannot be cut, unless it is a comment. */
function within(units: readonly Unit[], before: number, length: number): Unit[] {
  const suites = new Map<Suite, { members: Unit[] }>();
  const own = (unit: Unit): Unit[] => {
    const children = unit.children.flatMap(own);
    const span = clip(unit, before, length);
    if (!span) return [];
    const beyond = unit.start < before || unit.end - before > length;
    let suite: { members: Unit[] } | undefined;
    if (unit.suite) suites.set(unit.suite, (suite = suites.get(unit.suite) ?? { members: [] }));
    const cuttable = unit.cuttable && (!beyond || unit.comment);
    const out: Unit = { ...unit, ...span, children, cuttable, member: unit.member === true && !beyond, suite };
    suite?.members.push(out);
    return [out];
  };
  return units.flatMap(own);
}

/**
 * The units of a PHP file: those of its code, and those of the HTML around it. A unit can only be cut if it begins and ends in code, or
 * begins and ends in HTML: there its marker is an HTML comment.
 * @param edges where code begins and ends, in turn
 */
function withHtml(source: SourceText, units: readonly Unit[], edges: readonly number[], lines: Lines): Unit[] {
  const inCode = (offset: number): boolean => firstIndexWhere(edges, (edge) => edge >= offset) % 2 === 1;
  const brackets = bracketPairs(source.text);
  const code = (list: readonly Unit[]): Unit[] =>
    list.map((unit) => {
      const [from, to] = [inCode(unit.start), inCode(unit.end)];
      const cuttable = unit.cuttable && from === to;
      const member = unit.member === true && from === to;
      return { ...unit, children: code(unit.children), cuttable, member, ...(from ? {} : { language: 'html' }) };
    });
  const html = (list: readonly Unit[]): Unit[] =>
    list.flatMap((unit) => {
      const children = html(unit.children);
      if (inCode(unit.start) || inCode(unit.end)) return children;
      const cuttable = unit.cuttable && brackets.within(unit.start, unit.end);
      return [{ ...unit, children, cuttable, language: unit.language ?? 'html' }]; // a script or a style has its own
    });
  // A file that is nothing but code has no line of HTML.
  if (edges.length === 1 && !source.text.slice(0, edges[0]).trim()) return code(units);
  return nested(html(indentationUnits({ ...source, languageId: 'html' }, lines).units), code(units));
}

/** Number of UTF-16 units in cuttable units. */
function coverage(units: readonly Unit[]): number {
  return units.reduce((sum, u) => sum + (u.cuttable ? u.end - u.start : coverage(u.children)), 0);
}

/** Parses a text and lists its syntax errors: infinitely many if the parse costs too much. */
function parseErrors(parser: BoundedParser, text: string): SyntaxErrors & { count: number } {
  const tree = parser.parse(text);
  if (!tree) return { count: Infinity, spans: [], errorCost: Infinity };
  const found = errorsOf(tree, text.length);
  tree.delete();
  return found;
}

/** The error nodes of a tree. `errorCost` is their number plus the share of the text that they cover. */
function errorsOf(tree: Tree, length: number): SyntaxErrors & { count: number } {
  let count = 0;
  let units = 0;
  const spans: Span[] = [];
  if (tree.rootNode.hasError) {
    const cursor = tree.walk();
    let covered = 0; // error nodes may contain others
    for (let down = true; ;) {
      if (down && (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing)) {
        count++;
        spans.push({ start: cursor.startIndex, end: Math.max(cursor.endIndex, cursor.startIndex + 1) });
        units += Math.max(0, cursor.endIndex - Math.max(covered, cursor.startIndex));
        covered = Math.max(covered, cursor.endIndex);
      }
      if (down && cursor.currentNode.hasError && cursor.gotoFirstChild()) continue;
      if (cursor.gotoNextSibling()) {
        down = true;
        continue;
      }
      if (!cursor.gotoParent()) break;
      down = false;
    }
    cursor.delete();
    count ||= 1; // a missing node may not be visible to the cursor
  }
  return { count, spans, errorCost: count + units / Math.max(1, length) };
}
