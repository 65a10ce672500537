// Tests cuts of notebook cells that begin with a magic: the magic stays, and the rest is cut in its own language.
import { expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { languageOfCell } from '../../../src/languages/cellMagics';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

/** The results of a cell in a notebook of Python, their promises checked. */
async function cuts(text: string): Promise<string[]> {
  const source = { path: 'a.ipynb#cell-1', languageId: languageOfCell(text, 'python'), text };
  const structure = await parseStructure(source, testGrammars());
  expect(structure.errorsIn(text)).toBe(0);
  const order = orderCuts(structure, evidence(text, 1), []);
  return [0.3, 0.5, 0.7].map((ratio) => {
    const { rendered } = fitToTokens(order, Math.floor(ratio * counter.count(text)), options);
    checkRendered(structure, order, rendered);
    return rendered.text;
  });
}

const many = (line: (i: number) => string): string => Array.from({ length: 12 }, (_, i) => line(i)).join('');

test.each([
  ['%%javascript\n', many((i) => `function f${i}(a) {\n  const b = a + ${i};\n  return b * 2;\n}\n`), /^ *\/\/\d+…/m],
  ['%%html\n', many((i) => `<div>\n  <p>\n    some words ${i}\n  </p>\n</div>\n`), /^ *<!--\d+…/m],
  ['%%bash -e\n', many((i) => `if [ -f x${i} ]; then\n  echo ${i}\n  rm x\nfi\n`), /#\d+…/m],
  ['%%sql\n', many((i) => `SELECT id, name${i}\nFROM a\nWHERE size > ${i};\n`), /^-- ?\d+…/m],
  ['%%writefile a.ts\n', many((i) => `export const a${i}: number = f(${i});\n`), /^\/\/\d+…/m],
  ['%%time\n', many((i) => `def f${i}(a):\n    b = a + ${i}\n    return b\n`), /#\d+…/m],
  ['%%capture out\n%%R\n', many((i) => `f${i} <- function(a) {\n  b <- a + ${i}\n  b * 2\n}\n`), /#\d+…/m],
])('%j stays, and the markers are those of the language below it', async (magic, body, marker) => {
  for (const text of await cuts(magic + body)) {
    expect(text.startsWith(magic)).toBe(true);
    expect(text).toMatch(marker);
  }
});

test('below a magic that nobody knows everything stays', async () => {
  const text = `%%nobody\n${many((i) => `some words ${i}\n\n`)}`;
  for (const result of await cuts(text)) expect(result).toBe(text);
});
