// Knows how much of what a whole context saves on a token a smaller one saves, by the longest run of tokens up to it that is left.
// Usage: matches MODEL_DIR VALIDATION.jsonl [--cases n] [--out DOCS]: their quality.md
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { Grammars } from '../../src/parse/grammars';
import { LossMeter } from '../cases/loss';
import { counter, methodsOf, RATIOS } from './methods';
import { readCase } from './read';
import { table, withPart } from './report';

const MOST = 6; // tokens of a run that are told apart
const METHODS = ['extended', 'tail', 'random line'];

/** Length of the longest run that ends in token `t` of `later` and stands in `ids` too, MOST at most. */
function longest(
  ids: Int32Array,
  standing: ReadonlyMap<number, readonly number[]>,
  later: Int32Array,
  t: number,
): number {
  let most = 0;
  for (const at of standing.get(later[t]!) ?? []) {
    let length = 1;
    while (length < MOST && at >= length && t >= length && ids[at - length] === later[t - length]) length++;
    most = Math.max(most, length);
  }
  return most;
}

function standingOf(ids: Int32Array): Map<number, number[]> {
  const out = new Map<number, number[]>();
  ids.forEach((id, t) => {
    const at = out.get(id);
    if (at) at.push(t);
    else out.set(id, [t]);
  });
  return out;
}

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const limit = Number(option('cases') ?? 90);
  const model = await openModel(modelDir!);
  const meter = await LossMeter.open(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const methods = methodsOf(model.folder);
  const cases = meter.cases(file!, limit, 77);
  const whole = new Float64Array((MOST + 1) ** 2); // [run in the whole context][run in what is left] nats
  const left = new Float64Array((MOST + 1) ** 2);
  for (const c of cases) {
    const reading = await readCase(model, grammars, counter, c);
    const { ids } = reading.tokens;
    const { ids: target, nats: all } = await meter.saved(c.context, c.target);
    const before = c.kind === 'next' ? ids.slice(-MOST) : new Int32Array(0);
    const later = Int32Array.from([...before, ...target]);
    const standing = standingOf(ids);
    for (const name of METHODS) {
      const { text } = methods.get(name)!({ own: reading })(Math.floor(reading.recipientTokens * RATIOS[0]));
      const kept = model.tokenizer.tokenize(text).ids;
      const keptStanding = standingOf(kept);
      const { nats } = await meter.saved({ ...c.context, text }, c.target);
      nats.forEach((x, t) => {
        const most = longest(ids, standing, later, before.length + t);
        const cell = most * (MOST + 1) + Math.min(most, longest(kept, keptStanding, later, before.length + t));
        whole[cell]! += all[t]!;
        left[cell]! += x;
      });
    }
  }
  const cell = (most: number, k: number): string => {
    const at = most * (MOST + 1) + k;
    return k > most ? '' : `${(left[at]! / whole[at]!).toFixed(2)} (${whole[at]!.toFixed(0)})`;
  };
  const counts = Array.from({ length: MOST }, (_, k) => k + 1);
  const more = (k: number): string => `${k}${k === MOST ? ' or more' : ''}`;
  const text = [
    `Model \`${model.folder.name}\` (${model.folder.sha256.slice(0, 12)}), ${cases.length} validation cases, compressed to ${RATIOS[0]} by ${METHODS.join(', ')}. Of the nats that the whole context saves on a token of the target (in brackets, summed over the three), the share that the compressed one saves.`,
    '',
    ...table(
      ['tokens of the run in the context \\ in what is left', '0', ...counts.map(more)],
      counts.slice(1).map((most) => [more(most), cell(most, 0), ...counts.map((k) => cell(most, k))]),
    ),
  ].join('\n');
  const out = option('out');
  if (out)
    writeFileSync(join(out, 'quality.md'), withPart(readFileSync(join(out, 'quality.md'), 'utf8'), 'matches', text));
  console.log(text);
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
