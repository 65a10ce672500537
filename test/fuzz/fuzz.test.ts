// Fuzzes every target: a few thousand inputs in each run of the suite, as many as wanted by `npm run fuzz`.
import { afterAll, describe, expect, test } from 'vitest';
import { RandomSource } from './random';
import { openTargets } from './targets';

const inputs = Number(process.env.NAMM_FUZZ_INPUTS ?? 4000);
const seed = Number(process.env.NAMM_FUZZ_SEED ?? 1);
const only = process.env.NAMM_FUZZ_ONLY; // the number of one input, as a failure message gives it
const MAX_MS = 20_000; // of processor time, for one input
const processorMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

const targets = openTargets();
const counts: string[] = [];
let total = 0;
afterAll(() => {
  targets.close();
  console.log(`fuzzed ${total} inputs (seed ${seed}): ${counts.join(', ')}`);
});

describe.each([...targets.all])('$name', (target) => {
  test('answers or refuses', { timeout: 600_000 + 1000 * inputs }, async () => {
    const shares = targets.all.reduce((sum, t) => sum + t.share, 0);
    const count = Math.max(3, Math.ceil((inputs * target.share) / shares));
    for (let i = only === undefined ? 0 : Number(only); i < (only === undefined ? count : Number(only) + 1); i++) {
      const begun = process.cpuUsage();
      try {
        await target.run(new RandomSource(Math.imul(seed, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b)));
      } catch (error) {
        throw new Error(`input ${i} of "${target.name}", seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
      const ms = processorMs(begun);
      expect(ms < MAX_MS || `${target.name} ${i} took ${ms} ms`).toBe(true);
      if (i % 512 === 511) await new Promise((resolve) => setImmediate(resolve));
    }
    counts.push(`${target.name} ${count}`);
    total += count;
  });
});
