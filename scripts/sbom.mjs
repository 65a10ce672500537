// Writes the bill of materials of what ships: packages by version and licence, grammars and model files by hash.
// Usage: node scripts/sbom.mjs [FILE]   writes CycloneDX; exits 1 if a licence is not permissive
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GRAMMAR_LICENCES } from './grammarLicences.mjs';

const PERMISSIVE =
  /^(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Zlib|Python-2\.0)$/;
export const NATIVE = ['onnxruntime-node', 'onnxruntime-common']; // shipped beside the bundles

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Whether a licence, or one side of every OR and all of every AND, is permissive. */
export function isPermissive(licence) {
  if (typeof licence !== 'string') return false;
  return licence
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((side) => side.split(/ AND /).every((l) => PERMISSIVE.test(l.trim())));
}

/** @param inputs paths that esbuild bundled. @returns folders of their packages, and of those that ship unbundled */
export function packageFolders(inputs) {
  const folders = new Set(NATIVE.map((n) => `node_modules/${n}`));
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(input);
    if (found) folders.add(found[1]);
  }
  return [...folders].sort();
}

/** The licence of a grammar and where its source is. @throws if it is not known */
function grammarOrigin(name) {
  const known = GRAMMAR_LICENCES.get(name);
  if (!known) throw new Error(`scripts/grammarLicences.mjs does not know ${name}`);
  return {
    licenses: [{ expression: known.licence }],
    externalReferences: [{ type: 'vcs', url: known.source }],
  };
}

/** CycloneDX 1.5 of `dist` and `media/model`. It has no time and no serial number, so the same build gives the same bytes. */
export function sbom(inputs) {
  const own = JSON.parse(readFileSync('package.json', 'utf8'));
  const packages = packageFolders(inputs).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return {
      type: 'library',
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      licenses: [{ expression: license }],
    };
  });
  const file = (at) => ({ type: 'file', name: at, hashes: [{ alg: 'SHA-256', content: sha256(at) }] });
  const model = JSON.parse(readFileSync('media/model/manifest.json', 'utf8'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: { type: 'application', name: own.name, version: own.version, licenses: [{ expression: own.license }] },
    },
    components: [
      ...packages,
      ...readdirSync('dist/grammars')
        .sort()
        .map((f) => ({ ...file(`dist/grammars/${f}`), ...grammarOrigin(f) })),
      {
        type: 'machine-learning-model',
        name: model.name,
        version: '1',
        licenses: [{ expression: own.license }],
        components: Object.keys(model.files)
          .sort()
          .map((f) => file(`media/model/${f}`)),
      },
    ],
  };
}

/** The shipped packages, grammars and models whose licence is not permissive. */
export function strangeLicences(bom) {
  return bom.components
    .filter((c) => !isPermissive(c.licenses?.[0].expression))
    .map((c) => `${c.name}: ${c.licenses?.[0].expression}`);
}

if (import.meta.filename === path.resolve(process.argv[1] ?? '')) {
  process.chdir(path.resolve(import.meta.dirname, '..'));
  if (!existsSync('dist/bundled.json')) throw new Error('no dist/bundled.json: run node esbuild.mjs first');
  const bom = sbom(JSON.parse(readFileSync('dist/bundled.json', 'utf8')));
  const strange = strangeLicences(bom);
  if (strange.length) {
    console.error(`Not permissive: ${strange.join('; ')}`);
    process.exit(1);
  }
  writeFileSync(process.argv[2] ?? 'dist/sbom.cdx.json', `${JSON.stringify(bom, null, 1)}\n`);
}
