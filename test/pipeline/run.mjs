// Tests that everything in the model folder can be made again: corpus, tokenizer, base model, graphs, memory, mixture,
// threshold and table, in miniature, from the files of this repository. The result must beat chance on held-out files.
//   node test/pipeline/run.mjs [--result FILE]
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonFor } from '../../scripts/python.mjs';

const PARTS = { train: ['src', 'training'], validation: ['bench', 'test/unit'], test: ['extension'] }; // whole folders are held out
// Counted, not timed: a busy machine takes longer and learns the same.
const STEPS = 160;
const WINDOWS = 48; // of held-out files
const UPDATES = 400;
const GENERATIONS = 5;
const CACHES = 4; // of the size mini
const GIVEN = 'sure,marker,focus,shared,crowd,saved,future'; // groups of weights that are not evolved
const BUNDLES = resolve('node_modules/.dev/pipeline');
const { values } = parseArgs({ options: { result: { type: 'string' } } });
const result = { passed: 0, failed: 0, failures: [] };
const finish = () => values.result && writeFileSync(values.result, JSON.stringify(result));

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

function must(command, args, spawnOptions = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...spawnOptions });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}
const train = (script, ...args) => must(python, [script, ...args], { cwd: 'training' });
const bench = (name, ...args) => must(process.execPath, [join(BUNDLES, `${name}.js`), ...args]);
/** Command-line options: `{ out: 'DIR', cases: 3 }` is `--out DIR --cases 3`. */
const options = (values) => Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
/** The process that measures fitness, as the last arguments of a training script. */
const fitness = (space, trainCases, validationCases) => [
  '--',
  process.execPath,
  ...[join(BUNDLES, 'fitness.js'), space, model, join(BUNDLES, 'grammars'), jsonl('train'), jsonl('validation')],
  ...[trainCases, validationCases].map(String),
];

/** Runs one step of the pipeline, which counts as one test. A step that fails ends the run. */
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
  train('corpus.py', 'build', ...options({ list: at('corpus.json'), clones: at('clones'), out: at('corpus') }));
  for (const split of Object.keys(PARTS)) assert.ok(readFileSync(jsonl(split), 'utf8').split('\n').length > 20, split);
});

const tokenizer = at('tokenizer.json');
step('a tokenizer', () => {
  train('tokenizer.py', ...options({ corpus: jsonl('train'), out: tokenizer, vocab: 2048, share: 1 }));
});

step('a base model, which learns', () => {
  const corpus = at('corpus');
  const out = at('run');
  train('train.py', 'pack', ...options({ corpus, tokenizer }));
  const size = { size: 'mini', threads: 1, 'step-tokens': 4096, steps: STEPS, windows: WINDOWS };
  train('train.py', 'run', ...options({ ...size, corpus, tokenizer, out }));
  const { afterContext } = JSON.parse(train('train.py', 'probe', ...options({ corpus, out, windows: WINDOWS })));
  assert.ok(afterContext < Math.log(2048) - 1, `held-out loss ${afterContext}, chance is ${Math.log(2048)}`);
});

const exported = () =>
  train('export.py', ...options({ run: at('run'), tokenizer, list: at('corpus.json'), out: model }));
step('its graphs, in a model folder', () => {
  mkdirSync(model);
  // Evolution starts from a memory of zeros.
  writeFileSync(
    join(model, 'namm.json'),
    JSON.stringify({ weights: Array(4172).fill(0), mean: Array(17).fill(0), std: Array(17).fill(1), threshold: 0 }),
  );
  // Given: the worth of a repetition, a needed name, the cursor and a shared name, and the cost of a hole. The rest is
  // fitted and evolved.
  const zeros = (count) => Array(count).fill(0);
  const groups = {
    caches: zeros(CACHES),
    surprisal: zeros(3),
    classes: zeros(10),
    mention: zeros(12),
    definition: zeros(12),
    repeatDecay: [-6],
    sure: [3.5, 4.5],
    marker: [1.25],
    focus: [6, 1],
    shared: [1],
    crowd: zeros(2),
    future: zeros(1),
    saved: [0],
  };
  writeFileSync(join(model, 'extended.json'), JSON.stringify({ groups }));
  exported();
  const {
    model: { layers, kvHeads },
    training,
  } = JSON.parse(readFileSync(join(model, 'manifest.json'), 'utf8'));
  assert.equal(layers * kvHeads, CACHES);
  const { rocAuc } = training.forecast;
  assert.ok(rocAuc > 0.5, `forecast of held-out words that occur again: ROC AUC ${rocAuc}, by chance 0.5`);
  must('node', ['esbuild.mjs', '--bench', '--outdir', BUNDLES]);
});

const evolved = (space, start, more) => {
  const limits = { population: 8, sample: 8, 'max-generations': GENERATIONS, minutes: Infinity };
  train('evolve.py', ...options({ out: at(space), start, ...limits, ...more }), ...fitness(space, 24, 12));
  const { curve } = JSON.parse(readFileSync(at(space, 'curve.json'), 'utf8'));
  assert.equal(curve.length, GENERATIONS);
  cpSync(at(space, 'memory.json'), join(model, `${space}.json`));
  exported();
};
step("the memory's network: a first fit, then evolution", () => {
  train('warm_start.py', ...options({ out: at('start.json'), updates: UPDATES }), ...fitness('namm', 24, 12));
  evolved('namm', at('start.json'), { sigma: 0.02 });
});
step('what names are worth', () => {
  // Each case is read once, so cases are cheap here. With a dozen cases the ROC AUC would depend on chance.
  const start = join(model, 'extended.json');
  train('names.py', ...options({ start, out: at('names.json') }), ...fitness('names', 64, 32));
  const { rocAuc } = JSON.parse(readFileSync(at('names.json'), 'utf8')).names;
  for (const [kind, auc] of Object.entries(rocAuc))
    assert.ok(auc > 0.5, `${kind}: ROC AUC of needed names of validation cases ${auc}, by chance 0.5`);
});
step('the mixture around it', () => evolved('extended', at('names.json'), { sigma: 0.05, fixed: GIVEN }));
step('the threshold of --auto', () => {
  bench('calibrate', model, jsonl('validation'), ...options({ cases: 12 }));
});

step('on held-out files the memory keeps more needed names than chance', () => {
  const docs = at('docs');
  mkdirSync(docs);
  cpSync('docs/quality.md', join(docs, 'quality.md'));
  bench('quality', model, jsonl('test'), ...options({ cases: 24, 'loss-cases': 4, out: docs }));
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
