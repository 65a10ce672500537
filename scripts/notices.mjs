// Writes the licence texts of everything that ships and that others made: packages, the native runtime, grammars; and says whose the model is.
// Usage: node scripts/notices.mjs [FILE]   by default dist/ThirdPartyNotices.txt; fails if a text is missing
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GRAMMAR_LICENCES } from './grammarLicences.mjs';
import { NATIVE, packageFolders } from './sbom.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDER = path.join(ROOT, 'licences');
const LINE = '='.repeat(80);
/** The one text of MIT that stands for every grammar under it. */
const MIT_FROM = 'tree-sitter-c';

const read = (file) => readFileSync(file, 'utf8').replace(/\r\n/g, '\n').trim();
const chapter = (title, ...parts) => [LINE, title, LINE, '', ...parts, ''].join('\n');

/** The licence file of a package. @throws if there is none */
function licenceOf(folder) {
  const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  if (!file) throw new Error(`${folder} has no licence text`);
  return read(path.join(folder, file));
}

/** The native runtime: its npm packages have no licence file, so the texts of its version are in this repository. */
function runtime() {
  const { version, license } = JSON.parse(read('node_modules/onnxruntime-node/package.json'));
  const texts = ['LICENSE', 'ThirdPartyNotices'].map((kind) =>
    read(path.join(FOLDER, `onnxruntime-${version}-${kind}.txt`)),
  );
  return chapter(`${NATIVE.join(', ')} ${version} (${license})`, texts[0], '', texts[1]);
}

function bundledPackage(folder) {
  const { name, version, license } = JSON.parse(read(path.join(folder, 'package.json')));
  return chapter(`${name} ${version} (${license})`, licenceOf(folder));
}

/** @param files names of the grammars that ship. @throws if the licence of one is not known */
function grammars(files) {
  const rows = files.map((file) => {
    const known = GRAMMAR_LICENCES.get(file);
    if (!known) throw new Error(`scripts/grammarLicences.mjs does not know ${file}`);
    const { source, licence, copyright } = known;
    return [`${file} (${licence})`, `  ${source}`, ...copyright.map((c) => `  ${c}`)].join('\n');
  });
  const mit = licenceOf(`node_modules/${MIT_FROM}`);
  return [
    chapter('Grammars, compiled from these sources', rows.join('\n\n')),
    chapter('The MIT licence, of the grammars that name it', mit.slice(mit.indexOf('Permission is hereby'))),
    chapter('The Apache licence 2.0, of the grammars that name it', read(path.join(FOLDER, 'Apache-2.0.txt'))),
    chapter('Notice of tree-sitter-elixir', read(path.join(FOLDER, 'tree-sitter-elixir-NOTICE.txt'))),
  ];
}

function model() {
  const { name, corpus } = JSON.parse(read(path.join(ROOT, 'media/model/manifest.json')));
  const { license } = JSON.parse(read(path.join(ROOT, 'package.json')));
  return chapter(
    `The model ${name} (${license})`,
    `Made by this project, under the licence of this project. It was trained on ${corpus.length} repositories; media/model/manifest.json`,
    'names each with its commit and its licence.',
  );
}

/** @param inputs paths that esbuild bundled. @param files names of the grammars that ship */
export function notices(inputs, files) {
  const bundled = packageFolders(inputs).filter((folder) => !NATIVE.includes(path.basename(folder)));
  return [
    'This file holds the licences of the software of others that NAMM Context contains.\n',
    model(),
    ...bundled.map(bundledPackage),
    ...grammars(files),
    runtime(),
  ].join('\n');
}

if (import.meta.filename === path.resolve(process.argv[1] ?? '')) {
  process.chdir(ROOT);
  writeFileSync(
    process.argv[2] ?? 'dist/ThirdPartyNotices.txt',
    notices(JSON.parse(read('dist/bundled.json')), readdirSync('dist/grammars').sort()),
  );
}
