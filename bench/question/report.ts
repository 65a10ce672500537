// Says in a table how many of the needed lines each method keeps, and in how many tasks a question does harm.
import { percent, table } from '../markdown';
import { interval, mean } from '../quality/statistics';
import type { Task } from './task';

export const WITH = 'extended, with the question';
export const WITHOUT = 'extended, without the question';

/** By row and ratio: shares of one task, 0…1. */
export type Shares = Record<string, number[]>;

export interface Measured {
  readonly tasks: readonly Task[];
  /** Tasks whose texts are not at hand. */
  readonly missing: number;
  readonly ratios: readonly number[];
  /** Per task: shares of the changed lines. */
  readonly changed: readonly Shares[];
  /** Per task that has them: shares of the lines that people marked. */
  readonly gold: readonly Shares[];
}

/** @returns Markdown */
export function changesReport({ tasks, missing, ratios, changed, gold }: Measured): string {
  const repos = new Set(tasks.map((t) => t.repo)).size;
  const named = tasks.map((t) => t.named);
  const worse = ratios.map((ratio, k) => {
    const harmed = changed.filter((shares) => shares[WITH]![k]! < shares[WITHOUT]![k]!);
    return `${percent(harmed.length / Math.max(1, changed.length))} of the tasks @${ratio}`;
  });
  const groups: (readonly [string, readonly Shares[]])[] = [
    ['changed lines', changed],
    ['named', changed.filter((_, i) => named[i])],
    ['not named', changed.filter((_, i) => !named[i])],
    ...(gold.length ? [['gold lines', gold] as const] : []),
  ];
  const head = groups.flatMap(([name]) => ratios.map((ratio) => `${name} @${ratio}`));
  const rows = Object.keys(changed[0] ?? {}).map((row) => [
    row,
    ...groups.flatMap(([, shares]) => ratios.map((_, k) => cell(shares, row, k))),
  ]);
  return [
    `${tasks.length} tasks from ${repos} repositories, ${named.filter(Boolean).length} of them name what is changed` +
      `${missing ? `; ${missing} could not be had` : ''}. In brackets: by how much *${WITH}* is ahead, 95 % interval over the tasks.`,
    '',
    ...table(['', ...head], rows),
    '',
    `Fewer changed lines with the question than without: ${worse.join(', ')}.`,
  ].join('\n');
}

/** The mean share of a row, and the interval of how far the row with the question is ahead. */
function cell(shares: readonly Shares[], row: string, k: number): string {
  if (!shares.length) return '';
  const value = mean(shares.map((s) => s[row]![k]!)).toFixed(3);
  if (row === WITH) return value;
  const lead = shares.map((s) => s[WITH]![k]! - s[row]![k]!);
  const [low, high] = interval(shares.length, (sample) => mean(sample.map((i) => lead[i]!)));
  const sign = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;
  return `${value} (${sign(low)} … ${sign(high)})`;
}
