// Looks into a packaged extension: what its manifest and its page name must be in the package, or in the repository.
import { createRequire } from 'node:module';
import { pageFaults, targetsOf } from './page.mjs';

const ROOT = 'extension/';
/** Values of a manifest that are paths in the package. */
const PATH = /^(?:\.\/)?(?:dist|media|l10n)(?:\/|$)/;

/** @returns {Promise<Map<string, Buffer>>} the files of a .vsix below its extension folder, by path */
export function filesOf(vsix) {
  const require = createRequire(createRequire(import.meta.url).resolve('@vscode/vsce/package.json'));
  const files = new Map();
  return new Promise((resolve, reject) =>
    require('yauzl').open(vsix, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject).on('end', () => resolve(files));
      zip.on('entry', (entry) => {
        if (!entry.fileName.startsWith(ROOT) || entry.fileName.endsWith('/')) return zip.readEntry();
        zip.openReadStream(entry, (cause, stream) => {
          if (cause) return reject(cause);
          const pieces = [];
          stream.on('data', (piece) => pieces.push(piece)).on('error', reject);
          stream.on('end', () => {
            files.set(entry.fileName.slice(ROOT.length), Buffer.concat(pieces));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    }),
  );
}

/** Every text in a JSON value. */
function textsIn(value) {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * @param {Map<string, Buffer>} files of a package, by path
 * @returns {{ faults: string[], links: string[] }} what would not resolve, and where the page leads
 */
export function checkPackage(files) {
  const json = (path) => JSON.parse(files.get(path).toString());
  const manifest = json('package.json');
  const repository = manifest.repository.url.replace(/\.git$/, '');
  const known = (path) => files.has(path) || [...files.keys()].some((f) => f.startsWith(`${path}/`));
  const missing = textsIn(manifest)
    .filter((text) => PATH.test(text))
    .map((text) => text.replace(/^\.\//, '').replace(/\/$/, ''))
    .filter((path) => !known(path) && !known(`${path}.js`));
  const words = json('package.nls.json');
  const unsaid = textsIn(manifest)
    .flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? [])
    .filter((key) => !Object.hasOwn(words, key));
  const page = files.get('readme.md') ?? files.get('README.md');
  return {
    faults: [
      ...missing.map((path) => `package.json names ${path}`),
      ...unsaid.map((key) => `package.nls.json lacks ${key}`),
      ...(page ? pageFaults(page.toString(), repository) : ['it has no page']),
    ],
    links: page ? targetsOf(page.toString()).links : [],
  };
}
