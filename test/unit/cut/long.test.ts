// Tests that the work to fit a text grows with its length, not with its square; many small suites were the worst case.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

test('Python of 50,000 tokens is cut in seconds, and keeps the promises', async () => {
  const one = ['background', 'concurrency'].map((f) => readFileSync(`test/samples/${f}.py`, 'utf8')).join('\n');
  const text = Array.from({ length: Math.ceil(200_000 / one.length) }, (_, i) =>
    one.replace(/def (\w+)/g, `def $1${i}`),
  ).join('\n');
  const structure = await parseStructure({ path: 'a.py', languageId: 'python', text }, testGrammars());
  const order = orderCuts(structure, evidence(text, 1), []);
  const looks = { units: 0, counted: 0 }; // at units, and at UTF-16 units of text
  for (const { unit } of order.steps) {
    const { start } = unit;
    Object.defineProperty(unit, 'start', { get: () => (looks.units++, start) });
  }
  const counting = { ...counter, count: (t: string) => ((looks.counted += t.length), counter.count(t)) };
  const { rendered } = fitToTokens(order, Math.floor(counter.count(text) / 2), { ...options, counter: counting });
  // 60 looks at each unit and 5 at each character; if every suite looked at all, it would be hundreds.
  expect(looks.units).toBeLessThan(200 * order.steps.length);
  expect(looks.counted).toBeLessThan(30 * text.length);
  checkRendered(structure, order, rendered);
});
