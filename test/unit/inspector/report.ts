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
  meanCacheLength: 4,
};

/** The same text by another scorer, which keeps exactly what this one drops. */
export const opposite: InspectReport = { ...small, scorer: 'h2o', keeps: small.keeps.map((k) => 1 - k) };
