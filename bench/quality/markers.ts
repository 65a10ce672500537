// Knows what our markers do to a small judge: the same kept text with them and without, and how often it writes one itself.
// Usage: markers MODEL_DIR CORPUS.jsonl --judge DIR [--loss-cases n]   on the loss cases of the quality table
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { notesIn } from '../../src/elisions/markers';
import { Grammars } from '../../src/parse/grammars';
import { LossMeter } from '../cases/loss';
import { editSimilarity, lineTaskOf, NextLine } from '../cases/nextLine';
import { judgeFolder } from './judge';
import { lossCases } from './measure';
import { counter, methodsOf, RATIOS, SHIPPED } from './methods';
import { readCase } from './read';
import { mean } from './statistics';

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const judge = judgeFolder(option('judge')!, modelDir!);
  const model = await openModel(modelDir!);
  const meters = [await LossMeter.open(modelDir!), await LossMeter.open(judge)];
  const writer = await NextLine.open(judge);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const shipped = methodsOf(model.folder).get(SHIPPED)!;
  const cases = lossCases(
    { modelDir: modelDir!, file: file!, cases: 0, lossCases: Number(option('loss-cases') ?? 48) },
    meters[0]!,
  );
  const variants = ['with markers', 'without'] as const;
  const saved = RATIOS.map(() => variants.map(() => meters.map(() => 0)));
  const similar = RATIOS.map(() => variants.map(() => [] as number[]));
  const marked = RATIOS.map(() => variants.map(() => [] as number[]));
  const room = meters.map(() => 0);
  for (const item of cases) {
    const own = await readCase(model, grammars, counter, item);
    const compress = shipped({ own });
    const { context, target } = item;
    const nats = (text: string): Promise<number[]> =>
      Promise.all(meters.map((m) => m.nats({ ...context, text }, target)));
    const none = await nats('');
    (await nats(context.text)).forEach((full, m) => (room[m]! += none[m]! - full));
    const task = lineTaskOf(item);
    for (const [i, ratio] of RATIOS.entries()) {
      const { text, kept } = compress(Math.floor(own.recipientTokens * ratio));
      for (const [v, shown] of [text, kept.map((s) => context.text.slice(s.start, s.end)).join('')].entries()) {
        (await nats(shown)).forEach((n, m) => (saved[i]![v]![m]! += none[m]! - n));
        if (!task) continue;
        const line = await writer.write({ ...context, text: shown }, target, task.before);
        similar[i]![v]!.push(editSimilarity(line, task.line));
        marked[i]![v]!.push(notesIn(line).length ? 1 : 0);
      }
    }
  }
  console.log(
    `${cases.length} cases\n\n| the shipped memory's text | loss recovery @${RATIOS.join(' | @')} | under the judge @${RATIOS.join(' | @')} | next line, similarity @${RATIOS.join(' | @')} | it is a marker @${RATIOS.join(' | @')} |`,
  );
  console.log(`|---|${'---|'.repeat(4 * RATIOS.length)}`);
  variants.forEach((name, v) => {
    const cells = [
      ...meters.flatMap((_, m) => RATIOS.map((__, i) => saved[i]![v]![m]! / room[m]!)),
      ...RATIOS.map((_, i) => mean(similar[i]![v]!)),
      ...RATIOS.map((_, i) => mean(marked[i]![v]!)),
    ];
    console.log(`| ${name} | ${cells.map((x) => x.toFixed(3)).join(' | ')} |`);
  });
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
