// Tests that the timeline shows what each cache held: what was read, without what it had evicted.
import { expect, test } from 'vitest';
import { ALL, cachesOf, type Scope } from '../../../src/inspector/scope';
import { evictions } from '../../../src/inspector/summary';
import { heldAfter, momentAfter, UNREAD } from '../../../src/inspector/timeline';
import { made, small } from './report';

const layer0 = { kind: 'layer', layer: 0 } as const;

test('before the first update nothing is read; then the caches lose what they evict', () => {
  expect([...heldAfter(small, layer0, 0)]).toEqual([UNREAD, UNREAD, UNREAD, UNREAD, UNREAD]);
  expect([...heldAfter(small, layer0, 1)]).toEqual([1, 0, 1, UNREAD, UNREAD]);
  expect([...heldAfter(small, layer0, 2)]).toEqual([1, 0, 0.5, 0, UNREAD]);
  expect([...heldAfter(small, layer0, 3)]).toEqual([1, 0, 0.5, 0, 1]);
});

test('the figures of a moment', () => {
  expect(momentAfter(small, layer0, 0)).toEqual({ read: 0, held: 0, evicted: 0, evictedNow: 0 });
  expect(momentAfter(small, layer0, 1)).toEqual({ read: 3, held: 4, evicted: 2, evictedNow: 2 });
  expect(momentAfter(small, layer0, 2)).toEqual({ read: 4, held: 3, evicted: 5, evictedNow: 1 });
});

test('at the end the timeline and the chart of evictions say the same', () => {
  const report = made(30, 8, 900);
  for (const scope of [ALL, layer0, { kind: 'cache', layer: 29, head: 7 }] satisfies Scope[]) {
    const { evicted, stayed } = evictions(report, scope);
    const end = momentAfter(report, scope, report.updates);
    expect(end.held).toBe(stayed);
    expect(end.evicted).toBe(evicted.reduce((a, b) => a + b, 0));
    for (let u = 1; u <= report.updates; u++) {
      const { held, evictedNow } = momentAfter(report, scope, u);
      expect(evictedNow).toBe(evicted[u - 1]);
      const shown = heldAfter(report, scope, u).reduce((sum, share) => sum + Math.max(0, share), 0);
      expect(shown * cachesOf(report, scope).length).toBeCloseTo(held, 1);
    }
  }
});

test('a token that all of three heads hold is held in full', () => {
  const report = made(1, 3, 30);
  expect(Math.max(...heldAfter({ ...report, evictedAt: report.evictedAt.map(() => -1) }, ALL, report.updates))).toBe(1);
});
