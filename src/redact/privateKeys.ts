// Finds private keys in PEM, PGP, SSH and PuTTY form: whole, in string literals, in comments, or with one end cut off.
import type { Span } from '../core/span';

/** Where a key begins or ends. PuTTY files have no dashes. */
const EDGE =
  /-{4,5} ?(BEGIN|END) (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}|(Private-Lines: \d{1,4})(?!\d)|Private-MAC: [0-9a-f]{40,64}/g;
/** A header behind the first line, such as `Proc-Type: 4,ENCRYPTED` or `Comment: "mine"`; it ends as lines end in files and in literals. */
const HEADER = /[A-Z][A-Za-z-]{2,20}: [^\r\n\\]{1,200}/y;
/** Key material: base64, also if it is percent-encoded. */
const RUN = /(?:[A-Za-z0-9+/=]|%2[BbFf]|%3[Dd])+/y;
/** What may stand between two lines of it: line ends, also escaped ones, characters and prefixes of literals and comments, line numbers. */
const GAP =
  /(?:\\[nrt]?|%0[AaDd]|&#(?:10|13|x[AaDd]);|[bBfFrRuUL]{1,2}8?(?=["'])|(?<![A-Za-z0-9+/=])\d{1,6}(?=[\t:|])|[\s"'`+,;.*#/|>&(){}[\]:_-])+/y;
const LINE = 40; // characters of base64 from which a run is taken for a line of a key
const FEWEST = 40; // of a key with its beginning
const FEWEST_BEFORE_END = 16; // of a key of which only the end is there
const FEWEST_DISTINCT = 10;
/** Short runs that are no material between others that are: rests of lines that were broken once more. */
const MAX_WORDS_IN_ROW = 2;
const LONGEST = 40_000; // UTF-16 units that are searched on each side of an edge; a key of 16,384 bits has 13,000
const MAX_HEADERS = 8;

/** The ranges of private keys, sorted and disjoint. A first or last line alone, without a key, is none. */
export function findPrivateKeys(text: string): Span[] {
  const found: Span[] = [];
  let from = 0; // end of what is known
  let open: { start: number; body: number } | undefined;
  /** Ends the key that is open at the edge from `limit` to `end`; that edge is its last line, or else begins another key. */
  const close = (limit: number, end?: number): void => {
    if (!open) return;
    const { last, size } = materialFrom(text, open.body, Math.min(limit, open.body + LONGEST), end !== undefined);
    const whole = end !== undefined && last === limit;
    if (size >= FEWEST) found.push({ start: open.start, end: whole ? end : last });
    if (end !== undefined && !whole) closeAlone(last, limit, end);
    open = undefined;
  };
  const closeAlone = (from: number, limit: number, end: number): void => {
    const start = materialBefore(text, Math.max(from, limit - LONGEST), limit);
    if (start !== undefined) found.push({ start, end });
  };
  for (const edge of text.matchAll(EDGE)) {
    const end = edge.index + edge[0].length;
    if (edge[1] === 'BEGIN' || edge[2]) {
      close(edge.index);
      open = { start: edge.index, body: end };
    } else if (open) close(edge.index, end);
    else closeAlone(from, edge.index, end);
    from = end;
  }
  close(text.length);
  return found;
}

interface Material {
  /** Where it ends: `limit` if nothing else stands before it. */
  readonly last: number;
  readonly size: number;
}

/** @param closed whether the last line of the key stands at `limit` */
function materialFrom(text: string, from: number, limit: number, closed: boolean): Material {
  let at = from;
  const pass = (pattern: RegExp): string | undefined => {
    if (at >= limit) return undefined;
    pattern.lastIndex = at;
    const part = pattern.exec(text)?.[0].slice(0, limit - at);
    at += part?.length ?? 0;
    return part;
  };
  pass(GAP);
  for (let i = 0; i < MAX_HEADERS && pass(HEADER) !== undefined; i++) pass(GAP);
  let last = from;
  let size = 0; // of the material up to `last`
  let [lines, words] = [0, 0]; // characters of material and of other words, up to `at`
  let wordsInRow = 0;
  const seen = new Set<string>();
  for (let run = pass(RUN); run !== undefined; run = pass(RUN)) {
    const afterRun = at;
    pass(GAP);
    const ends = at >= limit && (closed || limit === text.length);
    if (run.length >= LINE || looksRandom(run) || ends) {
      lines += run.length;
      for (const c of run) seen.add(c);
      if (wordsInRow <= MAX_WORDS_IN_ROW) [last, size, wordsInRow] = [ends && closed ? limit : afterRun, lines, 0];
    } else {
      words += run.length;
      if (++wordsInRow > MAX_WORDS_IN_ROW && !closed) break;
    }
  }
  if (seen.size < FEWEST_DISTINCT) return { last, size: 0 };
  return closed && at >= limit && words <= lines ? { last: limit, size: lines } : { last, size };
}

/** @returns where the material that ends at `limit` begins; undefined if there is none */
function materialBefore(text: string, from: number, limit: number): number | undefined {
  let start: number | undefined;
  let size = 0;
  let at = from;
  let seen = new Set<string>();
  let wordsInRow = 0;
  const reset = (): void => {
    start = undefined;
    size = wordsInRow = 0;
    seen = new Set();
  };
  while (at < limit) {
    RUN.lastIndex = GAP.lastIndex = at;
    const gap = GAP.exec(text)?.[0];
    if (gap !== undefined) {
      at += gap.length;
      continue;
    }
    const run = RUN.exec(text)?.[0].slice(0, limit - at);
    if (run === undefined) {
      reset();
      at++;
      continue;
    }
    const begin = at;
    at += run.length;
    GAP.lastIndex = at;
    const isLast = at + (GAP.exec(text)?.[0].length ?? 0) >= limit;
    if (run.length < LINE && !looksRandom(run) && begin > 0 && !isLast) {
      if (++wordsInRow > MAX_WORDS_IN_ROW) reset();
    } else {
      wordsInRow = 0;
      start ??= begin;
      size += run.length;
      for (const c of run) seen.add(c);
    }
  }
  return size >= FEWEST_BEFORE_END && seen.size >= FEWEST_DISTINCT ? start : undefined;
}

/** Whether a short run is rather the rest of a key than a word: a padded end, or letters of both cases with digits. */
function looksRandom(run: string): boolean {
  return /=$/.test(run) || (run.length >= 8 && /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run));
}
