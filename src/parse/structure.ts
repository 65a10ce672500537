// Knows a text as a tree of things that can be cut, and the class of each of its tokens.
import type { Parser, Tree } from '@vscode/tree-sitter-wasm';
import type { SourceText } from '../core/context';
import { unionSpans, type Span } from '../core/span';
import { classesOf } from './classes';
import { complete, completionOf, WHOLE, type Completion } from './completion';
import type { Grammars } from './grammars';
import { indentationUnits } from './indentation';
import { Lines } from '../core/lines';
import { hasOddDirectives, macrosOf, NO_MACROS, read, type SyntaxErrors, type Macros } from './macros';
import { markdownUnits } from './markdown';
import { isProtectedLine, syntaxOf } from './syntax';
import { Walk } from './tree';
import type { Definition, Suite, Unit } from './unit';

export interface CodeStructure {
  readonly source: SourceText;
  readonly units: readonly Unit[];
  readonly protectedSpans: readonly Span[];
  /** What stays whole because the grammar cannot read it, or what stands beside it; sorted, disjoint. */
  readonly unparsed: readonly Span[];
  /** Where the grammar first loses its way, near enough. */
  readonly errorAt: number | undefined;
  readonly definitions: readonly Definition[];
  /** Comments in text order; undefined where no grammar knows them. */
  readonly comments: readonly Span[] | undefined;
  /** Class of each token, as an index into TOKEN_CLASSES. @param bounds [n + 1] token bounds. */
  classes(bounds: Int32Array): Uint8Array;
  /** Syntax errors of another version of this text, by the grammar; 0 without one. */
  errorsIn(text: string): number;
}

const FRAGMENT_COVERAGE = 0.5;

/** Never throws on a text: what a grammar cannot read is cut by lines or not at all. */
export async function parseStructure(source: SourceText, grammars: Grammars): Promise<CodeStructure> {
  const syntax = syntaxOf(source.languageId);
  const parser = syntax ? await grammars.parserFor(source.languageId) : undefined;
  const lines = new Lines(source.text);
  const protectedSpans = lines.all().filter((s, i) =>
    isProtectedLine(
      source.text
        .slice(s.start, s.end)
        .replace(/^\ufeff/, '')
        .trimEnd(),
      i,
    ),
  );
  const tree = parser?.parse(source.text) ?? undefined;
  if (!syntax || !parser || !tree) {
    const { units, painted } =
      source.languageId === 'markdown'
        ? { units: markdownUnits(source.text, lines), painted: [] }
        : indentationUnits(source, lines);
    return {
      source,
      units,
      protectedSpans,
      unparsed: [],
      errorAt: undefined,
      definitions: [],
      comments: undefined,
      classes: (bounds) => classesOf(source.text, painted, bounds),
      errorsIn: () => 0,
    };
  }
  const { languageId } = source;
  const damaged = tree.rootNode.hasError;
  const { macros, completion } = damaged
    ? repaired(parser, source, syntax.macros)
    : { macros: NO_MACROS, completion: WHOLE };
  const completed = complete(source.text, languageId, completion);
  const legible = read(completed.text, macros);
  let whole = tree;
  if (legible !== source.text) {
    tree.delete();
    whole = parser.parse(legible)!;
  }
  const walk = new Walk(completed.text, legible, new Lines(completed.text), syntax);
  const cursor = whole.walk();
  let units = within(walk.collect(cursor, 0), completed.front, source.text.length);
  cursor.delete();
  // What is broken from the outside in all the same is cut by its lines and indentation: they say more. An error further
  // inside is the grammar's own, the compiler may well read it, and the pieces were found all the same. So it is with C,
  // whose grammar cannot read macros.
  const broken = whole.rootNode.type === 'ERROR' || whole.rootNode.children.some((c) => c?.type === 'ERROR');
  const fragment = broken && !syntax.macros && coverage(units) < FRAGMENT_COVERAGE * source.text.length;
  if (fragment) ({ units } = indentationUnits(source, lines));
  const errors = whole.rootNode.hasError ? faultsOf(whole, legible.length).spans : [];
  whole.delete();
  const inside = <T extends Span>(spans: readonly T[]): T[] =>
    spans.flatMap((s) => clip(s, completed.front, source.text.length) ?? []);
  const painted = inside(walk.painted);
  return {
    source,
    units,
    protectedSpans,
    unparsed: fragment ? [{ start: 0, end: source.text.length }] : unionSpans(inside(walk.unparsed)),
    // An error that holds another begins where the grammar last knew what it read: far in front of the mistake.
    errorAt: inside(errors.filter((e, i) => !(errors[i + 1] && errors[i + 1]!.start < e.end)))[0]?.start,
    definitions: walk.definitions.flatMap((d) => {
      const span = clip(d.span, completed.front, source.text.length);
      return span ? [{ ...d, span }] : [];
    }),
    comments: inside(walk.comments),
    classes: (bounds) => classesOf(source.text, painted, bounds),
    errorsIn: (text) => faults(parser, read(complete(text, languageId, completion).text, macros)).count,
  };
}

/** What a text lacks, and what of it the grammar takes for something else, by what leaves it least to complain of. */
function repaired(
  parser: Parser,
  { text, languageId }: SourceText,
  preprocessed: boolean,
): { macros: Macros; completion: Completion } {
  const completed = (macros: Macros): { macros: Macros; completion: Completion; errorCost: number } => {
    const errorCostOf = (t: string): number => faults(parser, read(t, macros)).errorCost;
    const completion = completionOf(read(text, macros), languageId, errorCostOf);
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
    const found = faults(parser, read(whole, m));
    return { ...found, spans: found.spans.flatMap((s) => clip(s, front, text.length) ?? []) };
  });
  if (macros !== best.macros) attempt(macros);
  return best;
}

/** A span of the completed text in the text itself; undefined outside of it. */
function clip<T extends Span>(span: T, before: number, length: number): T | undefined {
  const start = Math.max(0, span.start - before);
  const end = Math.min(length, span.end - before);
  return start < end ? { ...span, start, end } : undefined;
}

/** Units of the completed text in the text itself. What reaches beyond it cannot go, unless it is comment. */
function within(units: readonly Unit[], before: number, length: number): Unit[] {
  const suites = new Map<Suite, { members: Unit[] }>();
  const own = (unit: Unit): Unit[] => {
    const children = unit.children.flatMap(own);
    const span = clip(unit, before, length);
    if (!span) return [];
    const beyond = unit.start < before || unit.end - before > length;
    let suite: { members: Unit[] } | undefined;
    if (unit.suite) suites.set(unit.suite, (suite = suites.get(unit.suite) ?? { members: [] }));
    const out: Unit = { ...span, children, cuttable: unit.cuttable && (!beyond || unit.comment), suite };
    suite?.members.push(out);
    return [out];
  };
  return units.flatMap(own);
}

/** UTF-16 units inside something that can be cut. */
function coverage(units: readonly Unit[]): number {
  return units.reduce((sum, u) => sum + (u.cuttable ? u.end - u.start : coverage(u.children)), 0);
}

/** Syntax errors: how many, where, and what they weigh, a larger one more than a small one. */
function faults(parser: Parser, text: string): SyntaxErrors & { count: number } {
  const tree = parser.parse(text);
  if (!tree) return { count: 0, spans: [], errorCost: 0 };
  const found = faultsOf(tree, text.length);
  tree.delete();
  return found;
}

function faultsOf(tree: Tree, length: number): SyntaxErrors & { count: number } {
  let count = 0;
  let units = 0;
  const spans: Span[] = [];
  if (tree.rootNode.hasError) {
    const cursor = tree.walk();
    let covered = 0; // errors may lie in errors
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
    count ||= 1; // what is missing may be hidden from the cursor
  }
  return { count, spans, errorCost: count + units / Math.max(1, length) };
}
