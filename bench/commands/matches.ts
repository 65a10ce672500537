// Measures how much of what a whole context saves on a token a compressed one saves, by the longest run of tokens up to it that is kept.
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { counter, RATIOS } from '../cases/compressed';
import { LossMeter } from '../cases/loss';
import { table, writePart } from '../markdown';
import { count, runBench } from '../options';
import { methodsOf } from '../quality/methods';
import { readCase } from '../quality/read';
import { grammarsIn, MODEL_DIR, OUT, VALIDATION_CORPUS } from '../setup';

const MAX_RUN = 6; // tokens; longer runs count as this long
const METHODS = ['extended', 'tail', 'random line'];

/** Length of the longest run that ends in token `t` of `later` and occurs in `ids` too, at most MAX_RUN. */
function longestRun(
  ids: Int32Array,
  positions: ReadonlyMap<number, readonly number[]>,
  later: Int32Array,
  t: number,
): number {
  let longest = 0;
  for (const at of positions.get(later[t]!) ?? []) {
    let length = 1;
    while (length < MAX_RUN && at >= length && t >= length && ids[at - length] === later[t - length]) length++;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Where each token id occurs. */
function positionsOf(ids: Int32Array): Map<number, number[]> {
  const positions = new Map<number, number[]>();
  ids.forEach((id, t) => {
    const known = positions.get(id);
    if (known) known.push(t);
    else positions.set(id, [t]);
  });
  return positions;
}

const spec = {
  name: 'matches',
  about: 'Measures what a compressed context saves on tokens of the target, by how much of their surroundings is kept.',
  inputs: { modelDir: MODEL_DIR, corpus: VALIDATION_CORPUS },
  options: { cases: count(90, 'cases', 'contexts to compress'), out: OUT },
};

runBench(spec, async ({ modelDir, corpus, cases: limit, out }) => {
  const model = await openModel(modelDir);
  const meter = await LossMeter.open(modelDir);
  const grammars = grammarsIn();
  const methods = methodsOf(model.folder);
  const cases = meter.cases(corpus, limit, 77);
  // nats that the context saves: [run in the whole context][run in the compressed one]
  const byWhole = new Float64Array((MAX_RUN + 1) ** 2);
  const byCompressed = new Float64Array((MAX_RUN + 1) ** 2);
  for (const c of cases) {
    const reading = await readCase(model, grammars, counter, c);
    const { ids } = reading.tokens;
    const { ids: target, nats: whole } = await meter.saved(c.context, c.target);
    const before = c.kind === 'next' ? ids.slice(-MAX_RUN) : new Int32Array(0);
    const later = Int32Array.from([...before, ...target]);
    const positions = positionsOf(ids);
    for (const name of METHODS) {
      const { text } = methods.get(name)!({ own: reading })(Math.floor(reading.recipientTokens * RATIOS[0]));
      const kept = model.tokenizer.tokenize(text).ids;
      const keptPositions = positionsOf(kept);
      const { nats } = await meter.saved({ ...c.context, text }, c.target);
      nats.forEach((x, t) => {
        const run = longestRun(ids, positions, later, before.length + t);
        const keptRun = Math.min(run, longestRun(kept, keptPositions, later, before.length + t));
        byWhole[run * (MAX_RUN + 1) + keptRun]! += whole[t]!;
        byCompressed[run * (MAX_RUN + 1) + keptRun]! += x;
      });
    }
  }
  const cell = (run: number, keptRun: number): string => {
    const at = run * (MAX_RUN + 1) + keptRun;
    return keptRun > run ? '' : `${(byCompressed[at]! / byWhole[at]!).toFixed(2)} (${byWhole[at]!.toFixed(0)})`;
  };
  const runs = Array.from({ length: MAX_RUN }, (_, k) => k + 1);
  const title = (run: number): string => `${run}${run === MAX_RUN ? ' or more' : ''}`;
  const text = [
    `Model \`${model.folder.name}\` (${model.folder.sha256.slice(0, 12)}), ${cases.length} validation cases, compressed to ${RATIOS[0]} by ${METHODS.join(', ')}. Of the nats that the whole context saves on a token of the target (in brackets, summed over the three), the share that the compressed one saves.`,
    '',
    ...table(
      ['tokens of the run in the context \\ in what is left', '0', ...runs.map(title)],
      runs.slice(1).map((run) => [title(run), cell(run, 0), ...runs.map((keptRun) => cell(run, keptRun))]),
    ),
  ].join('\n');
  if (out !== undefined) writePart(join(out, 'quality.md'), 'matches', text);
  console.log(text);
  await model.release();
});
