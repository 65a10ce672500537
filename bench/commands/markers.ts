// Measures what markers do to a small judge: the same kept text with and without them, and how often it writes a marker itself.
import { notesIn } from '../../src/elisions/markers';
import { openModel } from '../../src/node/model/model';
import { counter, RATIOS } from '../cases/compressed';
import { LossMeter } from '../cases/loss';
import { editSimilarity, lineTaskOf, NextLine } from '../cases/nextLine';
import { table } from '../markdown';
import { count, required, runBench } from '../options';
import { judgeFolder } from '../quality/judge';
import { lossCases } from '../quality/measure';
import { methodsOf, SHIPPED } from '../quality/methods';
import { readCase } from '../quality/read';
import { mean } from '../quality/statistics';
import { grammarsIn, JUDGE, MODEL_DIR, TEST_CORPUS } from '../setup';

const spec = {
  name: 'markers',
  about: 'Measures what markers do to a judge, on the loss cases of the quality table.',
  inputs: { modelDir: MODEL_DIR, corpus: TEST_CORPUS },
  options: { judge: required('DIR', JUDGE), lossCases: count(48, 'cases', 'contexts to compress') },
};

runBench(spec, async (options) => {
  const { modelDir, corpus } = options;
  const judge = judgeFolder(options.judge, modelDir);
  const model = await openModel(modelDir);
  const meters = [await LossMeter.open(modelDir), await LossMeter.open(judge)];
  const writer = await NextLine.open(judge);
  const grammars = grammarsIn();
  const shipped = methodsOf(model.folder).get(SHIPPED)!;
  const cases = lossCases({ modelDir, file: corpus, cases: 0, lossCases: options.lossCases }, meters[0]!);
  const variants = ['with markers', 'without'] as const;
  // [ratio][variant], the first for each meter, the others for each case
  const saved = RATIOS.map(() => variants.map(() => meters.map(() => 0))); // nats
  const similarities = RATIOS.map(() => variants.map(() => [] as number[]));
  const writesMarker = RATIOS.map(() => variants.map(() => [] as number[]));
  const savedByAll = meters.map(() => 0); // nats that the whole context saves
  for (const item of cases) {
    const own = await readCase(model, grammars, counter, item);
    const compress = shipped({ own });
    const { context, target } = item;
    const nats = (text: string): Promise<number[]> =>
      Promise.all(meters.map((m) => m.nats({ ...context, text }, target)));
    const none = await nats('');
    (await nats(context.text)).forEach((full, m) => (savedByAll[m]! += none[m]! - full));
    const task = lineTaskOf(item);
    for (const [i, ratio] of RATIOS.entries()) {
      const { text, kept } = compress(Math.floor(own.recipientTokens * ratio));
      for (const [v, shown] of [text, kept.map((s) => context.text.slice(s.start, s.end)).join('')].entries()) {
        (await nats(shown)).forEach((n, m) => (saved[i]![v]![m]! += none[m]! - n));
        if (!task) continue;
        const line = await writer.write({ ...context, text: shown }, target, task.before);
        similarities[i]![v]!.push(editSimilarity(line, task.line));
        writesMarker[i]![v]!.push(notesIn(line).length ? 1 : 0);
      }
    }
  }
  const heads = ['loss recovery', 'under the judge', 'next line, similarity', 'it is a marker'].flatMap((what) =>
    RATIOS.map((r, i) => (i ? `@${r}` : `${what} @${r}`)),
  );
  const rows = variants.map((name, v) => {
    const cells = [
      ...meters.flatMap((_, m) => RATIOS.map((__, i) => saved[i]![v]![m]! / savedByAll[m]!)),
      ...RATIOS.map((_, i) => mean(similarities[i]![v]!)),
      ...RATIOS.map((_, i) => mean(writesMarker[i]![v]!)),
    ];
    return [name, ...cells.map((x) => x.toFixed(3))];
  });
  console.log(`${cases.length} cases\n`);
  console.log(table(["the shipped memory's text", ...heads], rows).join('\n'));
  await model.release();
});
