// Knows what `--auto` leaves on repositories that its threshold was not chosen on: needed names, and what it drops by class, length and layer.
// Usage: auto MODEL_DIR CORPUS.jsonl [--cases n] [--out DIR]   DIR: where quality.md lies
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOKEN_CLASSES } from '../../src/core/context';
import { openModel } from '../../src/node/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { stepsUnder } from '../../src/cut/fit';
import { Grammars } from '../../src/parse/grammars';
import { orderCuts } from '../../src/cut/order';
import { renderPrefix } from '../../src/cut/render';
import { recallOf } from '../cases/recall';
import { namesCases } from './measure';
import { counter, SHIPPED } from './methods';
import { evidenceOf, readCase } from './read';
import { percent, table, withPart } from './report';
import { interval, mean } from './statistics';

/** What a cut run of source lines is counted under, by its length. */
const RUNS = ['1', '2–3', '4–9', '10–29', '30 and more'];
const runOf = (lines: number): number => (lines < 2 ? 0 : lines < 4 ? 1 : lines < 10 ? 2 : lines < 30 ? 3 : 4);

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const model = await openModel(modelDir!);
  const { shape, extended, auto } = model.folder;
  const threshold = auto?.[SHIPPED];
  if (threshold === undefined) throw new Error('no calibrated threshold: run calibrate first');
  const scorer = SCORERS[SHIPPED]({ extended: unpackExtended(extended, shape.layers * shape.kvHeads) });
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));

  const recalls: number[] = [];
  const recipientTokens = { all: 0, kept: 0 };
  const classes = TOKEN_CLASSES.map(() => ({ all: 0, gone: 0 })); // model tokens
  const runs = RUNS.map(() => 0); // model tokens left out in runs of that length
  const held = Array.from({ length: shape.layers }, () => 0); // entries that the caches of each layer still held at the end
  let entries = 0; // of one layer
  const cases = namesCases({ modelDir: modelDir!, file: file!, cases: Number(option('cases') ?? 150), lossCases: 0 });
  for (const [i, item] of cases.entries()) {
    const reading = await readCase(model, grammars, counter, item);
    const order = orderCuts(reading.structure, evidenceOf(reading, scorer), []);
    const rendered = renderPrefix(order, stepsUnder(order, threshold), { markers: true, counter });
    recalls.push(
      recallOf(
        item,
        reading.structure,
        reading.definitions,
        rendered.spans.filter((s) => s.kept),
      ),
    );
    recipientTokens.all += reading.recipientTokens;
    recipientTokens.kept += rendered.recipientTokens;
    let hole = 0;
    for (let t = 0; t < reading.tokens.length; t++) {
      const at = reading.tokens.bounds[t]!;
      while (hole < rendered.elisions.length && rendered.elisions[hole]!.end <= at) hole++;
      const gone = rendered.elisions[hole];
      const kind = classes[reading.classes[t]!]!;
      kind.all++;
      if (gone === undefined || gone.start > at) continue;
      kind.gone++;
      runs[runOf(gone.lines)]!++;
    }
    const { heads, tokens, evictedAt } = reading.seen;
    entries += heads * tokens;
    held.forEach((_, layer) => {
      for (let e = layer * heads * tokens; e < (layer + 1) * heads * tokens; e++)
        if (evictedAt[e] === -1) held[layer]!++;
    });
    if (i % 20 === 19) console.error(`${i + 1} of ${cases.length} cases`);
  }
  const sum = (a: readonly number[]): number => a.reduce((x, y) => x + y, 0);
  const text = [
    `Model \`${model.folder.name}\` (${model.folder.sha256.slice(0, 12)}), ${cases.length} cases from ${new Set(cases.map((c) => c.repo)).size} repositories. With the threshold that was calibrated on validation repositories it keeps ${percent(mean(recalls))} of the needed names here (${interval(
      recalls.length,
      (s) => mean(s.map((j) => recalls[j]!)),
    )
      .map(percent)
      .join(' to ')}) and ${percent(recipientTokens.kept / recipientTokens.all)} of recipient tokens.`,
    '',
    ...table(
      ['class', 'share of the text', 'of it left out'],
      TOKEN_CLASSES.flatMap((name, c) =>
        classes[c]!.all
          ? [
              [
                name,
                percent(classes[c]!.all / sum(classes.map((k) => k.all))),
                percent(classes[c]!.gone / classes[c]!.all),
              ],
            ]
          : [],
      ),
    ),
    '',
    ...table(
      ['lines of a hole', ...RUNS],
      [['share of what is left out', ...runs.map((n) => percent(n / Math.max(1, sum(runs))))]],
    ),
    '',
    ...table(
      ['layer', ...held.map((_, l) => String(l + 1))],
      [['tokens its caches hold at the end', ...held.map((n) => percent(n / entries))]],
    ),
  ].join('\n');
  const out = option('out');
  if (out) {
    const document = join(out, 'quality.md');
    writeFileSync(document, withPart(readFileSync(document, 'utf8'), 'auto', text));
  }
  console.log(text);
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
