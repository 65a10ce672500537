// Measures the fitness of a memory: how much of what later code needs survives the product's own reading, order and budget.
// Speaks JSON lines with training/evolve.py, training/warm_start.py and training/names.py.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TextChannels, TokenEvidence } from '../../src/core/evidence';
import type { TokenList } from '../../src/core/token';
import { orderCuts } from '../../src/cut/order';
import { NAMM_WEIGHTS, type NammWeights } from '../../src/node/model/manifest';
import { openModel, type LocalModel } from '../../src/node/model/model';
import type { UpdateView } from '../../src/node/model/reader';
import type { Grammars } from '../../src/parse/grammars';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import { costsOf } from '../../src/evidence/costs';
import { channelsOf } from '../../src/evidence/evidence';
import {
  channelsFrom,
  crowdOf,
  extendedSizes,
  forecastFor,
  mix,
  NAME_FEATURES,
  nameFeatures,
  unpackExtended,
  type Signals,
} from '../../src/scorers/extended';
import { focusOf, loadCases, WORD, type Case } from '../cases/cases';
import { atRatios, counter, cutTo, RATIOS } from '../cases/compressed';
import { LossMeter, type TokenNats } from '../cases/loss';
import { neededDefinitions, recallOf } from '../cases/recall';
import { choice, count, required, runBench, type OptionsOf } from '../options';
import { grammarsIn, MODEL_DIR, VALIDATION_CORPUS } from '../setup';

const BINS = 17;
/** UTF-16 units of contexts and targets. Long targets need many names, so a case depends less on chance. */
const SPACES = {
  // Contexts of one or two updates, because the network runs again for every candidate.
  namm: { context: [1200, 3000], target: 3000 },
  // Any length, because the network's scores are the same for every candidate.
  extended: { context: [1500, 12_000], target: 1800 },
  names: { context: [1500, 12_000], target: 1800 },
} as const;

interface Prepared {
  readonly case: Case;
  readonly tokens: TokenList;
  readonly headerLength: number;
  readonly views: readonly UpdateView[]; // with the bundled memory; empty except in the space namm
  readonly seen: Signals; // with the bundled memory
  readonly text: TextChannels;
  readonly costs: Float32Array;
  readonly structure: CodeStructure;
  readonly definitions: ReadonlySet<string>;
  readonly recipientTokens: number;
  readonly gains?: ReadonlyMap<string, number>; // nats that the context saves on each needed name, if it fits the trained length
}

type Space = keyof typeof SPACES;

const spec = {
  name: 'fitness',
  about:
    'Answers requests on stdin with the fitness of candidates, one JSON object a line. Half of the fitness in the space extended counts a name by the nats that the context saves the base model on it.',
  inputs: {
    space: choice(
      Object.keys(SPACES) as Space[],
      'SPACE',
      'what is evolved: the 4172 weights of the network, the mixture around it, or the worth of names',
    ),
    modelDir: MODEL_DIR,
    grammarDir: required('GRAMMAR_DIR', 'folder of the grammars, such as dist/grammars'),
    trainCorpus: required('TRAIN.jsonl', 'files of the training repositories'),
    validationCorpus: VALIDATION_CORPUS,
    trainCases: count(240, 'cases', 'contexts of training repositories'),
    validationCases: count(120, 'cases', 'contexts of validation repositories'),
  },
  options: {},
};

/** Nats that the context saves on each needed name, summed over its occurrences in the target. */
function gainsOf({ target, needed }: Case, { bounds, nats }: TokenNats): Map<string, number> {
  const gains = new Map<string, number>();
  let token = 0;
  for (const m of target.text.matchAll(WORD)) {
    if (!needed.has(m[0])) continue;
    while (bounds[token + 1]! <= m.index) token++;
    let gain = 0;
    for (let t = token; t < nats.length && bounds[t]! < m.index + m[0].length; t++) gain += nats[t]!;
    gains.set(m[0], (gains.get(m[0]) ?? 0) + gain);
  }
  return gains;
}

/** Reads the context as the product does, with the bundled memory; candidates rank what it saw. */
async function prepare(
  model: LocalModel,
  space: Space,
  grammars: Grammars,
  item: Case,
  meter?: LossMeter,
): Promise<Prepared> {
  const views: UpdateView[] = [];
  const { reader } = model.withMemory(model.folder.namm, (v) => void (space === 'namm' && views.push(v)));
  const tokens = model.tokenizer.tokenize(item.context.text);
  const header = Int32Array.of(model.folder.shape.fileToken, ...model.tokenizer.tokenize(`${item.context.path}\n`).ids);
  const seen = await reader.read({
    header,
    text: tokens.ids,
    question: new Int32Array(0),
    needs: new Set(['nammScore', 'logProb', 'forecast']),
  });
  const structure = await parseStructure(item.context, grammars);
  return {
    case: item,
    tokens,
    headerLength: header.length,
    views,
    seen: { scores: seen.nammScore!, logProb: seen.logProb!, forecast: seen.forecast },
    text: channelsOf(structure, tokens, { focus: focusOf(item) }),
    costs: costsOf(item.context.text, tokens, counter),
    structure,
    definitions: neededDefinitions(item, structure),
    recipientTokens: counter.count(item.context.text),
    ...(meter?.fits(item.context, item.target)
      ? { gains: gainsOf(item, await meter.saved(item.context, item.target)) }
      : {}),
  };
}

/** Calls `use` for every text token of every cache at its first update. */
function firstUpdates(
  item: Prepared,
  nUp: number,
  use: (view: number, row: number, token: number) => void,
  caches: number,
): void {
  item.views.forEach((view, v) => {
    const n = view.age.length / caches;
    for (let j = view.fresh; j < n; j++) {
      const token = v * nUp + j - view.fresh - item.headerLength;
      if (token < 0 || token >= item.tokens.length) continue;
      for (let c = 0; c < caches; c++) use(v, c * n + j, token);
    }
  });
}

/** Per-bin mean and population variance over every entry of every cache (NAMM.md 1.5). */
function pooled(all: readonly Prepared[]): { mean: number[]; std: number[] } {
  const sum = new Float64Array(BINS);
  const square = new Float64Array(BINS);
  let count = 0;
  for (const { views } of all)
    for (const view of views)
      for (let i = 0; i < view.valid.length; i++) {
        if (!view.valid[i]) continue;
        count++;
        for (let b = 0; b < BINS; b++) {
          const x = view.ema[i * BINS + b]!;
          sum[b]! += x;
          square[b]! += x * x;
        }
      }
  const mean = Array.from(sum, (s) => s / count);
  return { mean, std: mean.map((m, b) => Math.max(Math.sqrt(Math.max(0, square[b]! / count - m * m)), 1e-7)) };
}

const MIN_WEIGHT = 0.25; // nats: a name that the model knows without the context is still worth keeping

/** Share of the needed names that survive, the mean over the ratios; half of it weighted by the nats of each name, if known. */
function fitnessOf(
  { case: item, structure, definitions, recipientTokens, gains }: Prepared,
  evidence: TokenEvidence,
): number {
  const order = orderCuts(structure, evidence, [], { verify: false });
  const fitness = atRatios(recipientTokens, (allowed) => {
    const { kept } = cutTo(order, allowed);
    const recall = recallOf(item, structure, definitions, kept);
    if (!gains) return recall;
    const weight = (name: string): number => Math.max(MIN_WEIGHT, gains.get(name) ?? 0);
    return 0.5 * recall + 0.5 * recallOf(item, structure, definitions, kept, weight);
  });
  return fitness.reduce((sum, x) => sum + x, 0) / RATIOS.length;
}

/**
 * The features of each name, with the attention mixed by these weights, and what later code needed.
 * @returns a row for each name: needed (0 or 1), its definition needed (0, 1, or -1 without one), crowd, features
 */
function nameRows(item: Prepared, weights: Float32Array, caches: number): number[][] {
  const mixture = unpackExtended(weights, caches);
  const { text } = item;
  const { attention, surprisal, forecast } = channelsFrom(mixture, item.seen);
  const features = nameFeatures(text, attention, surprisal, forecastFor(forecast, text)?.words);
  const words: string[] = [];
  const defined = new Set<number>();
  item.text.names.names.forEach((name, i) => {
    const start = item.text.names.starts[i]!;
    words[name] = item.case.context.text.slice(start, start + item.text.names.lengths[name]!);
    if (item.text.names.defines[i]) defined.add(name);
  });
  return words.map((word, name) => [
    Number(item.case.needed.has(word)),
    defined.has(name) ? Number(item.definitions.has(word)) : -1,
    ...[
      crowdOf(item.text.names),
      ...features.subarray(name * NAME_FEATURES.length, (name + 1) * NAME_FEATURES.length),
    ].map((x) => Math.round(x * 1e4) / 1e4),
  ]);
}

/** Prepares a candidate, then gives its evidence for a case. */
type Ranker = (candidate: Float32Array) => Promise<(item: Prepared) => Promise<TokenEvidence>>;

function rankers(model: LocalModel, statistics: { mean: number[]; std: number[] }): Record<Space, Ranker> {
  const { shape, reading } = model.folder;
  const caches = shape.layers * shape.kvHeads;
  const extended: Ranker = async (flat) => {
    const weights = unpackExtended(flat, caches, model.folder.extended.futureHead);
    return async (item) => ({
      bounds: item.tokens.bounds,
      costs: item.costs,
      ...mix(weights, channelsFrom(weights, item.seen), item.text),
    });
  };
  return {
    namm: async (weights) => {
      const namm: NammWeights = {
        weights,
        mean: Float32Array.from(statistics.mean),
        std: Float32Array.from(statistics.std),
        threshold: 0,
      };
      const { memory } = model.withMemory(namm);
      return async (item) => {
        const values = new Float32Array(item.tokens.length);
        const scores: Float32Array[] = [];
        for (const view of item.views) scores.push(await memory.run(view.ema, view.age, view.valid, caches));
        firstUpdates(item, reading.nUp, (v, row, token) => (values[token]! += scores[v]![row]! / caches), caches);
        return { bounds: item.tokens.bounds, values };
      };
    },
    extended,
    names: extended,
  };
}

/** Writes what the network saw and which tokens later code needed, for a first fit: index.json and float32 data.bin. */
function dump(dir: string, all: readonly Prepared[], nUp: number, caches: number): void {
  const file = openSync(join(dir, 'data.bin'), 'w');
  let at = 0;
  const put = (data: Float32Array): number => {
    writeSync(file, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    at += data.length;
    return at - data.length;
  };
  const rows = all.flatMap((item) => {
    const needed = needOf(item);
    const labels = item.views.map((v) => new Float32Array(v.age.length / caches).fill(-1)); // -1: no label
    firstUpdates(item, nUp, (v, row, token) => (labels[v]![row % labels[v]!.length] = needed[token]!), caches);
    return item.views.map((v, i) => ({
      n: v.age.length / caches,
      ema: put(v.ema),
      age: put(v.age),
      valid: put(v.valid),
      label: put(labels[i]!),
    }));
  });
  closeSync(file);
  writeFileSync(join(dir, 'index.json'), JSON.stringify({ caches, bins: BINS, rows }));
}

/** Fitness of each case if its tokens are ranked by scores.bin: float32, [n] for every view in order. */
function fitnessOfScores(dir: string, all: readonly Prepared[], nUp: number, caches: number): number[] {
  const bytes = readFileSync(join(dir, 'scores.bin'));
  const scores = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let at = 0;
  return all.map((item) => {
    const values = new Float32Array(item.tokens.length);
    const starts = item.views.map((v) => (at += v.age.length / caches) - v.age.length / caches);
    firstUpdates(
      item,
      nUp,
      (v, row, token) => (values[token] = scores[starts[v]! + (row % (item.views[v]!.age.length / caches))]!),
      caches,
    );
    return fitnessOf(item, { bounds: item.tokens.bounds, values });
  });
}

/** [tokens] 1 spread over the tokens of a needed name, at its definition and at its last mention; 0 elsewhere. */
function needOf(item: Prepared): Float32Array {
  const { text } = item.case.context;
  const out = new Float32Array(item.tokens.length);
  const last = new Map<number, number>();
  item.text.names.names.forEach((name, i) => last.set(name, i));
  item.text.names.names.forEach((name, i) => {
    if (!item.text.names.defines[i] && last.get(name) !== i) return;
    const start = item.text.names.starts[i]!;
    if (!item.case.needed.has(text.slice(start, start + item.text.names.lengths[name]!))) return;
    const [from, to] = [item.text.names.tokens[i]!, item.text.names.ends[i]!];
    out.fill(1 / (to - from + 1), from, to + 1);
  });
  return out;
}

interface Request {
  readonly op: string;
  readonly dir: string;
  readonly generation: number;
  readonly split: string;
  readonly sample: number; // cases; 0 for all
  readonly candidates: readonly (readonly number[])[];
}

const send = (answer: unknown): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

async function serve(options: OptionsOf<typeof spec>): Promise<void> {
  const { space, modelDir, grammarDir, trainCorpus, validationCorpus, trainCases, validationCases } = options;
  const model = await openModel(modelDir, 1);
  const { shape, reading } = model.folder;
  const caches = shape.layers * shape.kvHeads;
  const meter = space === 'extended' ? await LossMeter.open(modelDir, 1) : undefined;
  const { context, target } = SPACES[space];
  const grammars = grammarsIn(grammarDir);
  const load = async (file: string, limit: number, seed: number): Promise<Prepared[]> => {
    const out: Prepared[] = [];
    for (const c of loadCases(file, { limit, seed, context, target, headers: space !== 'namm' }))
      out.push(await prepare(model, space, grammars, c, meter));
    return out;
  };
  const train = await load(trainCorpus, trainCases, 11);
  const validation = await load(validationCorpus, validationCases, 12);
  const statistics = space === 'namm' ? pooled(train) : { mean: [], std: [] };
  const ranker = rankers(model, statistics)[space];
  const dim = space === 'namm' ? NAMM_WEIGHTS : extendedSizes(caches).reduce((sum, [, size]) => sum + size, 0);
  const layout: Record<string, [number, number]> = {};
  let at = 0;
  for (const [key, size] of space === 'namm' ? [] : extendedSizes(caches)) layout[key] = [at, (at += size)];
  send({ ready: true, dim, layout, train: train.length, validation: validation.length, base: model.folder.sha256 });

  /** Mean fitness of each candidate. All candidates of a generation get the same cases; the next generation gets others. */
  const fitness = async ({ split, generation, sample, candidates }: Request, all: readonly Prepared[]) => {
    const start = split === 'train' ? (generation * sample) % all.length : 0;
    const count = Math.min(sample || all.length, all.length);
    const cases = Array.from({ length: count }, (_, i) => all[(start + i) % all.length]!);
    const out: number[] = [];
    for (const candidate of candidates) {
      const evidence = await ranker(Float32Array.from(candidate));
      let sum = 0;
      for (const c of cases) sum += fitnessOf(c, await evidence(c));
      out.push(sum / cases.length);
    }
    return out;
  };
  const answer = async (request: Request): Promise<unknown> => {
    const all = request.split === 'train' ? train : validation;
    switch (request.op) {
      case 'statistics':
        return statistics;
      case 'dump':
        dump(request.dir, all, reading.nUp, caches);
        return { dumped: all.length };
      case 'names':
        return { cases: all.map((item) => nameRows(item, Float32Array.from(request.candidates[0]!), caches)) };
      case 'rank':
        return { fitness: fitnessOfScores(request.dir, all, reading.nUp, caches) };
      default:
        return { fitness: await fitness(request, all) };
    }
  };
  for await (const line of createInterface({ input: process.stdin })) send(await answer(JSON.parse(line) as Request));
  await model.release();
}

runBench(spec, (options) =>
  serve(options).catch((error: unknown) => {
    send({ error: String(error) }); // the other side reads stdout alone
    process.exitCode = 1;
  }),
);
