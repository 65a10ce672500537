// Checks what the bundles of the package hold: nothing large stands in two of them.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

const MOST_REPEATED = 150_000; // bytes of one input, not minified; two processes share rules of some 125 kB
const MOST_IN_ALL = 800_000;

test('no large input stands in two bundles of the package', () => {
  const shipped = [...readFileSync('.vscodeignore', 'utf8').matchAll(/^!dist\/(\w+\.js)$/gm)].map((m) => m[1]!);
  const bundles = JSON.parse(readFileSync('dist/bundles.json', 'utf8')) as Record<string, Record<string, number>>;
  expect(shipped.filter((name) => !bundles[name])).toEqual([]);
  const sizes = new Map<string, number[]>();
  for (const name of shipped)
    for (const [input, bytes] of Object.entries(bundles[name]!)) sizes.set(input, [...(sizes.get(input) ?? []), bytes]);
  const repeated = [...sizes].map(([input, all]) => ({
    input: basename(input),
    bytes: all.reduce((a, b) => a + b, 0) - Math.max(...all),
  }));
  expect(repeated.filter(({ bytes }) => bytes > MOST_REPEATED)).toEqual([]);
  expect(repeated.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_IN_ALL);
});
