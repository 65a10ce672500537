// Measures how many names that a cut Python text uses are no longer defined or imported, with and without the rules that keep a text coherent.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitToTokens } from '../../src/cut/fit';
import { orderCuts } from '../../src/cut/order';
import { openModel } from '../../src/node/model/model';
import type { RankRules } from '../../src/rank/rankUnits';
import { SCORERS } from '../../src/scorers';
import type { Case } from '../cases/cases';
import { counter, MARKED } from '../cases/compressed';
import { candidatesIn, choose } from '../corpus/sample';
import { percent, table } from '../markdown';
import { count, required, runBench } from '../options';
import { evidenceOf, readCase } from '../quality/read';
import { grammarsIn, MODEL_DIR } from '../setup';

const RATIOS = [0.3, 0.5];
const UNITS = [3000, 25_000] as const; // UTF-16 units of a file
const ROWS: readonly (readonly [string, RankRules, boolean])[] = [
  ['as it ships', {}, true],
  ['without bindings', { bindings: false }, true],
  ['without outline and bindings', { bindings: false, outline: false }, true],
  ['without these and the future attention', { bindings: false, outline: false }, false],
];

const spec = {
  name: 'coherence',
  about:
    'Counts the names that cut Python files use and no longer define or import. PYTHON names an interpreter with the packages of bench/reader/requirements.txt.',
  inputs: {
    modelDir: MODEL_DIR,
    corpus: required('CORPUS', 'folder of git clones, or a file with one {repo, language, path, text} a line'),
  },
  options: { files: count(30, 'files', 'Python files'), seed: count(24, 'seeds', 'which files') },
};

runBench(spec, async ({ modelDir, corpus, files, seed }) => {
  const model = await openModel(modelDir);
  const grammars = grammarsIn();
  const { extended } = model.folder;
  const texts = choose(candidatesIn([corpus]).get('Python') ?? [], 'Python', 4 * files, seed)
    .filter(({ text }) => text.length >= UNITS[0] && text.length <= UNITS[1])
    .slice(0, files);
  const scratch = mkdtempSync(join(tmpdir(), 'namm-coherence-'));
  const cut = ROWS.map(() => RATIOS.map((): string[] => []));
  try {
    for (const [i, { repo, path, text }] of texts.entries()) {
      const context = { path, languageId: 'python', text };
      const item: Case = {
        kind: 'across',
        repo,
        language: 'Python',
        context,
        target: { ...context, text: '' },
        needed: new Set(),
      };
      const reading = await readCase(model, grammars, counter, item);
      ROWS.forEach(([, rules, future], row) => {
        const weights = future ? extended : { ...extended, future: 0 };
        const evidence = evidenceOf(reading, SCORERS.extended({ extended: weights }));
        const order = orderCuts(reading.structure, evidence, [], { rules });
        RATIOS.forEach((ratio, k) => {
          const file = join(scratch, `${i}-${row}-${k}.py`);
          writeFileSync(file, fitToTokens(order, Math.floor(reading.recipientTokens * ratio), MARKED).rendered.text);
          cut[row]![k]!.push(file);
        });
      });
    }
    const undefinedIn = (paths: readonly string[]): string => {
      const script = join('bench', 'corpus', 'undefined.py');
      const out = execFileSync(process.env.PYTHON ?? 'python3', [script, ...paths], { encoding: 'utf8' });
      let [missing, used] = [0, 0];
      for (const [a, b] of out
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number))) {
        missing += a || 0;
        used += b ?? 0;
      }
      return `${percent(missing / Math.max(1, used))} of ${used}`;
    };
    const rows = ROWS.map(([name], row) => [name, ...cut[row]!.map(undefinedIn)]);
    console.log(`${texts.length} files\n`);
    console.log(table(['', ...RATIOS.map((r) => `names without a definition @${r}`)], rows).join('\n'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  await model.release();
});
