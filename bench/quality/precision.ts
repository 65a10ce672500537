// Knows what the precision of the stored weights does to a reading, and to what is kept: the same model, with weights in 8 and in 32 bits.
// Usage: precision MODEL_DIR EXACT_DIR CORPUS.jsonl [--cases n]   EXACT_DIR: export.py --exact of the same run
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheGrid } from '../../src/core/observation';
import { correlation } from '../../src/inspector/comparison';
import { openModel } from '../../src/node/model/model';
import { Grammars } from '../../src/parse/grammars';
import { recallOf } from '../cases/recall';
import { meanColumn } from './comparison';
import { namesCases, type Grid } from './measure';
import { counter, methodsOf, RATIOS, SHIPPED } from './methods';
import { readCase } from './read';
import { leads, percent, table } from './report';
import { mean } from './statistics';

/** Mean over the caches. */
function alike(a: CacheGrid, b: CacheGrid): number {
  const row = ({ tokens, data }: CacheGrid, c: number): Float32Array => data.subarray(c * tokens, (c + 1) * tokens);
  return mean(Array.from({ length: a.data.length / a.tokens }, (_, c) => correlation(row(a, c), row(b, c)) ?? NaN));
}

async function main(): Promise<void> {
  const [modelDir, exactDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const models = [await openModel(modelDir!), await openModel(exactDir!)] as const;
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const cases = namesCases({ modelDir: modelDir!, file: file!, cases: Number(option('cases') ?? 100), lossCases: 0 });
  const ship = models.map((m) => methodsOf(m.folder).get(SHIPPED)!);
  const nats: number[][] = [[], []];
  const scores: number[] = [];
  const surprisals: number[] = [];
  const same = RATIOS.map(() => [0, 0]); // characters that both keep or both drop, of all
  const recalls: Grid[] = [];
  for (const item of cases) {
    const recall: [number[], number[]] = [[], []];
    const readings = [
      await readCase(models[0], grammars, counter, item),
      await readCase(models[1], grammars, counter, item),
    ] as const;
    const [ours, exact] = readings.map((r) => r.seen) as [(typeof readings)[0]['seen'], (typeof readings)[0]['seen']];
    for (const [m, { logProb }] of [ours, exact].entries()) nats[m]!.push(-mean(Array.from(logProb!)));
    scores.push(alike(ours.nammScore!, exact.nammScore!));
    surprisals.push(correlation(ours.logProb!, exact.logProb!) ?? NaN);
    RATIOS.forEach((ratio, i) => {
      const masks = readings.map((own, m) => {
        const { kept } = ship[m]!({ own })(Math.floor(own.recipientTokens * ratio));
        recall[m]!.push(recallOf(item, own.structure, own.definitions, kept));
        const mask = new Uint8Array(item.context.text.length);
        for (const { start, end } of kept) mask.fill(1, start, end);
        return mask;
      });
      masks[0]!.forEach((k, at) => (same[i]![0]! += k === masks[1]![at] ? 1 : 0));
      same[i]![1]! += masks[0]!.length;
    });
    recalls.push({ [SHIPPED]: recall[0], exact: recall[1] });
  }
  const [loss, exactLoss] = nats.map((n) => mean(n).toFixed(4));
  const [needed, neededExact] = [SHIPPED, 'exact'].map((name) =>
    leads(
      meanColumn(recalls, (g) => g, name),
      name === SHIPPED,
    ),
  ) as [string[], string[]];
  console.log(
    `${cases.length} cases; the network's scores of the two correlate by ${mean(scores).toFixed(4)} (mean over caches and cases), surprisals by ${mean(surprisals).toFixed(4)}.\n`,
  );
  console.log(
    table(
      ['', 'stored in 8 bits', 'in 32 bits'],
      [
        ['loss of the contexts, nats a token', loss!, exactLoss!],
        ...RATIOS.map((ratio, i) => [`needed names @${ratio}`, needed[i]!, neededExact[i]!]),
        ...RATIOS.map((ratio, i) => [
          `characters that both keep or both drop @${ratio}`,
          percent(same[i]![0]! / same[i]![1]!),
          '',
        ]),
      ],
    ).join('\n'),
  );
  await Promise.all(models.map((m) => m.release()));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
