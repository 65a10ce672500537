// Measures what grammars cannot read: whether a file stays cuttable around such code, and whether a cut of it has errors.
import { fitToTokens } from '../../src/cut/fit';
import { orderCuts } from '../../src/cut/order';
import { languageOf } from '../../src/languages/languages';
import { parseStructure } from '../../src/parse/structure';
import { counter, MARKED } from '../cases/compressed';
import { randomEvidence } from '../cases/randomEvidence';
import { CONSTRUCTS, FILLERS, type Construct } from '../cases/constructs';
import { realParser } from '../corpus/realParsers';
import { table, writePart } from '../markdown';
import { choices, optional, runBench } from '../options';
import { grammarsIn } from '../setup';

const LINES = 60; // of the file around a construct
const RATIOS = [0.1, 0.25, 0.5, 0.75];
const SEEDS = [1, 2, 3];

const spec = {
  name: 'constructs',
  about:
    'Puts every snippet of bench/cases/constructs.ts into the middle of a file of 60 lines, cuts it with random evidence, and has the real parser of the language judge the cuts.',
  inputs: {},
  options: {
    only: choices(Object.keys(FILLERS), 'languages', Object.keys(FILLERS)),
    write: optional('FILE', 'replaces the table in this file, such as docs/languages.md'),
  },
};

function fileAround({ language, code }: Construct): string {
  const { head, item } = FILLERS[language]!;
  const count = Math.ceil((LINES - code.split('\n').length) / (item(0).split('\n').length - 1));
  const items = Array.from({ length: count }, (_, i) => item(i));
  // An import stands in front of what it imports for.
  const at = code.startsWith('import') ? 0 : Math.floor(count / 2);
  return [head, ...items.slice(0, at), code, '\n', ...items.slice(at)].join('').trimEnd() + '\n';
}

runBench(spec, async ({ only, write }) => {
  const grammars = grammarsIn();
  const rows: string[][] = [];
  for (const construct of CONSTRUCTS) {
    const { language, path, name } = construct;
    if (!only.includes(language)) continue;
    const text = fileAround(construct);
    const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
    const before = counter.count(text);
    let least = 1;
    const texts: string[] = [text];
    for (const seed of SEEDS) {
      const order = orderCuts(structure, randomEvidence(text, seed), []);
      for (const ratio of RATIOS) {
        const { rendered } = fitToTokens(order, Math.floor(before * ratio), MARKED);
        least = Math.min(least, rendered.recipientTokens / before);
        texts.push(rendered.text);
      }
    }
    const parser = realParser(language);
    const [own = 0, ...errors] = parser ? parser(texts, path) : [];
    rows.push([
      language,
      name,
      structure.errorAt === undefined ? 'yes' : 'no',
      least.toFixed(2),
      !parser
        ? 'no parser here'
        : own
          ? 'not judged: the parser here finds errors in the whole file'
          : `${errors.filter((e) => e > 0).length} of ${errors.length}`,
    ]);
  }
  const lines = table(
    ['language', 'construct', 'grammar reads the file', 'least kept share', 'cuts with errors'],
    rows,
  );
  console.log(lines.join('\n'));
  if (write !== undefined) writePart(write, 'constructs', lines.join('\n'));
});
