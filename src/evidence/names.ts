// Finds the names of a text: where they occur, where they are defined, and which of them a question uses.
import { TOKEN_CLASSES, type TokenClass } from '../core/context';
import type { NameTable } from '../core/evidence';
import keywords from '../core/keywords.json';
import { tokenIndexAt } from '../core/report';
import { NO_CODE } from '../parse/classes';
import type { CodeStructure } from '../parse/structure';
import { innermost, type Unit } from '../parse/unit';
import type { QuestionTerms } from '../question/terms';
import { stemsOf } from '../question/words';

const WORD = /[\p{L}_$][\p{L}\p{N}_$]{2,}/gu;
/** Keywords of the languages are no names. The forecast is trained with the same list. */
const KEYWORDS: ReadonlySet<string> = new Set(keywords);
const LEAST_STEM = 4; // UTF-16 units of a word of a name that a question can mean
const NO_NAMES: ReadonlySet<TokenClass> = new Set([...NO_CODE, 'literal']);

export function isName(word: string): boolean {
  return !KEYWORDS.has(word);
}

/**
 * Compares the names of a table with the words of a question, ignoring case.
 * @returns [count] 2 if the question contains the name, 1 if it contains a word of the name, else 0
 */
export function askedNames(table: NameTable, text: string, { words, stems }: QuestionTerms): Uint8Array {
  return marked(table, text, (name) => {
    if (words.has(name.toLowerCase())) return 2;
    return stemsOf(name).some((stem) => stem.length >= LEAST_STEM && stems.has(stem)) ? 1 : 0;
  });
}

/**
 * Finds the declarations of the names that a question contains: the innermost unit around each place that defines one.
 * @param asked result of `askedNames`
 * @param bounds [n + 1] token bounds, UTF-16
 * @returns [n] number of model tokens of the smallest such declaration around a token, 0 outside of all
 */
export function askedDeclarations(
  { units }: CodeStructure,
  table: NameTable,
  asked: Uint8Array,
  bounds: Int32Array,
): Int32Array {
  const out = new Int32Array(bounds.length - 1);
  const declarations = new Set<Unit>();
  table.starts.forEach((start, i) => {
    const unit = table.defines[i] && asked[table.names[i]!] === 2 ? innermost(units, start) : undefined;
    if (unit) declarations.add(unit);
  });
  for (const unit of declarations) {
    const from = tokenIndexAt(bounds, unit.start) ?? 0;
    const to = tokenIndexAt(bounds, Math.max(unit.start, unit.end - 1)) ?? out.length - 1;
    for (let t = from; t <= to; t++) out[t] = Math.min(out[t] || Infinity, to - from + 1);
  }
  return out;
}

/**
 * @param asked result of `askedNames`
 * @param declared result of `askedDeclarations`
 * @returns [count] `asked`, with 3 for further names that occur in those declarations
 */
export function askedAndUsed(asked: Uint8Array, { tokens, names }: NameTable, declared: Int32Array): Uint8Array {
  const out = asked.slice();
  names.forEach((name, i) => {
    if (declared[tokens[i]!] && asked[name] !== 2) out[name] = 3;
  });
  return out;
}

/** @returns [count] 1 for each name of the table that is in `others`, else 0 */
export function sharedNames(table: NameTable, text: string, others: ReadonlySet<string>): Uint8Array {
  return marked(table, text, (name) => (others.has(name) ? 1 : 0));
}

/** @returns [count] the result of `mark` for each name */
function marked({ starts, names, count }: NameTable, text: string, mark: (name: string) => number): Uint8Array {
  const out = new Uint8Array(count);
  const word = new RegExp(WORD, 'uy');
  starts.forEach((start, i) => {
    word.lastIndex = start;
    out[names[i]!] = mark(word.exec(text)![0]);
  });
  return out;
}

/** The names that a text contains outside its comments. */
export function wordsOf({ source: { text }, comments = [] }: CodeStructure): ReadonlySet<string> {
  const found = new Set<string>();
  let at = 0;
  for (const { start, end } of [...comments, { start: text.length, end: text.length }]) {
    for (const [word] of text.slice(at, start).matchAll(WORD)) if (isName(word)) found.add(word);
    at = end;
  }
  return found;
}

/**
 * Lists the occurrences of names in code, outside comments and literals, in text order.
 *
 * Example: `def total(items): return sum(items)` gives the names total (0), items (1), sum (2); `names` is [0, 1, 2, 1],
 * and `defines` is 1 for total alone.
 * @param bounds [n + 1] token bounds, UTF-16
 * @param classes [n] class of each token, an index into TOKEN_CLASSES
 */
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
    if (NO_NAMES.has(TOKEN_CLASSES[classes[token]!]!)) continue;
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

/**
 * Counts the cuttable units around each offset and numbers the outermost one.
 * @param starts UTF-16 offsets, ascending
 */
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
