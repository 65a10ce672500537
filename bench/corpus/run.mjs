// Knows how to run the corpus check from a clone: bundles it beside the grammars and starts it. Arguments go through.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const require = createRequire(import.meta.url);
// Inside the clone, so that the bundle finds its packages; a folder of its own, so that a build does not sweep it away.
const out = mkdtempSync(join(root, 'node_modules/.namm-check-'));
let status = 1;
try {
  const wasm = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');
  cpSync(wasm, join(out, 'grammars'), { recursive: true });
  for (const name of ['c', 'json']) {
    cpSync(
      join(dirname(require.resolve(`tree-sitter-${name}/package.json`)), `tree-sitter-${name}.wasm`),
      join(out, `grammars/tree-sitter-${name}.wasm`),
    );
  }
  await esbuild.build({
    entryPoints: [join(here, 'check.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['typescript', 'onnxruntime-node'],
    outdir: out,
    logLevel: 'warning',
  });
  status =
    spawnSync(process.execPath, [join(out, 'check.js'), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exitCode = status;
