// Knows where a stretch of a text stands after edits, from the two texts alone.
import type { Span } from '../src/core/span';

/** All between the first and the last character that differ counts as changed: what lies before it stays, what lies behind it moves along. */
export function carried(before: string, now: string, { start, end }: Span): Span {
  const most = Math.min(before.length, now.length);
  let same = 0;
  while (same < most && before[same] === now[same]) same++;
  let rest = 0;
  while (rest < most - same && before[before.length - 1 - rest] === now[now.length - 1 - rest]) rest++;
  const changed = before.length - rest;
  const moved = now.length - before.length;
  // An edge inside what changed goes to its outer edge: rather a line too many than one too few.
  return { start: start >= changed ? start + moved : Math.min(start, same), end: end <= same ? end : end >= changed ? end + moved : now.length - rest };
}
