// Packs the library, installs the tarball in an empty folder and tries it as its user would: every example of docs/library.md,
// the types, CommonJS, and the namm command.
//   node test/library/run.mjs [--result FILE] [--no-build]
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { result: { type: 'string' }, 'no-build': { type: 'boolean' } } });
const folder = mkdtempSync(join(tmpdir(), 'namm-library-'));
const env = { ...process.env, NAMM_STATE_DIR: join(folder, 'state'), NAMM_CACHE_DIR: join(folder, 'cache') };
const outcome = { passed: 0, failed: 0, failures: [] };

/** Runs a command in the folder. @returns its standard output */
function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

function attempt(title, work) {
  try {
    work();
    outcome.passed++;
    console.log(`✓ ${title}`);
  } catch (error) {
    outcome.failed++;
    outcome.failures.push({ title, errors: [error.message] });
    console.log(`✖ ${title}\n${error.message}`);
  }
}

function demand(holds, why) {
  if (!holds) throw new Error(why);
}

try {
  const build = values['no-build'] ? ['--no-build'] : [];
  const tarball = execFileSync(process.execPath, ['scripts/packLibrary.mjs', '--out', folder, ...build], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .at(-1);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', tarball]);
  mkdirSync(join(folder, 'src'));
  cpSync(join(root, 'test/samples/createAction.ts'), join(folder, 'src/cache.ts'));
  cpSync(join(root, 'test/samples/auth.go'), join(folder, 'src/auth.go'));

  const examples = [...readFileSync(join(root, 'docs/library.md'), 'utf8').matchAll(/^```(js|ts)\n([^]*?)^```/gm)];
  attempt('the documentation has examples', () => demand(examples.length >= 4, `${examples.length} found`));
  examples.forEach(([, language, code], i) =>
    attempt(`example ${i + 1} of docs/library.md`, () => {
      const file = `example${i + 1}.${language === 'js' ? 'mjs' : 'mts'}`;
      writeFileSync(join(folder, file), code);
      if (language === 'js') return demand(run(process.execPath, [file]).trim() !== '', 'it prints nothing');
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      const compilerOptions = {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'nodenext',
        target: 'es2022',
        lib: ['es2023', 'dom'],
        types: [],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
      run(process.execPath, [compiler, '-p', '.']);
    }),
  );
  attempt('wrong arguments, one file named twice, and a call after dispose', () => {
    const code = `import assert from 'node:assert';
import { compress, CompressionError, expand, open } from 'namm-context';
const refused = (work) => assert.rejects(work, (error) => CompressionError.is(error, 'badRequest', 'linesOutside'));
for (const sources of [undefined, 3, { text: 'a' }, [{ path: 'a.ts', text: 'a', keep: [{ from: 9, to: 9 }] }]]) await refused(compress(sources));
await refused(compress('src', { secrets: 'bogus' }));
await refused(expand('no id'));
const namm = await open();
const { files, skipped } = await namm.compress(['src', 'src/auth.go', './src/auth.go', 'gone.ts'], { keepRatio: 0.5 });
assert.deepEqual(files.map((f) => f.path), ['src/auth.go', 'src/cache.ts']);
assert.deepEqual(skipped, [{ path: 'gone.ts', reason: 'notFound' }]);
await namm.dispose();
await namm.dispose();
await refused(namm.compress('src'));
console.log('ok');`;
    writeFileSync(join(folder, 'wrong.mjs'), code);
    demand(run(process.execPath, ['wrong.mjs']).trim() === 'ok', 'it did not come to its end');
  });
  attempt('CommonJS', () => {
    const code =
      "require('namm-context').compress({ path: 'a.py', text: 'def f():\\n    return 1\\n' }, { keepRatio: 1 }).then((r) => console.log(r.text))";
    demand(run(process.execPath, ['-e', code]).includes('return 1'), 'the text is not there');
  });
  attempt('the namm command', () => {
    demand(/^\d+\.\d+\.\d+\n$/.test(run('npx', ['--no-install', 'namm', '--version'])), 'no version');
    demand(
      run('npx', ['--no-install', 'namm', 'compress', 'src/auth.go', '--keep-ratio', '0.4']).includes('package '),
      'no code',
    );
  });
  attempt('nothing of tests, training and sources is in the package', () => {
    const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const strange = listed.filter(
      (f) => !/^package\/(dist|media\/model|package\.json|README\.md|LICENSE|CHANGELOG\.md)/.test(f),
    );
    demand(strange.length === 0, strange.join(', '));
  });
} catch (error) {
  outcome.failed++;
  outcome.failures.push({ title: 'packing and installing the library', errors: [error.message] });
  console.log(error.message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.result) writeFileSync(values.result, JSON.stringify(outcome));
console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
process.exitCode = outcome.failed ? 1 : 0;
