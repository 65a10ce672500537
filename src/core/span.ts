// Half-open ranges of UTF-16 units and how to combine them.
import { firstIndexWhere } from './search';

/** Half-open range [start, end) in UTF-16 code units of one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sorted union of ranges in any order: empty ranges vanish, touching and overlapping ones merge. */
export function unionSpans(spans: Iterable<Span>): Span[] {
  const sorted = [...spans].filter((s) => s.end > s.start).sort((a, b) => a.start - b.start || a.end - b.end);
  const out: { start: number; end: number }[] = [];
  for (const s of sorted) {
    const last = out[out.length - 1];
    if (last && s.start <= last.end) last.end = Math.max(last.end, s.end);
    else out.push({ start: s.start, end: s.end });
  }
  return out;
}

/** The gaps that a sorted, disjoint list of ranges leaves in [0, length). */
export function complementSpans(spans: readonly Span[], length: number): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const s of spans) {
    if (s.start > at) out.push({ start: at, end: s.start });
    at = Math.max(at, s.end);
  }
  if (at < length) out.push({ start: at, end: length });
  return out;
}

/** Intersection of two sorted, disjoint lists of ranges. */
export function sharedSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const start = Math.max(a[i]!.start, b[j]!.start);
    const end = Math.min(a[i]!.end, b[j]!.end);
    if (start < end) out.push({ start, end });
    if (a[i]!.end < b[j]!.end) i++;
    else j++;
  }
  return out;
}

/** Whether `spans` (sorted, disjoint) shares at least one unit with [start, end). */
export function overlaps(spans: readonly Span[], start: number, end: number): boolean {
  const s = spans[firstIndexWhere(spans, (span) => span.end > start)];
  return s !== undefined && s.start < end && end > start;
}

/** Whether `offset` lies inside one of `spans` (sorted, disjoint), behind its start. */
export function isWithin(spans: readonly Span[], offset: number): boolean {
  const around = spans[firstIndexWhere(spans, ({ end }) => end > offset)];
  return around !== undefined && around.start < offset;
}

/** Whether the ranges cover [0, length) in order, without gap or overlap. */
export function tiles(spans: readonly Span[], length: number): boolean {
  let at = 0;
  for (const s of spans) {
    if (s.start !== at || s.end < s.start) return false;
    at = s.end;
  }
  return at === length;
}
