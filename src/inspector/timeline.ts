// What the caches hold after each update of the reading: what was read by then and not evicted.
import type { InspectReport } from '../core/context';
import { cachesOf, type Scope } from './scope';

export const UNREAD = -1;

/**
 * @param updates after so many of them, 0 (nothing was read) … report.updates
 * @returns [tokens] share of the scope's caches that hold the token, 0…1; UNREAD for a token that was not read by then
 */
export function heldAfter(report: InspectReport, scope: Scope, updates: number): Float32Array {
  const tokens = report.ids.length;
  const read = readAfter(report, updates);
  const holders = new Uint16Array(read);
  const caches = cachesOf(report, scope);
  for (const c of caches)
    for (let t = 0; t < read; t++) {
      const evicted = report.evictedAt[c * tokens + t]!;
      if (evicted < 0 || evicted >= updates) holders[t]!++;
    }
  return Float32Array.from({ length: tokens }, (_, t) => (t < read ? holders[t]! / caches.length : UNREAD));
}

/** Entries of some caches at one time; a token that is read gives one entry to each cache. */
export interface Moment {
  /** Text tokens read by then. */
  readonly read: number;
  /** Entries that the scope's caches hold. */
  readonly held: number;
  /** Entries that they have evicted by then. */
  readonly evicted: number;
  /** Entries that they evicted in the last of the updates. */
  readonly evictedNow: number;
}

/** @param updates after so many of them, 0 … report.updates */
export function momentAfter(report: InspectReport, scope: Scope, updates: number): Moment {
  const tokens = report.ids.length;
  const read = readAfter(report, updates);
  let [evicted, evictedNow] = [0, 0];
  const caches = cachesOf(report, scope);
  for (const c of caches)
    for (let t = 0; t < read; t++) {
      const at = report.evictedAt[c * tokens + t]!;
      if (at < 0 || at >= updates) continue;
      evicted++;
      if (at === updates - 1) evictedNow++;
    }
  return { read, held: caches.length * read - evicted, evicted, evictedNow };
}

/** Text tokens that were read after so many updates. */
export function readAfter({ read }: Pick<InspectReport, 'read'>, updates: number): number {
  return updates > 0 ? read[updates - 1]! : 0;
}
