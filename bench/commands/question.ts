// Measures what a question that names a declaration is worth: how much of that declaration is kept, and of the definitions it uses.
import { join } from 'node:path';
import type { Span } from '../../src/core/span';
import { Compressor } from '../../src/node/engine/compressor';
import { openModel } from '../../src/node/model/model';
import type { CodeStructure } from '../../src/parse/structure';
import { innermost, type Definition } from '../../src/parse/unit';
import { codeOnly, loadCases, namesIn, seededRandom, TABLE_SIZES, type Case } from '../cases/cases';
import { counter, RATIOS } from '../cases/compressed';
import { table } from '../markdown';
import { count, runBench } from '../options';
import { meanColumn } from '../quality/comparison';
import type { Grid } from '../quality/measure';
import { readCase } from '../quality/read';
import { leadCells } from '../quality/report';
import { linesOf, LOUD, RULES, take, type Rule } from '../quality/rules';
import { mean } from '../quality/statistics';
import { grammarsIn, keptSpans, MODEL_DIR, progress, TEST_CORPUS } from '../setup';

const MIN_UNITS = 200; // UTF-16 units of a declaration
const MAX_SHARE = 0.15; // of the text, so that the declaration fits every budget
const WITH_QUESTION = 'extended, with the question';

/** What one question keeps: shares by method and ratio. */
interface Kept {
  readonly declaration: Grid;
  readonly uses: Grid;
}

interface Question {
  readonly name: string;
  readonly declaration: Span;
  readonly uses: readonly Definition[]; // defined elsewhere in the context, used in the declaration
}

/** A random declaration that a question can name: the only one of its name, of some size. */
function questionAbout(
  { context: { text } }: Case,
  { units, definitions }: CodeStructure,
  next: (n: number) => number,
): Question | undefined {
  const found = definitions.flatMap(({ name, span }): Question[] => {
    const declaration = innermost(units, span.start);
    if (!declaration) return [];
    const { start, end } = declaration;
    if (end - start < MIN_UNITS || end - start > MAX_SHARE * text.length) return [];
    if (definitions.filter((d) => d.name === name).length > 1) return [];
    const used = namesIn(codeOnly(text.slice(start, end)));
    const uses = definitions.filter((d) => used.has(d.name) && (d.span.start < start || d.span.start >= end));
    return uses.length ? [{ name, declaration, uses }] : [];
  });
  return found[next(found.length)];
}

/** Lines with the name first, then the nearest lines after or before one, as someone reads who searches for it. */
const around =
  (name: string): Rule =>
  (lines) => {
    const hits = lines.flatMap((l, i) => (l.names.has(name) ? [i] : []));
    const distances = lines.map((_, i) => Math.min(...hits.map((h) => (i >= h ? i - h : 2 * (h - i)))));
    return lines
      .map((line, i) => ({ line, distance: distances[i]! }))
      .sort((a, b) => a.distance - b.distance || a.line.start - b.line.start)
      .map((x) => x.line);
  };
/** Comments out, lines with the name first, then lines that bring new names. */
const lexical =
  (name: string): Rule =>
  (lines, r) => {
    const rest = RULES['comments out, then new names']!(lines, r);
    return [...LOUD(lines, r).filter((l) => l.names.has(name)), ...rest.filter((l) => !l.names.has(name))];
  };

const spec = {
  name: 'question',
  about: 'Measures what a question that names a declaration is worth, against rules that search for the name.',
  inputs: { modelDir: MODEL_DIR, corpus: TEST_CORPUS },
  options: { cases: count(100, 'cases', 'questions to ask, each about another context') },
};

runBench(spec, async ({ modelDir, corpus, cases: limit }) => {
  const engine = await Compressor.create({ modelDir, grammarDir: join(__dirname, 'grammars') });
  const model = await openModel(modelDir);
  const grammars = grammarsIn();
  const next = seededRandom(71);
  const all: Kept[] = [];
  const repos = new Set<string>();
  for (const item of loadCases(corpus, { limit: 3 * limit, seed: 71, ...TABLE_SIZES })) {
    if (all.length === limit) break;
    const reading = await readCase(model, grammars, counter, item);
    const question = questionAbout(item, reading.structure, next);
    if (!question) continue;
    const { context } = item;
    const { declaration, uses } = question;
    const methods: Record<string, (ratio: number) => Promise<readonly Span[]>> = {};
    for (const [name, query] of [
      [WITH_QUESTION, `How does ${question.name} work?`],
      ['extended, without the question', undefined],
    ] as const)
      methods[name] = async (keepRatio) => {
        const { files } = await engine.compress({
          sources: [context],
          budget: { kind: 'keepRatio', keepRatio },
          scorer: 'extended',
          counter: 'o200k',
          markers: true,
          ...(query ? { query } : {}),
        });
        return keptSpans(files[0]!);
      };
    const lines = linesOf(reading, counter);
    const rules: Record<string, Rule> = {
      'lines around the name': around(question.name),
      'comments out, lines with the name, then new names': lexical(question.name),
      'random line': RULES['random line']!,
    };
    for (const [name, rule] of Object.entries(rules))
      methods[name] = (ratio) =>
        Promise.resolve(take(rule(lines, reading), Math.floor(reading.recipientTokens * ratio), counter));
    /** Characters without blanks. */
    const length = ({ start, end }: Span): number =>
      context.text.slice(start, Math.max(start, end)).replace(/\s/g, '').length;
    const shares: Record<keyof Kept, Record<string, number[]>> = { declaration: {}, uses: {} };
    for (const [name, method] of Object.entries(methods))
      for (const ratio of RATIOS) {
        const kept = await method(ratio);
        const overlap = kept.reduce(
          (sum, s) =>
            sum + length({ start: Math.max(s.start, declaration.start), end: Math.min(s.end, declaration.end) }),
          0,
        );
        (shares.declaration[name] ??= []).push(overlap / length(declaration));
        (shares.uses[name] ??= []).push(
          mean(uses.map(({ span }) => (kept.some((s) => s.start <= span.start && span.start < s.end) ? 1 : 0))),
        );
      }
    repos.add(item.repo);
    progress(all.push(shares), limit);
  }
  console.log(`${all.length} questions about ${all.length} texts from ${repos.size} repositories\n`);
  const columns = (['declaration', 'uses'] as const).map(
    (what) => (name: string) =>
      leadCells(
        meanColumn(all, (k) => k[what], name, WITH_QUESTION),
        name === WITH_QUESTION,
      ),
  );
  const head = ['of the declaration', 'definitions it uses'].flatMap((what) =>
    RATIOS.map((ratio) => `${what} @${ratio}`),
  );
  const rows = Object.keys(all[0]!.declaration).map((name) => [name, ...columns.flatMap((cells) => cells(name))]);
  console.log(table(['', ...head], rows).join('\n'));
  await model.release();
  await engine.dispose();
});
