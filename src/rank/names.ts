// Knows which words of a text are names, where they stand, and where they are introduced.
import { TOKEN_CLASSES, type TokenClass } from '../core/context';
import type { NameTable } from '../core/evidence';
import keywords from '../core/keywords.json';
import { tokenIndexAt } from '../core/report';
import { NO_CODE } from '../parse/classes';
import type { CodeStructure } from '../parse/structure';
import { innermost, type Unit } from '../parse/unit';

const WORD = /[\p{L}_$][\p{L}\p{N}_$]{2,}/gu;
/** Words of the languages themselves: they say nothing about a program. The forecast is trained with the same list. */
const KEYWORDS: ReadonlySet<string> = new Set(keywords);
/** Words of a question that tell nothing about what it asks. */
const SMALL_WORDS = new Set(
  'about also and are between can code could did does doing done every file files for from had has have how into its like made make makes much name named not only other out set should some than that the their them then there these they this those type used uses using value was way were what when where which who why will with without work works would you'.split(
    ' ',
  ),
);
const SILENT: ReadonlySet<TokenClass> = new Set([...NO_CODE, 'literal']);

export function isName(word: string): boolean {
  return !KEYWORDS.has(word);
}

/** Names of a table that a question uses, in any case. @returns [count] 2 where it names it, 1 where it uses a word of it, else 0. */
export function askedNames(table: NameTable, text: string, question: string): Uint8Array {
  const words = [...question.matchAll(WORD)].map((m) => m[0]);
  const whole = new Set(words.map((w) => w.toLowerCase()));
  const stems = new Set(words.filter((w) => !SMALL_WORDS.has(w.toLowerCase())).flatMap(stemsOf));
  return marked(table, text, (name) =>
    whole.has(name.toLowerCase()) ? 2 : stemsOf(name).some((s) => stems.has(s)) ? 1 : 0,
  );
}

/**
 * Tokens of what declares a name that a question uses: the statement, member or element around the place that introduces it.
 * @param asked as `askedNames` says @param bounds [n + 1] token bounds
 * @returns [n] how many tokens the smallest such declaration around a token has, else 0
 */
export function askedDeclarations(
  { units }: CodeStructure,
  table: NameTable,
  asked: Uint8Array,
  bounds: Int32Array,
): Int32Array {
  const out = new Int32Array(bounds.length - 1);
  table.starts.forEach((start, i) => {
    if (!table.defines[i] || asked[table.names[i]!] !== 2) return;
    const unit = innermost(units, start);
    if (!unit) return;
    const [from, to] = [
      tokenIndexAt(bounds, unit.start) ?? 0,
      tokenIndexAt(bounds, Math.max(unit.start, unit.end - 1)) ?? out.length - 1,
    ];
    for (let t = from; t <= to; t++) out[t] = Math.min(out[t] || Infinity, to - from + 1);
  });
  return out;
}

/** @returns [count] as `asked`, and 3 for other names that the declarations of what is asked use */
export function askedAndUsed(asked: Uint8Array, { tokens, names }: NameTable, declared: Int32Array): Uint8Array {
  const out = asked.slice();
  names.forEach((name, i) => {
    if (declared[tokens[i]!] && asked[name] !== 2) out[name] = 3;
  });
  return out;
}

/** Names of a table that stand in `others`. @returns [count] 1 or 0 */
export function sharedNames(table: NameTable, text: string, others: ReadonlySet<string>): Uint8Array {
  return marked(table, text, (name) => (others.has(name) ? 1 : 0));
}

/** @returns [count] what `mark` says of each name */
function marked({ starts, names, count }: NameTable, text: string, mark: (name: string) => number): Uint8Array {
  const out = new Uint8Array(count);
  const word = new RegExp(WORD, 'uy');
  starts.forEach((start, i) => {
    word.lastIndex = start;
    out[names[i]!] = mark(word.exec(text)![0]);
  });
  return out;
}

/** Names that a text uses outside its comments. */
export function wordsOf({ source: { text }, comments = [] }: CodeStructure): ReadonlySet<string> {
  const found = new Set<string>();
  let at = 0;
  for (const { start, end } of [...comments, { start: text.length, end: text.length }]) {
    for (const [word] of text.slice(at, start).matchAll(WORD)) if (isName(word)) found.add(word);
    at = end;
  }
  return found;
}

/** The words of an identifier or of a question, without plural and participle: "loadEngines" and "engines loaded" share two. */
function stemsOf(name: string): string[] {
  return (name.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})/gu) ?? [])
    .map((w) => w.toLowerCase().replace(/(?<=...)(ing|ed|s)$/, ''))
    .filter((w) => w.length > 3);
}

/** @param bounds [n + 1] token bounds. @param classes [n] of those tokens. */
export function namesOf(structure: CodeStructure, bounds: Int32Array, classes: Uint8Array): NameTable {
  const { text } = structure.source;
  const definitions = new Set(structure.definitions.map((d) => d.span.start));
  const ids = new Map<string, number>();
  const lengths: number[] = [];
  const rows: { start: number; token: number; end: number; name: number }[] = [];
  let token = 0;
  for (const m of text.matchAll(WORD)) {
    if (!isName(m[0])) continue;
    while (token + 1 < classes.length && bounds[token + 1]! <= m.index) token++;
    if (SILENT.has(TOKEN_CLASSES[classes[token]!]!)) continue;
    let name = ids.get(m[0]);
    if (name === undefined) {
      ids.set(m[0], (name = ids.size));
      lengths.push(m[0].length);
    }
    let end = token;
    while (end + 1 < classes.length && bounds[end + 1]! < m.index + m[0].length) end++;
    rows.push({ start: m.index, token, end, name });
  }
  const starts = Int32Array.from(rows, (r) => r.start);
  const { depths, regions } = placesOf(structure.units, starts);
  return {
    count: ids.size,
    starts,
    lengths: Int32Array.from(lengths),
    tokens: Int32Array.from(rows, (r) => r.token),
    ends: Int32Array.from(rows, (r) => r.end),
    names: Int32Array.from(rows, (r) => r.name),
    defines: Uint8Array.from(rows, (r) => (definitions.has(r.start) ? 1 : 0)),
    depths,
    regions,
  };
}

/** Cuttable units around each offset: how many, and which is the outermost. @param starts ascending. */
function placesOf(units: readonly Unit[], starts: Int32Array): { depths: Uint8Array; regions: Int32Array } {
  const depths = new Uint8Array(starts.length);
  const regions = new Int32Array(starts.length).fill(-1);
  let outermost = 0;
  const walk = (list: readonly Unit[], depth: number, from: number): void => {
    let at = from;
    for (const u of list) {
      while (at < starts.length && starts[at]! < u.start) at++;
      const inside = depth + (u.cuttable ? 1 : 0);
      if (inside === 1 && depth === 0) outermost++;
      for (let i = at; i < starts.length && starts[i]! < u.end; i++) {
        depths[i] = Math.min(255, inside);
        if (inside === 1 && depth === 0) regions[i] = outermost;
      }
      walk(u.children, inside, at);
    }
  };
  walk(units, 0, 0);
  return { depths, regions };
}
