// Tests that docs/grammars.md lists every grammar as it ships. `npx vitest run test/unit/languages --update` writes the page again.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parserName } from '../../../bench/corpus/realParsers';
import { EXTENSIONS } from '../../../bench/corpus/sample';
import { table } from '../../../bench/markdown';
import { GRAMMAR_FILES } from '../../../scripts/grammarFiles.mjs';
import { GRAMMAR_SHA256 } from '../../../src/languages/grammarHashes';
import { commentIn, grammarFile, languageOf } from '../../../src/languages/languages';
import { syntaxOf } from '../../../src/languages/syntax';

const HASH_DIGITS = 12;

/** Name and version of the npm package that holds a file. */
function packageOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder))
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      return `${name} ${version}`;
    } catch {
      if (folder === dirname(folder)) throw new Error(`${file} is in no package`);
    }
}

const code = (text: string): string => `\`${text}\``;

function rows(): string[][] {
  const byName = new Map<string, string>();
  for (const [extension, name] of Object.entries(EXTENSIONS)) if (!byName.has(name)) byName.set(name, extension);
  return [...byName].flatMap(([name, extension]) => {
    const id = languageOf(`a.${extension}`);
    const file = grammarFile(id);
    if (!file) return [];
    const marker = commentIn(id, '12…');
    return [
      [
        name,
        code(id),
        `${packageOf(GRAMMAR_FILES.get(file)!)}: ${code(file)}`,
        code(`${GRAMMAR_SHA256[file]!.slice(0, HASH_DIGITS)}…`),
        [...syntaxOf(id)!.containers].map(code).join(' '),
        marker === undefined ? 'none' : code(marker),
        parserName(name),
      ],
    ];
  });
}

test('the page of the grammars is as the grammars are', async () => {
  const head = ['language', 'id', 'grammar', 'SHA-256', 'children go one by one', 'marker', 'real parser of `check`'];
  const page = [
    '# Grammars',
    '',
    'The languages that are cut along a syntax tree. Each grammar is a file of a pinned npm package, checked by its hash before it is loaded (`src/languages/grammarHashes.ts`),',
    'and loaded only when a text of its language comes. The children of the nodes in the fifth column can go one by one, unless `src/languages/syntax.ts` keeps them; a child without children',
    'of its own that can go is one unit. The last column names the parser by which `npm run bench -- check` judges the cuts; what it found is in [quality.md](quality.md). What grammars cannot read is in',
    '[languages.md](languages.md). All other languages are cut by their lines, paragraphs and blocks ([method.md](method.md#from-scores-to-text)).',
    '',
    'This page is written by `npx vitest run test/unit/languages --update`.',
    '',
    ...table(head, rows()),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../docs/grammars.md');
});
