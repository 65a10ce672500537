// Matches paths against globs, by the rules of .gitignore.
import { expand } from 'brace-expansion';
import { IgnoreRules } from './ignoreRules';

const MOST_ALTERNATIVES = 100; // of the braces of one glob

/** @param path with forward slashes; a path outside of the folder is matched by its segments */
export function matches(globs: readonly string[], path: string): boolean {
  return new IgnoreRules(globs).test(path.replace(/^(?:[A-Za-z]:)?\/+/, '')) === 'ignored';
}

/** Whether a glob means this very path, not a folder above it. @param path relative to the folder of the glob, with forward slashes */
export const matchesItself = (glob: string, path: string): boolean => new IgnoreRules([glob]).own(path) === 'ignored';

/** `src/*.{ts,tsx}` is `src/*.ts` and `src/*.tsx`: .gitignore knows no braces. */
export const withoutBraces = (globs: readonly string[]): string[] =>
  globs.flatMap((glob) => expand(glob, { max: MOST_ALTERNATIVES }));

/**
 * A path with wildcards as the folder to search and the glob of what to find there.
 *
 * Example: `src/*\/a.ts` is the folder `src` with `/*\/a.ts`.
 * @param path with forward slashes and without braces
 * @returns undefined for a path without wildcards
 */
export function splitGlob(path: string): { readonly folder: string; readonly glob: string } | undefined {
  const segments = path.split('/');
  const first = segments.findIndex((segment) => /[*?]|\[[^\]]+\]/.test(segment));
  if (first < 0) return undefined;
  const folder = segments.slice(0, first).join('/');
  return {
    // A drive alone is its current folder.
    folder: /^[A-Za-z]:$/.test(folder) ? `${folder}/` : folder || (path.startsWith('/') ? '/' : '.'),
    glob: `/${segments.slice(first).join('/')}`,
  };
}
