// Packs the library and the namm command as an npm tarball: builds the bundles and the types, then `npm pack`.
//   node scripts/packLibrary.mjs [--out out] [--no-build]   --no-build: with the bundles that are there
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { out: { type: 'string', default: join(root, 'out') }, 'no-build': { type: 'boolean' } },
});
const run = (command, ...args) =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });

mkdirSync(values.out, { recursive: true });
if (!values['no-build']) run(process.execPath, 'esbuild.mjs', '--production');
run(process.execPath, 'scripts/notices.mjs');
run('npx', 'tsc', '-p', 'tsconfig.library.json');
// The build runs above, so that nothing hangs on lifecycle scripts, which .npmrc turns off.
const [packed] = JSON.parse(
  run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', resolve(values.out)),
);
console.log(join(resolve(values.out), packed.filename));
