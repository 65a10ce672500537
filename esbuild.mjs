// Builds the bundles: one for each process, each with what it may import. Only the extension may import `vscode`.
//   node esbuild.mjs [--watch | --production] [--bench] [--outdir dist]   --bench: the benches of bench/commands too
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import esbuild from 'esbuild';
import { GRAMMAR_FILES } from './scripts/grammarFiles.mjs';

const {
  values: { watch, production, bench, outdir },
} = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    production: { type: 'boolean', default: false },
    bench: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
  },
});

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
};

/**
 * Keeps large tables in bundles of their own, which are loaded when they are first needed. Loads them by `require`, because
 * the loader of ES modules reads a file three times.
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

/** The credential rules come with the counters, which stand in a bundle of their own: once is enough. */
const countersApart = {
  name: 'countersApart',
  setup: (build) =>
    build.onResolve({ filter: /\/tokens\/counters$/ }, () => ({ path: './counters.js', external: true })),
};

const bundles = [
  { entryPoints: { extension: 'extension/activate.ts' }, external: ['vscode'], plugins: [apart] },
  { entryPoints: { lazyBundle: 'extension/platform/lazyBundle.ts' }, plugins: [countersApart] },
  { entryPoints: { counters: 'src/tokens/counters.ts' } },
  { entryPoints: { engine: 'src/node/engine/main.ts' }, external: ['onnxruntime-node'], plugins: [apart] },
  { entryPoints: { mcp: 'src/node/mcp/main.ts' }, external: [] },
  { entryPoints: { cli: 'src/node/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  { entryPoints: { library: 'src/node/library/index.ts' }, external: ['onnxruntime-node'], plugins: [apart] },
  // Runs in a web view: no Node, no editor, one plain script.
  {
    entryPoints: { inspector: 'src/web/inspector/main.ts' },
    platform: 'browser',
    format: 'iife',
    target: 'chrome118',
  },
  ...(bench ? [benches()] : []),
];

/** Every file of bench/commands is a bench with the file's name; the benches of quality start the worker. */
function benches() {
  const commands = readdirSync('bench/commands').map((file) => [basename(file, '.ts'), `bench/commands/${file}`]);
  return {
    entryPoints: { ...Object.fromEntries(commands), measureWorker: 'bench/quality/measureWorker.ts' },
    external: ['onnxruntime-node', 'typescript'],
    minify: false,
    sourcemap: 'linked',
  };
}

rmSync(outdir, { recursive: true, force: true });
mkdirSync(join(outdir, 'grammars'), { recursive: true });
cpSync('src/files/ignoreRules.ts', join(outdir, 'sample/ignoreRules.ts')); // what a new user can try it on
for (const [file, from] of GRAMMAR_FILES) cpSync(from, join(outdir, 'grammars', file));

if (watch) {
  for (const b of bundles) await (await esbuild.context({ ...common, ...b, outdir })).watch();
} else {
  const built = await Promise.all(bundles.map((b) => esbuild.build({ ...common, ...b, outdir, metafile: true })));
  const write = (name, value) => writeFileSync(join(outdir, name), JSON.stringify(value));
  // The list of inputs, for the bill of materials.
  write('bundled.json', [...new Set(built.flatMap((r) => Object.keys(r.metafile.inputs)))].sort());
  // The bytes that each input has in each bundle: what stands in two of them ships twice.
  const outputs = built.flatMap((r) => Object.entries(r.metafile.outputs)).filter(([file]) => file.endsWith('.js'));
  const bytesOf = ({ inputs }) =>
    Object.fromEntries(Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]));
  write('bundles.json', Object.fromEntries(outputs.map(([file, output]) => [basename(file), bytesOf(output)])));
}
