// Measures what the precision of the stored weights does to a reading and to what is kept: the same model with weights in 8 and in 32 bits.
import type { CacheGrid } from '../../src/core/observation';
import { correlation } from '../../src/inspector/comparison';
import { openModel } from '../../src/node/model/model';
import { atRatios, counter, RATIOS } from '../cases/compressed';
import { percent, table } from '../markdown';
import { count, required, runBench } from '../options';
import { meanColumn } from '../quality/comparison';
import { namesCases, type Grid } from '../quality/measure';
import { methodsOf, SHIPPED } from '../quality/methods';
import { readCase, recallIn } from '../quality/read';
import { leadCells } from '../quality/report';
import { mean } from '../quality/statistics';
import { grammarsIn, MODEL_DIR, TEST_CORPUS } from '../setup';

/** Correlation of two grids, the mean over their caches. */
function similarity(a: CacheGrid, b: CacheGrid): number {
  const row = ({ tokens, data }: CacheGrid, c: number): Float32Array => data.subarray(c * tokens, (c + 1) * tokens);
  return mean(Array.from({ length: a.data.length / a.tokens }, (_, c) => correlation(row(a, c), row(b, c)) ?? NaN));
}

const spec = {
  name: 'precision',
  about: 'Measures what the precision of the stored weights does to a reading and to what is kept.',
  inputs: {
    modelDir: MODEL_DIR,
    exactDir: required('EXACT_DIR', 'the same model with float32 weights: export.py --exact of the same run'),
    corpus: TEST_CORPUS,
  },
  options: { cases: count(100, 'cases', 'contexts to read') },
};

runBench(spec, async ({ modelDir, exactDir, corpus, cases: limit }) => {
  const models = [await openModel(modelDir), await openModel(exactDir)] as const;
  const grammars = grammarsIn();
  const cases = namesCases({ modelDir, file: corpus, cases: limit, lossCases: 0 });
  const shipped = models.map((m) => methodsOf(m.folder).get(SHIPPED)!);
  const nats: [number[], number[]] = [[], []];
  const scores: number[] = [];
  const surprisals: number[] = [];
  const agreement = RATIOS.map(() => ({ same: 0, all: 0 })); // characters that both keep or both drop
  const recalls: Grid[] = [];
  for (const item of cases) {
    const readings = [
      await readCase(models[0], grammars, counter, item),
      await readCase(models[1], grammars, counter, item),
    ] as const;
    const [own, exact] = [readings[0].seen, readings[1].seen];
    [own, exact].forEach(({ logProb }, m) => nats[m]!.push(-mean(Array.from(logProb!))));
    scores.push(similarity(own.nammScore!, exact.nammScore!));
    surprisals.push(correlation(own.logProb!, exact.logProb!) ?? NaN);
    const kept = readings.map((r, m) => atRatios(r.recipientTokens, shipped[m]!({ own: r })).map((c) => c.kept));
    const recall = readings.map((r, m) => kept[m]!.map((spans) => recallIn(r, spans)));
    recalls.push({ [SHIPPED]: recall[0]!, exact: recall[1]! });
    agreement.forEach((sum, i) => {
      const [a, b] = kept.map((spansAt) => {
        const mask = new Uint8Array(item.context.text.length);
        for (const { start, end } of spansAt[i]!) mask.fill(1, start, end);
        return mask;
      }) as [Uint8Array, Uint8Array];
      sum.same += a.reduce((n, k, at) => n + (k === b[at] ? 1 : 0), 0);
      sum.all += a.length;
    });
  }
  const [loss, exactLoss] = nats.map((n) => mean(n).toFixed(4));
  const [needed, neededExact] = [SHIPPED, 'exact'].map((name) =>
    leadCells(
      meanColumn(recalls, (g) => g, name),
      name === SHIPPED,
    ),
  ) as [string[], string[]];
  console.log(
    `${cases.length} cases; the network's scores of the two correlate by ${mean(scores).toFixed(4)} (mean over caches and cases), surprisals by ${mean(surprisals).toFixed(4)}.\n`,
  );
  const rows = [
    ['loss of the contexts, nats a token', loss!, exactLoss!],
    ...RATIOS.map((ratio, i) => [`needed names @${ratio}`, needed[i]!, neededExact[i]!]),
    ...RATIOS.map((ratio, i) => {
      const { same, all } = agreement[i]!;
      return [`characters that both keep or both drop @${ratio}`, percent(same / all), ''];
    }),
  ];
  console.log(table(['', 'stored in 8 bits', 'in 32 bits'], rows).join('\n'));
  await Promise.all(models.map((m) => m.release()));
});
