// Knows how folders of one name are told apart: by as much of the path above them as it takes.

/** The last segment of each path, or as many as it takes for no two to be alike. @param paths absolute, with forward slashes */
export function folderNames(paths: readonly string[]): string[] {
  const segments = paths.map((p) => p.split('/').filter(Boolean));
  const tail = (i: number, n: number): string => segments[i]!.slice(-n).join('/');
  return paths.map((_, i) => {
    let n = 1;
    while (n < segments[i]!.length && paths.some((p, j) => p !== paths[i] && tail(j, n) === tail(i, n))) n++;
    return tail(i, n);
  });
}
