// Knows what it is worth that a context of several files is ranked as one: needed names that survive in a file when another
// file of the context, in which the reader works, uses them already.
// Usage: several MODEL_DIR CORPUS.jsonl [--cases n] [--shared 1,2,3]   the factors of a shared name to try; default: the shipped one
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { evidenceFor } from '../../src/rank/ranking';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { fitToTokens } from '../../src/cut/fit';
import { Grammars } from '../../src/parse/grammars';
import { wordsOf } from '../../src/rank/names';
import { orderCuts } from '../../src/cut/order';
import { parseStructure } from '../../src/parse/structure';
import { loadCases, TABLE_SIZES } from '../cases/cases';
import { recallOf } from '../cases/recall';
import { counter, RATIOS, type Compressed } from './methods';
import { readCase, type Reading } from './read';
import { LEXICAL_MATCH, linesOf, ORACLE, RULES, take, type Rule } from './rules';
import { interval, mean } from './statistics';

type Method = (reading: Reading, others: ReadonlySet<string>) => Compressed[];

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const model = await openModel(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const weights = unpackExtended(extended, shape.layers * shape.kvHeads);
  const each = (r: Reading, at: (allowed: number) => Compressed): Compressed[] =>
    RATIOS.map((ratio) => at(Math.floor(r.recipientTokens * ratio)));
  const ranked = (shared: number, knows: boolean): Method => {
    const scorer = SCORERS.extended({ extended: { ...weights, shared } });
    return (r, others) => {
      const evidence = evidenceFor(
        scorer,
        { tokens: r.tokens, seen: r.seen, scores: scorer.score(r.seen) },
        r.structure,
        counter,
        knows ? { others } : {},
      );
      const order = orderCuts(r.structure, evidence, []);
      return each(r, (allowed) => {
        const { rendered } = fitToTokens(order, allowed, { markers: true, counter });
        return { text: rendered.text, kept: rendered.spans.filter((s) => s.kept) };
      });
    };
  };
  const byLines =
    (rule: Rule): Method =>
    (r) => {
      const lines = rule(linesOf(r, counter), r);
      return each(r, (allowed) => {
        const kept = take(lines, allowed, counter);
        return { text: kept.map((l) => l.text).join(''), kept };
      });
    };
  const factors = option('shared')?.split(',').map(Number) ?? [Math.exp(weights.shared)];
  const methods: [string, Method][] = [
    ['extended, each file for itself', ranked(0, false)],
    ...factors.map((f): [string, Method] => [
      `extended, shared names ${f.toFixed(1)} times`,
      ranked(Math.log(f), true),
    ]),
    ['comments out, then lexical match', byLines(LEXICAL_MATCH)],
    ...['random line', 'comments out, then new names', 'comments out, then greedy coverage'].map(
      (name): [string, Method] => [name, byLines(RULES[name]!)],
    ),
    ['oracle (knows the answer)', byLines(ORACLE)],
  ];
  const cases = loadCases(file!, {
    limit: Number(option('cases') ?? 150),
    seed: 61,
    ...TABLE_SIZES,
    kinds: ['beside'],
  });
  const recalls = methods.map(() => RATIOS.map((): number[] => []));
  for (const [i, item] of cases.entries()) {
    const reading = await readCase(model, grammars, counter, item);
    const others = wordsOf(await parseStructure(item.beside!, grammars));
    methods.forEach(([, method], m) =>
      method(reading, others).forEach(({ kept }, k) =>
        recalls[m]![k]!.push(recallOf(item, reading.structure, reading.definitions, kept)),
      ),
    );
    if (i % 20 === 19) console.error(`${i + 1} of ${cases.length} cases`);
  }
  console.log(`${cases.length} cases from ${new Set(cases.map((c) => c.repo)).size} repositories\n`);
  console.log(
    `| | ${RATIOS.map((r) => `needed names @${r} | difference to the first row`).join(' | ')} |\n|---|${'---|---|'.repeat(RATIOS.length)}`,
  );
  methods.forEach(([name], m) => {
    const cells = RATIOS.map((_, k) => {
      const differences = recalls[m]![k]!.map((x, i) => x - recalls[0]![k]![i]!);
      const [low, high] = interval(differences.length, (sample) => mean(sample.map((i) => differences[i]!)));
      return `${mean(recalls[m]![k]!).toFixed(3)} | ${m === 0 ? '' : `${low.toFixed(3)} to ${high.toFixed(3)}`}`;
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  });
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
