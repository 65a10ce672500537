// Knows that the reason why a text cannot get smaller is the real one.
import { expect, test } from 'vitest';
import type { Span } from '../../../src/core/span';
import { orderCuts } from '../../../src/text/order';
import { shareBudget } from '../../../src/text/share';
import { parseStructure } from '../../../src/text/structure';
import { testGrammars } from '../../support/grammars';
import { counter, evidence, options } from './promises';

const grammars = testGrammars();

async function reasonAt(maxTokens: number, texts: readonly string[], pins: readonly Span[] = []): Promise<string | undefined> {
  const files = await Promise.all(
    texts.map(async (text, i) => {
      const source = { path: `file${i}.ts`, languageId: 'typescript', text };
      const order = orderCuts(await parseStructure(source, grammars), evidence(text, 1), pins);
      return { source, order, before: counter.count(text), options };
    }),
  );
  const shared = shareBudget(files, { kind: 'maxTokens', maxTokens }, [], counter);
  expect(shared.after > maxTokens).toBe(shared.floorReason !== undefined);
  return shared.floorReason;
}

const code = Array.from({ length: 12 }, (_, i) => `export function part${i}(value: number): number {\n  return value * ${i} + offset(value);\n}\n`).join('\n');

test('markers, paths and the note are what costs, where all the code could go', async () => {
  expect(await reasonAt(3, [code])).toBe('markers');
  expect(await reasonAt(40, [code, code, code])).toBe('markers');
});

test('what must stay', async () => {
  expect(await reasonAt(40, [code], [{ start: 0, end: code.length / 2 }])).toBe('kept');
});

test('what the syntax needs: around an error nothing goes', async () => {
  expect(await reasonAt(20, [`export const broken = {{{ ;\n${'function ( {{ ] value => ;\n'.repeat(12)}`])).toBe('syntax');
});

test('no reason where the budget is met', async () => {
  expect(await reasonAt(150, [code])).toBeUndefined();
});
