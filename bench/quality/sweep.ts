// Knows how the weights that neither evolution nor a fit sets are chosen: by needed names and loss recovery on validation repositories.
// Usage: sweep MODEL_DIR VALIDATION.jsonl [--cases n] [--loss-cases n], and lists that are tried together:
//   [--markers 2,3.5] recipient tokens that a hole costs  [--focus 6:1,9:1.5] worth at the cursor, near and wide
//   [--age 1:0,2:1] worth at the end of a text without a cursor, near and wide
//   [--again 0.05,0.1] share of a repeated mention  [--definitions 2,4] worth of a definition in mentions
//   [--surprisal 1:0:0,0.8:3:0.3] worth of a pair of tokens, what its spread over the text adds, and the share of a copy
//   [--saved 0,0.5,1] worth of a pair of tokens for each nat that it is foretold to save
//   [--kinds next,later] of the cases only those whose target stands there
//   [--beside tail,recency] methods of the tables, on the same cases
//   [--names 1,1.5 (not beside --definitions)] [--classes 0,1] [--attention 0,1] times what the weights say
//   [--oracle] loss alone: what could be recovered if one knew which pairs of tokens come again, and what each of them saves
// What ships is the first row; of every other the brackets tell by how much that is ahead of it (95 %, paired bootstrap). A hundred loss cases do not tell 0.03.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOKEN_CLASSES } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import { loadModelFolder, type ModelFolder } from '../../src/node/model/manifest';
import { openModel } from '../../src/node/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended, type ExtendedWeights } from '../../src/scorers/extended';
import { fitToTokens } from '../../src/cut/fit';
import { Grammars } from '../../src/parse/grammars';
import { orderCuts } from '../../src/cut/order';
import { pairsOf } from '../../src/rank/pairs';
import { CASE_KINDS, loadCases, TABLE_SIZES, type CaseKind } from '../cases/cases';
import { LossMeter, type TokenNats } from '../cases/loss';
import { recallOf } from '../cases/recall';
import { meanColumn, rate, recoveryColumn } from './comparison';
import type { Grid, LossMeasure } from './measure';
import { counter, methodsOf, RATIOS, type Compressed } from './methods';
import { inProcesses, processesFor } from './processes';
import { evidenceOf, readCase, type Reading } from './read';
import { leads } from './report';

const [modelDir, file, ...rest] = process.argv.slice(2);
const option = (name: string, otherwise: string): string =>
  rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1]! : otherwise;

const FIRST = 'as it ships';
const ORACLE = 'knows which pairs come again';
const REST = 0.03; // of what ships: decides for it among what the target does not need
const KINDS = option('kinds', CASE_KINDS.join()).split(',');
const KNOWING = rest.includes('--oracle');
const [CASES, LOSS_CASES] = [Number(option('cases', '60')), Number(option('loss-cases', '36'))];

interface Tried {
  readonly name: string;
  readonly set?: Partial<ExtendedWeights>; // none for a method of the tables
}

type Row =
  | { readonly kind: 'names'; readonly case: number; readonly recall: Grid }
  | (LossMeasure & { readonly kind: 'loss'; readonly where: CaseKind });

function triedOf(weights: ExtendedWeights): Tried[] {
  const times = (w: Float32Array, by: string): Float32Array => w.map((x) => x * Number(by));
  const SETTINGS: Readonly<Record<string, (value: string) => Partial<ExtendedWeights>>> = {
    markers: (v) => ({ marker: Math.log(Number(v)) }),
    focus: (v) => ({ focus: Float32Array.from(v.split(':'), Number) }),
    age: (v) => ({ age: Float32Array.from(v.split(':'), Number) }),
    repeatDecay: (v) => ({ repeatDecay: Math.log(Number(v) / (1 - Number(v))) }),
    definitions: (v) => ({ sure: Float32Array.of(weights.sure[0]!, weights.sure[0]! + Math.log(Number(v))) }),
    names: (v) => ({ sure: weights.sure.map((x) => x + Math.log(Number(v))) }),
    classes: (v) => ({ classes: times(weights.classes, v) }),
    saved: (v) => ({ saved: Number(v) }),
    surprisal: (v) => ({ surprisal: Float32Array.from(v.split(':'), Number) }),
    attention: (v) => ({ caches: times(weights.caches, v) }),
  };
  let tried: Required<Tried>[] = [{ name: '', set: {} }];
  for (const [key, make] of Object.entries(SETTINGS))
    if (rest.includes(`--${key}`))
      tried = option(key, '')
        .split(',')
        .flatMap((v) => tried.map((t) => ({ name: `${t.name} ${key} ${v}`, set: { ...t.set, ...make(v) } })));
  return [
    { name: FIRST, set: {} },
    ...tried.filter((t) => t.name),
    ...(rest.includes('--beside')
      ? option('beside', '')
          .split(/,(?! )/)
          .map((name) => ({ name }))
      : []),
  ];
}

/** Evidence of one who knows the target: a pair of tokens is worth the nats that the context saves where it comes again, all else next to nothing. */
function knowing(r: Reading, evidence: TokenEvidence, { ids, nats }: TokenNats): TokenEvidence {
  const little = (w: Float32Array): Float32Array => w.map((x) => REST * x);
  const names = evidence.names!;
  const pairs = evidence.pairs!;
  const worth = little(pairs.worth);
  // Numbered behind the context, a pair that stands there has its number there; -1 parts texts that do not follow each other.
  const all = Int32Array.from([...r.tokens.ids, ...(r.case.kind === 'next' ? [] : [-1]), ...ids]);
  const classes = new Uint8Array(all.length).fill(TOKEN_CLASSES.indexOf('body'));
  classes.set(r.classes);
  const again = pairsOf(all, classes).pairs.subarray(-ids.length);
  again.forEach((pair, t) => {
    if (pair < worth.length) worth[pair]! += Math.max(0, nats[t]!);
  });
  return {
    ...evidence,
    values: little(evidence.values),
    names: { ...names, mention: little(names.mention), definition: little(names.definition) },
    pairs: { ...pairs, worth },
  };
}

const weightsOf = ({ shape, extended }: ModelFolder): ExtendedWeights =>
  unpackExtended(extended, shape.layers * shape.kvHeads);

/** Every `of`-th case, one message each. */
async function measure(share: number, of: number): Promise<void> {
  const model = await openModel(modelDir!, 1);
  const meter = await LossMeter.open(modelDir!, 1);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const weights = weightsOf(model.folder);
  const tried = triedOf(weights);
  const methods = methodsOf(model.folder);
  const compress = (r: Reading, { name, set }: Tried): Compressed[] => {
    if (!set) {
      const within = methods.get(name)!({ own: r });
      return RATIOS.map((ratio) => within(Math.floor(r.recipientTokens * ratio)));
    }
    return cut(r, evidenceOf(r, SCORERS.extended({ extended: { ...weights, ...set } })));
  };
  const cut = (r: Reading, evidence: TokenEvidence): Compressed[] => {
    const order = orderCuts(r.structure, evidence, [], { verify: false });
    return RATIOS.map((ratio) => {
      const { rendered } = fitToTokens(order, Math.floor(r.recipientTokens * ratio), { markers: true, counter });
      return { text: rendered.text, kept: rendered.spans.filter((s) => s.kept) };
    });
  };
  const report = (row: Row): void => void process.send!(row);
  const grid = async <T>(value: (t: Tried) => T | Promise<T>): Promise<Record<string, T>> => {
    const out: Record<string, T> = {};
    for (const t of tried) out[t.name] = await value(t);
    return out;
  };
  for (const [i, c] of loadCases(file!, { limit: CASES, seed: 31, ...TABLE_SIZES }).entries()) {
    if (i % of !== share || !KINDS.includes(c.kind)) continue;
    const r = await readCase(model, grammars, counter, c);
    report({
      kind: 'names',
      case: i,
      recall: await grid((t) => compress(r, t).map(({ kept }) => recallOf(c, r.structure, r.definitions, kept))),
    });
  }
  for (const [i, c] of meter.cases(file!, LOSS_CASES, 32).entries()) {
    if (i % of !== share || !KINDS.includes(c.kind)) continue;
    const r = await readCase(model, grammars, counter, c);
    const nats = (text: string): Promise<number> => meter.nats({ ...c.context, text }, c.target);
    const at = await grid((t) => Promise.all(compress(r, t).map(({ text }) => nats(text))));
    if (KNOWING) {
      const known = knowing(
        r,
        evidenceOf(r, SCORERS.extended({ extended: weights })),
        await meter.saved(c.context, c.target),
      );
      at[ORACLE] = await Promise.all(cut(r, known).map(({ text }) => nats(text)));
    }
    report({
      kind: 'loss',
      case: i,
      where: c.kind,
      nats: { none: await nats(''), full: await nats(c.context.text), at },
    });
  }
  await model.release();
}

async function main(): Promise<void> {
  if (process.env.SWEEP_SHARE) {
    const [share, of] = process.env.SWEEP_SHARE.split('/').map(Number) as [number, number];
    await measure(share, of);
    process.disconnect();
    return;
  }
  const rows: Row[] = [];
  await inProcesses<Row>(
    __filename,
    processesFor(CASES + LOSS_CASES),
    process.argv.slice(2),
    (share, of) => ({ SWEEP_SHARE: `${share}/${of}` }),
    (row) => rows.push(row),
  );
  rows.sort((a, b) => a.case - b.case); // whichever process was first: the same sums
  const names = rows.filter((r) => r.kind === 'names');
  const losses = rows.filter((r) => r.kind === 'loss');
  console.log(
    `${names.length} cases for names, ${losses.length} for loss; at ${RATIOS.join(' and ')}: needed names | loss recovery | ${CASE_KINDS.join(' | ')}`,
  );
  const tried = triedOf(weightsOf(await loadModelFolder(modelDir!))).map((t) => t.name);
  for (const name of [...tried, ...(KNOWING ? [ORACLE] : [])]) {
    const first = name === FIRST;
    const cells = [
      ...(name === ORACLE
        ? []
        : [
            leads(
              meanColumn(names, (m) => m.recall, name, FIRST),
              first,
            ),
          ]),
      leads(recoveryColumn(losses, name, FIRST), first),
    ];
    const kinds = CASE_KINDS.map((kind) =>
      RATIOS.map((_, i) =>
        rate(
          losses.filter((l) => l.where === kind),
          name,
          i,
        ).toFixed(3),
      ),
    );
    console.log(`${name.trim()}: ${[...cells, ...kinds].map((c) => c.join(' ')).join(' | ')}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
