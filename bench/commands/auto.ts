// Measures what `--auto` keeps on repositories that its threshold was not chosen on: needed names, and what it drops by class, length and layer.
import { join } from 'node:path';
import { TOKEN_CLASSES } from '../../src/core/context';
import { stepsUnder } from '../../src/cut/fit';
import { orderCuts } from '../../src/cut/order';
import { renderPrefix } from '../../src/cut/render';
import { openModel } from '../../src/node/model/model';
import { SCORERS } from '../../src/scorers';
import { repositoriesOf } from '../cases/cases';
import { counter, MARKED } from '../cases/compressed';
import { percent, table, writePart } from '../markdown';
import { count, runBench } from '../options';
import { namesCases } from '../quality/measure';
import { SHIPPED } from '../quality/methods';
import { evidenceOf, readCase, recallIn } from '../quality/read';
import { interval, mean, sum } from '../quality/statistics';
import { grammarsIn, keptSpans, MODEL_DIR, OUT, progress, TEST_CORPUS } from '../setup';

/** Elisions are counted by how many source lines they replace. */
const LENGTHS = ['1', '2–3', '4–9', '10–29', '30 and more'];
const lengthClass = (lines: number): number => (lines < 2 ? 0 : lines < 4 ? 1 : lines < 10 ? 2 : lines < 30 ? 3 : 4);

const spec = {
  name: 'auto',
  about: 'Measures what `--auto` keeps on repositories that its threshold was not chosen on.',
  inputs: { modelDir: MODEL_DIR, corpus: TEST_CORPUS },
  options: { cases: count(150, 'cases', 'contexts to compress'), out: OUT },
};

runBench(spec, async ({ modelDir, corpus, cases: limit, out }) => {
  const model = await openModel(modelDir);
  const { shape, auto } = model.folder;
  const threshold = auto?.[SHIPPED];
  if (threshold === undefined) throw new Error('no calibrated threshold: run calibrate first');
  const scorer = SCORERS[SHIPPED](model.folder);
  const grammars = grammarsIn();

  const recalls: number[] = [];
  const recipientTokens = { all: 0, kept: 0 };
  const classes = TOKEN_CLASSES.map(() => ({ all: 0, dropped: 0 })); // model tokens
  const lengths = LENGTHS.map(() => 0); // model tokens dropped in elisions of that length
  const remaining = Array.from({ length: shape.layers }, () => 0); // entries in the caches of each layer after reading
  let entries = 0; // entries of one layer without eviction
  const cases = namesCases({ modelDir, file: corpus, cases: limit, lossCases: 0 });
  for (const [i, item] of cases.entries()) {
    const reading = await readCase(model, grammars, counter, item);
    const order = orderCuts(reading.structure, evidenceOf(reading, scorer), []);
    const rendered = renderPrefix(order, stepsUnder(order, threshold), MARKED);
    recalls.push(recallIn(reading, keptSpans(rendered)));
    recipientTokens.all += reading.recipientTokens;
    recipientTokens.kept += rendered.recipientTokens;
    let next = 0; // first elision that does not end before the token
    for (let t = 0; t < reading.tokens.length; t++) {
      const at = reading.tokens.bounds[t]!;
      while (next < rendered.elisions.length && rendered.elisions[next]!.end <= at) next++;
      const elision = rendered.elisions[next];
      const tokenClass = classes[reading.classes[t]!]!;
      tokenClass.all++;
      if (elision === undefined || elision.start > at) continue;
      tokenClass.dropped++;
      lengths[lengthClass(elision.lines)]!++;
    }
    const { heads, tokens, evictedAt } = reading.seen;
    entries += heads * tokens;
    remaining.forEach((_, layer) => {
      for (let e = layer * heads * tokens; e < (layer + 1) * heads * tokens; e++)
        if (evictedAt[e] === -1) remaining[layer]!++;
    });
    progress(i + 1, cases.length);
  }
  const bounds = interval(recalls.length, (sample) => mean(sample.map((j) => recalls[j]!)));
  const text = [
    `Model \`${model.folder.name}\` (${model.folder.sha256.slice(0, 12)}), ${cases.length} cases from ${repositoriesOf(cases)} repositories. With the threshold that was calibrated on validation repositories it keeps ${percent(mean(recalls))} of the needed names here (${bounds.map(percent).join(' to ')}) and ${percent(recipientTokens.kept / recipientTokens.all)} of recipient tokens.`,
    '',
    ...table(
      ['class', 'share of the text', 'of it left out'],
      TOKEN_CLASSES.map((name, c) => ({ name, ...classes[c]! }))
        .filter(({ all }) => all > 0)
        .map(({ name, all, dropped }) => [name, percent(all / sum(classes.map((k) => k.all))), percent(dropped / all)]),
    ),
    '',
    ...table(
      ['lines of a hole', ...LENGTHS],
      [['share of what is left out', ...lengths.map((n) => percent(n / Math.max(1, sum(lengths))))]],
    ),
    '',
    ...table(
      ['layer', ...remaining.map((_, l) => String(l + 1))],
      [['tokens its caches hold at the end', ...remaining.map((n) => percent(n / entries))]],
    ),
  ].join('\n');
  if (out !== undefined) writePart(join(out, 'quality.md'), 'auto', text);
  console.log(text);
  await model.release();
});
