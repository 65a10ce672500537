// Measures what it is worth to rank a context of several files as one: needed names that survive if another file uses them.
import { orderCuts } from '../../src/cut/order';
import { openModel } from '../../src/node/model/model';
import { parseStructure } from '../../src/parse/structure';
import { wordsOf } from '../../src/evidence/names';
import { evidenceFor } from '../../src/evidence/evidence';
import { SCORERS } from '../../src/scorers';
import { loadCases, repositoriesOf, TABLE_SIZES } from '../cases/cases';
import { atRatios, counter, cutTo, RATIOS, type Compressed } from '../cases/compressed';
import { table } from '../markdown';
import { count, numbers, runBench } from '../options';
import { ORACLE_NAME } from '../quality/methods';
import { readCase, recallIn, type Reading } from '../quality/read';
import { LEXICAL_MATCH, ORACLE, RULES, ruleWithin, type Rule } from '../quality/rules';
import { interval, mean } from '../quality/statistics';
import { grammarsIn, MODEL_DIR, progress, TEST_CORPUS } from '../setup';

/** @param otherNames names in the other file. @returns compresses to a number of recipient tokens */
type Method = (reading: Reading, otherNames: ReadonlySet<string>) => (allowed: number) => Compressed;

const spec = {
  name: 'several',
  about:
    'Measures what it is worth to rank a context of several files as one, by the needed names that survive in a file if another file of the context uses them.',
  inputs: { modelDir: MODEL_DIR, corpus: TEST_CORPUS },
  options: {
    cases: count(150, 'cases', 'contexts to compress'),
    shared: numbers('1,2,3', 'how many times more a shared name is worth, to try each (default: the shipped factor)'),
  },
};

runBench(spec, async ({ modelDir, corpus, cases: limit, shared }) => {
  const model = await openModel(modelDir);
  const grammars = grammarsIn();
  const weights = model.folder.extended;
  const ranked = (logFactor: number, knowsOthers: boolean): Method => {
    const scorer = SCORERS.extended({ extended: { ...weights, shared: logFactor } });
    return ({ tokens, seen, structure }, others) => {
      const scored = { tokens, seen, scores: scorer.score(seen) };
      const evidence = evidenceFor(scorer, scored, structure, counter, knowsOthers ? { others } : {});
      const order = orderCuts(structure, evidence, []);
      return (allowed) => cutTo(order, allowed);
    };
  };
  const byLines =
    (rule: Rule): Method =>
    (reading) =>
      ruleWithin(rule, reading, counter);
  const factors = shared.length ? shared : [Math.exp(weights.shared)];
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
    [ORACLE_NAME, byLines(ORACLE)],
  ];
  const cases = loadCases(corpus, { limit, seed: 61, ...TABLE_SIZES, kinds: ['beside'] });
  const recalls = methods.map(() => RATIOS.map((): number[] => []));
  for (const [i, item] of cases.entries()) {
    const reading = await readCase(model, grammars, counter, item);
    const others = wordsOf(await parseStructure(item.beside!, grammars));
    methods.forEach(([, method], m) =>
      atRatios(reading.recipientTokens, method(reading, others)).forEach(({ kept }, k) =>
        recalls[m]![k]!.push(recallIn(reading, kept)),
      ),
    );
    progress(i + 1, cases.length);
  }
  console.log(`${cases.length} cases from ${repositoriesOf(cases)} repositories\n`);
  const rows = methods.map(([name], m) => [
    name,
    ...RATIOS.flatMap((_, k) => {
      const differences = recalls[m]![k]!.map((x, i) => x - recalls[0]![k]![i]!);
      const [low, high] = interval(differences.length, (sample) => mean(sample.map((i) => differences[i]!)));
      return [mean(recalls[m]![k]!).toFixed(3), m === 0 ? '' : `${low.toFixed(3)} to ${high.toFixed(3)}`];
    }),
  ]);
  const head = RATIOS.flatMap((r) => [`needed names @${r}`, 'difference to the first row']);
  console.log(table(['', ...head], rows).join('\n'));
  await model.release();
});
