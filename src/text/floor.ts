// Knows why a text cannot get smaller: what must stay, what the syntax needs, or what the cuts themselves cost.
import type { FloorReason, RetainedSpan, SpanReason } from '../core/context';
import type { TokenCounter } from '../core/token';

export interface Smallest {
  readonly source: string;
  readonly spans: readonly RetainedSpan[];
}

/** @param allowed reader tokens that the smallest texts, with markers, are above */
export function floorReasonOf(files: readonly Smallest[], allowed: number, counter: TokenCounter): FloorReason {
  const tokens = (...reasons: SpanReason[]): number =>
    files.reduce((sum, { source, spans }) => sum + counter.count(spans.filter((s) => s.kept && reasons.includes(s.reason)).map((s) => source.slice(s.start, s.end)).join('')), 0);
  const needed = tokens('syntax', 'absorbed', 'untouched');
  const held = tokens('pinned', 'protected');
  if (needed + held <= allowed) return 'markers'; // what could still go would cost more to mark than it saves
  return needed <= allowed ? 'kept' : 'syntax';
}
