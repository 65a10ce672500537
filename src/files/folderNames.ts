// Names folders so that no two names are equal: with as much of the path above them as needed.

/** The last segment of each path, or as many as make the names differ. @param paths absolute, with forward slashes */
export function folderNames(paths: readonly string[]): string[] {
  const segments = paths.map((p) => p.split('/').filter(Boolean));
  const tail = (i: number, n: number): string => segments[i]!.slice(-n).join('/');
  return paths.map((_, i) => {
    let n = 1;
    while (n < segments[i]!.length && paths.some((p, j) => p !== paths[i] && tail(j, n) === tail(i, n))) n++;
    return tail(i, n);
  });
}
