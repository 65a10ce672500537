// Says whether a path lies in a folder, and whether two paths are one place.
import ownSystem, { isAbsolute, relative, sep } from 'node:path';

/** By the paths alone, both absolute or both relative to one folder. A folder lies in itself. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** By the paths alone, both absolute: `c:\a` is `C:\A` on Windows. @param system whose paths they are; this one's if absent */
export function isSamePlace(
  one: string,
  other: string,
  system: Pick<typeof ownSystem, 'relative'> = ownSystem,
): boolean {
  return system.relative(one, other) === '';
}
