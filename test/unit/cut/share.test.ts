// Tests that a limit holds for the handed-over text with its headers, and that a ratio of one text counts the text alone.
import { expect, test } from 'vitest';
import type { Budget } from '../../../src/core/budget';
import type { FormatOptions } from '../../../src/core/context';
import type { Span } from '../../../src/core/span';
import { formatContext } from '../../../src/format/format';
import { languageOf } from '../../../src/languages/languages';
import { orderCuts } from '../../../src/cut/order';
import { cutUnder, shareBudget, type Shared, type Sharer } from '../../../src/cut/share';
import { parseStructure } from '../../../src/parse/structure';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { counter, evidence, options } from './promises';

const grammars = testGrammars();
const code = (n: number): string =>
  Array.from(
    { length: n },
    (_, i) => `export function part${i}(value: number): number {\n  return value * ${i} + offset(value);\n}\n`,
  ).join('\n');

const sharers = (texts: readonly string[], drops: readonly Span[] = []): Promise<Sharer[]> =>
  Promise.all(
    texts.map(async (text, i) => {
      const source = { path: `src/of/some/length/file${i}.ts`, languageId: languageOf('a.ts'), text };
      return {
        source,
        order: orderCuts(await parseStructure(source, grammars), evidence(text, i + 1), [], { drops }),
        before: counter.count(text),
        options,
      };
    }),
  );

/** What leaves, counted. */
function leaves(files: readonly Sharer[], { rendered }: Shared, frame: FormatOptions): number {
  return counter.count(
    formatContext(
      files.map((f, i) => ({ ...f.source, text: rendered[i]!.text, elisions: rendered[i]!.elisions })),
      frame,
    ),
  );
}

const FRAMES: readonly FormatOptions[] = [
  { alone: 'block' },
  { style: 'xml', alone: 'block' },
  { alone: 'block', note: false },
  { style: 'xml' },
  {},
];

test.each(cases(FRAMES, FRAMES.slice(0, 2)))('a limit in the frame %j: of one text and of several', async (frame) => {
  for (const texts of [[code(40)], [code(12), code(20), code(9)]])
    for (const maxTokens of cases([900, 500, 300], [500])) {
      const files = await sharers(texts);
      const out = shareBudget(files, { kind: 'maxTokens', maxTokens }, [], counter, frame);
      expect(out.after).toBe(leaves(files, out, frame));
      expect(out.after).toBeLessThanOrEqual(maxTokens);
      expect(out.after).toBeGreaterThan(maxTokens * 0.8);
      expect(out.before).toBe(
        counter.count(
          formatContext(
            files.map((f) => f.source),
            frame,
          ),
        ),
      );
      expect(out.floorReason).toBeUndefined();
    }
});

test('shares that were held hold in a frame, too', async () => {
  const files = await sharers([code(12), code(20), code(9)]);
  const budget: Budget = { kind: 'maxTokens', maxTokens: 600 };
  const frame: FormatOptions = { style: 'xml', alone: 'block' };
  const first = shareBudget(files, budget, [], counter, frame);
  const again = shareBudget(
    files,
    budget,
    first.rendered.map((r) => r.recipientTokens),
    counter,
    frame,
  );
  expect(again.rendered.map((r) => r.text)).toEqual(first.rendered.map((r) => r.text));
  expect(again.after).toBeLessThanOrEqual(600);
});

test('what the user leaves out of a text that would fit leaves a marker and a note: the limit holds with them', async () => {
  const text = code(12);
  const frame: FormatOptions = { alone: 'block' };
  const [whole] = await sharers([text]);
  const files = await sharers([text], [{ start: 0, end: 2 }]);
  const maxTokens = counter.count(formatContext([whole!.source], frame));
  const out = shareBudget(files, { kind: 'maxTokens', maxTokens }, [], counter, frame);
  expect(out.rendered[0]!.elisions.length).toBeGreaterThan(0);
  expect(leaves(files, out, frame)).toBeLessThanOrEqual(maxTokens);
});

test('a share of one text is the same in every frame, and what is told is what leaves', async () => {
  const files = await sharers([code(10)]);
  const bare = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.5 }, [], counter);
  for (const frame of FRAMES) {
    const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.5 }, [], counter, frame);
    expect(out.rendered).toEqual(bare.rendered);
    expect(out.after).toBe(leaves(files, out, frame));
  }
  expect(bare.after).toBeLessThanOrEqual(bare.before / 2);
});

test('a limit below the smallest text says what it needs, with what stands around it', async () => {
  const files = await sharers([code(12)]);
  const out = shareBudget(files, { kind: 'maxTokens', maxTokens: 20 }, [], counter, { alone: 'block' });
  expect(out.floorReason).toBe('markers');
  expect(out.rendered[0]!.floor).toBe(out.after);
});

test('a threshold knows no limit, but what is told is what leaves', async () => {
  const files = await sharers([code(12)]);
  const frame: FormatOptions = { style: 'xml', alone: 'block' };
  const out = cutUnder(files, 0.5, counter, frame);
  expect(out.after).toBe(leaves(files, out, frame));
});
