// Knows the fitness of a memory: needed identifiers that survive the product's own reading, snapping and rendering.
// Speaks JSON lines with training/evolve.py. Usage: fitness MODEL_DIR GRAMMAR_DIR TRAIN.jsonl VALIDATION.jsonl
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openModel, type LocalModel } from '../../src/model/model';
import type { NammWeights } from '../../src/model/manifest';
import type { UpdateView } from '../../src/model/reader';
import type { TokenCounter, TokenList } from '../../src/core/token';
import { Grammars } from '../../src/text/grammars';
import { fitToTokens } from '../../src/text/fit';
import { orderCuts } from '../../src/text/order';
import { parseStructure, type CodeStructure } from '../../src/text/structure';
import { loadCases, type Case } from './cases';
import { neededDefinitions, recallOf } from './recall';

const RATIOS = [0.25, 0.5];
const CONTEXT_UNITS = 1500; // about 450 model tokens: one update, so nothing is evicted before it is scored
const TARGET_UNITS = 700;

interface Prepared {
  readonly case: Case;
  readonly tokens: TokenList;
  readonly headerLength: number;
  readonly view: UpdateView;
  readonly structure: CodeStructure;
  readonly definitions: ReadonlySet<string>; // needed names that the context defines
}

const [modelDir, grammarDir, trainFile, validationFile] = process.argv.slice(2);
if (!validationFile) {
  console.error('usage: fitness MODEL_DIR GRAMMAR_DIR TRAIN.jsonl VALIDATION.jsonl');
  process.exit(2);
}
const grammars = new Grammars((file) => readFile(join(grammarDir!, file)));

/** Reads the context once with a memory that keeps all; the view of its only update is the same for every candidate. */
async function prepare(model: LocalModel, item: Case): Promise<Prepared | undefined> {
  const views: UpdateView[] = [];
  const { reader } = model.withMemory({ ...model.folder.namm, weights: new Float32Array(4172) }, (v) => views.push(v));
  const tokens = model.tokenizer.tokenize(item.context.text);
  const header = Int32Array.of(model.folder.shape.fileToken, ...model.tokenizer.tokenize(`${item.context.path}\n`).ids);
  await reader.read({ header, text: tokens.ids, question: new Int32Array(0), needs: new Set() });
  if (views.length !== 1) return undefined;
  const structure = await parseStructure(item.context, grammars);
  return { case: item, tokens, headerLength: header.length, view: views[0]!, structure, definitions: neededDefinitions(item, structure) };
}

/** Per-bin mean and population variance over every entry of every cache (NAMM.md 1.5). */
function pooled(all: readonly Prepared[]): { mean: number[]; std: number[] } {
  const sum = new Float64Array(17);
  const square = new Float64Array(17);
  let count = 0;
  for (const { view } of all)
    for (let i = 0; i < view.valid.length; i++) {
      if (!view.valid[i]) continue;
      count++;
      for (let b = 0; b < 17; b++) {
        const x = view.ema[i * 17 + b]!;
        sum[b]! += x;
        square[b]! += x * x;
      }
    }
  const mean = Array.from(sum, (s) => s / count);
  return { mean, std: mean.map((m, b) => Math.max(Math.sqrt(Math.max(0, square[b]! / count - m * m)), 1e-7)) };
}

/** Half mention, half definition recall of what the target needs, averaged over the ratios. */
async function fitnessOf(model: LocalModel, namm: NammWeights, item: Prepared, counter: TokenCounter): Promise<number> {
  const { memory } = model.withMemory(namm);
  const caches = model.folder.shape.layers * model.folder.shape.kvHeads;
  const scores = await memory.run(item.view.ema, item.view.age, item.view.valid, caches);
  const n = item.view.age.length / caches;
  const values = new Float32Array(item.tokens.length);
  for (let c = 0; c < caches; c++)
    for (let t = 0; t < values.length; t++) values[t]! += scores[c * n + item.headerLength + t]! / caches;
  const order = orderCuts(item.structure, { bounds: item.tokens.bounds, values }, []);
  const before = counter.count(item.case.context.text);
  let total = 0;
  for (const ratio of RATIOS) {
    const { rendered } = fitToTokens(order, Math.floor(before * ratio), { markers: true, counter });
    total += recallOf(item.case, item.structure, item.definitions, rendered.spans);
  }
  return total / RATIOS.length;
}

async function main(): Promise<void> {
  const model = await openModel(modelDir!, 1);
  // Counting with the model's own tokens: the ranking is what evolves, and this counter is the quickest.
  const counter: TokenCounter = { id: 'model', count: (text) => model.tokenizer.tokenize(text).length };
  const load = async (file: string, limit: number, seed: number): Promise<Prepared[]> => {
    const out: Prepared[] = [];
    for (const c of loadCases(file, limit, CONTEXT_UNITS, TARGET_UNITS, seed)) {
      const p = await prepare(model, c);
      if (p) out.push(p);
    }
    return out;
  };
  const train = await load(trainFile!, 240, 11);
  const validation = await load(validationFile!, 64, 12);
  const stats = pooled(train);
  const say = (o: unknown): void => void process.stdout.write(`${JSON.stringify(o)}\n`);
  say({ ready: true, dim: 4172, train: train.length, validation: validation.length });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as { op: string; generation: number; split: string; sample: number; candidates: number[][] };
    if (request.op === 'statistics') {
      say(stats);
      continue;
    }
    const all = request.split === 'train' ? train : validation;
    // The same cases for every candidate of a generation, others in the next.
    const start = request.split === 'train' ? (request.generation * request.sample) % all.length : 0;
    const cases = Array.from({ length: Math.min(request.sample || all.length, all.length) }, (_, i) => all[(start + i) % all.length]!);
    const fitness: number[] = [];
    for (const candidate of request.candidates) {
      const namm: NammWeights = {
        weights: Float32Array.from(candidate),
        mean: Float32Array.from(stats.mean),
        std: Float32Array.from(stats.std),
        threshold: 0,
      };
      let sum = 0;
      for (const c of cases) sum += await fitnessOf(model, namm, c, counter);
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
