// Knows what the measured cases say together: means, how sure they are, and who is ahead of whom.
import type { ModelFolder } from '../../src/node/model/manifest';
import { CASE_KINDS, type Case } from '../cases/cases';
import { CARRIED, carriedName, ORACLE_NAME, RATIOS, SHIPPED } from './methods';
import type { CarriedMeasure, Grid, LossMeasure, Measured, NamesMeasure } from './measure';
import { RULES } from './rules';
import { interval, mean } from './statistics';

export type Interval = readonly [number, number];

/** A value of each ratio, and by how much the shipped memory is ahead of it (95 %). */
export interface Column {
  readonly value: readonly number[];
  readonly behind: readonly Interval[];
}

/** A value of each ratio; NaN where there was no case. */
export type ByKind = Readonly<Record<(typeof CASE_KINDS)[number], readonly number[]>>;

export interface Row {
  readonly name: string;
  readonly names: Column;
  readonly recovery: Column; // of loss, under the bundled model
  readonly judged?: Column; // under the judge
  readonly similarity?: Column; // of the line that the judge writes
  readonly same?: Column;
  readonly namesByKind: ByKind;
  readonly recoveryByKind: ByKind;
  readonly parses: readonly number[];
  readonly reached: readonly number[];
}

export interface Carried {
  readonly name: string;
  readonly names: Column; // ahead: the NAMM's lead over this row
  readonly judged: Column;
}

export interface Comparison {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly judge?: { readonly name: string; readonly sha256: string; readonly layers: number };
  readonly shipped: string;
  readonly cases: number;
  readonly languages: readonly { readonly name: string; readonly perToken: number; readonly perReaderToken: number }[]; // UTF-16 units
  readonly repositories: readonly string[];
  readonly meanContextTokens: number;
  readonly lossCases: number;
  readonly lossLength: number;
  readonly lossWithout: number; // nats over a target, mean
  readonly lossFull: number;
  readonly judgedCases?: number;
  readonly carriedCases?: number;
  readonly judgedWithout?: number;
  readonly judgedFull?: number;
  readonly lines?: {
    readonly cases: number;
    readonly without: number;
    readonly full: number;
    readonly sameWithout: number;
    readonly sameFull: number;
  };
  readonly ratios: readonly number[];
  readonly rows: readonly Row[];
  readonly carried?: readonly Carried[];
  /** Share of the way from the best rule to the oracle, at the smallest ratio. */
  readonly gap: readonly {
    readonly under: string;
    readonly rule: string;
    readonly best: number;
    readonly oracle: number;
    readonly closed: number;
  }[];
  /** A tool that chooses its own size; the shipped memory at the same size in every case. */
  readonly peer?: {
    readonly name: string;
    readonly cases: number;
    readonly ratio: number;
    readonly recall: number;
    readonly ours: number;
    readonly ahead: Interval;
  };
}

export interface Sources {
  readonly folder: ModelFolder;
  readonly judge?: ModelFolder;
  readonly names: readonly Case[];
  readonly losses: readonly Case[];
  readonly measured: readonly Measured[];
}

const numbered = <T extends Measured>(list: readonly Measured[], kind: T['kind']): T[] =>
  (list.filter((m) => m.kind === kind) as T[]).sort((a, b) => a.case - b.case);
const byKind = (value: (kind: keyof ByKind, ratio: number) => number): ByKind =>
  Object.fromEntries(CASE_KINDS.map((kind) => [kind, RATIOS.map((_, i) => value(kind, i))])) as unknown as ByKind;
const sum = (a: readonly number[]): number => a.reduce((x, y) => x + y, 0);

/** How far `first` is ahead of `name` in a mean over cases. */
export const meanColumn = <T>(list: readonly T[], grid: (m: T) => Grid, name: string, first = SHIPPED): Column => ({
  value: RATIOS.map((_, i) => mean(list.map((m) => grid(m)[name]![i]!))),
  behind: RATIOS.map((_, i) =>
    interval(list.length, (s) => mean(s.map((j) => grid(list[j]!)[first]![i]! - grid(list[j]!)[name]![i]!))),
  ),
});

/** Share of the loss without context that a method's text saves, over all targets together. */
export const rate = (sample: readonly LossMeasure[], method: string, i: number): number =>
  sum(sample.map(({ nats }) => nats.none - nats.at[method]![i]!)) /
  sum(sample.map(({ nats }) => nats.none - nats.full));

/** The same in that share. */
export const recoveryColumn = (list: readonly LossMeasure[], name: string, first = SHIPPED): Column => ({
  value: RATIOS.map((_, i) => rate(list, name, i)),
  behind: RATIOS.map((_, i) =>
    interval(list.length, (s) => {
      const sample = s.map((j) => list[j]!);
      return rate(sample, first, i) - rate(sample, name, i);
    }),
  ),
});

export function comparisonOf({ folder, judge, names: cases, losses, measured }: Sources): Comparison {
  const names = numbered<NamesMeasure>(measured, 'names');
  const loss = numbered<LossMeasure>(measured, 'loss');
  const judged = numbered<LossMeasure>(measured, 'judged');
  const carried = numbered<CarriedMeasure>(measured, 'carried');
  const methods = Object.keys(names[0]!.recall);

  const lined = judged.filter((m) => m.line);
  const rowOf = (name: string): Row => ({
    name,
    names: meanColumn(names, (m) => m.recall, name),
    recovery: recoveryColumn(loss, name),
    ...(judge ? { judged: recoveryColumn(judged, name) } : {}),
    ...(lined.length
      ? {
          similarity: meanColumn(lined, (m) => m.line!.similarity.at, name),
          same: meanColumn(lined, (m) => m.line!.same.at, name),
        }
      : {}),
    namesByKind: byKind((kind, i) =>
      mean(names.filter((m) => cases[m.case]!.kind === kind).map((m) => m.recall[name]![i]!)),
    ),
    recoveryByKind: byKind((kind, i) =>
      rate(
        loss.filter((m) => losses[m.case]!.kind === kind),
        name,
        i,
      ),
    ),
    parses: RATIOS.map((_, i) => mean(names.map((m) => m.parses[name]![i]!))),
    reached: RATIOS.map((_, i) => mean(names.map((m) => m.reached[name]![i]!))),
  });
  const ids = CARRIED.map((id) => carriedName(id));
  const rows = methods.map(rowOf);
  const onOther = carried.map((m) => ({ ...names[m.case]!.recall, ...m.recall }));
  const gapUnder = (under: string, column: (r: Row) => Column): Comparison['gap'][number] => {
    const best = rows
      .filter((r) => r.name in RULES)
      .reduce((a, b) => (column(b).value[0]! > column(a).value[0]! ? b : a));
    const [ours, rule, oracle] = [
      rows.find((r) => r.name === SHIPPED)!,
      best,
      rows.find((r) => r.name === ORACLE_NAME)!,
    ].map((r) => column(r).value[0]!) as [number, number, number];
    return { under, rule: best.name, best: rule, oracle, closed: (ours - rule) / (oracle - rule) };
  };
  const peers = names.flatMap((m) => m.peer ?? []);
  const texts = names.map((m) => ({
    language: cases[m.case]!.language,
    units: cases[m.case]!.context.text.length,
    tokens: m.contextTokens,
    recipientTokens: m.recipientTokens,
  }));
  return {
    model: { name: folder.name, sha256: folder.sha256 },
    ...(judge ? { judge: { name: judge.name, sha256: judge.sha256, layers: judge.shape.layers } } : {}),
    shipped: SHIPPED,
    cases: cases.length,
    languages: [...new Set(texts.map((t) => t.language))].sort().map((name) => {
      const of = texts.filter((t) => t.language === name);
      const units = sum(of.map((t) => t.units));
      return {
        name,
        perToken: units / sum(of.map((t) => t.tokens)),
        perReaderToken: units / sum(of.map((t) => t.recipientTokens)),
      };
    }),
    repositories: [...new Set(cases.map((c) => c.repo))].sort(),
    meanContextTokens: Math.round(mean(names.map((m) => m.contextTokens))),
    lossCases: loss.length,
    lossLength: folder.shape.trainedContext,
    lossWithout: mean(loss.map((m) => m.nats.none)),
    lossFull: mean(loss.map((m) => m.nats.full)),
    ...(judge
      ? {
          judgedCases: judged.length,
          carriedCases: carried.length,
          judgedWithout: mean(judged.map((m) => m.nats.none)),
          judgedFull: mean(judged.map((m) => m.nats.full)),
        }
      : {}),
    ...(lined.length
      ? {
          lines: {
            cases: lined.length,
            without: mean(lined.map((m) => m.line!.similarity.none)),
            full: mean(lined.map((m) => m.line!.similarity.full)),
            sameWithout: mean(lined.map((m) => m.line!.same.none)),
            sameFull: mean(lined.map((m) => m.line!.same.full)),
          },
        }
      : {}),
    ratios: RATIOS,
    rows,
    ...(judge
      ? {
          carried: [...ids, 'random line; along syntax'].map((name) => ({
            name,
            names: meanColumn(onOther, (m) => m, name, ids[0]!),
            judged: recoveryColumn(judged, name, ids[0]!),
          })),
        }
      : {}),
    gap: [
      gapUnder('the bundled model', (r) => r.recovery),
      ...(judge ? [gapUnder('the judge', (r) => r.judged!)] : []),
    ],
    ...(peers.length
      ? {
          peer: {
            name: 'repomix --compress',
            cases: peers.length,
            ratio: mean(peers.map((p) => p.ratio)),
            recall: mean(peers.map((p) => p.recall)),
            ours: mean(peers.map((p) => p.ours)),
            ahead: interval(peers.length, (s) => mean(s.map((j) => peers[j]!.ours - peers[j]!.recall))),
          },
        }
      : {}),
  };
}
