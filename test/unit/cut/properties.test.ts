// Tests the promises of a cut on random texts: odd line ends, characters and shapes, any pins.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { languageOf } from '../../../src/languages/languages';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { parseStructure } from '../../../src/parse/structure';
import { BRIEF, runs } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { NOISE, PIECES } from '../../support/pieces';
import { checkRendered, counter, evidence, keptOf, options } from './promises';

const grammars = testGrammars();

const NOISY = [0.1, 0.5];

const textOf = (path: string): fc.Arbitrary<string> =>
  fc
    .record({
      pieces: fc.array(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...PIECES[path]!) },
          { weight: 1, arbitrary: fc.constantFrom(...NOISE) },
        ),
        { minLength: 1, maxLength: 10 },
      ),
      clean: fc.double({ min: 0, max: 1, noNaN: true }),
      eol: fc.constantFrom('\n', '\n', '\r\n', '\r', 'mixed'),
      indent: fc.constantFrom('  ', '    ', '\t'),
      bom: fc.boolean(),
      ends: fc.boolean(),
    })
    .map(({ pieces, clean, eol, indent, bom, ends }) => {
      const kept = clean > NOISY[0]! ? pieces : pieces.filter((p) => PIECES[path]!.includes(p));
      const text = kept.join(clean < NOISY[1]! ? '\n\n' : '\n').replace(/·/g, indent) + (ends ? '\n' : '');
      let n = 0;
      return (
        (bom ? '\ufeff' : '') + text.replace(/\n/g, () => (eol === 'mixed' ? ['\n', '\r\n', '\r'][n++ % 3]! : eol))
      );
    });

const pinsIn = (text: string, at: readonly number[]) =>
  at.map((x) => ({ start: Math.floor(x * text.length), end: Math.min(text.length, Math.floor(x * text.length) + 9) }));

describe.each(Object.keys(PIECES))('%s', (path) => {
  test('every budget keeps the promises, more of it keeps a superset, and its result asks for itself', async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        textOf(path),
        fc.integer(),
        fc.array(share, { maxLength: 2 }),
        fc.boolean(),
        async (text, seed, at, markers) => {
          const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
          const pins = pinsIn(text, at).filter((p) => p.end > p.start);
          const order = orderCuts(structure, evidence(text, seed), pins);
          const chosen = { ...options, markers };
          expect(renderPrefix(order, 0, chosen).text).toBe(text);
          const whole = counter.count(text);
          let more: boolean[] | undefined;
          for (const ratio of [0.8, 0.5, 0.2, 0]) {
            const allowed = Math.floor(whole * ratio);
            const { rendered, floor } = fitToTokens(order, allowed, chosen);
            checkRendered(structure, order, rendered, markers);
            expect(rendered.recipientTokens > allowed).toBe(floor !== undefined);
            const kept = keptOf(rendered);
            expect(kept.length).toBe(text.length);
            expect(kept.every((k, i) => !k || !more || more[i]!)).toBe(true);
            more = kept;
            expect(fitToTokens(order, rendered.recipientTokens, chosen).rendered.text).toBe(rendered.text);
          }
        },
      ),
      runs(25, 2),
    );
  });
});

test.skipIf(BRIEF)('any string in any language is safe', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(...Object.keys(PIECES)),
      async (text, path) => {
        const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
        const order = orderCuts(structure, evidence(text, 1), []);
        checkRendered(structure, order, renderPrefix(order, order.steps.length, options));
      },
    ),
    { numRuns: 150 },
  );
});
