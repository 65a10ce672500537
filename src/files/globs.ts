// Matches paths against globs, by the rules of .gitignore.
import { IgnoreRules } from './ignoreRules';

/** @param path with forward slashes; a path outside of the folder is matched by its segments */
export function matches(globs: readonly string[], path: string): boolean {
  return new IgnoreRules(globs).test(path.replace(/^(?:[A-Za-z]:)?\/+/, '')) === 'ignored';
}
