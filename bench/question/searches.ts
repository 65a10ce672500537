// What people and tools use to find the code of a question: lines around rare words, statements by BM25, the head, the tail, chance.
import { Lines } from '../../src/core/lines';
import type { Span } from '../../src/core/span';
import type { TokenCounter } from '../../src/core/token';
import type { CodeStructure } from '../../src/parse/structure';
import type { Unit } from '../../src/parse/unit';
import { featuresOf, lineWords, Rarity } from '../../src/question/features';
import { oddsOf } from '../../src/question/relevance';
import { termsOf } from '../../src/question/terms';
import { seededRandom } from '../cases/cases';
import type { Task } from './task';

/** A piece of a text of a task, whole lines. */
export interface Piece extends Span {
  readonly text: number; // index of its text
}

/** Gives the pieces in the order in which it takes them. */
export type Search = (task: Task, structures: readonly CodeStructure[]) => readonly Piece[];

const WINDOW = 5; // lines beside a rare word
const RARE = 0.02; // share of the lines in which a rare word may stand
const BM25 = { saturation: 1.2, length: 0.75 };

const linesOf = (task: Task): Piece[] =>
  task.sources.flatMap(({ text }, i) => new Lines(text).all().map(({ start, end }) => ({ text: i, start, end })));

const by = (pieces: readonly Piece[], value: (index: number) => number): Piece[] =>
  pieces
    .map((piece, i) => ({ piece, value: value(i), i }))
    .sort((a, b) => b.value - a.value || a.i - b.i)
    .map(({ piece }) => piece);

/** Lines with the rarest words of the question first, then the lines within WINDOW of one, the nearest first. */
const aroundRareWords: Search = (task, structures) => {
  const words = structures.map(lineWords);
  const { stems } = termsOf(task.question);
  const rarity = new Rarity(words, stems);
  const lines = words.flatMap(({ terms }) => terms);
  const least = Math.log(1 + lines.length / (1 + RARE * lines.length));
  const rare = [...stems].filter((stem) => rarity.of(stem) >= least);
  const own = lines.map((terms) =>
    rare.reduce((most, stem) => (terms.has(stem) ? Math.max(most, rarity.of(stem)) : most), 0),
  );
  const pieces = linesOf(task);
  const value = pieces.map((piece, i) => {
    let best = 0;
    for (let d = -WINDOW; d <= WINDOW; d++)
      if (pieces[i + d]?.text === piece.text) best = Math.max(best, own[i + d]! * (1 - Math.abs(d) / (WINDOW + 1)));
    return best;
  });
  return by(pieces, (i) => value[i]!);
};

/** The smallest statements of several lines and the lines outside of all, by BM25. */
const statementsByBm25: Search = (task, structures) => {
  const pieces = structures.flatMap(({ source: { text }, units }, i) => {
    const lines = new Lines(text);
    const leaves: Span[] = [];
    const visit = (list: readonly Unit[]): void => {
      for (const unit of list)
        if (unit.children.length) visit(unit.children);
        else leaves.push(unit);
    };
    visit(units);
    const out: Piece[] = [];
    let at = 0;
    const add = (start: number, end: number): void => {
      if (end > start) out.push({ text: i, start, end });
    };
    for (const { start, end } of leaves) {
      const from = lines.span(lines.at(start)).start;
      const to = lines.span(lines.at(Math.max(start, end - 1))).end;
      if (from < at) continue;
      add(at, from);
      add(from, to);
      at = to;
    }
    add(at, text.length);
    return out;
  });
  const words = structures.map(lineWords);
  const { stems } = termsOf(task.question);
  const rarity = new Rarity(words, stems);
  const sizes = pieces.map(({ start, end }) => end - start);
  const mean = sizes.reduce((a, b) => a + b, 0) / Math.max(1, sizes.length);
  const scores = pieces.map(({ text, start, end }, k) => {
    const { lines, terms } = words[text]!;
    const first = lines.at(start);
    const last = lines.at(Math.max(start, end - 1));
    const norm = BM25.saturation * (1 - BM25.length + (BM25.length * sizes[k]!) / mean);
    let score = 0;
    for (const stem of stems) {
      let count = 0;
      for (let line = first; line <= last; line++) if (terms[line]!.has(stem)) count++;
      if (count) score += (rarity.of(stem) * count * (BM25.saturation + 1)) / (count + norm);
    }
    return score;
  });
  return by(pieces, (i) => scores[i]!);
};

/** Lines by the fitted relevance alone: no model, no syntax. */
const byRelevance: Search = (task, structures) => {
  const features = featuresOf(
    structures.map(lineWords),
    task.sources.map((s) => s.path),
    termsOf(task.question),
  );
  const odds = features.flatMap((f) => Array.from(oddsOf(f)));
  return by(linesOf(task), (i) => odds[i]!);
};

export const SEARCHES: Readonly<Record<string, Search>> = {
  'lines by the relevance alone': byRelevance,
  'lines within 5 of a rare word': aroundRareWords,
  'statements by BM25': statementsByBm25,
  'random lines': (task) => {
    const next = seededRandom(7);
    const pieces = linesOf(task);
    const order = pieces.map(() => next(1 << 30));
    return by(pieces, (i) => order[i]!);
  },
  head: (task) => inTurn(task, (lines) => lines),
  tail: (task) => inTurn(task, (lines) => lines.reverse()),
};

/** Every text gives a line in turn. */
function inTurn(task: Task, order: (lines: Span[]) => Span[]): Piece[] {
  const texts = task.sources.map(({ text }) => order(new Lines(text).all()));
  const most = Math.max(...texts.map((lines) => lines.length));
  return Array.from({ length: most }, (_, k) =>
    texts.flatMap((lines, text) => (lines[k] ? [{ text, ...lines[k] }] : [])),
  ).flat();
}

/**
 * Takes pieces until the budget is spent; one that does not fit is skipped.
 * @param allowed recipient tokens
 * @returns per text of the task, the kept spans in text order
 */
export function takePieces(task: Task, pieces: readonly Piece[], allowed: number, counter: TokenCounter): Span[][] {
  const kept = task.sources.map((): Span[] => []);
  let used = 0;
  for (const { text, start, end } of pieces) {
    const cost = counter.count(task.sources[text]!.text.slice(start, end));
    if (used + cost > allowed) continue;
    used += cost;
    kept[text]!.push({ start, end });
  }
  return kept.map((spans) => spans.sort((a, b) => a.start - b.start));
}
