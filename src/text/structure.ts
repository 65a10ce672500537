// Knows a text as a tree of things that can be cut, and the class of each of its tokens.
import type { Parser, Tree } from '@vscode/tree-sitter-wasm';
import type { SourceText } from '../core/context';
import type { Span } from '../core/span';
import { classesOf } from './classes';
import type { Grammars } from './grammars';
import { indentationUnits } from './indentation';
import { Lines } from './lines';
import { markdownUnits } from './markdown';
import { isProtectedLine, syntaxOf } from './syntax';
import { Walk } from './tree';
import type { Unit } from './unit';

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

/** Never throws on a text: what a grammar cannot read is cut by lines or not at all. */
export async function parseStructure(source: SourceText, grammars: Grammars): Promise<CodeStructure> {
  const syntax = syntaxOf(source.languageId);
  const parser = syntax ? await grammars.parserFor(source.languageId) : undefined;
  const lines = new Lines(source.text);
  const protectedSpans = lines.all().filter((s, i) => isProtectedLine(source.text.slice(s.start, s.end).replace(/^\ufeff/, '').trimEnd(), i));
  const tree = parser?.parse(source.text) ?? undefined;
  if (!syntax || !parser || !tree) {
    const { units, painted } = source.languageId === 'markdown' ? { units: markdownUnits(source.text, lines), painted: [] } : indentationUnits(source, lines);
    return {
      source,
      units,
      protectedSpans,
      definitions: [],
      comments: undefined,
      classes: (bounds) => classesOf(source.text, painted, bounds),
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
  if (fragment) ({ units } = indentationUnits(source, lines));
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
