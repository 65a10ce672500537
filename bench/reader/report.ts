// Tables of the reader bench: shares of the reader's loss and of what it foresees, with intervals over repositories and cases.
import { seededRandom } from '../cases/cases';
import { RATIOS } from '../cases/compressed';
import { table } from '../markdown';
import { sum } from '../quality/statistics';
import { PLACEMENTS } from './cases';
import type { TargetLoss } from './client';
import type { CaseMeasure } from './measure';
import { OURS } from './rows';

type Sample = readonly CaseMeasure[];
/** A figure of one row at one ratio. */
type Figure = (sample: Sample, loss: (c: CaseMeasure) => TargetLoss) => number;

const recovered =
  (of: (loss: TargetLoss) => number): Figure =>
  (sample, loss) =>
    sum(sample.map((c) => of(c.without) - of(loss(c)))) / sum(sample.map((c) => of(c.without) - of(c.whole)));

export const lossRecovery = recovered((l) => l.nats);
export const nameRecovery = recovered((l) => l.nameNats);
const accuracy: Figure = (sample, loss) =>
  sum(sample.map((c) => loss(c).hits)) / sum(sample.map((c) => loss(c).tokens));
const firstLine: Figure = (sample, loss) => sum(sample.map((c) => loss(c).first)) / sample.length;
const beatsWhole: Figure = (sample, loss) => sample.filter((c) => loss(c).nats < c.whole.nats).length / sample.length;

/**
 * 95 % interval of a statistic by a bootstrap in two stages: repositories, then cases of each, both with replacement. Every call
 * draws the same samples, so differences of rows are paired.
 */
export function clusteredInterval(
  cases: Sample,
  statistic: (sample: Sample) => number,
  rounds = 1000,
): [number, number] {
  const next = seededRandom(99);
  const repos = [...new Set(cases.map((c) => c.repo))].map((repo) => cases.filter((c) => c.repo === repo));
  const draw = <T>(list: readonly T[]): T[] => list.map(() => list[next(list.length)]!);
  const values = Array.from({ length: rounds }, () => statistic(draw(repos).flatMap(draw))).sort((a, b) => a - b);
  return [values[Math.floor(rounds * 0.025)]!, values[Math.ceil(rounds * 0.975) - 1]!];
}

const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;

/** Rows with a figure at each ratio; behind every row but the first, by how much the first one leads. */
export function figureTable(cases: Sample, rows: readonly string[], figure: Figure, title: string): string[] {
  const at =
    (row: string, k: number) =>
    (c: CaseMeasure): TargetLoss =>
      c.rows.get(row)![k]!;
  const cells = rows.map((row) => [
    row === OURS ? `**${row}** (shipped)` : row,
    ...RATIOS.map((_, k) => {
      const value = figure(cases, at(row, k)).toFixed(3);
      if (row === OURS) return value;
      const lead = (sample: Sample): number => figure(sample, at(OURS, k)) - figure(sample, at(row, k));
      return `${value} (${clusteredInterval(cases, lead).map(signed).join(' … ')})`;
    }),
  ]);
  return table(['', ...RATIOS.map((r) => `${title} @${r}`)], cells);
}

/** Every figure of every row in one line each, without intervals. */
export function overview(cases: Sample, rows: readonly string[]): string[] {
  const shown: readonly [string, Figure][] = [
    ['loss', lossRecovery],
    ['names', nameRecovery],
    ['next token', accuracy],
    ['first line', firstLine],
    ['beats whole', beatsWhole],
    [
      "reader's tokens",
      (sample, loss) => sum(sample.map((c) => loss(c).contextTokens)) / sum(sample.map((c) => c.whole.contextTokens)),
    ],
  ];
  const line = (name: string, loss: (k: number) => (c: CaseMeasure) => TargetLoss): string[] => [
    name,
    ...shown.map(([, figure]) => RATIOS.map((_, k) => figure(cases, loss(k)).toFixed(3)).join(' / ')),
  ];
  return table(
    ['', ...shown.map(([name]) => name)],
    [
      line('whole', () => (c) => c.whole),
      line('without', () => (c) => c.without),
      ...rows.map((row) => line(row, (k) => (c) => c.rows.get(row)![k]!)),
    ],
  );
}

/** All tables as the page has them. */
export function report(cases: Sample, rows: readonly string[]): string {
  const repos = new Set(cases.map((c) => c.repo)).size;
  const parts = [
    `${cases.length} cases from ${repos} repositories. In brackets by how much the shipped scorer leads (95 %, paired bootstrap over repositories and cases).`,
    figureTable(cases, rows, lossRecovery, 'loss recovery').join('\n'),
    ...PLACEMENTS.map((placement) => {
      const some = cases.filter((c) => c.placement === placement);
      return some.length
        ? `${some.length} cases, ${placement === 'across' ? 'another file of the repository' : 'further down the same file'}:\n\n${figureTable(some, rows, lossRecovery, 'loss recovery').join('\n')}`
        : '';
    }),
    'All figures, at both ratios:\n',
    overview(cases, rows).join('\n'),
  ];
  return parts.filter(Boolean).join('\n\n');
}
