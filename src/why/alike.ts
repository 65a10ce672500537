// Finds what is left out for the same reason as one place: all comments, all imports, or all that has the same name.
import type { TokenClass } from '../core/context';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { innermost, placeAt, type RankedFile } from './place';
import { statementsIn } from './ranking';

/** What the places share: the class of their statements, or a name in them. */
export type Shared = { readonly class: TokenClass } | { readonly name: string };

export type Alike = Shared & {
  /** Places that are left out, in text order; at least two. Statements with only white space between them are one place. */
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
      text,
    );
  const name = (statement.names?.find((n) => n.declared) ?? statement.names?.[0])?.name ?? statement.known?.[0];
  if (name === undefined) return undefined;
  const found = placesOf(name, text)
    .filter((at) => !isKept(file, at))
    .flatMap((at) => dropped[innermost(dropped, at) ?? -1] ?? []);
  return several({ name }, found, text);
}

function several(shared: Shared, statements: readonly Span[], text: string): Alike | undefined {
  const spans: Span[] = [];
  for (const { start, end } of [...statements].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = spans.at(-1);
    if (last && !text.slice(last.end, start).trim())
      spans[spans.length - 1] = { ...last, end: Math.max(last.end, end) };
    else spans.push({ start, end });
  }
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
