// Bundles a suite, of the tests or of the bench `editor`, so that an extension host can load it.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * @param extension whether to build the extension, too: else the suite runs on the bundles that are there
 * @param suite folder of the tests, from the root of the repository
 * @returns the file that runs them
 */
export async function buildSuite(extension = true, suite = 'test/host/suite') {
  if (
    extension &&
    spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' }).status !== 0
  )
    throw new Error('the bundles do not build');
  const out = path.join(root, 'out/host');
  rmSync(out, { recursive: true, force: true }); // else those of another suite would run, too
  mkdirSync(out, { recursive: true });
  const tests = readdirSync(path.join(root, suite))
    .filter((f) => f.endsWith('.test.ts'))
    .map((f) => [path.basename(f, '.ts'), path.join(suite, f)]);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { index: 'test/host/suite/index.ts', ...Object.fromEntries(tests) },
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
