// Matches paths against globs, by the rules of .gitignore.
import ignore from 'ignore';

/** @param path relative, with forward slashes; a path outside of the folder is matched by its segments */
export function matches(globs: readonly string[], path: string): boolean {
  if (!globs.length) return false;
  return ignore({ allowRelativePaths: true })
    .add([...globs])
    .ignores(path.replace(/^(?:[A-Za-z]:)?\/+/, ''));
}
