// Tests cuts inside long lines: minified code and JSON are divided where a comment between two parts changes nothing.
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { Sizes } from '../../../src/cut/sizes';
import { columnPlace } from '../../../src/elisions/markers';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const many = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join('');

const JS = `!function(){"use strict";${many(40, (i) => `var a${i}=function(b){if(b>${i}){return b+${i}}else b--;for(;b;)b-=${i + 1};return{x:b,y:[b,${i}]}};`)}class C{${many(30, (i) => `m${i}(a){return a+${i}+this.m${i}(a)}`)}}switch(a1){${many(30, (i) => `case ${i}:f(${i},"text ${i}");break;`)}}}();var table={${many(60, (i) => `key${i}:{a:${i},b:"v${i}"},`)}end:1};`;
const CSS =
  many(120, (i) => `.c${i}{color:#${100 + i};margin:${i}px}`) +
  `@media print{${many(60, (i) => `.p${i}{display:none}`)}}`;
const JSON_TEXT = JSON.stringify({
  items: Array.from({ length: 80 }, (_, i) => ({
    id: i,
    name: `name ${i * 31}`,
    tags: ['a', 'b'],
    nested: { x: [i, i] },
  })),
  total: 80,
});

const TEXTS: readonly (readonly [languageId: string, text: string, parse: (text: string) => void])[] = [
  ['javascript', JS, (text) => void new Script(text)],
  ['javascript', `// head\n${JS}\nvar last=1;\n`, (text) => void new Script(text)],
  ['css', `${CSS}\n`, () => undefined],
  ['json', JSON_TEXT, (text) => void JSON.parse(text)],
  ['json', `[${JSON_TEXT},\n${JSON_TEXT}]\n`, (text) => void JSON.parse(text)],
];

describe.each(TEXTS)('%s in long lines', (languageId, text, parse) => {
  test.each([1, 2, 3])('every budget is met, and the real parser takes the result (seed %i)', async (seed) => {
    const structure = await parseStructure({ path: 'a', languageId, text }, testGrammars());
    const order = orderCuts(structure, evidence(text, seed), []);
    expect(order.steps.length).toBeGreaterThan(15);
    const before = counter.count(text);
    let smaller = '';
    for (let share = 19; share >= 2; share--) {
      const { rendered } = fitToTokens(order, (before * share) / 20, options);
      checkRendered(structure, order, rendered);
      parse(rendered.text);
      expect(rendered.recipientTokens).toBeLessThanOrEqual((before * share) / 20);
      if (share === 10) smaller = rendered.text;
    }
    expect(counter.count(smaller)).toBeGreaterThan(before * 0.4);
  });

  test('sizes are those of the texts', async () => {
    const structure = await parseStructure({ path: 'a', languageId, text }, testGrammars());
    const order = orderCuts(structure, evidence(text, 5), []);
    const sizes = new Sizes(order, counter, true);
    while (sizes.more());
    for (const { steps, tokens } of sizes.answers) {
      const { rendered } = fitToTokens(order, tokens, options);
      if (rendered.recipientTokens !== tokens)
        throw new Error(`${steps}: ${rendered.recipientTokens} instead of ${tokens}`);
    }
  });
});

test('a line of 2,000 characters or less is one piece', async () => {
  const text = `${many(50, (i) => `f(${i}, "some text");`)}\n`;
  const { units } = await parseStructure({ path: 'a', languageId: 'javascript', text }, testGrammars());
  expect(units).toHaveLength(1);
});

test('the place of a part is its line and its column in letters', () => {
  expect([0, 1, 25, 26, 27, 700].map((column) => columnPlace(7, column))).toEqual([
    '7',
    '7b',
    '7z',
    '7ba',
    '7bb',
    '7bay',
  ]);
  const places = Array.from({ length: 5000 }, (_, column) => columnPlace(1, column));
  expect(new Set(places).size).toBe(5000);
});
