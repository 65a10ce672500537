// Knows where a stretch of a text stands after edits, from the two texts alone.
import type { Span } from '../../src/core/span';

/** All between the first and the last character that differ counts as changed: what lies before it stays, what lies behind it moves along. */
export function rebaseSpan(before: string, now: string, { start, end }: Span): Span {
  const most = Math.min(before.length, now.length);
  let same = 0;
  while (same < most && before[same] === now[same]) same++;
  let rest = 0;
  while (rest < most - same && before[before.length - 1 - rest] === now[now.length - 1 - rest]) rest++;
  const changed: Span = { start: same, end: before.length - rest };
  const moved = now.length - before.length;
  const part = before.slice(start, end);
  if ((start <= changed.start || start >= changed.end) && (end <= changed.start || end >= changed.end))
    return { start: start >= changed.end ? start + moved : start, end: end <= changed.start ? end : end + moved };
  // Edits above and below it, perhaps in it: it is looked for between them, else its first and its last line are.
  const whole = nearest(now, part, start, changed.start, now.length - rest);
  if (whole !== undefined) return { start: whole, end: whole + part.length };
  const lines = part.split('\n').filter((l) => l.trim());
  const [first, last] = [lines[0] ?? '', lines.at(-1) ?? ''];
  const from = start <= changed.start ? start : nearest(now, first, start, changed.start, now.length - rest);
  const to =
    end >= changed.end ? end + moved : nearest(now, last, end + moved, from ?? changed.start, now.length - rest);
  // An edge that is gone goes to where the changes begin or end.
  return {
    start: from ?? changed.start,
    end: to === undefined || end >= changed.end ? (to ?? now.length - rest) : to + last.length,
  };
}

/** Where in [from, to) `wanted` stands, nearest to `near`. */
function nearest(text: string, wanted: string, near: number, from: number, to: number): number | undefined {
  let best: number | undefined;
  for (
    let at = text.indexOf(wanted, from);
    wanted && at >= 0 && at + wanted.length <= to;
    at = text.indexOf(wanted, at + 1)
  )
    if (best === undefined || Math.abs(at - near) < Math.abs(best - near)) best = at;
  return best;
}
