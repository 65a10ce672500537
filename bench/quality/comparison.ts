// Sums up the measured cases: means, their intervals, and which method leads.
import type { ModelFolder } from '../../src/node/model/manifest';
import { CASE_KINDS, type Case } from '../cases/cases';
import { RATIOS } from '../cases/compressed';
import type { Grid, LossMeasure, Measured, NamesMeasure, TransferredMeasure } from './measure';
import { ORACLE_NAME, SHIPPED, TRANSFERRED, transferredName } from './methods';
import { RULES } from './rules';
import { interval, mean, sum } from './statistics';

export type Interval = readonly [number, number];

/** A value for each ratio, and the lead of the shipped memory over it (95 % interval). */
export interface Column {
  readonly value: readonly number[];
  readonly lead: readonly Interval[];
}

/** A value for each ratio; NaN without a case. */
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

export interface Transferred {
  readonly name: string;
  readonly names: Column; // lead of the NAMM over this row
  readonly judged: Column;
}

export interface Comparison {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly judge?: { readonly name: string; readonly sha256: string; readonly layers: number };
  readonly shipped: string;
  readonly cases: number;
  readonly languages: readonly {
    readonly name: string;
    readonly perToken: number;
    readonly perRecipientToken: number;
  }[]; // UTF-16 units
  readonly repositories: readonly string[];
  readonly meanContextTokens: number;
  readonly lossCases: number;
  readonly lossLength: number;
  readonly lossWithout: number; // nats over a target, mean
  readonly lossFull: number;
  readonly judgedCases?: number;
  readonly transferredCases?: number;
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
  readonly transferred?: readonly Transferred[];
  /** How far the shipped memory is on the way from the best rule to the oracle, at the smallest ratio; `closed` is the share. */
  readonly gap: readonly {
    readonly under: string;
    readonly rule: string;
    readonly best: number;
    readonly oracle: number;
    readonly closed: number;
  }[];
  /** A tool that chooses its own size, against the shipped memory at the same size in every case. */
  readonly peer?: {
    readonly name: string;
    readonly cases: number;
    readonly ratio: number;
    readonly recall: number;
    readonly ours: number;
    readonly lead: Interval;
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

/** Means over cases of the row `name`, and the lead of the row `first`. */
export const meanColumn = <T>(list: readonly T[], grid: (m: T) => Grid, name: string, first = SHIPPED): Column => ({
  value: RATIOS.map((_, i) => mean(list.map((m) => grid(m)[name]![i]!))),
  lead: RATIOS.map((_, i) =>
    interval(list.length, (s) => mean(s.map((j) => grid(list[j]!)[first]![i]! - grid(list[j]!)[name]![i]!))),
  ),
});

/** Loss recovery: the nats that a method's text saves, over those that the whole context saves, summed over all targets. */
export const recovery = (sample: readonly LossMeasure[], method: string, i: number): number =>
  sum(sample.map(({ nats }) => nats.none - nats.at[method]![i]!)) /
  sum(sample.map(({ nats }) => nats.none - nats.full));

/** Loss recovery of the row `name`, and the lead of the row `first`. */
export const recoveryColumn = (list: readonly LossMeasure[], name: string, first = SHIPPED): Column => ({
  value: RATIOS.map((_, i) => recovery(list, name, i)),
  lead: RATIOS.map((_, i) =>
    interval(list.length, (s) => {
      const sample = s.map((j) => list[j]!);
      return recovery(sample, first, i) - recovery(sample, name, i);
    }),
  ),
});

export function comparisonOf({ folder, judge, names: cases, losses, measured }: Sources): Comparison {
  const names = numbered<NamesMeasure>(measured, 'names');
  const loss = numbered<LossMeasure>(measured, 'loss');
  const judged = numbered<LossMeasure>(measured, 'judged');
  const transferred = numbered<TransferredMeasure>(measured, 'transferred');
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
      recovery(
        loss.filter((m) => losses[m.case]!.kind === kind),
        name,
        i,
      ),
    ),
    parses: RATIOS.map((_, i) => mean(names.map((m) => m.parses[name]![i]!))),
    reached: RATIOS.map((_, i) => mean(names.map((m) => m.reached[name]![i]!))),
  });
  const ids = TRANSFERRED.map((id) => transferredName(id));
  const rows = methods.map(rowOf);
  const onOther = transferred.map((m) => ({ ...names[m.case]!.recall, ...m.recall }));
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
        perRecipientToken: units / sum(of.map((t) => t.recipientTokens)),
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
          transferredCases: transferred.length,
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
          transferred: [...ids, 'random line; along syntax'].map((name) => ({
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
            lead: interval(peers.length, (s) => mean(s.map((j) => peers[j]!.ours - peers[j]!.recall))),
          },
        }
      : {}),
  };
}
