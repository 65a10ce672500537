// Runs the rings of the suite in their order: static checks, tests in Node.js, training, a real editor, the packaged extension.
// Training needs a CPU build of PyTorch, the last two an editor; a ring that cannot run here is named and not counted.
// Ends with every failure again, because some terminals show only the end, and with one line that counts every test.
//   node test/run.mjs [RING …]   all rings by default
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

const chosen = process.argv.slice(2); // names of rings; empty for all
const counts = { passed: 0, failed: 0 };
const failures = []; // { title, errors }
let broken = false;

function run(title, command, args, env = {}) {
  console.log(`\n== ${title}`);
  const begun = Date.now();
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : `failed (${status})`}, ${((Date.now() - begun) / 1000).toFixed(0)} s`,
  );
  if (status !== 0) broken = true;
  return status === 0;
}

/** Runs a command whose failure is shown, but fails nothing. */
function report(title, command, args) {
  const before = broken;
  run(title, command, args);
  broken = before;
}

/** Adds the results that a ring has written to a file; a ring without a file counts as one failure. */
function tally(file, read) {
  try {
    const { passed, failed, failures: found } = read(JSON.parse(readFileSync(file, 'utf8')));
    counts.passed += passed;
    counts.failed += failed;
    failures.push(...found);
  } catch (error) {
    counts.failed++;
    failures.push({ title: `no result in ${file}`, errors: [error.message] });
  }
}

/** Why no editor can run here; undefined if one can. The editor comes from the npm registry, its browser from Debian. */
function noEditor() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `${process.platform}-${process.arch} is not linux-x64`;
  if (existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) return undefined;
  const can = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!can('apt-get', '--version')) return 'no chromium, and no apt-get to install it with';
  return process.getuid() === 0 || can('sudo', '-n', 'true') ? undefined : 'no chromium, and not allowed to install it';
}

const rings = {
  static: () => {
    run('types', 'npx', ['tsc', '--noEmit', '-p', '.']);
    run('types of the web view', 'npx', ['tsc', '--noEmit', '-p', 'src/web/inspector']);
    run('lint, format and borders', 'npm', ['run', 'lint']);
    run('lint and format of the Python code', 'npm', ['run', 'lint:python']);
    run('bundles', 'node', ['esbuild.mjs', '--production']);
    run('licences of what ships', 'node', ['scripts/sbom.mjs']);
    report('audit of what ships', 'node', ['test/audit.mjs']); // a new advisory is no defect of this change
  },
  node: () => {
    run('unit, contract, golden, model', 'npx', [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      '--outputFile.json=out/vitest.json',
    ]);
    tally('out/vitest.json', (r) => ({
      passed: r.numPassedTests,
      failed: r.numFailedTests + (r.success || r.numFailedTests ? 0 : 1),
      failures: r.testResults.flatMap((file) => [
        ...(file.message ? [{ title: file.name, errors: [file.message] }] : []),
        ...file.assertionResults
          .filter((t) => t.status === 'failed')
          .map((t) => ({ title: t.fullName, errors: t.failureMessages })),
      ]),
    }));
  },
  library: () => {
    run('the library, from its tarball', 'node', ['test/library/run.mjs', '--result', 'out/library.json']);
    tally('out/library.json', (r) => r);
  },
  training: () => {
    run('the model made again in miniature', 'node', ['test/pipeline/run.mjs', '--result', 'out/pipeline.json']);
    tally('out/pipeline.json', (r) => {
      if (r.notRun) notRun.push(`training (${r.notRun})`);
      return r;
    });
  },
  host: () => {
    if (!run('editor set-up', 'bash', ['test/host/setupHost.sh'])) return void counts.failed++;
    run('real editor', 'node', ['test/host/runCodeServer.mjs', '--result', 'out/host.json']);
    tally('out/host.json', (r) => {
      const failed = r.tests.filter((t) => t.state === 'failed');
      return {
        passed: r.tests.filter((t) => t.state === 'passed').length,
        failed: failed.length + (r.done ? 0 : 1),
        failures: [
          ...failed.map((t) => ({ title: t.title, errors: [t.firstTry, t.error].filter(Boolean) })),
          ...(r.done ? [] : [{ title: 'the suite in the real editor', errors: ['it did not come to its end'] }]),
        ],
      };
    });
  },
  ui: () => {
    if (!run('editor set-up', 'bash', ['test/host/setupHost.sh'])) return void counts.failed++;
    if (!run('package', 'npm', ['run', 'package'])) return void counts.failed++;
    run('packaged extension in a browser', 'node', [
      'test/ui/tour.mjs',
      '--shots',
      'out/shots',
      '--result',
      'out/ui.json',
    ]);
    tally('out/ui.json', (r) => ({ passed: r.passed, failed: r.failed, failures: r.steps.filter((s) => !s.ok) }));
  },
};

const unknown = chosen.filter((name) => !(name in rings));
if (unknown.length) {
  console.error(`No such ring: ${unknown.join(', ')}. There are ${Object.keys(rings).join(', ')}.`);
  process.exit(2);
}
const notRun = [];
if (!chosen.length) rmSync('out', { recursive: true, force: true });
if (!existsSync('out')) mkdirSync('out');
const missing = noEditor();
for (const [name, ring] of Object.entries(rings)) {
  if (chosen.length && !chosen.includes(name)) continue;
  if (missing && (name === 'host' || name === 'ui')) notRun.push(`${name} (no real editor: ${missing})`);
  else ring();
}
if (notRun.length) console.log(`\nNot run and not counted: ${notRun.join(', ')}.`);
for (const { title, errors } of failures) {
  console.log(`\n✖ ${title}`);
  for (const error of errors) console.log(error.slice(0, 2000).replace(/^/gm, '    '));
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
const tested = chosen.some((name) => name !== 'static') || !chosen.length;
process.exitCode = broken || counts.failed || (tested && !counts.passed) ? 1 : 0;
