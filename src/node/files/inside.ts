// Says whether a path lies in a folder.
import { isAbsolute, relative, sep } from 'node:path';

/** By the paths alone, both absolute or both relative to one folder. A folder lies in itself. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
