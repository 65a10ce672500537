// Renders a text after some units were cut: kept spans are copied byte for byte, markers are comments of the language.
import type { Elision, RetainedSpan, SpanReason } from '../core/context';
import { firstIndexWhere } from '../core/search';
import { overlaps, unionSpans } from '../core/span';
import type { TokenCounter } from '../core/token';
import { fill, holesOf } from './holes';
import { massOf } from '../tokens/prefixSums';
import type { CutOrder } from './order';
import type { Unit } from '../parse/unit';

export interface RenderOptions {
  readonly markers: boolean;
  /** Whether a language without comments gets them as markers. Default false. */
  readonly commented?: boolean;
  readonly counter: TokenCounter;
  /** Share of caches that kept each model token, for display: [tokens + 1] UTF-16 bounds, [tokens] values 0…1. */
  readonly retention?: { readonly bounds: Int32Array; readonly values: Float32Array };
}

export interface Rendered {
  readonly text: string;
  /** Tile the source. */
  readonly spans: RetainedSpan[];
  readonly elisions: Elision[];
  readonly recipientTokens: number;
  /** Number of steps of the order that were taken. */
  readonly steps: number;
}

/**
 * Renders the text after the first `count` steps of its order.
 *
 * Example: the source is `a();\nb();\nc();\n` in TypeScript, and the first step cuts `b();`. `renderPrefix(order, 1, options)` gives the text
 * `a();\n//2… #k3fa\nc();\n`, three spans (kept, dropped, kept) that tile the source, and one elision `k3fa:2` of one line.
 */
export function renderPrefix(order: CutOrder, count: number, options: RenderOptions): Rendered {
  const { source, structure } = order;
  const retained = retentionOf(options.retention);
  const units = unitsOf(order, count);
  const holes = holesOf(source, units, options.markers, order.pins, options.commented);
  const text = fill(source.text, holes);
  const recipientTokens = options.counter.count(text);
  if (holes.length === 0) {
    const end = source.text.length;
    const whole: RetainedSpan = { start: 0, end, kept: true, reason: 'untouched', retention: retained(0, end) };
    return { text, spans: end > 0 ? [whole] : [], elisions: [], recipientTokens, steps: count };
  }
  const spans: RetainedSpan[] = [];
  const cutSpans = unionSpans(units); // the rest of a hole is white space
  const cuttable = unionSpans(unitsOf(order, order.steps.length));
  const excluded = unionSpans(unitsOf(order, order.forced));
  const keep = (start: number, end: number): void => {
    // Split where the reason may change.
    const edges = new Set([start, end]);
    for (const list of [order.pins, order.protectedSpans, cuttable, structure.unparsed])
      for (let i = firstIndexWhere(list, (s) => s.end > start); i < list.length && list[i]!.start < end; i++)
        for (const at of [list[i]!.start, list[i]!.end]) if (at > start && at < end) edges.add(at);
    const sorted = [...edges].sort((a, b) => a - b);
    for (let i = 0; i + 1 < sorted.length; i++) {
      const [from, to] = [sorted[i]!, sorted[i + 1]!];
      const reason: SpanReason = overlaps(order.pins, from, to)
        ? 'pinned'
        : overlaps(order.protectedSpans, from, to)
          ? 'protected'
          : overlaps(cuttable, from, to)
            ? 'score'
            : overlaps(structure.unparsed, from, to)
              ? 'unparsed'
              : 'syntax';
      const last = spans.at(-1);
      if (last?.kept && last.reason === reason && last.end === from)
        spans[spans.length - 1] = { ...last, end: to, retention: retained(last.start, to) };
      else spans.push({ start: from, end: to, kept: true, reason, retention: retained(from, to) });
    }
  };
  let at = 0;
  let next = 0;
  for (const hole of holes) {
    if (hole.start > at) keep(at, hole.start);
    let inside = hole.start;
    const drop = (start: number, end: number, reason: SpanReason): void =>
      void spans.push({ start, end, kept: false, reason, retention: retained(start, end), elision: hole.id });
    for (; next < cutSpans.length && cutSpans[next]!.start < hole.end; next++) {
      const s = cutSpans[next]!;
      if (s.start > inside) drop(inside, s.start, 'absorbed');
      for (
        let i = firstIndexWhere(excluded, (e) => e.end > inside);
        i < excluded.length && excluded[i]!.start < s.end;
        i++
      ) {
        const e = excluded[i]!;
        if (e.start > Math.max(inside, s.start)) drop(Math.max(inside, s.start), e.start, 'score');
        drop(Math.max(e.start, s.start), Math.min(e.end, s.end), 'excluded');
        inside = Math.min(e.end, s.end);
      }
      if (Math.max(inside, s.start) < s.end) drop(Math.max(inside, s.start), s.end, 'score');
      inside = s.end;
    }
    if (inside < hole.end) drop(inside, hole.end, 'absorbed');
    at = hole.end;
  }
  if (at < source.text.length) keep(at, source.text.length);
  const elisions = holes.map((h) => ({
    id: h.id,
    start: h.start,
    end: h.end,
    line: h.line,
    lines: h.lines,
    recipientTokens: options.counter.count(source.text.slice(h.start, h.end)),
    marker: h.marker,
    ...(h.silent ? { silent: true as const } : {}),
    ...(h.partial ? { partial: true as const } : {}),
  }));
  return { text, spans, elisions, recipientTokens, steps: count };
}

/** The units of the first `count` steps. */
export function unitsOf(order: CutOrder, count: number): Unit[] {
  return order.steps.slice(0, count).map((s) => s.unit);
}

/** Mean retention of the model tokens that begin in a range, 0…1; 1 without data. */
function retentionOf(retention: RenderOptions['retention']): (start: number, end: number) => number {
  if (!retention || retention.values.length === 0) return () => 1;
  const mass = massOf(retention.bounds, retention.values);
  return (start, end) => {
    const { sum, tokens } = mass(start, end);
    return tokens ? Math.round((sum / tokens) * 1e4) / 1e4 : 0;
  };
}
