// Lists the files that the imports of a text may mean, by names alone: relative paths, and modules by their folder.
import { posix } from 'node:path';
import { ownValue } from '../../src/core/ownValue';

const SCRIPT = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'd.ts', 'json', 'vue', 'svelte'];
/** Extension of a specifier (the compiler's output) -> extensions of the source file. */
const SOURCE_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  js: ['ts', 'tsx', 'js', 'jsx'],
  mjs: ['mts', 'mjs'],
  cjs: ['cts', 'cjs'],
  jsx: ['tsx', 'jsx'],
};

/**
 * Candidate files of each import, best first; the first existing one is the imported file. Imports that file names cannot
 * resolve (packages, path aliases, generated modules) are left out.
 * @param path of the importing file; like all paths here absolute, with forward slashes
 * @param roots folders that absolute module names may start from, innermost first
 */
export function importCandidates(languageId: string, text: string, path: string, roots: readonly string[]): string[][] {
  const folder = posix.dirname(path);
  switch (languageId) {
    case 'typescript':
    case 'typescriptreact':
    case 'javascript':
    case 'javascriptreact':
    case 'vue':
    case 'svelte':
      return all(text, /(?:\bfrom\s*|\bimport\s*(?:\(\s*)?|\brequire\s*\(\s*)(['"])(\.{1,2}(?:\/[^'"\n]*)?)\1/g, 2).map(
        (s) => script(posix.join(folder, s)),
      );
    case 'python':
      return python(text, folder, roots);
    case 'c':
    case 'cpp':
      return all(text, /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm, 1).map((s) =>
        [folder, ...roots, ...roots.flatMap((r) => [`${r}/include`, `${r}/src`])].map((r) => posix.join(r, s)),
      );
    case 'rust':
      return rust(text, path);
    case 'java':
      return all(text, /^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+);/gm, 1).map((s) => java(s, text, folder));
    case 'ruby':
      return all(text, /\brequire_relative\s*(?:\(\s*)?['"]([^'"\n]+)['"]/g, 1).map((s) => [
        posix.join(folder, s.endsWith('.rb') ? s : `${s}.rb`),
      ]);
    case 'php':
      return all(
        text,
        /\b(?:require|include)(?:_once)?\s*(?:\(\s*)?(?:__DIR__\s*\.\s*)?['"]\/?([^'"\n]+\.php)['"]/g,
        1,
      ).map((s) => [posix.join(folder, s)]);
    case 'css':
    case 'scss':
    case 'less':
      return all(text, /@(?:import|use|forward)\s+(?:url\()?['"](\.{0,2}[^'":\n]+)['"]/g, 1).map((s) =>
        style(posix.join(folder, s), languageId),
      );
    default:
      return [];
  }
}

/** Folders of the packages of the same module that a Go file imports. @param module the module's name, from go.mod */
export function goPackages(text: string, module: string, moduleFolder: string): string[] {
  const block = all(text, /^import\s*\(([^)]{0,10000})\)/gm, 1).flatMap((b) => all(b, /"([^"\n]+)"/g, 1));
  const paths = [...block, ...all(text, /^import\s+(?:[\w.]+\s+)?"([^"\n]+)"/gm, 1)];
  return [...new Set(paths)]
    .filter((p) => p === module || p.startsWith(`${module}/`))
    .map((p) => posix.join(moduleFolder, p.slice(module.length)));
}

function all(text: string, pattern: RegExp, group: number): string[] {
  return [...new Set([...text.matchAll(pattern)].map((m) => m[group]!))];
}

function script(target: string): string[] {
  const extension = /\.(\w+)$/.exec(target)?.[1];
  const bare = extension ? target.slice(0, -extension.length - 1) : target;
  return [
    ...(ownValue(SOURCE_EXTENSIONS, extension ?? '') ?? []).map((e) => `${bare}.${e}`),
    ...(extension ? [target] : []),
    ...SCRIPT.map((e) => `${target}.${e}`),
    ...SCRIPT.map((e) => `${target}/index.${e}`),
  ];
}

function style(target: string, languageId: string): string[] {
  const name = posix.basename(target);
  const withExtension = /\.(css|scss|less)$/.test(name) ? target : `${target}.${languageId}`;
  return [withExtension, posix.join(posix.dirname(withExtension), `_${posix.basename(withExtension)}`)];
}

function python(text: string, folder: string, roots: readonly string[]): string[][] {
  const module = (base: string, dotted: string): string[] => {
    const target = dotted ? posix.join(base, ...dotted.split('.')) : base;
    return dotted ? [`${target}.py`, `${target}/__init__.py`] : [`${target}/__init__.py`];
  };
  const anywhere = [folder, ...roots, ...roots.map((r) => `${r}/src`)];
  const out: string[][] = [];
  for (const m of text.matchAll(
    /^[ \t]*from[ \t]+(\.*)(\w[\w.]*|)[ \t]+import[ \t]+(?:\(([^)]{0,10000})\)|([^\n#]*))/gm,
  )) {
    const [, dots = '', dotted = ''] = m;
    const names = firstWords(m[3] ?? m[4] ?? '').filter((n) => /^\w+$/.test(n));
    const bases = dots ? [posix.join(folder, ...Array<string>(dots.length - 1).fill('..'))] : anywhere;
    // A name may be a module of the package, or a member of it.
    for (const n of names)
      out.push(bases.flatMap((b) => [...module(b, dotted ? `${dotted}.${n}` : n), ...module(b, dotted)]));
    if (!names.length) out.push(bases.flatMap((b) => module(b, dotted)));
  }
  for (const list of all(text, /^[ \t]*import[ \t]+([\w., \t]+)/gm, 1))
    for (const n of firstWords(list)) out.push(anywhere.flatMap((b) => module(b, n)));
  return out;
}

/** Of each item between commas: "a as b, c" gives a and c. */
function firstWords(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim().split(/\s/)[0]!)
    .filter(Boolean);
}

function rust(text: string, path: string): string[][] {
  const folder = posix.dirname(path);
  const name = posix.basename(path, '.rs');
  const inside = name === 'mod' || name === 'lib' || name === 'main' ? folder : posix.join(folder, name);
  const modules = all(text, /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+(\w+)[ \t]*;/gm, 1).map((m) => [
    `${inside}/${m}.rs`,
    `${inside}/${m}/mod.rs`,
  ]);
  const source = /^(.*\/src)\//.exec(path)?.[1];
  const used = source
    ? all(text, /\buse[ \t]+crate::(\w+(?:::\w+)*)/g, 1).map((u) =>
        prefixes(u.split('::')).flatMap((p) => [`${source}/${p}.rs`, `${source}/${p}/mod.rs`]),
      )
    : [];
  return [...modules, ...used];
}

/** a::b::c may be the file a/b/c, or a member of a/b or of a. Longest first. */
function prefixes(parts: readonly string[]): string[] {
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
}

/** A class of the same source tree: its package's folder, relative to the root of this file's package. */
function java(name: string, text: string, folder: string): string[] {
  const ownPackage = /^[ \t]*package[ \t]+([\w.]+);/m.exec(text)?.[1];
  if (!ownPackage) return [];
  const packageFolder = ownPackage.replaceAll('.', '/');
  const root = folder.endsWith(packageFolder) ? folder.slice(0, -packageFolder.length) : undefined;
  return root === undefined ? [] : prefixes(name.split('.')).map((p) => `${root}${p}.java`);
}
