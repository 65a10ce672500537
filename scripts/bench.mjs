// Builds and runs one bench by name: npm run bench -- NAME [arguments]. Without a name it lists the benches; NAME --help explains one.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

process.chdir(path.resolve(import.meta.dirname, '..'));
const COMMANDS = 'bench/commands';
const names = readdirSync(COMMANDS).map((file) => path.basename(file, '.ts'));
const [name, ...args] = process.argv.slice(2);

/** The purpose of a bench: the first line of its file. */
function purposeOf(bench) {
  const [line] = readFileSync(path.join(COMMANDS, `${bench}.ts`), 'utf8').split('\n', 1);
  return line.replace(/^\/\/ /, '');
}

function run(...command) {
  return spawnSync(process.execPath, command, { stdio: ['inherit', 'inherit', 'inherit'] }).status ?? 1;
}

if (name === undefined || name === '--help') {
  console.log('Usage: npm run bench -- NAME [arguments]\n');
  for (const bench of names) console.log(`  ${bench.padEnd(12)}${purposeOf(bench)}`);
} else if (!names.includes(name)) {
  console.error(`There is no bench "${name}"; there are ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  // A folder of its own, so that no other build removes it; in node_modules, so that the bundles find their packages.
  mkdirSync('node_modules/.dev', { recursive: true });
  const home = mkdtempSync('node_modules/.dev/bench-');
  const out = path.join(home, 'dist');
  try {
    // The command line, which some benches start, reads its version beside its folder, and a model as told.
    copyFileSync('package.json', path.join(home, 'package.json'));
    process.env.NAMM_MODEL_DIR ??= path.resolve('media/model');
    const built = run('esbuild.mjs', '--production', '--bench', '--outdir', out);
    process.exitCode = built || run(path.join(out, `${name}.js`), ...args);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
