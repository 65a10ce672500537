// Tests that the time to fit a text grows with its length, not with its square; many small suites were the worst case.
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
  const begun = performance.now();
  const { rendered } = fitToTokens(order, Math.floor(counter.count(text) / 2), options);
  expect(performance.now() - begun).toBeLessThan(15_000); // it is less than a second on an idle machine, and was minutes
  checkRendered(structure, order, rendered);
}, 120_000);
