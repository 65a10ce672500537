// Tests cuts of small programs in the languages whose grammars came last: every budget leaves a text that their compilers would read.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { languageOf } from '../../../src/languages/languages';
import { balancedBrackets } from '../../../src/parse/pairing';
import { parseStructure } from '../../../src/parse/structure';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, evidence, options } from './promises';

const RATIOS = Array.from({ length: 17 }, (_, i) => 0.1 + i * 0.05);

/** What must not stand in a text: the compiler refuses it, and the grammar does not. */
const REFUSED: Readonly<Record<string, readonly RegExp[]>> = {
  kotlin: [
    /when\s*(\([^\n]*\))?\s*\{\s*\}/, // nothing to choose from
    /^\s*(get|set)\([^\n]*(?<!;)\n(?=\s*(get|set)\([^\n]*\n\s*(get|set)\()/m, // accessors of a property that is gone
  ],
  swift: [
    /switch[^\n]*\{\s*(\/\/[^\n]*\s*)*\}/, // no case
    /^\s*(case\b[^\n]*|default):\s*(\/\/[^\n]*\s*)*(?=case\b|default\b|\})/m, // a case without a statement
  ],
};

/** The programs of a language: `=== NAME` stands above each. */
function programsOf(file: string): [string, string][] {
  const parts = readFileSync(`test/fixtures/programs/${file}`, 'utf8').split(/^=== /m);
  return parts.slice(1).map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)];
  });
}

describe.each(['kotlin', 'swift'])('%s', (language) => {
  test.each(programsOf(`${language}.txt`))('%s', async (path, text) => {
    const source = { path, languageId: languageOf(path), text };
    expect(source.languageId).toBe(language);
    const structure = await parseStructure(source, testGrammars());
    const refused = REFUSED[language] ?? [];
    for (const pattern of refused) expect(text).not.toMatch(pattern);
    for (const seed of cases([1, 2], [1])) {
      const order = orderCuts(structure, evidence(text, seed), []);
      const { recipientTokens } = renderPrefix(order, 0, options);
      for (const ratio of RATIOS) {
        const { rendered } = fitToTokens(order, Math.floor(recipientTokens * ratio), options);
        checkRendered(structure, order, rendered);
        if (balancedBrackets(text)) expect(balancedBrackets(rendered.text), rendered.text).toBe(true);
        for (const pattern of refused) expect(rendered.text).not.toMatch(pattern);
      }
      // Half of the text is left, whatever its grammar is.
      expect(order.steps.length).toBeGreaterThan(5);
    }
  });
});
