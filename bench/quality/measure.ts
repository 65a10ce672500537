// Knows how one case is measured under every method at every ratio: needed names, loss, and what a judge says.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { Grammars } from '../../src/parse/grammars';
import { loadCases, TABLE_SIZES, type Case } from '../cases/cases';
import { LossMeter } from '../cases/loss';
import { editSimilarity, lineTaskOf, NextLine } from '../cases/nextLine';
import { recallOf } from '../cases/recall';
import {
  counter,
  methodsCarried,
  methodsOf,
  RATIOS,
  SHIPPED,
  type Compressed,
  type Method,
  type Subject,
} from './methods';
import { readCase, type Reading } from './read';
import { recallOfText, repomixOf } from './repomix';

export interface Settings {
  readonly modelDir: string;
  readonly file: string;
  readonly cases: number;
  readonly lossCases: number;
  /** Folder of a second, differently trained model. */
  readonly judge?: string;
  readonly repomix?: string;
  /** These methods alone, and no line written by the judge. */
  readonly only?: readonly string[];
}

/** `judged` is a loss case under the judge, `carried` a names case for the memory on the judge's attention. */
export type Kind = 'names' | 'carried' | 'loss' | 'judged';

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

export interface CarriedMeasure extends Task {
  readonly kind: 'carried';
  readonly recall: Grid;
}

export interface Judged {
  readonly none: number;
  readonly full: number;
  readonly at: Grid;
}

export interface LossMeasure extends Task {
  readonly kind: 'loss' | 'judged';
  readonly nats: Judged; // over the target
  /** Of the line that the judge writes next to the real one: edit similarity, and 1 where both are the same. */
  readonly line?: { readonly similarity: Judged; readonly same: Judged };
}

export type Measured = NamesMeasure | CarriedMeasure | LossMeasure;

export const namesCases = (s: Settings): Case[] => loadCases(s.file, { limit: s.cases, seed: 21, ...TABLE_SIZES });

export const lossCases = (s: Settings, meter: LossMeter): Case[] => meter.cases(s.file, s.lossCases, 22);

export async function measure(s: Settings, tasks: readonly Task[], report: (m: Measured) => void): Promise<void> {
  const model = await openModel(s.modelDir, 1);
  const second = s.judge ? await openModel(s.judge, 1) : undefined;
  const meter = await LossMeter.open(s.modelDir, 1);
  const judge = s.judge
    ? { meter: await LossMeter.open(s.judge, 1), writer: await NextLine.open(s.judge, 1) }
    : undefined;
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const names = namesCases(s);
  const losses = lossCases(s, meter);
  const caseOf = (t: Task): Case => (t.kind === 'names' || t.kind === 'carried' ? names : losses)[t.case]!;
  const peers = tasks.filter((t) => t.kind === 'names').map(caseOf);
  const theirs = s.repomix && peers.length ? repomixOf(s.repomix, peers) : undefined;

  let last: { readonly item: Case; readonly reading: Reading } | undefined; // a case under both models is read once
  const read = async (item: Case): Promise<Reading> => {
    if (last?.item !== item) last = { item, reading: await readCase(model, grammars, counter, item) };
    return last.reading;
  };
  const compress = async (
    item: Case,
    methods: ReadonlyMap<string, Method>,
    carried: boolean,
  ): Promise<{ own: Reading; texts: Map<string, Compressed[]> }> => {
    const own = await read(item);
    const subject: Subject = { own, ...(carried ? { other: await readCase(second!, grammars, counter, item) } : {}) };
    const at = (method: Method): Compressed[] => {
      const within = method(subject);
      return RATIOS.map((ratio) => within(Math.floor(own.recipientTokens * ratio)));
    };
    return { own, texts: new Map([...methods].map(([name, method]) => [name, at(method)])) };
  };
  const grid = (texts: ReadonlyMap<string, readonly Compressed[]>, value: (c: Compressed) => number): Grid =>
    Object.fromEntries([...texts].map(([name, at]) => [name, at.map(value)]));
  const compared = new Map([...methodsOf(model.folder)].filter(([name]) => !s.only || s.only.includes(name)));
  const carriedOver = s.only ? new Map<string, Method>() : methodsCarried(model.folder);

  const measures: { readonly [K in Kind]: (number: number, item: Case) => Promise<Measured> } = {
    names: async (number, item) => {
      const { own, texts } = await compress(item, compared, false);
      const recall = (kept: Compressed['kept']): number => recallOf(item, own.structure, own.definitions, kept);
      const ownErrors = own.structure.errorsIn(item.context.text);
      const peer = theirs?.get(item);
      const size = Math.min(own.recipientTokens, peer === undefined ? 0 : counter.count(peer));
      return {
        kind: 'names',
        case: number,
        contextTokens: own.tokens.length,
        recipientTokens: own.recipientTokens,
        recall: grid(texts, ({ kept }) => recall(kept)),
        reached: grid(texts, ({ text }) => counter.count(text) / own.recipientTokens),
        parses: grid(texts, ({ text }) => (own.structure.errorsIn(text) <= ownErrors ? 1 : 0)),
        ...(peer === undefined
          ? {}
          : {
              peer: {
                ratio: size / own.recipientTokens,
                recall: recallOfText(item, own.structure, own.definitions, peer),
                ours: recall(compared.get(SHIPPED)!({ own })(size).kept),
              },
            }),
      };
    },
    carried: async (number, item) => {
      const { own, texts } = await compress(item, carriedOver, true);
      return {
        kind: 'carried',
        case: number,
        recall: grid(texts, ({ kept }) => recallOf(item, own.structure, own.definitions, kept)),
      };
    },
    loss: async (number, item) => {
      const { texts } = await compress(item, compared, false);
      return {
        kind: 'loss',
        case: number,
        nats: await under(item, texts, (text) => meter.nats({ ...item.context, text }, item.target)),
      };
    },
    judged: async (number, item) => {
      const { context, target } = item;
      const { texts } = await compress(item, new Map([...compared, ...carriedOver]), carriedOver.size > 0);
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
        nats: await under(item, texts, (text) => judge!.meter.nats({ ...context, text }, target)),
        ...(task
          ? {
              line: {
                similarity: await under(item, texts, async (text) => editSimilarity(await line(text), task.line)),
                same: await under(item, texts, async (text) => ((await line(text)) === task.line ? 1 : 0)),
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

/** A value of the target's case under every text that may stand before it. */
async function under(
  { context }: Case,
  texts: ReadonlyMap<string, readonly Compressed[]>,
  value: (text: string) => Promise<number>,
): Promise<Judged> {
  const seen = new Map<string, number>(); // many methods leave the same text of a short context
  const known = async (text: string): Promise<number> => {
    if (!seen.has(text)) seen.set(text, await value(text));
    return seen.get(text)!;
  };
  const at: Record<string, number[]> = {};
  for (const [name, list] of texts) {
    at[name] = [];
    for (const { text } of list) at[name].push(await known(text));
  }
  return { none: await known(''), full: await known(context.text), at };
}
