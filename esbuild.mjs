// Knows the bundles: one per process, each with what it may import; only the first may see `vscode`.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const outdir = process.argv.includes('--outdir') ? process.argv[process.argv.indexOf('--outdir') + 1] : 'dist';
const require = createRequire(import.meta.url);

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  logLevel: 'info',
  // The grammar runtime and the tokenizer ship both module forms; the CommonJS one needs no shims in a bundle.
  mainFields: ['module', 'main'],
  // The detector of secrets marks its own timings in the process's performance timeline, which nobody would ever empty.
  alias: { '@secretlint/profiler': './src/redact/noProfiler.ts' },
};

/**
 * Loaded when it is first needed, from the file beside: large tables that a start should not wait for. By `require`: the
 * loader of modules reads a file three times.
 */
const apart = {
  name: 'apart',
  setup: (build) => {
    build.onResolve({ filter: /\/(lazyBundle|counters)$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: path.split('/').at(-1), namespace: 'apart' } : undefined,
    );
    build.onResolve({ filter: /\.js$/, namespace: 'apart' }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /./, namespace: 'apart' }, ({ path }) => ({
      contents: `module.exports = require('./${path}.js')`,
    }));
  },
};

const bundles = [
  { entryPoints: { extension: 'extension/activate.ts' }, external: ['vscode'], plugins: [apart] },
  { entryPoints: { lazyBundle: 'extension/platform/lazyBundle.ts' } },
  { entryPoints: { counters: 'src/tokens/counters.ts' } },
  { entryPoints: { engine: 'src/node/engine/main.ts' }, external: ['onnxruntime-node'], plugins: [apart] },
  { entryPoints: { mcp: 'src/node/mcp/main.ts' }, external: [] },
  {
    entryPoints: { cli: 'src/node/cli/main.ts' },
    external: ['onnxruntime-node'],
    plugins: [apart],
    banner: { js: '#!/usr/bin/env node' },
  },
  // Runs in a web view: no Node, no editor, one plain script.
  {
    entryPoints: { inspector: 'src/web/inspector/main.ts' },
    platform: 'browser',
    format: 'iife',
    target: 'chrome118',
  },
  ...(process.argv.includes('--bench')
    ? [
        {
          entryPoints: {
            fitness: 'bench/fitness/main.ts',
            quality: 'bench/quality/main.ts',
            measuring: 'bench/quality/measuring.ts',
            calibrate: 'bench/quality/calibrate.ts',
            sweep: 'bench/quality/sweep.ts',
            matches: 'bench/quality/matches.ts',
            several: 'bench/quality/several.ts',
            auto: 'bench/quality/auto.ts',
            markers: 'bench/quality/markers.ts',
            readings: 'bench/quality/readings.ts',
            closest: 'bench/quality/closest.ts',
            precision: 'bench/quality/precision.ts',
            asked: 'bench/quality/asked.ts',
          },
          external: ['onnxruntime-node'],
        },
        { entryPoints: { check: 'bench/corpus/check.ts' }, external: ['typescript', 'onnxruntime-node'] },
      ]
    : []),
].filter((b) => Object.values(b.entryPoints).every((f) => existsSync(f)));

/** Grammars as the registry ships them, ready made. */
const GRAMMARS = [
  [
    '@vscode/tree-sitter-wasm/wasm',
    [
      'tree-sitter.wasm',
      ...['typescript', 'tsx', 'javascript', 'python', 'go', 'rust', 'java', 'cpp', 'c-sharp'].map(
        (n) => `tree-sitter-${n}.wasm`,
      ),
    ],
  ],
  ['tree-sitter-c', ['tree-sitter-c.wasm']],
  ['tree-sitter-json', ['tree-sitter-json.wasm']],
];

rmSync(outdir, { recursive: true, force: true });
mkdirSync(join(outdir, 'grammars'), { recursive: true });
for (const [from, files] of GRAMMARS) {
  const [scope, name, ...rest] = from.startsWith('@') ? from.split('/') : ['', from];
  const root = dirname(require.resolve(join(scope, name, 'package.json')));
  for (const file of files) cpSync(join(root, ...rest, file), join(outdir, 'grammars', file));
}

if (watch) {
  for (const b of bundles) await (await esbuild.context({ ...common, ...b, outdir })).watch();
} else {
  const built = await Promise.all(bundles.map((b) => esbuild.build({ ...common, ...b, outdir, metafile: true })));
  // What went in, for the bill of materials.
  writeFileSync(
    join(outdir, 'bundled.json'),
    JSON.stringify([...new Set(built.flatMap((r) => Object.keys(r.metafile.inputs)))].sort()),
  );
}
