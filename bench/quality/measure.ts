// Measures one case under every method at every ratio: needed names, loss, and what a judge says.
import { openModel } from '../../src/node/model/model';
import { loadCases, TABLE_SIZES, type Case } from '../cases/cases';
import { atRatios, counter, type Compressed } from '../cases/compressed';
import { LossMeter } from '../cases/loss';
import { editSimilarity, lineTaskOf, NextLine } from '../cases/nextLine';
import { grammarsIn } from '../setup';
import { methodsOf, SHIPPED, transferredMethods, type Method, type Subject } from './methods';
import { readCase, recallIn, type Reading } from './read';
import { recallOfText, repomixOf } from './repomix';

export interface Settings {
  readonly modelDir: string;
  readonly file: string;
  readonly cases: number;
  readonly lossCases: number;
  /** Model folder of the judge. */
  readonly judge?: string;
  readonly repomix?: string;
  /** Measures these methods alone, and lets the judge write no line. */
  readonly only?: readonly string[];
}

/** `judged`: a loss case under the judge. `transferred`: a names case for the memory on the judge's attention. */
export type Kind = 'names' | 'transferred' | 'loss' | 'judged';

export interface Task {
  readonly kind: Kind;
  readonly case: number;
}

/** By method, then by ratio. */
export type Grid = Readonly<Record<string, readonly number[]>>;

export interface NamesMeasure extends Task {
  readonly kind: 'names';
  readonly contextTokens: number;
  readonly recipientTokens: number;
  readonly recall: Grid;
  readonly reached: Grid;
  readonly parses: Grid;
  readonly peer?: { readonly ratio: number; readonly recall: number; readonly ours: number };
}

export interface TransferredMeasure extends Task {
  readonly kind: 'transferred';
  readonly recall: Grid;
}

/** A value without context, with the full context, and with each compressed one. */
export interface Compared {
  readonly none: number;
  readonly full: number;
  readonly at: Grid;
}

export interface LossMeasure extends Task {
  readonly kind: 'loss' | 'judged';
  readonly nats: Compared; // over the target
  /** The line that the judge writes against the real one: edit similarity, and 1 if both are the same. */
  readonly line?: { readonly similarity: Compared; readonly same: Compared };
}

export type Measured = NamesMeasure | TransferredMeasure | LossMeasure;

export const namesCases = (s: Settings): Case[] => loadCases(s.file, { limit: s.cases, seed: 21, ...TABLE_SIZES });

export const lossCases = (s: Settings, meter: LossMeter): Case[] => meter.cases(s.file, s.lossCases, 22);

export async function measure(s: Settings, tasks: readonly Task[], report: (m: Measured) => void): Promise<void> {
  const model = await openModel(s.modelDir, 1);
  const second = s.judge ? await openModel(s.judge, 1) : undefined;
  const meter = await LossMeter.open(s.modelDir, 1);
  const judge = s.judge
    ? { meter: await LossMeter.open(s.judge, 1), writer: await NextLine.open(s.judge, 1) }
    : undefined;
  const grammars = grammarsIn();
  const names = namesCases(s);
  const losses = lossCases(s, meter);
  const caseOf = (t: Task): Case => (t.kind === 'names' || t.kind === 'transferred' ? names : losses)[t.case]!;
  const peers = tasks.filter((t) => t.kind === 'names').map(caseOf);
  const peerTexts = s.repomix && peers.length ? repomixOf(s.repomix, peers) : undefined;

  let last: { readonly item: Case; readonly reading: Reading } | undefined; // consecutive tasks of one case read it once
  const read = async (item: Case): Promise<Reading> => {
    if (last?.item !== item) last = { item, reading: await readCase(model, grammars, counter, item) };
    return last.reading;
  };
  const compress = async (
    item: Case,
    methods: ReadonlyMap<string, Method>,
    withJudge: boolean,
  ): Promise<{ own: Reading; texts: Map<string, Compressed[]> }> => {
    const own = await read(item);
    const subject: Subject = { own, ...(withJudge ? { other: await readCase(second!, grammars, counter, item) } : {}) };
    const at = (method: Method): Compressed[] => atRatios(own.recipientTokens, method(subject));
    return { own, texts: new Map([...methods].map(([name, method]) => [name, at(method)])) };
  };
  const grid = (texts: ReadonlyMap<string, readonly Compressed[]>, value: (c: Compressed) => number): Grid =>
    Object.fromEntries([...texts].map(([name, at]) => [name, at.map(value)]));
  const compared = new Map([...methodsOf(model.folder)].filter(([name]) => !s.only || s.only.includes(name)));
  const transferred = s.only ? new Map<string, Method>() : transferredMethods(model.folder);

  const measures: { readonly [K in Kind]: (number: number, item: Case) => Promise<Measured> } = {
    names: async (number, item) => {
      const { own, texts } = await compress(item, compared, false);
      const ownErrors = own.structure.errorsIn(item.context.text);
      const peer = peerTexts?.get(item);
      const size = Math.min(own.recipientTokens, peer === undefined ? 0 : counter.count(peer));
      return {
        kind: 'names',
        case: number,
        contextTokens: own.tokens.length,
        recipientTokens: own.recipientTokens,
        recall: grid(texts, ({ kept }) => recallIn(own, kept)),
        reached: grid(texts, ({ text }) => counter.count(text) / own.recipientTokens),
        parses: grid(texts, ({ text }) => (own.structure.errorsIn(text) <= ownErrors ? 1 : 0)),
        ...(peer === undefined
          ? {}
          : {
              peer: {
                ratio: size / own.recipientTokens,
                recall: recallOfText(item, own.structure, own.definitions, peer),
                ours: recallIn(own, compared.get(SHIPPED)!({ own })(size).kept),
              },
            }),
      };
    },
    transferred: async (number, item) => {
      const { own, texts } = await compress(item, transferred, true);
      return {
        kind: 'transferred',
        case: number,
        recall: grid(texts, ({ kept }) => recallIn(own, kept)),
      };
    },
    loss: async (number, item) => {
      const { texts } = await compress(item, compared, false);
      return {
        kind: 'loss',
        case: number,
        nats: await withEach(item, texts, (text) => meter.nats({ ...item.context, text }, item.target)),
      };
    },
    judged: async (number, item) => {
      const { context, target } = item;
      const { texts } = await compress(item, new Map([...compared, ...transferred]), transferred.size > 0);
      const task = s.only ? undefined : lineTaskOf(item);
      const written = new Map<string, string>();
      const line = async (text: string): Promise<string> => {
        if (!written.has(text))
          written.set(text, await judge!.writer.write({ ...context, text }, target, task!.before));
        return written.get(text)!;
      };
      return {
        kind: 'judged',
        case: number,
        nats: await withEach(item, texts, (text) => judge!.meter.nats({ ...context, text }, target)),
        ...(task
          ? {
              line: {
                similarity: await withEach(item, texts, async (text) => editSimilarity(await line(text), task.line)),
                same: await withEach(item, texts, async (text) => ((await line(text)) === task.line ? 1 : 0)),
              },
            }
          : {}),
      };
    },
  };
  for (const task of tasks) report(await measures[task.kind](task.case, caseOf(task)));
  await model.release();
  await second?.release();
}

/** Measures a value with every text that may stand before the target. */
async function withEach(
  { context }: Case,
  texts: ReadonlyMap<string, readonly Compressed[]>,
  value: (text: string) => Promise<number>,
): Promise<Compared> {
  const seen = new Map<string, number>(); // many methods give the same text of a short context
  const cached = async (text: string): Promise<number> => {
    if (!seen.has(text)) seen.set(text, await value(text));
    return seen.get(text)!;
  };
  const at: Record<string, number[]> = {};
  for (const [name, list] of texts) {
    at[name] = [];
    for (const { text } of list) at[name].push(await cached(text));
  }
  return { none: await cached(''), full: await cached(context.text), at };
}
