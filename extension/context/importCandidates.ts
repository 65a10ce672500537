// Knows which files of the same project a text imports, as far as names alone tell: relative paths, and modules by their folder.
import { posix } from 'node:path';

const SCRIPT = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'd.ts', 'json', 'vue', 'svelte'];
/** A specifier ends in what the compiler writes, the file in what the author wrote. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  js: ['ts', 'tsx', 'js', 'jsx'],
  mjs: ['mts', 'mjs'],
  cjs: ['cts', 'cjs'],
  jsx: ['tsx', 'jsx'],
};

/**
 * Candidates for every import, best first; the first that exists is meant. Paths are absolute with forward slashes.
 * What no file name can tell (packages, path aliases, generated modules) is not among them.
 * @param path of the importing file. @param roots folders that absolute module names may start from, innermost first
 */
export function importCandidates(languageId: string, text: string, path: string, roots: readonly string[]): string[][] {
  const here = posix.dirname(path);
  switch (languageId) {
    case 'typescript':
    case 'typescriptreact':
    case 'javascript':
    case 'javascriptreact':
    case 'vue':
    case 'svelte':
      return all(text, /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])(\.{1,2}(?:\/[^'"\n]*)?)\1/g, 2).map(
        (s) => script(posix.join(here, s)),
      );
    case 'python':
      return python(text, here, roots);
    case 'go':
      return [];
    case 'c':
    case 'cpp':
      return all(text, /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm, 1).map((s) =>
        [here, ...roots, ...roots.flatMap((r) => [`${r}/include`, `${r}/src`])].map((r) => posix.join(r, s)),
      );
    case 'rust':
      return rust(text, path);
    case 'java':
      return all(text, /^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+);/gm, 1).map((s) => java(s, text, here));
    case 'ruby':
      return all(text, /\brequire_relative\s*\(?\s*['"]([^'"\n]+)['"]/g, 1).map((s) => [
        posix.join(here, s.endsWith('.rb') ? s : `${s}.rb`),
      ]);
    case 'php':
      return all(
        text,
        /\b(?:require|include)(?:_once)?\s*\(?\s*(?:__DIR__\s*\.\s*)?['"]\/?([^'"\n]+\.php)['"]/g,
        1,
      ).map((s) => [posix.join(here, s)]);
    case 'css':
    case 'scss':
    case 'less':
      return all(text, /@(?:import|use|forward)\s+(?:url\()?['"](\.{0,2}[^'":\n]+)['"]/g, 1).map((s) =>
        style(posix.join(here, s), languageId),
      );
    default:
      return [];
  }
}

/** Folders of packages of the same module that a Go file imports. @param module the module's own name, from go.mod */
export function goPackages(text: string, module: string, moduleFolder: string): string[] {
  const block = all(text, /^import\s*\(([^)]*)\)/gm, 1).flatMap((b) => all(b, /"([^"\n]+)"/g, 1));
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
  const written = extension && WRITTEN[extension] ? WRITTEN[extension].map((e) => `${bare}.${e}`) : [];
  return [
    ...written,
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

function python(text: string, here: string, roots: readonly string[]): string[][] {
  const module = (base: string, dotted: string): string[] => {
    const target = dotted ? posix.join(base, ...dotted.split('.')) : base;
    return dotted ? [`${target}.py`, `${target}/__init__.py`] : [`${target}/__init__.py`];
  };
  const out: string[][] = [];
  for (const m of text.matchAll(/^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#]*))/gm)) {
    const [, dots = '', dotted = ''] = m;
    const names = (m[3] ?? m[4] ?? '')
      .split(',')
      .map((n) => n.trim().split(/\s/)[0]!)
      .filter((n) => /^\w+$/.test(n));
    const bases = dots
      ? [posix.join(here, ...Array<string>(dots.length - 1).fill('..'))]
      : [here, ...roots, ...roots.map((r) => `${r}/src`)];
    // A name may be a module of the package, or something in it.
    for (const n of names)
      out.push(bases.flatMap((b) => [...module(b, dotted ? `${dotted}.${n}` : n), ...module(b, dotted)]));
    if (!names.length) out.push(bases.flatMap((b) => module(b, dotted)));
  }
  for (const list of all(text, /^[ \t]*import[ \t]+([\w., \t]+)/gm, 1))
    for (const n of list
      .split(',')
      .map((x) => x.trim().split(/\s/)[0]!)
      .filter(Boolean))
      out.push([here, ...roots, ...roots.map((r) => `${r}/src`)].flatMap((b) => module(b, n)));
  return out;
}

function rust(text: string, path: string): string[][] {
  const here = posix.dirname(path);
  const name = posix.basename(path, '.rs');
  const inside = name === 'mod' || name === 'lib' || name === 'main' ? here : posix.join(here, name);
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

/** a::b::c may be the file a/b/c, or something in a/b, or in a: the longest first. */
function prefixes(parts: readonly string[]): string[] {
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
}

/** A class of the same source tree: its package's folder, counted from where this file's own package begins. */
function java(name: string, text: string, here: string): string[] {
  const own = /^[ \t]*package[ \t]+([\w.]+);/m.exec(text)?.[1];
  if (!own) return [];
  const folder = own.replaceAll('.', '/');
  const root = here.endsWith(folder) ? here.slice(0, -folder.length) : undefined;
  return root === undefined ? [] : prefixes(name.split('.')).map((p) => `${root}${p}.java`);
}
