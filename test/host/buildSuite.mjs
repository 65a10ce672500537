// Bundles the host suite so that an extension host can load it.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import esbuild from 'esbuild';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');

/** @param extension whether to build the extension, too: else the suite runs on the bundles that are there */
export async function buildSuite(extension = true) {
  if (
    extension &&
    spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' }).status !== 0
  )
    throw new Error('the bundles do not build');
  const out = path.join(root, 'out/host');
  mkdirSync(out, { recursive: true });
  const tests = readdirSync(path.join(here, 'suite'))
    .filter((f) => f.endsWith('.test.ts'))
    .sort();
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/host/suite/index.ts', ...tests.map((f) => `test/host/suite/${f}`)],
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  // The module type in the repository's package.json must not apply to these files.
  writeFileSync(path.join(out, 'package.json'), '{"type":"commonjs"}\n');
  return path.join(out, 'index.js');
}
