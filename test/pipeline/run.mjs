// Tests that everything in the model folder can be made again: corpus, tokenizer, base model, graphs, memory, mixture,
// threshold and table, in miniature, from this repository's own files. The result must beat chance on held-out files.
// Usage: run.mjs [--result FILE]
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pythonFor } from '../../scripts/python.mjs';

const PARTS = { train: ['src', 'training'], validation: ['bench', 'test/unit'], test: ['extension'] }; // whole folders are held out
const GENERATIONS = 5;
const BUNDLES = resolve('node_modules/.dev/pipeline');
const asked = process.argv[2] === '--result' ? process.argv[3] : undefined;
const result = { passed: 0, failed: 0, failures: [] };
const finish = () => asked && writeFileSync(asked, JSON.stringify(result));

const { python, fault } = pythonFor(resolve('node_modules/.cache/namm-python'));
if (fault) {
  console.log(`The training pipeline was not tried: ${fault}.`);
  result.notRun = fault;
  finish();
  process.exit(0);
}

const dir = mkdtempSync(join(tmpdir(), 'namm-pipeline-'));
const at = (...names) => join(dir, ...names);
const model = at('model');
const jsonl = (split) => at('corpus', `${split}.jsonl`);

function must(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}
const train = (script, ...args) => must(python, [script, ...args], { cwd: 'training' });
const node = (bundle, ...args) => must(process.execPath, [join(BUNDLES, `${bundle}.js`), ...args]);

/** One step of the pipeline is one test: it says what it does, and how long that took. */
function step(name, work) {
  const begun = Date.now();
  try {
    work();
    result.passed++;
    console.log(`  ✓ ${name} (${((Date.now() - begun) / 1000).toFixed(0)} s)`);
  } catch (error) {
    result.failed++;
    result.failures.push({ title: name, errors: [error.message] });
    console.error(`  ✗ ${name}\n${error.message}`);
    finish();
    rmSync(dir, { recursive: true, force: true });
    process.exit(1);
  }
}

step(
  'the exported graphs agree with PyTorch and with the golden vectors, a merge with its runs, a search with its start',
  () => {
    train('-m', 'pytest', '-q');
  },
);

step('a corpus of this repository, folders held out', () => {
  const repositories = Object.entries(PARTS).map(([split, folders]) => {
    const repo = at('clones', 'here', split);
    for (const folder of folders)
      cpSync(folder, join(repo, folder), { recursive: true, filter: (p) => !/__pycache__|\.dev/.test(p) });
    cpSync('LICENSE', join(repo, 'LICENSE'));
    const git = (...args) =>
      must(
        'git',
        ['-c', 'user.name=pipeline', '-c', 'user.email=pipeline@localhost', '-c', 'commit.gpgsign=false', ...args],
        { cwd: repo },
      );
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', split);
    return { repo: `here/${split}`, commit: git('rev-parse', 'HEAD').trim(), licence: 'MIT', split };
  });
  writeFileSync(at('corpus.json'), JSON.stringify({ about: 'this repository', repositories, heldOut: [] }));
  train('corpus.py', 'build', '--list', at('corpus.json'), '--clones', at('clones'), '--out', at('corpus'));
  for (const split of Object.keys(PARTS)) assert.ok(readFileSync(jsonl(split), 'utf8').split('\n').length > 20, split);
});

step('a tokenizer', () => {
  train('tokenizer.py', '--corpus', jsonl('train'), '--out', at('tokenizer.json'), '--vocab', '2048', '--share', '1');
});

step('a base model, which learns', () => {
  train('train.py', 'pack', '--corpus', at('corpus'), '--tokenizer', at('tokenizer.json'));
  train(
    'train.py',
    'run',
    '--size',
    'mini',
    '--corpus',
    at('corpus'),
    '--tokenizer',
    at('tokenizer.json'),
    '--out',
    at('run'),
    '--threads',
    '1',
    '--step-tokens',
    '4096',
    '--minutes',
    '1',
  );
  const said = train('train.py', 'probe', '--corpus', at('corpus'), '--out', at('run'));
  const { afterContext } = JSON.parse(said);
  assert.ok(afterContext < Math.log(2048) - 1, `held-out loss ${afterContext}, chance is ${Math.log(2048)}`);
});

const exported = () =>
  train(
    'export.py',
    '--run',
    at('run'),
    '--tokenizer',
    at('tokenizer.json'),
    '--list',
    at('corpus.json'),
    '--out',
    model,
  );
step('its graphs, in a model folder', () => {
  mkdirSync(model);
  // A memory of zeros: evolution starts from it.
  writeFileSync(
    join(model, 'namm.json'),
    JSON.stringify({ weights: Array(4172).fill(0), mean: Array(17).fill(0), std: Array(17).fill(1), threshold: 0 }),
  );
  exported();
  const {
    model: { layers, kvHeads },
    training,
  } = JSON.parse(readFileSync(join(model, 'manifest.json'), 'utf8'));
  const { rocAuc } = training.forecast;
  assert.ok(rocAuc > 0.5, `forecast of held-out words that occur again: ROC AUC ${rocAuc}, by chance 0.5`);
  // Given: the worth of a repetition, a needed name, the cursor and a shared name, and the cost of a hole. The rest is fitted and evolved.
  const given = [-6, 3.5, 4.5, 1.25, 6, 1, 1, 0, 0, 0, 0, 0];
  writeFileSync(
    join(model, 'extended.json'),
    JSON.stringify({ weights: [...Array(layers * kvHeads + 37).fill(0), ...given] }),
  );
  exported();
  must('node', ['esbuild.mjs', '--bench', '--outdir', BUNDLES]);
});

const evolved = (space, ...args) => {
  const fitness = [
    '--',
    process.execPath,
    join(BUNDLES, 'fitness.js'),
    space,
    model,
    join(BUNDLES, 'grammars'),
    jsonl('train'),
    jsonl('validation'),
    '24',
    '12',
  ];
  train(
    'evolve.py',
    '--out',
    at(space),
    '--population',
    '8',
    '--sample',
    '8',
    '--max-generations',
    String(GENERATIONS),
    '--minutes',
    '3',
    ...args,
    ...fitness,
  );
  const { curve } = JSON.parse(readFileSync(at(space, 'curve.json'), 'utf8'));
  assert.equal(curve.length, GENERATIONS);
  cpSync(at(space, 'memory.json'), join(model, `${space}.json`));
  exported();
};
step("the memory's network: a first fit, then evolution", () => {
  train(
    'warm_start.py',
    '--out',
    at('start.json'),
    '--minutes',
    '0.15',
    '--',
    process.execPath,
    join(BUNDLES, 'fitness.js'),
    'namm',
    model,
    join(BUNDLES, 'grammars'),
    jsonl('train'),
    jsonl('validation'),
    '24',
    '12',
  );
  evolved('namm', '--start', at('start.json'), '--sigma', '0.02');
});
step('what names are worth', () => {
  // Each case is read once, so cases are cheap here; with a dozen the ROC AUC would be left to chance.
  train(
    'names.py',
    '--start',
    join(model, 'extended.json'),
    '--out',
    at('names.json'),
    '--',
    process.execPath,
    join(BUNDLES, 'fitness.js'),
    'names',
    model,
    join(BUNDLES, 'grammars'),
    jsonl('train'),
    jsonl('validation'),
    '64',
    '32',
  );
  const { rocAuc } = JSON.parse(readFileSync(at('names.json'), 'utf8')).names;
  for (const [kind, auc] of Object.entries(rocAuc))
    assert.ok(auc > 0.5, `${kind}: ROC AUC of needed names of validation cases ${auc}, by chance 0.5`);
});
step('the mixture around it', () =>
  evolved('extended', '--start', at('names.json'), '--sigma', '0.05', '--fixed', '11'),
);
step('the threshold of --auto', () => {
  node('calibrate', model, jsonl('validation'), '--cases', '12');
});

step('on held-out files the memory keeps more needed names than chance', () => {
  const docs = at('docs');
  mkdirSync(docs);
  cpSync('docs/quality.md', join(docs, 'quality.md'));
  node('quality', model, jsonl('test'), '--cases', '24', '--loss-cases', '4', '--out', docs);
  const { rows } = JSON.parse(readFileSync(join(docs, 'quality.json'), 'utf8'));
  const names = (name) => rows.find((r) => r.name === name).names.value;
  const [ours, along, plain] = ['extended', 'random line; along syntax', 'random line'].map(names);
  console.log(
    `    needed names at 0.25 and 0.5: ${[ours, along, plain].map((v) => v.map((x) => x.toFixed(3)).join(' ')).join(' | ')} (memory | random line along syntax | random line)`,
  );
  ours.forEach((v, i) =>
    assert.ok(v > along[i] && v > plain[i], `ratio ${i}: ${v}, random line ${along[i]} and ${plain[i]}`),
  );
});

step('the command line compresses with it', () => {
  const said = must(
    process.execPath,
    [join(BUNDLES, 'cli.js'), 'compress', 'extension/activate.ts', '--keep-ratio', '0.4', '--format', 'json'],
    { env: { ...process.env, NAMM_MODEL_DIR: model } },
  );
  const { keepRatio, files } = JSON.parse(said);
  assert.ok(keepRatio <= 0.4 && files[0].text.includes('…'), `kept ${keepRatio}`);
});

rmSync(dir, { recursive: true, force: true });
finish();
