// A small report for tests, with numbers that are easy to check.
import type { InspectReport } from '../../../src/core/context';

/** Two layers of two heads on "ab\n  c d": five tokens. Columns below are tokens. */
export const TEXT = 'ab\n  c d';
export const small: InspectReport = {
  version: 1,
  path: 'a.ts',
  languageId: 'typescript',
  scorer: 'namm',
  model: { name: 'm', sha256: 'f' },
  layers: 2,
  heads: 2,
  bounds: Int32Array.of(0, 2, 5, 6, 7, 8), // ab | ⏎␣␣ | c | ␣ | d
  ids: Int32Array.of(1, 2, 3, 4, 5),
  classes: Uint8Array.of(5, 0, 5, 0, 6),
  // prettier-ignore
  scores: Float32Array.of(
    1, -1, 2, -2, 3,
    1, -1, -2, -2, 3,
    -1, -1, -1, -1, 0,
    1, 1, 1, 1, 1,
  ),
  // prettier-ignore
  keeps: Uint8Array.of(
    1, 0, 1, 0, 1,
    1, 0, 0, 0, 1,
    0, 0, 0, 0, 1,
    1, 1, 1, 1, 1,
  ),
  retention: Float32Array.of(0.75, 0.25, 0.5, 0.25, 1),
  threshold: 0,
  // prettier-ignore
  evictedAt: Int16Array.of(
    -1, 0, -1, 0, -1,
    -1, 0, 1, 0, -1,
    0, 0, 1, 2, -1,
    -1, -1, -1, -1, -1,
  ),
  updates: 3,
  read: Int32Array.of(3, 4, 5), // the third chunk holds d and what came after it
  meanCacheLength: 4,
};

/** The same text by another scorer, which keeps exactly what this one drops. */
export const opposite: InspectReport = { ...small, scorer: 'h2o', keeps: small.keeps.map((k) => 1 - k) };

/** A report of any size, the same at every call: deeper layers keep less, and no cache evicts what it has not read. */
export function made(layers: number, heads: number, tokens: number): InspectReport {
  const CHUNK = 256;
  const updates = Math.ceil((tokens + 4) / CHUNK);
  const size = layers * heads * tokens;
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const scores = new Float32Array(size);
  const evictedAt = new Int16Array(size).fill(-1);
  const retention = new Float32Array(tokens);
  const read = Int32Array.from({ length: updates }, (_, u) => Math.min(tokens, (u + 1) * CHUNK - 4));
  for (let i = 0; i < size; i++) {
    const [cache, token] = [Math.floor(i / tokens), i % tokens];
    scores[i] = random() * 2 - 0.6 - Math.floor(cache / heads) / layers / 2;
    const first = read.findIndex((n) => token < n);
    if (scores[i]! < 0) evictedAt[i] = Math.min(updates - 1, first + Math.floor(random() * 3));
    else retention[token]! += 1 / (layers * heads);
  }
  return {
    ...small,
    layers,
    heads,
    bounds: Int32Array.from({ length: tokens + 1 }, (_, t) => 4 * t),
    ids: Int32Array.from({ length: tokens }, (_, t) => t),
    classes: Uint8Array.from({ length: tokens }, (_, t) => t % 8),
    scores,
    keeps: Uint8Array.from(scores, (s) => (s >= 0 ? 1 : 0)),
    retention,
    evictedAt,
    updates,
    read,
  };
}
