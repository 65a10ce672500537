// Compares two cuts of the same text.
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';

/** Borders of the dropped stretches in UTF-16 units: [start, end, start, end, …], ascending, adjacent ones joined. */
export type DroppedEdges = Int32Array;

/** @param spans that tile one file. Example: kept [0, 2), dropped [2, 5) and [5, 6) give [2, 6] */
export function droppedEdges(spans: readonly (Span & { readonly kept: boolean })[]): DroppedEdges {
  const edges: number[] = [];
  for (const s of spans) {
    if (s.kept || s.start === s.end) continue;
    if (edges.at(-1) === s.start) edges[edges.length - 1] = s.end;
    else edges.push(s.start, s.end);
  }
  return Int32Array.from(edges);
}

/** Number of stretches that one of the two cuts drops and the other keeps. */
export function changedStretches(before: DroppedEdges, after: DroppedEdges): number {
  let [i, j, changed] = [0, 0, 0];
  let isInDifference = false;
  while (i < before.length || j < after.length) {
    const at = Math.min(before[i] ?? Infinity, after[j] ?? Infinity);
    if (before[i] === at) i++;
    if (after[j] === at) j++;
    const differs = i % 2 !== j % 2; // behind `at`, only one of them drops
    if (differs && !isInDifference) changed++;
    else if (differs && before[i - 1] === at && after[j - 1] === at) changed++; // one ends where the other begins
    isInDifference = differs;
  }
  return changed;
}

/** Whether an offset (UTF-16) is in a dropped stretch. */
export function isDropped(edges: DroppedEdges, offset: number): boolean {
  return firstIndexWhere(edges, (edge) => edge > offset) % 2 === 1;
}
