// Knows whether a path matches a list of globs, by the rules of .gitignore.
import ignore from 'ignore';

/** @param path relative, with forward slashes; a path outside of the folder is matched by its parts. */
export function matches(globs: readonly string[], path: string): boolean {
  if (!globs.length) return false;
  return ignore({ allowRelativePaths: true })
    .add([...globs])
    .ignores(path.replace(/^(?:[A-Za-z]:)?\/+/, ''));
}
