// Knows how one case is measured, in a process of its own: a share of all cases, each under every method at every ratio.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/model/model';
import { Grammars } from '../../src/text/grammars';
import { loadCases, type Case } from '../cases/cases';
import { LossMeter } from '../cases/loss';
import { editSimilarity, lineTaskOf, NextLine } from '../cases/nextLine';
import { recallOf } from '../cases/recall';
import { counter, methodsOf, RATIOS, SHIPPED, type Compressed, type Subject } from './methods';
import { readCase } from './read';
import { recallOfText, repomixOf } from './repomix';

export interface Settings {
  readonly modelDir: string;
  readonly file: string;
  readonly cases: number;
  readonly lossCases: number;
  /** Folder of a second, differently trained model. */
  readonly judge?: string;
  readonly repomix?: string;
}

/** By method, then by ratio. */
export type Grid = Readonly<Record<string, readonly number[]>>;

export interface NamesMeasure {
  readonly kind: 'names';
  readonly case: number;
  readonly contextTokens: number;
  readonly readerTokens: number;
  readonly recall: Grid;
  readonly reached: Grid;
  readonly parses: Grid;
  readonly peer?: { readonly ratio: number; readonly recall: number; readonly ours: number };
}

export interface Judged {
  readonly none: number;
  readonly full: number;
  readonly at: Grid;
}

export interface LossMeasure {
  readonly kind: 'loss';
  readonly case: number;
  readonly own: Judged; // nats over the target
  readonly other?: Judged;
  /** Of the line that the judge writes next to the real one: edit similarity, and 1 where both are the same. */
  readonly line?: { readonly similarity: Judged; readonly same: Judged };
}

export type Measured = NamesMeasure | LossMeasure;

export const namesCases = (s: Settings): Case[] => loadCases(s.file, { limit: s.cases, seed: 21, context: [3000, 24_000], target: 900 });

/** Where context and target fit the trained length of every model. */
export function lossCases(s: Settings, meters: readonly LossMeter[]): Case[] {
  return loadCases(s.file, { limit: s.lossCases * 2, seed: 22, context: [1500, 5000], target: 900 })
    .filter((c) => meters.every((m) => m.fits(c.context, c.target)))
    .slice(0, s.lossCases);
}

/** Measures the cases whose number leaves `share` when divided by `of`. */
export async function measure(s: Settings, share: number, of: number, report: (m: Measured) => void): Promise<void> {
  const model = await openModel(s.modelDir, 1);
  const second = s.judge ? await openModel(s.judge, 1) : undefined;
  const meter = await LossMeter.open(s.modelDir, 1);
  const otherMeter = s.judge ? await LossMeter.open(s.judge, 1) : undefined;
  const writer = s.judge ? await NextLine.open(s.judge, 1) : undefined;
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const methods = methodsOf(model.folder, second !== undefined);
  const mine = (cases: readonly Case[]): [number, Case][] => [...cases.entries()].filter(([i]) => i % of === share);
  const subjectOf = async (item: Case): Promise<Subject> => ({
    own: await readCase(model, grammars, counter, item),
    ...(second ? { other: await readCase(second, grammars, counter, item) } : {}),
  });
  const every = (subject: Subject): Map<string, Compressed[]> =>
    new Map(
      [...methods].map(([name, method]) => {
        const compress = method(subject);
        return [name, RATIOS.map((ratio) => compress(Math.floor(subject.own.readerTokens * ratio)))];
      }),
    );
  const grid = (texts: ReadonlyMap<string, readonly Compressed[]>, value: (c: Compressed) => number): Grid => Object.fromEntries([...texts].map(([name, at]) => [name, at.map(value)]));

  const names = mine(namesCases(s));
  const theirs = s.repomix ? repomixOf(s.repomix, names.map(([, item]) => item)) : undefined;
  for (const [i, item] of names) {
    const subject = await subjectOf(item);
    const { own } = subject;
    const texts = every(subject);
    const recall = (kept: Compressed['kept']): number => recallOf(item, own.structure, own.definitions, kept);
    const ownErrors = own.structure.errorsIn(item.context.text);
    const peer = theirs?.get(item);
    const size = Math.min(own.readerTokens, peer === undefined ? 0 : counter.count(peer));
    report({
      kind: 'names',
      case: i,
      contextTokens: own.tokens.length,
      readerTokens: own.readerTokens,
      recall: grid(texts, ({ kept }) => recall(kept)),
      reached: grid(texts, ({ text }) => counter.count(text) / own.readerTokens),
      parses: grid(texts, ({ text }) => (own.structure.errorsIn(text) <= ownErrors ? 1 : 0)),
      ...(peer === undefined
        ? {}
        : {
            peer: {
              ratio: size / own.readerTokens,
              recall: recallOfText(item, own.structure, own.definitions, peer),
              ours: recall(methods.get(SHIPPED)!(subject)(size).kept),
            },
          }),
    });
  }

  for (const [i, item] of mine(lossCases(s, otherMeter ? [meter, otherMeter] : [meter]))) {
    const texts = every(await subjectOf(item));
    const { context, target } = item;
    const under = async (value: (text: string) => Promise<number>): Promise<Judged> => {
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
    };
    const task = writer ? lineTaskOf(item) : undefined;
    const written = new Map<string, string>();
    const line = async (text: string): Promise<string> => {
      if (!written.has(text)) written.set(text, await writer!.write({ ...context, text }, target, task!.before));
      return written.get(text)!;
    };
    report({
      kind: 'loss',
      case: i,
      own: await under((text) => meter.nats({ ...context, text }, target)),
      ...(otherMeter ? { other: await under((text) => otherMeter.nats({ ...context, text }, target)) } : {}),
      ...(task
        ? {
            line: {
              similarity: await under(async (text) => editSimilarity(await line(text), task.line)),
              same: await under(async (text) => ((await line(text)) === task.line ? 1 : 0)),
            },
          }
        : {}),
    });
  }
  await model.release();
  await second?.release();
}
