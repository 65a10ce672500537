// Runs the rings of the suite, three at a time.
// Training needs a CPU build of PyTorch, the last two an editor; a ring that cannot run here is named and not counted.
// Ends with every failure again, because some terminals show only the end, and with one line that counts every test.
//   node test/run.mjs [RING …]   all rings by default
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

const chosen = process.argv.slice(2); // names of rings; empty for all
// Several rings at a time, because hardly any keeps two cores busy; the longest first.
const AT_ONCE = 3;
const ORDER = ['node', 'host', 'ui', 'training', 'static', 'library'];
process.env.NAMM_PRIORITY = 'normal'; // on a busy machine the engine would hardly get any time
const counts = { passed: 0, failed: 0 };
const failures = []; // { title, errors }
let broken = false;
let live = true; // whether what a command says is shown at once, because nothing runs beside it

/** Runs a command. What it says beside another ring is shown in one piece, at its end. */
async function run(title, command, args, env = {}) {
  console.log(live ? `\n== ${title}` : `== ${title}: begins`);
  const begun = Date.now();
  const child = spawn(command, args, {
    stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
  const [status] = await once(child, 'close').catch((error) => [error.message]);
  if (!live) process.stdout.write(Buffer.concat([Buffer.from(`\n== ${title}\n`), ...said]));
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : `failed (${status})`}, ${((Date.now() - begun) / 1000).toFixed(0)} s`,
  );
  if (status !== 0) broken = true;
  return status === 0;
}

/** Runs a command whose failure is shown, but fails nothing. */
async function report(title, command, args) {
  const before = broken;
  await run(title, command, args);
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

const build = () => run('bundles', 'node', ['esbuild.mjs', '--production']);

// The bundles are built once; every ring tests these.
const rings = {
  static: async () => {
    await run('types', 'npx', ['tsc', '--noEmit', '-p', '.']);
    await run('types of the web view', 'npx', ['tsc', '--noEmit', '-p', 'src/web/inspector']);
    await run('lint, format and borders', 'npm', ['run', 'lint']);
    await run('lint and format of the Python code', 'npm', ['run', 'lint:python']);
    await run('licences of what ships', 'node', ['scripts/sbom.mjs']);
    await report('audit of what ships', 'node', ['test/audit.mjs']); // a new advisory is no defect of this change
  },
  node: async () => {
    await run(
      'unit, contract, golden, model',
      'npx',
      ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=out/vitest.json'],
      { NAMM_BUILT: '1' },
    );
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
  library: async () => {
    const args = ['test/library/run.mjs', '--no-build', '--result', 'out/library.json'];
    await run('the library, from its tarball', 'node', args);
    tally('out/library.json', (r) => r);
  },
  training: async () => {
    await run('the model made again in miniature', 'node', ['test/pipeline/run.mjs', '--result', 'out/pipeline.json']);
    tally('out/pipeline.json', (r) => {
      if (r.notRun) notRun.push(`training (${r.notRun})`);
      return r;
    });
  },
  host: async () => {
    await run('real editor', 'node', ['test/host/runCodeServer.mjs', '--no-build', '--result', 'out/host.json']);
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
  ui: async () => {
    const page = ['test/ui/inspectorPage.mjs', '--shots', 'out/shots', '--result', 'out/inspectorPage.json'];
    await run('the page of the inspector in a browser', 'node', page);
    tally('out/inspectorPage.json', (r) => ({
      passed: r.passed,
      failed: r.failed,
      failures: r.steps.filter((s) => !s.ok),
    }));
    if (!(await run('package', 'npm', ['run', 'package', '--', '--no-build']))) return void counts.failed++;
    const args = ['test/ui/tour.mjs', '--shots', 'out/shots', '--result', 'out/ui.json'];
    await run('packaged extension in a browser', 'node', args);
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
const needsEditor = (name) => name === 'host' || name === 'ui';
const runs = (name) => {
  if (chosen.length && !chosen.includes(name)) return false;
  if (!missing || !needsEditor(name)) return true;
  notRun.push(`${name} (no real editor: ${missing})`);
  return false;
};
const waiting = ORDER.filter(runs);
if (waiting.some((name) => name !== 'training')) await build();
live = waiting.length === 1;
const editor = waiting.some(needsEditor) && run('editor set-up', 'bash', ['test/host/setupHost.sh']);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let name; (name = waiting.shift());) {
      if (!needsEditor(name) || (await editor)) await rings[name]();
      else counts.failed++;
    }
  }),
);
if (notRun.length) console.log(`\nNot run and not counted: ${notRun.join(', ')}.`);
for (const { title, errors } of failures) {
  console.log(`\n✖ ${title}`);
  for (const error of errors) console.log(error.slice(0, 2000).replace(/^/gm, '    '));
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
const tested = chosen.some((name) => name !== 'static') || !chosen.length;
process.exitCode = broken || counts.failed || (tested && !counts.passed) ? 1 : 0;
