// Checks the paths that a client names: with links resolved, they must lie inside its root folders.
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, parse, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompressionError } from '../../core/errors';
import { MAX_PATH_UNITS } from '../../core/limits';
import { folderNames } from '../../files/folderNames';
import { isInside } from '../files/inside';

export type RefusalReason = 'outside' | 'network' | 'characters' | 'ambiguous' | 'noRoot' | 'rootsUnknown';

/** A path outside the roots, or no valid path. For `rootsUnknown`, `path` says why they are not known. */
export class PathRefused extends Error {
  override readonly name = 'PathRefused';
  constructor(
    readonly reason: RefusalReason,
    readonly path: string,
  ) {
    super(`${reason}: ${path}`);
  }
}

export interface Place {
  /** Absolute, links resolved. */
  readonly file: string;
  /** The root that holds it, links resolved. */
  readonly root: string;
  /** Prefix of paths relative to `root` if there are several roots; it ends with a slash. */
  readonly prefix: string;
}

export class Roots {
  private real: readonly string[] | undefined;

  /** @param folders absolute; folders that do not exist are ignored */
  constructor(readonly folders: readonly string[]) {}

  /** The working folder of the process, unless it is the home folder or the whole disk. */
  static ofWorkingFolder(cwd: string): Roots {
    return new Roots(cwd === parse(cwd).root || cwd === homedir() ? [] : [cwd]);
  }

  /** Roots that a client lists; only `file:` addresses of this machine are folders. */
  static ofUris(uris: readonly unknown[]): Roots {
    return new Roots(
      uris.flatMap((uri) => {
        try {
          const url = new URL(String(uri));
          return url.protocol === 'file:' && ['', 'localhost'].includes(url.hostname) ? [fileURLToPath(url)] : [];
        } catch {
          return [];
        }
      }),
    );
  }

  /** @throws PathRefused; CompressionError notFound | unreadable */
  async place(path: string): Promise<Place> {
    const given = localPath(path);
    const roots = await this.reals();
    if (!roots.length) throw new PathRefused('noRoot', path);
    const candidates = isAbsolute(given) ? [resolve(given)] : this.candidates(given, roots);
    // A path outside is not looked up: the client must not learn whether it exists.
    const inside = candidates.filter((c) => [...roots, ...this.folders].some((r) => isInside(r, c)));
    if (!inside.length) throw new PathRefused('outside', path);
    const found = new Map<string, Place>();
    let failure: Error | undefined;
    for (const candidate of inside) {
      try {
        const file = await realpath(candidate);
        const root = roots.find((r) => isInside(r, file));
        if (root === undefined) failure = new PathRefused('outside', path);
        else
          found.set(file, { file, root, prefix: roots.length > 1 ? `${namesOf(roots)[roots.indexOf(root)]!}/` : '' });
      } catch (cause) {
        const missing = ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
        failure ??= new CompressionError(missing ? 'notFound' : 'unreadable', path, { cause });
      }
    }
    if (found.size > 1) throw new PathRefused('ambiguous', path);
    const [place] = found.values();
    if (!place) throw failure!;
    return place;
  }

  /** Whether a file lies inside, even if it no longer exists. @param file absolute */
  async contains(file: string): Promise<boolean> {
    const real = await realpath(file).catch(() => file);
    return (await this.reals()).some((r) => isInside(r, real));
  }

  /** The path that the recipient knows: relative to its root, with the root's name if there are several; absolute outside. @param file absolute */
  async shown(file: string): Promise<string> {
    const real = await realpath(file).catch(() => file);
    const roots = await this.reals();
    const i = roots.findIndex((r) => isInside(r, real));
    return i < 0
      ? file
      : (roots.length > 1 ? `${namesOf(roots)[i]!}/` : '') + relative(roots[i]!, real).split(sep).join('/');
  }

  /** The path resolved against every root; with several roots also as `name-of-root/path`. */
  private candidates(given: string, roots: readonly string[]): string[] {
    const plain = roots.map((r) => resolve(r, given));
    if (roots.length < 2) return plain;
    const names = namesOf(roots);
    return [
      ...plain,
      ...roots.flatMap((r, i) => (isInside(names[i]!, given) ? [resolve(r, relative(names[i]!, given))] : [])),
    ];
  }

  private async reals(): Promise<readonly string[]> {
    this.real ??= [
      ...new Set((await Promise.all(this.folders.map((f) => realpath(f).catch(() => '')))).filter(Boolean)),
    ];
    return this.real;
  }
}

/** Names of the roots; two with one name get the folders above in front. */
const namesOf = (roots: readonly string[]): string[] => folderNames(roots.map((r) => r.split(sep).join('/')));

/** @throws PathRefused for a path that no root can hold */
function localPath(path: string): string {
  if (path.includes('\0') || path.length > MAX_PATH_UNITS || !path)
    throw new PathRefused('characters', path.replace(/\0/g, '\\0').slice(0, 100));
  if (/^[\\/]{2}/.test(path) || /^file:\/\/(?!\/|localhost\/)/i.test(path)) throw new PathRefused('network', path);
  if (/^file:/i.test(path)) {
    try {
      return localPath(fileURLToPath(path));
    } catch (error) {
      throw error instanceof PathRefused ? error : new PathRefused('characters', path);
    }
  }
  // "a.ts:stream" names another stream of a file on Windows.
  if (process.platform === 'win32' && path.replace(/^[a-zA-Z]:/, '').includes(':'))
    throw new PathRefused('characters', path);
  return path;
}
