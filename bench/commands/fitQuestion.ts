// Fits how much the words of a question tell about a line, to the lines that commits changed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featuresOf, LINE_FEATURES, lineWords } from '../../src/question/features';
import { parseStructure } from '../../src/parse/structure';
import { termsOf } from '../../src/question/terms';
import { count, required, runBench } from '../options';
import { fitWeights, type LabelledLines } from '../question/fit';
import { commitTasks, repositoriesOf } from '../question/commits';
import { grammarsIn, progress } from '../setup';

/** No message of a commit has a stack frame, so this one is set: as much as all that the words of a line can tell. */
const PLACE = 5;

const spec = {
  name: 'fitQuestion',
  about:
    'Fits src/question/weights.json: a logistic regression on the lines that the commits of the training repositories changed, with their messages as questions.',
  inputs: {
    clones: required('CLONES', 'folder with a git directory for each repository of bench/question/repositories.json'),
  },
  options: {
    tasks: count(24, 'tasks', 'tasks of each repository'),
    seed: count(7, 'seeds', 'which commits'),
  },
};

runBench(spec, async ({ clones, tasks: each, seed }) => {
  const grammars = grammarsIn();
  const labelled: LabelledLines[] = [];
  const tasks = repositoriesOf('train').flatMap((repository) => commitTasks(clones, repository, each, seed));
  for (const { question, sources, changed } of tasks) {
    const words = [];
    for (const source of sources) words.push(lineWords(await parseStructure(source, grammars)));
    const texts = featuresOf(
      words,
      sources.map((s) => s.path),
      termsOf(question),
    );
    labelled.push({
      texts,
      needed: texts.map(({ own }, i) => {
        const lines = new Set(changed[i]);
        return Uint8Array.from(own, (_, line) => (lines.has(line + 1) ? 1 : 0));
      }),
    });
    progress(labelled.length, tasks.length, 'tasks');
  }
  const weights = fitWeights(labelled);
  const rounded = LINE_FEATURES.map((feature, k) => [
    feature,
    feature === 'place' ? PLACE : Number(weights[k]!.toFixed(2)),
  ]);
  const about = `Log-odds per feature of a line (features.ts), fitted to ${tasks.length} tasks by \`npm run bench -- fitQuestion\`.`;
  const file = join('src', 'question', 'weights.json');
  writeFileSync(file, `${JSON.stringify({ about, weights: Object.fromEntries(rounded) }, undefined, 2)}\n`);
  console.log(`${tasks.length} tasks, ${file} written`);
});
