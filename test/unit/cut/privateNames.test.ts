// Tests that a private name of a class is declared wherever it is used: without it, the real parser refuses the text.
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const members = Array.from(
  { length: 12 },
  (_, i) => `  #field${i} = ${i};
  static #made${i}(a) {
    return a + ${i};
  }
  get #view${i}() {
    return this.#field${i};
  }
  use${i}(a) {
    const b = Counter.#made${i}(a);
    if (#field${i} in a) {
      this.#field${(i + 5) % 12} += this.#view${i};
    }
    return b;
  }
`,
).join('');
const LINES = `class Counter {\n${members}}\nconst colour = '#field1';\n`;
const ONE_LINE = LINES.replace(/\n\s*/g, ' ');

test.each([
  ['lines', LINES],
  ['one line', ONE_LINE],
])('a class in %s, at every budget', async (_, text) => {
  const structure = await parseStructure({ path: 'a.js', languageId: 'javascript', text }, testGrammars());
  for (const seed of [1, 2, 3, 4]) {
    const order = orderCuts(structure, evidence(text, seed), []);
    const before = counter.count(text);
    for (let share = 19; share >= 0; share--) {
      const { rendered } = fitToTokens(order, (before * share) / 20, options);
      checkRendered(structure, order, rendered);
      expect(() => new Script(rendered.text), rendered.text).not.toThrow();
    }
    expect(order.steps.length).toBeGreaterThan(0);
  }
});
