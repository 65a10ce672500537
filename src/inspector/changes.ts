// Knows how two cuts of the same text differ.
import { firstIndexWhere } from '../core/search';

/** Ends of what is dropped, [start, end, start, end, …], rising, neighbours joined. */
export type DroppedEdges = Int32Array;

/** @param spans tiling spans of one file */
export function droppedEdges(
  spans: readonly { readonly start: number; readonly end: number; readonly kept: boolean }[],
): DroppedEdges {
  const edges: number[] = [];
  for (const s of spans) {
    if (s.kept || s.start === s.end) continue;
    if (edges.at(-1) === s.start) edges[edges.length - 1] = s.end;
    else edges.push(s.start, s.end);
  }
  return Int32Array.from(edges);
}

/** Number of stretches that are dropped in one of the two and kept in the other. */
export function changedStretches(before: DroppedEdges, after: DroppedEdges): number {
  let [i, j, changed] = [0, 0, 0];
  let differs = false;
  while (i < before.length || j < after.length) {
    const at = Math.min(before[i] ?? Infinity, after[j] ?? Infinity);
    if (before[i] === at) i++;
    if (after[j] === at) j++;
    const now = i % 2 !== j % 2; // inside a dropped stretch of only one of them
    if (now && !differs) changed++;
    else if (now && differs && before[i - 1] === at && after[j - 1] === at) changed++; // one ends where the other begins
    differs = now;
  }
  return changed;
}

/** Whether an offset lies in a dropped stretch. */
export function isDropped(edges: DroppedEdges, offset: number): boolean {
  return firstIndexWhere(edges, (edge) => edge > offset) % 2 === 1;
}
