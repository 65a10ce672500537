// Reads clones of git repositories: their commits and the files of a commit, without a work tree.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A file of a commit. */
export interface Blob {
  readonly path: string;
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

const MOST_BYTES = 1 << 29; // of what one git command says

export class Clone {
  /** @param dir the git directory */
  constructor(private readonly dir: string) {}

  /** @throws Error if git fails */
  git(args: readonly string[], input = ''): Buffer {
    return execFileSync('git', [`--git-dir=${this.dir}`, ...args], {
      maxBuffer: MOST_BYTES,
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  /** The regular files of a commit. @param paths restricts them */
  filesOf(commit: string, paths: readonly string[] = []): Blob[] {
    const lines = this.git(['ls-tree', '-r', '-l', commit, '--', ...paths])
      .toString('utf8')
      .split('\n');
    return lines.flatMap((line) => {
      const m = /^100\d{3} blob (\w+) +(\d+)\t(.*)$/.exec(line);
      return m ? [{ path: m[3]!, hash: m[1]!, size: Number(m[2]) }] : [];
    });
  }

  /** The texts of blobs, in their order. A blob that a partial clone lacks is undefined. */
  textsOf(hashes: readonly string[]): (string | undefined)[] {
    const said = this.git(['cat-file', '--batch'], hashes.map((hash) => `${hash}\n`).join(''));
    let at = 0;
    return hashes.map(() => {
      const end = said.indexOf(10, at);
      const size = /blob (\d+)$/.exec(said.toString('utf8', at, end))?.[1];
      at = end + 1;
      if (size === undefined) return undefined;
      const text = said.toString('utf8', at, at + Number(size));
      at += Number(size) + 1;
      return text;
    });
  }
}

/**
 * @param clones folder with a git directory for each repository, as for `training/corpus.py`
 * @param repo `owner/name`
 * @throws Error if there is none
 */
export function cloneOf(clones: string, repo: string): Clone {
  const dir = [`${repo.replace('/', '+')}/repo`, repo.replace('/', '+'), repo, `${repo}/.git`]
    .map((place) => join(clones, place))
    .find((at) => existsSync(join(at, 'HEAD')));
  if (!dir) throw new Error(`There is no clone of ${repo} under ${clones}.`);
  return new Clone(dir);
}
