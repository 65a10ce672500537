// Knows the fitness of a memory: what later code needs and survives the product's own reading, snapping and budget.
// Speaks JSON lines with training/evolve.py, training/warm_start.py and training/names.py.
// Usage: fitness SPACE MODEL_DIR GRAMMAR_DIR TRAIN.jsonl VALIDATION.jsonl [train cases] [validation cases]
//   SPACE namm: the 4172 weights of the network. SPACE extended: the mixture around it; half of its fitness counts a name by
//   the nats that the context saves the base model on it. SPACE names: what is known of every name, and whether it was needed.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TextChannels, TokenEvidence } from '../../src/core/evidence';
import type { TokenCounter, TokenList } from '../../src/core/token';
import { NAMM_WEIGHTS, type NammWeights } from '../../src/node/model/manifest';
import { openModel, type LocalModel } from '../../src/node/model/model';
import type { UpdateView } from '../../src/node/model/reader';
import { channelsOf } from '../../src/rank/ranking';
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
import { counterFor } from '../../src/tokens/counters';
import { fitToTokens } from '../../src/cut/fit';
import { costsOf } from '../../src/rank/costs';
import { Grammars } from '../../src/parse/grammars';
import { orderCuts } from '../../src/cut/order';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import { focusOf, loadCases, WORD, type Case } from '../cases/cases';
import { neededDefinitions, recallOf } from '../cases/recall';
import { LossMeter, type TokenNats } from '../cases/loss';

const RATIOS = [0.25, 0.5];
const BINS = 17;
/** Long targets need many names: less chance in a case. */
const SPACES = {
  // Contexts of one or two updates: the network is run again for every candidate.
  namm: { context: [1200, 3000], target: 3000 },
  // Any length: what the network said is the same for every candidate.
  extended: { context: [1500, 12_000], target: 1800 },
  names: { context: [1500, 12_000], target: 1800 },
} as const;

interface Prepared {
  readonly case: Case;
  readonly tokens: TokenList;
  readonly headerLength: number;
  readonly views: readonly UpdateView[]; // as the bundled memory left them
  readonly seen: Signals; // by the bundled memory
  readonly text: TextChannels;
  readonly costs: Float32Array;
  readonly structure: CodeStructure;
  readonly definitions: ReadonlySet<string>;
  readonly recipientTokens: number;
  readonly gains?: ReadonlyMap<string, number>; // nats that the context saves on each needed name, where both fit the trained length
}

const [space, modelDir, grammarDir, trainFile, validationFile, trainCases = '240', validationCases = '120'] =
  process.argv.slice(2);
if (!validationFile || !(space! in SPACES)) {
  console.error(
    'usage: fitness namm|extended|names MODEL_DIR GRAMMAR_DIR TRAIN.jsonl VALIDATION.jsonl [train cases] [validation cases]',
  );
  process.exit(2);
}
const grammars = new Grammars((file) => readFile(join(grammarDir!, file)));
const counter: TokenCounter = counterFor('o200k');

/** What the context tells of each needed name, summed over its occurrences in the target. */
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

/** Reads the context as the product does, with the bundled memory; candidates judge what it saw. */
async function prepare(model: LocalModel, item: Case, meter?: LossMeter): Promise<Prepared> {
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

/** Calls back for every text token of every cache at its first update. */
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

const LEAST_WEIGHT = 0.25; // nats: a name that the model knows without the context is still better there

/** Needed names that survive, mean over the ratios; half of it, where it is known, by what each is worth to the base model. */
function fitnessOf(
  { case: item, structure, definitions, recipientTokens, gains }: Prepared,
  evidence: TokenEvidence,
): number {
  const order = orderCuts(structure, evidence, [], { verify: false });
  let sum = 0;
  for (const ratio of RATIOS) {
    const { rendered } = fitToTokens(order, Math.floor(recipientTokens * ratio), { markers: true, counter });
    const kept = rendered.spans.filter((s) => s.kept);
    const recall = recallOf(item, structure, definitions, kept);
    sum += gains
      ? 0.5 * recall +
        0.5 * recallOf(item, structure, definitions, kept, (name) => Math.max(LEAST_WEIGHT, gains.get(name) ?? 0))
      : recall;
  }
  return sum / RATIOS.length;
}

/** What is known of each name, the attention mixed by these weights, and what later code needed. @returns rows of needed 0 or 1, its definition 0 or 1 (-1 without one), crowd, features */
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

type Judge = (candidate: Float32Array) => Promise<(item: Prepared) => Promise<TokenEvidence>>;

function judges(model: LocalModel, statistics: { mean: number[]; std: number[] }): Record<keyof typeof SPACES, Judge> {
  const { shape, reading } = model.folder;
  const caches = shape.layers * shape.kvHeads;
  const extended: Judge = async (flat) => {
    const weights = unpackExtended(flat, caches);
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

/** What the network saw and which tokens later code needed, for a first fit: index.json and float32 data.bin. */
function dump(dir: string, all: readonly Prepared[], nUp: number, caches: number): void {
  const file = openSync(join(dir, 'data.bin'), 'w');
  let at = 0;
  const put = (data: Float32Array): number => {
    writeSync(file, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    at += data.length;
    return at - data.length;
  };
  const rows = all.flatMap((item) => {
    const wanted = needOf(item);
    const labels = item.views.map((v) => new Float32Array(v.age.length / caches).fill(-1)); // -1: not asked
    firstUpdates(item, nUp, (v, row, token) => (labels[v]![row % labels[v]!.length] = wanted[token]!), caches);
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

/** Fitness of each case when its tokens are ranked by what scores.bin says of them: float32, [n] for every view in order. */
function ranked(dir: string, all: readonly Prepared[], nUp: number, caches: number): number[] {
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

/** [tokens] 1 spread over the tokens of a needed name, at its definition and at its newest mention; 0 elsewhere. */
function needOf(item: Prepared): Float32Array {
  const { text } = item.case.context;
  const out = new Float32Array(item.tokens.length);
  const newest = new Map<number, number>();
  item.text.names.names.forEach((name, i) => newest.set(name, i));
  item.text.names.names.forEach((name, i) => {
    if (!item.text.names.defines[i] && newest.get(name) !== i) return;
    const start = item.text.names.starts[i]!;
    if (!item.case.needed.has(text.slice(start, start + item.text.names.lengths[name]!))) return;
    const [first, last] = [item.text.names.tokens[i]!, item.text.names.ends[i]!];
    out.fill(1 / (last - first + 1), first, last + 1);
  });
  return out;
}

async function main(): Promise<void> {
  const model = await openModel(modelDir!, 1);
  const caches = model.folder.shape.layers * model.folder.shape.kvHeads;
  const meter = space === 'extended' ? await LossMeter.open(modelDir!, 1) : undefined;
  const { context, target } = SPACES[space as keyof typeof SPACES];
  const load = async (file: string, limit: number, seed: number): Promise<Prepared[]> => {
    const out: Prepared[] = [];
    for (const c of loadCases(file, { limit, seed, context, target, headers: space !== 'namm' }))
      out.push(await prepare(model, c, meter));
    return out;
  };
  const train = await load(trainFile!, Number(trainCases), 11);
  const validation = await load(validationFile!, Number(validationCases), 12);
  const statistics = space === 'namm' ? pooled(train) : { mean: [], std: [] };
  const judge = judges(model, statistics)[space as keyof typeof SPACES];
  const dim = space === 'namm' ? NAMM_WEIGHTS : extendedSizes(caches).reduce((sum, [, size]) => sum + size, 0);
  const say = (o: unknown): void => void process.stdout.write(`${JSON.stringify(o)}\n`);
  const layout: Record<string, [number, number]> = {};
  let at = 0;
  for (const [key, size] of space === 'namm' ? [] : extendedSizes(caches)) layout[key] = [at, (at += size)];
  say({ ready: true, dim, layout, train: train.length, validation: validation.length, base: model.folder.sha256 });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as {
      op: string;
      dir: string;
      generation: number;
      split: string;
      sample: number;
      candidates: number[][];
    };
    if (request.op === 'statistics') {
      say(statistics);
      continue;
    }
    const all = request.split === 'train' ? train : validation;
    if (request.op === 'dump') {
      dump(request.dir, all, model.folder.reading.nUp, caches);
      say({ dumped: all.length });
      continue;
    }
    if (request.op === 'names') {
      say({ cases: all.map((item) => nameRows(item, Float32Array.from(request.candidates[0]!), caches)) });
      continue;
    }
    if (request.op === 'rank') {
      say({ fitness: ranked(request.dir, all, model.folder.reading.nUp, caches) });
      continue;
    }
    // The same cases for every candidate of a generation, others in the next.
    const start = request.split === 'train' ? (request.generation * request.sample) % all.length : 0;
    const cases = Array.from(
      { length: Math.min(request.sample || all.length, all.length) },
      (_, i) => all[(start + i) % all.length]!,
    );
    const fitness: number[] = [];
    for (const candidate of request.candidates) {
      const evidence = await judge(Float32Array.from(candidate));
      let sum = 0;
      for (const c of cases) sum += fitnessOf(c, await evidence(c));
      fitness.push(sum / cases.length);
    }
    say({ fitness });
  }
  await model.release();
}

main().catch((error: unknown) => {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  process.exitCode = 1;
});
