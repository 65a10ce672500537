// The rows of the reader bench: every way to leave out text, at the same size for the reader.
import type { TokenEvidence } from '../../src/core/evidence';
import { unionSpans, type Span } from '../../src/core/span';
import { orderCuts } from '../../src/cut/order';
import { evidenceFor, type Aim } from '../../src/evidence/evidence';
import { wordsOf } from '../../src/evidence/names';
import type { LocalModel } from '../../src/node/model/model';
import type { Grammars } from '../../src/parse/grammars';
import { parseStructure } from '../../src/parse/structure';
import type { RankRules } from '../../src/rank/rankUnits';
import { SCORERS, type Scorer } from '../../src/scorers';
import type { ExtendedWeights } from '../../src/scorers/extended';
import { seededRandom, type Case } from '../cases/cases';
import { counter, cutTo, RATIOS } from '../cases/compressed';
import { evidenceBy, LEXICAL_MATCH, linesOf, RULES, type Line, type Rule } from '../quality/rules';
import { readCase, type Reading } from '../quality/read';
import type { ReaderCase } from './cases';
import type { ReaderClient } from './client';

/** The shipped scorer as the product runs it where the code at hand is known: an open file, a pinned file, a cursor. */
export const OURS = 'extended';
/** The shipped scorer without one of its parts. */
export const WITHOUT_FUTURE = 'extended without the future attention';
export const NOISE_FOR_FUTURE = 'extended with noise for the future attention';
export const WITHOUT_RULES = 'extended without outline and bindings';
/** As on a command line that is given one file. */
export const UNPLACED = 'extended, code at hand unknown';

/** What a row makes of one case, for each ratio: the context, compressed. */
export type Texts = readonly string[];

/** A case that was read by the product's model and by the reader. */
export interface Subject {
  readonly item: ReaderCase;
  readonly reading: Reading;
  readonly aim: Aim; // as the product knows it
  readonly lines: readonly PricedLine[];
  readonly grammars: Grammars;
}

interface PricedLine {
  readonly line: Line;
  readonly cost: number; // the reader's tokens
  readonly stays: boolean;
}

/** Reads a case and counts its lines in the reader's tokens. */
export async function prepare(
  model: LocalModel,
  grammars: Grammars,
  reader: ReaderClient,
  item: ReaderCase,
): Promise<Subject> {
  const { context, atHand, stays, target, repo, language, needed } = item;
  const beside = atHand ?? {
    ...context,
    text: stays.map((s) => context.text.slice(s.start, s.end)).join(''),
  };
  const forRules: Case = {
    kind: atHand ? 'beside' : 'next',
    repo,
    language,
    context,
    target: { ...context, text: target },
    beside,
    needed,
  };
  const reading = await readCase(model, grammars, counter, forRules);
  const found = linesOf(reading, counter);
  const { tokens } = await reader.ask('count', { texts: found.map((l) => l.text) });
  return {
    item,
    reading,
    grammars,
    aim: atHand ? { others: wordsOf(await parseStructure(atHand, grammars)) } : { focus: context.text.length },
    lines: found.map((line, i) => ({
      line,
      cost: tokens[i]!,
      stays: stays.some((s) => line.start < s.end && line.end > s.start),
    })),
  };
}

/** Recipient tokens that the shares of a budget are of: of the context without what is at hand. */
function budgets({ item: { context, stays } }: Subject): number[] {
  const fixed = stays.map((s) => counter.count(context.text.slice(s.start, s.end))).reduce((x, y) => x + y, 0);
  return RATIOS.map((ratio) => Math.floor((counter.count(context.text) - fixed) * ratio) + fixed);
}

/** Cut along syntax, with a marker at every hole, as the product does. */
export function alongSyntax(subject: Subject, evidence: TokenEvidence, rules: RankRules = {}): Texts {
  const order = orderCuts(subject.reading.structure, evidence, subject.item.stays, { rules });
  return budgets(subject).map((allowed) => cutTo(order, allowed).text);
}

/** The evidence of a scorer. */
export function evidenceOf({ reading }: Subject, scorer: Scorer, aim: Aim): TokenEvidence {
  const { tokens, seen, structure, counter: own } = reading;
  return evidenceFor(scorer, { tokens, seen, scores: scorer.score(seen) }, structure, own, aim);
}

/**
 * Takes lines in an order until as many of the reader's tokens are spent as `sizes` say; a line that does not fit is skipped.
 * What is at hand stays, whatever it costs.
 * @param sizes the reader's tokens of the whole text, for each ratio
 */
export function byLines({ lines }: Subject, order: readonly Line[], sizes: readonly number[]): Texts {
  const priced = new Map(lines.map((l) => [l.line.start, l]));
  const fixed = lines.filter((l) => l.stays);
  return sizes.map((size) => {
    let left = size - fixed.reduce((sum, l) => sum + l.cost, 0);
    const kept: Span[] = fixed.map(({ line }) => line);
    for (const { start } of order) {
      const { line, cost, stays } = priced.get(start)!;
      if (stays || cost > left) continue;
      left -= cost;
      kept.push(line);
    }
    return unionSpans(kept)
      .map((s) => textOf(lines, s))
      .join('');
  });
}

const textOf = (lines: readonly PricedLine[], { start, end }: Span): string =>
  lines
    .filter(({ line }) => line.start >= start && line.end <= end)
    .map(({ line }) => line.text)
    .join('');

/** Lines by the mean of a value over the tokens that begin in them, the highest first. @param values by the offsets of their tokens */
export function linesBy({ lines }: Subject, starts: readonly number[], values: readonly number[]): Line[] {
  let t = 0;
  const means = lines.map(({ line }) => {
    let [sum, n] = [0, 0];
    while (t < starts.length && starts[t]! < line.start) t++;
    for (; t < starts.length && starts[t]! < line.end; t++, n++) sum += values[t]!;
    return { line, mean: sum / Math.max(1, n) };
  });
  return means.sort((a, b) => b.mean - a.mean || a.line.start - b.line.start).map(({ line }) => line);
}

/** The evidence with the future attention of each token given to another token, drawn at random. */
function withNoise(subject: Subject, weights: ExtendedWeights): TokenEvidence {
  const scorer = SCORERS.extended({ extended: weights });
  const without = evidenceOf(subject, SCORERS.extended({ extended: { ...weights, future: 0 } }), subject.aim);
  const future = evidenceOf(subject, scorer, subject.aim).values.map((x, t) => x - without.values[t]!);
  const next = seededRandom(7);
  for (let t = future.length - 1; t > 0; t--) {
    const other = next(t + 1);
    [future[t], future[other]] = [future[other]!, future[t]!];
  }
  return { ...without, values: without.values.map((x, t) => x + future[t]!) };
}

export type Row = (subject: Subject, sizes: readonly number[]) => Texts;

const rule =
  (order: Rule): Row =>
  (subject, sizes) =>
    byLines(
      subject,
      order(
        subject.lines.map((l) => l.line),
        subject.reading,
      ),
      sizes,
    );

/** @returns rows by their names; their texts depend on nothing that the reader says. @param candidates other weights, by name */
export function rowsOf(
  weights: ExtendedWeights,
  candidates: ReadonlyMap<string, ExtendedWeights>,
): ReadonlyMap<string, Row> {
  const scorer =
    (made: Scorer, aimed: (s: Subject) => Aim): Row =>
    (subject) =>
      alongSyntax(subject, evidenceOf(subject, made, aimed(subject)));
  const rows = new Map<string, Row>([
    [OURS, scorer(SCORERS.extended({ extended: weights }), (s) => s.aim)],
    [UNPLACED, scorer(SCORERS.extended({ extended: weights }), () => ({}))],
    [WITHOUT_FUTURE, scorer(SCORERS.extended({ extended: { ...weights, future: 0 } }), (s) => s.aim)],
    [NOISE_FOR_FUTURE, (subject) => alongSyntax(subject, withNoise(subject, weights))],
    [
      WITHOUT_RULES,
      (subject) =>
        alongSyntax(subject, evidenceOf(subject, SCORERS.extended({ extended: weights }), subject.aim), {
          outline: false,
          bindings: false,
        }),
    ],
  ]);
  for (const [name, extended] of candidates) {
    rows.set(
      name,
      scorer(SCORERS.extended({ extended }), (s) => s.aim),
    );
    rows.set(
      `${name}, code at hand unknown`,
      scorer(SCORERS.extended({ extended }), () => ({})),
    );
  }
  for (const [id, make] of Object.entries(SCORERS))
    if (id !== 'extended')
      rows.set(
        id,
        scorer(make({ extended: weights }), (s) => s.aim),
      );
  for (const [name, order] of Object.entries({ ...RULES, 'comments out, then lexical match': LEXICAL_MATCH })) {
    rows.set(name, rule(order));
    rows.set(`${name}; along syntax`, (subject) => alongSyntax(subject, evidenceBy(order, subject.reading, counter)));
  }
  return rows;
}
