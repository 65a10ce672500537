// Measures how much each line of the texts of a context has to do with a question: the inputs of the fitted relevance.
import type { Span } from '../core/span';
import { Lines } from '../core/lines';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import type { QuestionTerms } from './terms';
import { stemsOf, WORD } from './words';

/** What is measured of a line; each is 0…1, the share of the highest in the context, if nothing else is said. */
export const LINE_FEATURES = [
  'own', // stems of the question in the line, rare ones more
  'near', // the same around it: a bell of 2 lines
  'around', // of 6 lines
  'region', // of 20 lines
  'unit', // of the smallest unit of several lines around it, as one document (BM25)
  'declaration', // of the outermost one
  'name', // identifiers of the question in the line
  'namesAround', // a bell of 6 lines
  'namesDeclaration', // of the outermost unit
  'place', // 1: the question points at the line, falling to 0 over some lines
  'comment', // 1: a comment alone
] as const;
export type LineFeature = (typeof LINE_FEATURES)[number];

/** The words of a text by line; made once, since no question changes them. */
export interface LineWords {
  readonly lines: Lines;
  /** Per line: its different stems, and its different identifiers with a `=` in front, in lower case. */
  readonly terms: readonly ReadonlySet<string>[];
  /** [lines] 1: nothing but a comment. */
  readonly comments: Uint8Array;
  /** Units of several lines, by their first and last line. */
  readonly units: readonly (readonly [number, number])[];
  /** [lines] index of the smallest unit around a line, -1 outside of all. */
  readonly smallest: Int32Array;
  /** [lines] index of the outermost one. */
  readonly outermost: Int32Array;
}

const LEAST_LINES = 3; // of a unit that counts as a document
const BELLS = { near: 2, around: 6, region: 20 };
const PLACE_LINES = 12;
const BM25 = { saturation: 1.2, length: 0.75, lines: 15 };
const MOST_TERMS = 256; // of a question; the rarest tell most
const NAME = '=';

export function lineWords({ source: { text }, units, comments }: CodeStructure): LineWords {
  const lines = new Lines(text);
  const count = lines.starts.length;
  const terms = lines.all().map(({ start, end }) => {
    const own = new Set<string>();
    for (const [word] of text.slice(start, end).matchAll(WORD)) {
      own.add(NAME + word.toLowerCase());
      for (const stem of stemsOf(word)) own.add(stem);
    }
    return own;
  });
  const found: [number, number][] = [];
  const smallest = new Int32Array(count).fill(-1);
  const outermost = new Int32Array(count).fill(-1);
  const open: { readonly list: readonly Unit[]; readonly inner: boolean }[] = [{ list: units, inner: false }];
  // Outer units come before inner ones, so the last that is written is the smallest.
  for (let next = open.pop(); next; next = open.pop())
    for (const unit of next.list) {
      const first = lines.at(unit.start);
      const last = lines.at(Math.max(unit.start, unit.end - 1));
      const counts = last - first + 1 >= LEAST_LINES;
      if (counts) {
        smallest.fill(found.length, first, last + 1);
        if (!next.inner) outermost.fill(found.length, first, last + 1);
        found.push([first, last]);
      }
      open.push({ list: unit.children, inner: next.inner || counts });
    }
  return { lines, terms, comments: commentLines(lines, comments ?? []), units: found, smallest, outermost };
}

function commentLines(lines: Lines, comments: readonly Span[]): Uint8Array {
  const out = new Uint8Array(lines.starts.length);
  for (const { start, end } of comments) {
    const own = lines.own(start, end);
    if (own) out.fill(1, lines.at(own.start), lines.at(Math.max(own.start, own.end - 1)) + 1);
  }
  return out;
}

/** How rare terms are: the natural log of the number of lines over those with the term. */
export class Rarity {
  private readonly counts: Map<string, number>;
  private total = 0;

  /** @param texts of the context. @param terms that are counted */
  constructor(texts: readonly LineWords[], terms: Iterable<string>) {
    this.counts = new Map(Array.from(terms, (term) => [term, 0]));
    for (const text of texts) {
      this.total += text.terms.length;
      for (const line of text.terms)
        for (const term of line) {
          const count = this.counts.get(term);
          if (count !== undefined) this.counts.set(term, count + 1);
        }
    }
  }

  of(term: string): number {
    return Math.log(1 + this.total / (1 + this.counts.get(term)!));
  }

  /** The rarest terms that a line has. @param most of them */
  rarest(most: number): string[] {
    const found = [...this.counts].filter(([, count]) => count > 0);
    return found
      .sort(([, a], [, b]) => a - b)
      .map(([term]) => term)
      .slice(0, most);
  }
}

/** The features of every line, one array of [lines] each. */
export type TextFeatures = Readonly<Record<LineFeature, Float32Array>>;

/**
 * @param paths of the texts, for places
 * @returns per text
 */
export function featuresOf(
  texts: readonly LineWords[],
  paths: readonly string[],
  { stems, names, places }: QuestionTerms,
): TextFeatures[] {
  const nameTerms = Array.from(names, (name) => NAME + name);
  const rarity = new Rarity(texts, [...stems, ...nameTerms]);
  const kept = rarity.rarest(MOST_TERMS);
  const asked = { stems: kept.filter((term) => stems.has(term)), names: kept.filter((term) => !stems.has(term)) };
  const found = texts.map((text, i): TextFeatures => {
    const own = ownOf(text, asked.stems, rarity);
    const name = ownOf(text, asked.names, rarity);
    return {
      own,
      near: bell(own, BELLS.near),
      around: bell(own, BELLS.around),
      region: bell(own, BELLS.region),
      ...documents(text, asked.stems, rarity),
      name,
      namesAround: bell(name, BELLS.around),
      namesDeclaration: documents(text, asked.names, rarity).declaration,
      place: placesIn(text.terms.length, paths[i]!, places),
      comment: Float32Array.from(text.comments),
    };
  });
  for (const feature of LINE_FEATURES) {
    if (feature === 'place' || feature === 'comment') continue;
    const most = found.reduce((m, f) => f[feature].reduce((a, b) => Math.max(a, b), m), 0);
    if (most > 0) for (const f of found) f[feature].forEach((x, i) => (f[feature][i] = x / most));
  }
  return found;
}

/** @returns [lines] sum of the rarities of the terms that a line has */
function ownOf({ terms }: LineWords, asked: readonly string[], rarity: Rarity): Float32Array {
  const worth = new Map(asked.map((term) => [term, rarity.of(term)]));
  return Float32Array.from(terms, (own) => {
    let sum = 0;
    for (const term of own) sum += worth.get(term) ?? 0;
    return sum;
  });
}

/** @param width standard deviation in lines. @returns [lines] the values, each spread over its neighbours */
function bell(values: Float32Array, width: number): Float32Array {
  const reach = 4 * width;
  const weights = Float32Array.from({ length: reach + 1 }, (_, d) => Math.exp((-d * d) / (2 * width * width)));
  const out = new Float32Array(values.length);
  values.forEach((x, i) => {
    if (x === 0) return;
    for (let j = Math.max(0, i - reach); j <= Math.min(values.length - 1, i + reach); j++)
      out[j]! += x * weights[Math.abs(j - i)]!;
  });
  return out;
}

/** @returns per line how well its unit matches, by BM25: the smallest unit, and the outermost one */
function documents(
  { terms, units, smallest, outermost }: LineWords,
  asked: readonly string[],
  rarity: Rarity,
): Record<'unit' | 'declaration', Float32Array> {
  const { saturation, length, lines } = BM25;
  const norms = units.map(([first, last]) => saturation * (1 - length + (length * (last - first + 1)) / lines));
  const scores = new Float64Array(units.length);
  const before = new Uint32Array(terms.length + 1); // [lines + 1] lines above with the term
  for (const term of asked) {
    const rare = rarity.of(term) * (saturation + 1);
    terms.forEach((own, i) => (before[i + 1] = before[i]! + (own.has(term) ? 1 : 0)));
    units.forEach(([first, last], u) => {
      const count = before[last + 1]! - before[first]!;
      if (count) scores[u]! += (rare * count) / (count + norms[u]!);
    });
  }
  const at = (index: Int32Array): Float32Array => Float32Array.from(index, (u) => (u < 0 ? 0 : scores[u]!));
  return { unit: at(smallest), declaration: at(outermost) };
}

/** @returns [lines] 1 at the lines of a file that the question points at, falling over PLACE_LINES */
function placesIn(lines: number, path: string, places: QuestionTerms['places']): Float32Array {
  const out = new Float32Array(lines);
  for (const place of places) {
    if (!isSameFile(path, place.path)) continue;
    const at = place.line - 1;
    for (let i = Math.max(0, at - PLACE_LINES); i < Math.min(lines, at + PLACE_LINES); i++)
      out[i] = Math.max(out[i]!, 1 - Math.abs(i - at) / PLACE_LINES);
  }
  return out;
}

/** Whether one path ends with the other, at a slash: a stack frame has the path of another machine. */
function isSameFile(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return long === short || long.endsWith(`/${short.replace(/^(?:\.?\.?\/)+/, '')}`);
}
