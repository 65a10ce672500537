// Tries values of the weights that neither evolution nor a fit sets, by needed names and loss recovery on validation repositories.
import { TOKEN_CLASSES } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import { orderCuts } from '../../src/cut/order';
import { loadModelFolder } from '../../src/node/model/manifest';
import { openModel } from '../../src/node/model/model';
import { pairsOf } from '../../src/evidence/pairs';
import { SCORERS } from '../../src/scorers';
import type { ExtendedWeights } from '../../src/scorers/extended';
import { CASE_KINDS, loadCases, TABLE_SIZES, type CaseKind } from '../cases/cases';
import { atRatios, counter, cutTo, RATIOS, type Compressed } from '../cases/compressed';
import { LossMeter, type TokenNats } from '../cases/loss';
import { choices, count, flag, list, runBench } from '../options';
import { meanColumn, recovery, recoveryColumn } from '../quality/comparison';
import type { Grid, LossMeasure } from '../quality/measure';
import { methodsOf } from '../quality/methods';
import { inProcesses, processesFor } from '../quality/processes';
import { evidenceOf, readCase, recallIn, type Reading } from '../quality/read';
import { leadCells } from '../quality/report';
import { grammarsIn, MODEL_DIR, VALIDATION_CORPUS } from '../setup';

const SHIPPED_ROW = 'as it ships';
const ORACLE = 'knows which pairs come again';
const ORACLE_REST = 0.03; // of the shipped worth: ranks what the target does not need

const spec = {
  name: 'sweep',
  about:
    'Tries lists of values of the weights that are set by hand; several lists are tried in every combination. The first row is what ships. The brackets of the other rows give the lead of the first row (95 %, paired bootstrap). A hundred loss cases cannot tell 0.03.',
  inputs: { modelDir: MODEL_DIR, corpus: VALIDATION_CORPUS },
  options: {
    cases: count(60, 'cases', 'contexts for needed names'),
    lossCases: count(36, 'cases', 'contexts for loss recovery'),
    markers: list('2,3.5', 'recipient tokens that a hole costs'),
    focus: list('6:1,9:1.5', 'worth at the cursor, near and wide'),
    future: list('2,5', 'worth of a token with the mean attention that later code is predicted to give a token'),
    repeatDecay: list('0.05,0.1', 'share that a repeated mention is worth'),
    definitions: list('2,4', 'worth of a definition in mentions'),
    names: list('1,1.5', 'factor of the worth of names; not together with --definitions'),
    classes: list('0,1', 'factor of the weights of token classes'),
    saved: list('0,0.5,1', 'worth of a pair of tokens for each nat that it is predicted to save'),
    surprisal: list('1:0:0,0.8:3:0.3', 'worth of a pair of tokens, what its spread adds, and the share of a copy'),
    attention: list('0,1', "factor of the weights of the network's scores"),
    beside: list('tail,recency', 'methods of the tables to measure on the same cases'),
    kinds: choices(CASE_KINDS, 'measures only cases whose target is there'),
    oracle: flag('adds what could be recovered if one knew which pairs of tokens occur again, and what each saves'),
  },
};

interface Variant {
  readonly name: string;
  readonly set?: Partial<ExtendedWeights>; // undefined for a method of the tables
}

type Measure =
  | { readonly kind: 'names'; readonly case: number; readonly recall: Grid }
  | (LossMeasure & { readonly kind: 'loss'; readonly where: CaseKind });

runBench(spec, async (options) => {
  const { modelDir, corpus, kinds, oracle } = options;

  function variantsOf(weights: ExtendedWeights): Variant[] {
    const times = (w: Float32Array, factor: string): Float32Array => w.map((x) => x * Number(factor));
    const vector = (v: string): Float32Array => Float32Array.from(v.split(':'), Number);
    const settings = {
      markers: (v) => ({ marker: Math.log(Number(v)) }),
      focus: (v) => ({ focus: vector(v) }),
      future: (v) => ({ future: Number(v) }),
      repeatDecay: (v) => ({ repeatDecay: Math.log(Number(v) / (1 - Number(v))) }),
      definitions: (v) => ({ sure: Float32Array.of(weights.sure[0]!, weights.sure[0]! + Math.log(Number(v))) }),
      names: (v) => ({ sure: weights.sure.map((x) => x + Math.log(Number(v))) }),
      classes: (v) => ({ classes: times(weights.classes, v) }),
      saved: (v) => ({ saved: Number(v) }),
      surprisal: (v) => ({ surprisal: vector(v) }),
      attention: (v) => ({ caches: times(weights.caches, v) }),
    } satisfies Readonly<Record<string, (value: string) => Partial<ExtendedWeights>>>;
    let combinations: Required<Variant>[] = [{ name: '', set: {} }];
    for (const [key, make] of Object.entries(settings)) {
      const values = options[key as keyof typeof settings];
      if (values.length)
        combinations = values.flatMap((v) =>
          combinations.map((c) => ({ name: `${c.name} ${key} ${v}`, set: { ...c.set, ...make(v) } })),
        );
    }
    return [
      { name: SHIPPED_ROW, set: {} },
      ...combinations.filter((c) => c.name),
      ...options.beside.map((name) => ({ name })),
    ];
  }

  /** Measures every `of`-th case, from number `share` on, and sends one message for each. */
  async function measure(share: number, of: number): Promise<void> {
    const model = await openModel(modelDir, 1);
    const meter = await LossMeter.open(modelDir, 1);
    const grammars = grammarsIn();
    const weights = model.folder.extended;
    const variants = variantsOf(weights);
    const methods = methodsOf(model.folder);
    const cut = (r: Reading, evidence: TokenEvidence): Compressed[] => {
      const order = orderCuts(r.structure, evidence, [], { verify: false });
      return atRatios(r.recipientTokens, (allowed) => cutTo(order, allowed));
    };
    const compress = (r: Reading, { name, set }: Variant): Compressed[] =>
      set
        ? cut(r, evidenceOf(r, SCORERS.extended({ extended: { ...weights, ...set } })))
        : atRatios(r.recipientTokens, methods.get(name)!({ own: r }));
    const send = (m: Measure): void => void process.send!(m);
    const grid = async <T>(value: (v: Variant) => T | Promise<T>): Promise<Record<string, T>> => {
      const out: Record<string, T> = {};
      for (const v of variants) out[v.name] = await value(v);
      return out;
    };
    for (const [i, c] of loadCases(corpus, { limit: options.cases, seed: 31, ...TABLE_SIZES }).entries()) {
      if (i % of !== share || !kinds.some((kind) => kind === c.kind)) continue;
      const r = await readCase(model, grammars, counter, c);
      send({ kind: 'names', case: i, recall: await grid((v) => compress(r, v).map(({ kept }) => recallIn(r, kept))) });
    }
    for (const [i, c] of meter.cases(corpus, options.lossCases, 32).entries()) {
      if (i % of !== share || !kinds.some((kind) => kind === c.kind)) continue;
      const r = await readCase(model, grammars, counter, c);
      const nats = (text: string): Promise<number> => meter.nats({ ...c.context, text }, c.target);
      const at = await grid((v) => Promise.all(compress(r, v).map(({ text }) => nats(text))));
      if (oracle) {
        const evidence = evidenceOf(r, SCORERS.extended({ extended: weights }));
        const best = cut(r, oracleEvidence(r, evidence, await meter.saved(c.context, c.target)));
        at[ORACLE] = await Promise.all(best.map(({ text }) => nats(text)));
      }
      send({
        kind: 'loss',
        case: i,
        where: c.kind,
        nats: { none: await nats(''), full: await nats(c.context.text), at },
      });
    }
    await model.release();
  }

  if (process.env.SWEEP_SHARE) {
    const [share, of] = process.env.SWEEP_SHARE.split('/').map(Number) as [number, number];
    await measure(share, of);
    process.disconnect();
    return;
  }
  const measures: Measure[] = [];
  await inProcesses<Measure>(
    __filename,
    processesFor(options.cases + options.lossCases),
    process.argv.slice(2),
    (share, of) => ({ SWEEP_SHARE: `${share}/${of}` }),
    (m) => measures.push(m),
  );
  measures.sort((a, b) => a.case - b.case); // the order of arrival must not change the sums
  const names = measures.filter((m) => m.kind === 'names');
  const losses = measures.filter((m) => m.kind === 'loss');
  console.log(
    `${names.length} cases for names, ${losses.length} for loss; at ${RATIOS.join(' and ')}: needed names | loss recovery | ${CASE_KINDS.join(' | ')}`,
  );
  const rows = variantsOf((await loadModelFolder(modelDir)).extended).map((v) => v.name);
  for (const name of [...rows, ...(oracle ? [ORACLE] : [])]) {
    const first = name === SHIPPED_ROW;
    const cells = [
      ...(name === ORACLE
        ? []
        : [
            leadCells(
              meanColumn(names, (m) => m.recall, name, SHIPPED_ROW),
              first,
            ),
          ]),
      leadCells(recoveryColumn(losses, name, SHIPPED_ROW), first),
    ];
    const byKind = CASE_KINDS.map((kind) => {
      const some = losses.filter((l) => l.where === kind);
      return RATIOS.map((_, i) => recovery(some, name, i).toFixed(3));
    });
    console.log(`${name.trim()}: ${[...cells, ...byKind].map((c) => c.join(' ')).join(' | ')}`);
  }
});

/** Evidence that knows the target: a pair of tokens is worth the nats that the context saves where the pair occurs again. */
function oracleEvidence(r: Reading, evidence: TokenEvidence, { ids, nats }: TokenNats): TokenEvidence {
  const little = (w: Float32Array): Float32Array => w.map((x) => ORACLE_REST * x);
  const names = evidence.names!;
  const pairs = evidence.pairs!;
  const worth = little(pairs.worth);
  // After the context, a pair that occurs in it gets the same number. -1 separates texts that do not follow each other.
  const all = Int32Array.from([...r.tokens.ids, ...(r.case.kind === 'next' ? [] : [-1]), ...ids]);
  const classes = new Uint8Array(all.length).fill(TOKEN_CLASSES.indexOf('body'));
  classes.set(r.classes);
  const inTarget = pairsOf(all, classes).pairs.subarray(-ids.length);
  inTarget.forEach((pair, t) => {
    if (pair < worth.length) worth[pair]! += Math.max(0, nats[t]!);
  });
  return {
    ...evidence,
    values: little(evidence.values),
    names: { ...names, mention: little(names.mention), definition: little(names.definition) },
    pairs: { ...pairs, worth },
  };
}
