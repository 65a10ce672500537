// Tests that the sizes found step by step are exactly those of the whole texts, in every language, by every counter.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TokenCounter } from '../../../src/core/token';
import { BpeTokenizer } from '../../../src/node/model/tokenizer';
import { counterFor, modelCounter } from '../../../src/tokens/counters';
import { cutText, fill, holesOf } from '../../../src/cut/holes';
import { languageOf } from '../../../src/languages/languages';
import { orderCuts, type CutOrder } from '../../../src/cut/order';
import { Sizes } from '../../../src/cut/sizes';
import { parseStructure } from '../../../src/parse/structure';
import { BRIEF, runs } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { NOISE, PIECES } from '../../support/pieces';
import { evidence } from './promises';

const grammars = testGrammars();
const counters: readonly TokenCounter[] = [
  counterFor('o200k'),
  ...(BRIEF
    ? []
    : [
        counterFor('cl100k'),
        modelCounter(new BpeTokenizer(JSON.parse(readFileSync('media/model/tokenizer.json', 'utf8')))),
      ]),
];
const PATHS = [...Object.keys(PIECES), 'a.md', 'a.sql', 'a.sh', 'a.css', 'a.unknown'];

async function orderOf(
  path: string,
  text: string,
  seed: number,
  pins: readonly { start: number; end: number }[] = [],
): Promise<CutOrder> {
  const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
  const drops =
    seed % 3 === 0 && structure.units[0] ? [{ start: structure.units[0].start, end: structure.units[0].end }] : [];
  return orderCuts(structure, evidence(text, seed), pins, { drops, verify: seed % 2 === 0 });
}

/** Every step whose text is smaller than all before, by rendering and counting each. */
function answersOf(order: CutOrder, counter: TokenCounter, markers: boolean): { steps: number; tokens: number }[] {
  const out: { steps: number; tokens: number }[] = [];
  for (let steps = order.forced; steps <= order.steps.length; steps++) {
    const units = order.steps.slice(0, steps).map((s) => s.unit);
    const tokens = counter.count(fill(order.source.text, holesOf(order.source, units, markers, order.pins)));
    if (!out.length || tokens < out.at(-1)!.tokens) out.push({ steps, tokens });
  }
  return out;
}

function found(order: CutOrder, counter: TokenCounter, markers: boolean): Sizes['answers'] {
  const sizes = new Sizes(order, counter, markers);
  while (sizes.more());
  return sizes.answers;
}

const eols = ['\n', '\n', '\r\n', '\r', 'mixed'];

test.each(PATHS)('%s', async (path) => {
  const pieces = PIECES[path] ?? Object.values(PIECES).flat();
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...pieces) },
          { weight: 1, arbitrary: fc.constantFrom(...NOISE) },
        ),
        { minLength: 1, maxLength: 10 },
      ),
      fc.constantFrom(...eols),
      fc.constantFrom('\n', '\n\n', '\n//\n', '\n/\n', '\n  \n'),
      fc.nat(99),
      fc.boolean(),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      async (parts, eol, between, seed, markers, pinned) => {
        let n = 0;
        const text = parts
          .join(between)
          .replace(/·/g, '  ')
          .replace(/\n/g, () => (eol === 'mixed' ? ['\n', '\r\n', '\r'][n++ % 3]! : eol));
        const at = Math.floor((pinned ?? 0) * text.length);
        const order = await orderOf(
          path,
          text,
          seed,
          pinned === null || at === text.length ? [] : [{ start: at, end: Math.min(text.length, at + 9) }],
        );
        for (const counter of counters)
          expect(found(order, counter, markers)).toEqual(answersOf(order, counter, markers));
      },
    ),
    runs(12, 1),
  );
});

test.skipIf(BRIEF)(
  'of files that people wrote',
  async () => {
    for (const path of [
      'test/samples/background.py',
      'test/samples/concurrency.py',
      'src/cut/render.ts',
      'src/web/inspector/main.ts',
      'package-lock.json',
      'docs/method.md',
    ]) {
      const text = readFileSync(path, 'utf8').slice(0, 16_000);
      const order = await orderOf(path, text, 7);
      for (const counter of counters)
        expect(found(order, counter, true), path).toEqual(answersOf(order, counter, true));
    }
  },
  60_000,
);

test('units may come in any order', async () => {
  const order = await orderOf('a.py', readFileSync('test/samples/background.py', 'utf8'), 5);
  const units = order.steps.map((s) => s.unit);
  for (const count of [1, 5, 20, units.length]) {
    const some = units.slice(0, count);
    expect(cutText(order.source, [...some].reverse())).toBe(cutText(order.source, some));
  }
});

test('a hole without a marker behind one with a marker, in front of a slash', async () => {
  const part = (n: number): string =>
    `--\n-- Table ${n}\n--\n\nCREATE TABLE film_${n} (\n  film_id SMALLINT NOT NULL,\n  title VARCHAR(255) NOT NULL\n) DEFAULT CHARSET=utf8;\n\n-- After this, it has full text\n/*!50610 ALTER TABLE film_${n} engine=InnoDB */;\n\n`;
  const text = [1, 2, 3, 4].map(part).join('');
  for (let seed = 1; seed <= 40; seed++) {
    const order = await orderOf('a.sql', text, seed);
    for (const counter of counters) expect(found(order, counter, true)).toEqual(answersOf(order, counter, true));
  }
});
