// Knows how the memories compare with the scorers and rules that people use instead, on repositories held out whole, in one run.
// Usage: quality MODEL_DIR CORPUS.jsonl [--cases n] [--loss-cases n] [--repomix BIN] [--out DIR]   DIR: where quality.md lies; quality.json and quality.svg are written beside it
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCORER_IDS } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import type { Span } from '../../src/core/span';
import { openModel } from '../../src/model/model';
import { SCORERS, type Scorer } from '../../src/scorers';
import { unpackExtended, type ExtendedWeights } from '../../src/scorers/extended';
import { counterFor } from '../../src/text/counters';
import { fitToTokens } from '../../src/text/fit';
import { Grammars } from '../../src/text/grammars';
import { orderCuts } from '../../src/text/order';
import { loadCases, type Case, type CaseKind } from '../cases/cases';
import { recallOf } from '../cases/recall';
import { LossMeter } from '../cases/loss';
import { evidenceOf, readCase, type Reading } from './read';
import { recallOfText, repomixOf } from './repomix';
import { picture, tables, withTables, type Comparison } from './report';
import { ALONG_SYNTAX, evidenceBy, linesOf, ORACLE, RULES, take } from './rules';
import { interval, mean } from './statistics';

const RATIOS = [0.25, 0.5] as const;
const SHIPPED = 'extended';
const counter = counterFor('o200k');

interface Compressed {
  readonly text: string;
  readonly kept: readonly Span[];
}

const perKind = <T>(value: (kind: CaseKind) => T): Record<CaseKind, T> => ({ next: value('next'), later: value('later'), across: value('across') });

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string, otherwise: string): string => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1]! : otherwise);
  const model = await openModel(modelDir!);
  const meter = await LossMeter.open(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const learned = { extended: unpackExtended(extended, shape.layers * shape.kvHeads) };

  const methods = new Map<string, (r: Reading) => (allowed: number) => Compressed>();
  const alongSyntax = (name: string, evidence: (r: Reading) => TokenEvidence): unknown =>
    methods.set(name, (r) => {
      const order = orderCuts(r.structure, evidence(r), []);
      return (allowed) => {
        const { rendered } = fitToTokens(order, allowed, { markers: true, counter });
        return { text: rendered.text, kept: rendered.spans.filter((s) => s.kept) };
      };
    });
  for (const id of SCORER_IDS) alongSyntax(id, (r) => evidenceOf(r, SCORERS[id](learned)));
  // What each channel brings: the shipped weights without it, not evolved again.
  const without = (...keys: (keyof ExtendedWeights)[]): Scorer =>
    SCORERS.extended({ extended: { ...learned.extended, ...Object.fromEntries(keys.map((k) => [k, (learned.extended[k] as Float32Array).map(() => 0)])) } });
  alongSyntax('extended without attention', (r) => evidenceOf(r, without('caches')));
  alongSyntax('extended without surprisal', (r) => evidenceOf(r, without('surprisal')));
  alongSyntax('extended without class', (r) => evidenceOf(r, without('classes')));
  alongSyntax('extended without the cursor', (r) => evidenceOf(r, without('focus')));
  for (const name of ALONG_SYNTAX) alongSyntax(`${name}; along syntax`, (r) => evidenceBy(RULES[name]!, r, counter));
  for (const [name, rule] of [...Object.entries(RULES), ['oracle (knows the answer)', ORACLE] as const])
    methods.set(name, (r) => {
      const lines = rule(linesOf(r, counter), r);
      return (allowed) => {
        const kept = take(lines, allowed, counter);
        return { text: kept.map((l) => l.text).join(''), kept };
      };
    });
  const names = [...methods.keys()];

  /** Calls back with every method's text at every ratio. */
  const everyMethod = async (cases: readonly Case[], use: (item: Case, reading: Reading, texts: ReadonlyMap<string, readonly Compressed[]>) => Promise<void>): Promise<void> => {
    for (const [i, item] of cases.entries()) {
      const reading = await readCase(model, grammars, counter, item);
      const texts = new Map(names.map((n) => {
        const compress = methods.get(n)!(reading);
        return [n, RATIOS.map((ratio) => compress(Math.floor(reading.readerTokens * ratio)))];
      }));
      await use(item, reading, texts);
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${cases.length}`);
    }
  };

  // Needed names, on contexts of any length.
  const recall = new Map(names.map((n) => [n, RATIOS.map(() => [] as number[])]));
  const reached = new Map(names.map((n) => [n, RATIOS.map(() => [] as number[])]));
  const cases = loadCases(file!, { limit: Number(option('cases', '400')), seed: 21, context: [3000, 24_000], target: 900 });
  let contextTokens = 0;
  const bin = option('repomix', '');
  const peer = bin ? { theirs: repomixOf(bin, cases), ratio: [] as number[], recall: [] as number[], ours: [] as number[] } : undefined;
  await everyMethod(cases, async (item, reading, texts) => {
    contextTokens += reading.tokens.length / cases.length;
    const theirs = peer?.theirs.get(item);
    if (peer && theirs !== undefined) {
      const size = Math.min(reading.readerTokens, counter.count(theirs));
      peer.ratio.push(size / reading.readerTokens);
      peer.recall.push(recallOfText(item, reading.structure, reading.definitions, theirs));
      peer.ours.push(recallOf(item, reading.structure, reading.definitions, methods.get(SHIPPED)!(reading)(size).kept));
    }
    for (const [name, at] of texts)
      at.forEach(({ text, kept }, i) => {
        recall.get(name)![i]!.push(recallOf(item, reading.structure, reading.definitions, kept));
        reached.get(name)![i]!.push(counter.count(text) / reading.readerTokens);
      });
  });

  // Loss recovery, where context and target fit the trained length.
  const wanted = Number(option('loss-cases', '150'));
  const short = loadCases(file!, { limit: wanted * 2, seed: 22, context: [1500, 5000], target: 900 })
    .filter((c) => meter.fits(c.context, c.target))
    .slice(0, wanted);
  const losses = { none: [] as number[], full: [] as number[], methods: new Map(names.map((n) => [n, RATIOS.map(() => [] as number[])])) };
  await everyMethod(short, async ({ context, target }, _, texts) => {
    losses.none.push(await meter.nats({ ...context, text: '' }, target));
    losses.full.push(await meter.nats(context, target));
    for (const [name, at] of texts) for (const [i, { text }] of at.entries()) losses.methods.get(name)![i]!.push(await meter.nats({ ...context, text }, target));
  });
  const recoveryOf = (name: string, i: number, sample: readonly number[]): number => {
    const sum = (a: readonly number[]): number => sample.reduce((x, j) => x + a[j]!, 0);
    return (sum(losses.none) - sum(losses.methods.get(name)![i]!)) / (sum(losses.none) - sum(losses.full));
  };
  const all = short.map((_, i) => i);

  const rows = names.map((name) => ({
    name,
    recall: RATIOS.map((_, i) => mean(recall.get(name)![i]!)),
    // How much better the shipped memory is, and how sure that is.
    recallBehind: RATIOS.map((_, i) => interval(cases.length, (s) => mean(s.map((j) => recall.get(SHIPPED)![i]![j]! - recall.get(name)![i]![j]!)))),
    recallByKind: perKind((kind) => RATIOS.map((_, i) => mean(recall.get(name)![i]!.filter((_, j) => cases[j]!.kind === kind)))),
    reached: RATIOS.map((_, i) => mean(reached.get(name)![i]!)),
    recovery: RATIOS.map((_, i) => recoveryOf(name, i, all)),
    recoveryBehind: RATIOS.map((_, i) => interval(short.length, (s) => recoveryOf(SHIPPED, i, s) - recoveryOf(name, i, s))),
  }));
  const result: Comparison = {
    model: { name: model.folder.name, sha256: model.folder.sha256 },
    shipped: SHIPPED,
    cases: cases.length,
    languages: [...new Set(cases.map((c) => c.language))].sort(),
    repositories: [...new Set(cases.map((c) => c.repo))].sort(),
    meanContextTokens: Math.round(contextTokens),
    lossCases: short.length,
    lossLength: shape.trainedContext,
    lossWithout: mean(losses.none),
    lossFull: mean(losses.full),
    ratios: RATIOS,
    rows,
    ...(peer
      ? {
          peer: {
            name: 'repomix --compress',
            cases: peer.ratio.length,
            ratio: mean(peer.ratio),
            recall: mean(peer.recall),
            ours: mean(peer.ours),
            ahead: interval(peer.ratio.length, (s) => mean(s.map((j) => peer.ours[j]! - peer.recall[j]!))),
          },
        }
      : {}),
  };
  const out = option('out', '');
  if (out) {
    writeFileSync(join(out, 'quality.json'), `${JSON.stringify(result, null, 1)}\n`);
    writeFileSync(join(out, 'quality.svg'), picture(result));
    const document = join(out, 'quality.md');
    writeFileSync(document, withTables(readFileSync(document, 'utf8'), tables(result)));
  }
  console.log(tables(result));
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
