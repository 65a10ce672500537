// Finds a part of a text after edits by comparing both versions of the text.
import type { Span } from '../../src/core/span';

/**
 * Everything between the first and the last differing character counts as changed. Text before it stays in place, text
 * after it moves.
 * @param span a part of `before`
 * @returns the same part in `after`; where one of its edges was deleted, it begins or ends with the changed text
 */
export function rebaseSpan(before: string, after: string, { start, end }: Span): Span {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let tail = 0;
  while (tail < shorter - same && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const changed: Span = { start: same, end: before.length - tail };
  const growth = after.length - before.length;
  const part = before.slice(start, end);
  if ((start <= changed.start || start >= changed.end) && (end <= changed.start || end >= changed.end))
    return { start: start >= changed.end ? start + growth : start, end: end <= changed.start ? end : end + growth };
  // There are edits above and below, perhaps inside: search the whole part between them, else its first and last line.
  const whole = nearest(after, part, start, changed.start, after.length - tail);
  if (whole !== undefined) return { start: whole, end: whole + part.length };
  const lines = part.split('\n').filter((l) => l.trim());
  const [first, last] = [lines[0] ?? '', lines.at(-1) ?? ''];
  const from = start <= changed.start ? start : nearest(after, first, start, changed.start, after.length - tail);
  const to =
    end >= changed.end ? end + growth : nearest(after, last, end + growth, from ?? changed.start, after.length - tail);
  return {
    start: from ?? changed.start,
    end: to === undefined || end >= changed.end ? (to ?? after.length - tail) : to + last.length,
  };
}

/** The occurrence of `search` within [from, to) that is nearest to `near`. */
function nearest(text: string, search: string, near: number, from: number, to: number): number | undefined {
  let best: number | undefined;
  for (
    let at = text.indexOf(search, from);
    search && at >= 0 && at + search.length <= to;
    at = text.indexOf(search, at + 1)
  )
    if (best === undefined || Math.abs(at - near) < Math.abs(best - near)) best = at;
  return best;
}
