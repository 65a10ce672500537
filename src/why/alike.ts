// Finds what is left out for the same reason as one place: all comments, all imports, or all that has the same name.
import type { TokenClass } from '../core/context';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { innermost, placeAt, type RankedFile } from './place';
import { statementsIn } from './ranking';

/** What the places share: the class of their statements, or a name in them. */
export type Shared = { readonly class: TokenClass } | { readonly name: string };

export type Alike = Shared & {
  /** Statements that are left out, in text order; at least two. */
  readonly spans: readonly Span[];
};

/** Classes whose statements are left out for what they are. */
const KINDS: ReadonlySet<TokenClass> = new Set(['comment', 'docstring', 'licence', 'generated', 'import']);

/**
 * @param text of the file
 * @param offset UTF-16, in the text
 * @returns undefined if the budget did not leave the place out, or nothing else is left out for the same reason
 */
export function alikeAt(file: RankedFile, text: string, offset: number): Alike | undefined {
  const { span, statement } = placeAt(file, offset) ?? {};
  if (!span || span.kept || span.reason !== 'score' || !statement) return undefined;
  const dropped = statementsIn(file.ranking).slice(file.ranking!.kept);
  if (KINDS.has(statement.class))
    return several(
      { class: statement.class },
      dropped.filter((s) => s.class === statement.class),
    );
  const name = (statement.names?.find((n) => n.declared) ?? statement.names?.[0])?.name ?? statement.known?.[0];
  if (name === undefined) return undefined;
  const found = placesOf(name, text)
    .filter((at) => !isKept(file, at))
    .flatMap((at) => dropped[innermost(dropped, at) ?? -1] ?? []);
  return several({ name }, found);
}

function several(shared: Shared, statements: readonly Span[]): Alike | undefined {
  const spans = [...new Set(statements)].map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start);
  return spans.length > 1 ? { ...shared, spans } : undefined;
}

function isKept({ spans }: RankedFile, offset: number): boolean {
  return spans[firstIndexWhere(spans, (s) => s.end > offset)]?.kept !== false;
}

const PART = /[\p{L}\p{N}_$]/u;

/** Offsets at which a name stands by itself. */
function placesOf(name: string, text: string): number[] {
  const out: number[] = [];
  const isPart = (at: number): boolean => at >= 0 && at < text.length && PART.test(text[at]!);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length))
    if (!isPart(at - 1) && !isPart(at + name.length)) out.push(at);
  return out;
}
