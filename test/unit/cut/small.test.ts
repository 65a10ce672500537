// Tests small contexts: markers and the note never make them longer, and their code is never all gone.
import { describe, expect, test } from 'vitest';
import type { Span } from '../../../src/core/span';
import { orderCuts } from '../../../src/cut/order';
import { shareBudget, type Shared, type Sharer } from '../../../src/cut/share';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const grammars = testGrammars();
const RATIOS = [0.02, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

const TEXTS: readonly (readonly [path: string, text: string])[] = [
  ['a.ts', 'export const a = 1;\nexport const b = 2;\n'],
  ['b.ts', '// Shows the first value.\nimport { a } from "./a";\n\nconsole.log(a);\n'],
  ['package.json', '{"name":"x","version":"1.0.0"}\n'],
  ['c.py', 'import os\n\n\ndef size(path):\n    """The size of a file."""\n    return os.stat(path).st_size\n'],
  ['d.sh', '#!/bin/sh\nset -e\ncd "$1"\nmake\nmake install\n'],
  ['e.md', '# Title\n\nOne sentence.\n\n- one\n- two\n'],
  ['f.ts', Array.from({ length: 9 }, (_, i) => `export const value${i} = compute(${i}, "text ${i}");\n`).join('')],
];

async function file([path, text]: readonly [string, string], drops: readonly Span[] = []): Promise<Sharer> {
  const source = { path, languageId: languageOf(path), text };
  const structure = await parseStructure(source, grammars);
  return {
    source,
    order: orderCuts(structure, evidence(text, 7), [], { drops }),
    before: counter.count(text),
    options,
  };
}

const hasCode = (files: readonly Sharer[], { rendered }: Shared): boolean =>
  files.some(({ source: { text } }, i) =>
    rendered[i]!.spans.some((s) => s.kept && text.slice(s.start, s.end).trim() !== ''),
  );

describe.each([1, 2, 3, 5])('%i files of 10 to 150 tokens', (count) => {
  test.each(TEXTS.map((_, i) => i))('from text %i on: no more tokens than before, and some code', async (first) => {
    const files = await Promise.all(Array.from({ length: count }, (_, i) => file(TEXTS[(first + i) % TEXTS.length]!)));
    const whole = shareBudget(files, { kind: 'keepRatio', keepRatio: 1 }, [], counter);
    for (const keepRatio of RATIOS)
      for (const frame of [{}, { alone: 'block' }, { style: 'xml' }] as const)
        for (const budget of [
          { kind: 'keepRatio', keepRatio } as const,
          { kind: 'maxTokens', maxTokens: Math.max(1, Math.floor(keepRatio * whole.before)) } as const,
        ]) {
          const out = shareBudget(files, budget, [], counter, frame);
          files.forEach((f, i) => checkRendered(f.order.structure, f.order, out.rendered[i]!));
          expect(out.after).toBeLessThanOrEqual(out.before);
          if (budget.kind === 'keepRatio') expect(hasCode(files, out)).toBe(true);
          if (budget.kind === 'maxTokens') expect(out.after > budget.maxTokens).toBe(out.floorReason !== undefined);
        }
  });
});

test('a context that stays whole says why, and each file what it needs', async () => {
  const files = await Promise.all(TEXTS.slice(0, 3).map((t) => file(t)));
  const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.3 }, [], counter);
  expect(out.floorReason).toBe('small');
  expect(out.rendered.map((r) => r.text)).toEqual(files.map((f) => f.source.text));
  expect(out.rendered.map((r) => r.floor)).toEqual(files.map((f) => f.before));
});

test('what the user leaves out is left out all the same', async () => {
  const text = TEXTS[0]![1];
  const files = [await file(TEXTS[0]!, [{ start: 0, end: text.length }])];
  const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.5 }, [], counter);
  expect(hasCode(files, out)).toBe(false);
});

test('a larger context may lose all its code, if the budget asks for it', async () => {
  const text = TEXTS[6]![1].repeat(4);
  const files = [await file(['f.ts', text])];
  const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.05 }, [], counter);
  expect(out.after).toBeLessThan(out.before);
});
