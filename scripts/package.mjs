// Makes a platform's .vsix, or every platform's: checks licences and the page, stages what ships, packs it, looks into the package.
// Usage: node scripts/package.mjs [--target linux-x64 [--out FILE] | --all] [--no-build] [--linked-pictures]
// --linked-pictures: the page has pictures, linked in the repository, for a gallery; it must be public by then
// A version with an odd minor number, such as 0.3.0, is one for the pre-release channel.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkLicences } from './licences.mjs';
import { copyRuntime, nativeOf, RUNTIMES } from './nativeRuntime.mjs';
import { pageFaults, pageOf } from './page.mjs';
import { isPreRelease } from './release.mjs';
import { checkPackage, filesOf } from './vsix.mjs';

const MAX_MB = 60;
const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const targets = args.includes('--all')
  ? readdirSync(RUNTIMES).flatMap((os) => readdirSync(`${RUNTIMES}/${os}`).map((arch) => `${os}-${arch}`))
  : [option('target', `${process.platform}-${process.arch}`)];
const own = JSON.parse(readFileSync('package.json', 'utf8'));

function refuse(why) {
  console.error(`Not packaged: ${why}.`);
  process.exit(1);
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function run(command, commandArgs, cwd = root) {
  const { status } = spawnSync(command, commandArgs, { stdio: 'inherit', cwd });
  if (status !== 0) refuse(`${command} ${commandArgs[0]} failed`);
}

for (const target of targets)
  if (!existsSync(nativeOf(target))) refuse(`onnxruntime-node has no runtime for ${target}`);
const model = 'media/model/manifest.json';
if (!existsSync(model)) refuse(`${model} is missing`);
const { repos, fault } = checkLicences(JSON.parse(readFileSync(model, 'utf8')));
if (fault) refuse(`${fault} (${model})`);
if (!args.includes('--no-build')) run(process.execPath, ['esbuild.mjs', '--production']);
run(process.execPath, ['scripts/sbom.mjs', 'dist/sbom.cdx.json']);
run(process.execPath, ['scripts/notices.mjs', 'dist/ThirdPartyNotices.txt']);
const repository = own.repository.url.replace(/\.git$/, '');
const pages = { 'README.md': 'media/marketplace/README.md', 'CHANGELOG.md': 'CHANGELOG.md' };
for (const [as, file] of Object.entries(pages)) {
  pages[as] = pageOf(file, repository, args.includes('--linked-pictures'));
  const faults = as === 'README.md' ? pageFaults(pages[as], repository) : [];
  if (faults.length) refuse(`${file}: ${faults.map((f) => f.slice(0, 120)).join('; ')}`);
}
for (const f of [
  'dist/extension.js',
  'dist/lazyBundle.js',
  'dist/engine.js',
  'dist/counters.js',
  'dist/inspector.js',
  'dist/mcp.js',
  'dist/grammars/tree-sitter.wasm',
])
  if (!existsSync(f)) refuse(`${f} is missing`);

/** Makes the .vsix of one platform. */
async function pack(target) {
  const native = nativeOf(target);
  const out = option('out', `out/${own.name}-${target}-${own.version}.vsix`);
  // Packs a copy: its manifest has nothing about development, and nothing for npm: `files` would contradict the allow-list, `exports` names the library.
  const stage = mkdtempSync(path.join(tmpdir(), 'namm-package-'));
  for (const f of ['package.nls.json', 'LICENSE', 'l10n', 'media', 'dist'])
    if (existsSync(f)) cpSync(f, path.join(stage, f), { recursive: true });
  cpSync('dist/ThirdPartyNotices.txt', path.join(stage, 'ThirdPartyNotices.txt'));
  for (const [as, page] of Object.entries(pages)) writeFileSync(path.join(stage, as), page);
  const { files: _files, scripts: _scripts, devDependencies: _dev, bin: _bin, exports: _exports, ...manifest } = own;
  writeJson(path.join(stage, 'package.json'), manifest);
  copyRuntime(target, stage);
  writeFileSync(path.join(stage, '.vscodeignore'), `${readFileSync('.vscodeignore', 'utf8')}!${native}/*\n`);
  const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
  mkdirSync(path.dirname(path.resolve(out)), { recursive: true });
  run(
    process.execPath,
    [
      vsce,
      'package',
      '--target',
      target,
      '--no-rewrite-relative-links', // done above
      ...(isPreRelease(own.version) ? ['--pre-release'] : []),
      '--out',
      path.resolve(out),
    ],
    stage,
  );
  rmSync(stage, { recursive: true, force: true });

  const files = await filesOf(out);
  const { faults, links } = checkPackage(files);
  if (faults.length) refuse(`${out}: ${faults.join('; ')}`);
  const mb = statSync(out).size / 1e6;
  const installed = [...files.values()].reduce((sum, { length }) => sum + length, 0) / 1e6;
  console.log(
    `${out}: ${mb.toFixed(1)} MB (at most ${MAX_MB}), ${installed.toFixed(1)} MB installed in ${files.size} files, ` +
      `${isPreRelease(own.version) ? 'pre-release' : 'release'}, model trained on ${repos} licensed repositories`,
  );
  console.log(`Its page leads to:\n${links.map((link) => `  ${link}\n`).join('')}`);
  if (mb > MAX_MB) refuse(`${out} is larger than ${MAX_MB} MB`);
}

for (const target of targets) await pack(target);
