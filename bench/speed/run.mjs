// Knows how to run the whole comparison from a clone with one command; what cannot be had is left out and named.
// Usage: node bench/speed/run.mjs [--parts reading,lengths,…] [--model DIR] [--quick] [--out docs] [--no-host]     PYTHON: an interpreter with the packages of training/pyproject.toml
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import esbuild from 'esbuild';

const REPOMIX = 'repomix@1.18.1';
const root = resolve(import.meta.dirname, '../..');
process.chdir(root);
const args = process.argv.slice(2);
const work = join(root, 'out/speed');
mkdirSync(work, { recursive: true });
const MOST = 900_000; // of any one step, all parts together among them
const run = (command, commandArgs) =>
  spawnSync(command, commandArgs, { stdio: ['ignore', 'inherit', 'inherit'], timeout: MOST }).status === 0;
const missing = (what) => console.error(`left out: ${what}`);

if (!run(process.execPath, ['esbuild.mjs', '--production'])) process.exit(1);
const main = join(root, 'node_modules/.namm-speed.cjs'); // where the bundle finds the runtime
await esbuild.build({
  entryPoints: [join(import.meta.dirname, 'main.ts')],
  outfile: main,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['onnxruntime-node'],
  logLevel: 'warning',
});
const given = [];
const wanted = args.includes('--parts') ? args[args.indexOf('--parts') + 1].split(',') : undefined;
const wants = (...parts) => !wanted || parts.some((p) => wanted.includes(p));
const python = process.env.PYTHON ?? 'python3';
const model = args.includes('--model') ? resolve(args[args.indexOf('--model') + 1]) : join(root, 'media/model');
if (wants('reading')) {
  const graphs = join(work, 'graphs');
  if (run(python, [join(import.meta.dirname, 'graphs.py'), graphs])) given.push('--graphs', graphs);
  else missing('encoders of other sizes (PYTHON must have the packages of training/pyproject.toml)');
}
if (wants('graph', 'int8')) {
  if (run(python, [join(import.meta.dirname, 'profile.py'), model, work])) given.push('--graph', work);
  else missing('profile of the graph and int8 weights (PYTHON must have the packages of training/pyproject.toml)');
}
if (wants('commands')) {
  const repomix = join(work, 'repomix/node_modules/repomix/bin/repomix.cjs');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (
    existsSync(repomix) ||
    run(npm, [
      'install',
      '--prefix',
      join(work, 'repomix'),
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      REPOMIX,
    ])
  )
    given.push('--repomix', repomix);
  else missing(`${REPOMIX} from npm`);
}
if (!wanted && !args.includes('--quick') && !args.includes('--no-host')) {
  const result = join(work, 'host.json');
  const seen =
    existsSync('.host') &&
    run(process.execPath, ['test/host/runCodeServer.mjs', '--result', result, '--grep', 'never blocked']);
  const note = seen && JSON.parse(readFileSync(result, 'utf8')).tests.find((t) => t.note)?.note;
  if (note) given.push('--host', note);
  else missing('the extension host (test/host/setupHost.sh)');
  run(process.execPath, ['esbuild.mjs', '--production']);
}
process.exitCode = run(process.execPath, [main, root, ...given, ...args]) ? 0 : 1;
