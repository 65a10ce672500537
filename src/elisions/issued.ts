// Which elisions a process gave out itself: it may give them back, wherever their text lies.
import type { CompressedContext } from '../core/context';
import type { ElisionMatch } from './elision';

const MOST = 20_000; // as many as the store remembers

export class IssuedElisions {
  private readonly keys = new Set<string>();

  /** @param sha256 of each file's whole original text, in the order of the files */
  add({ files }: Pick<CompressedContext, 'files'>, sha256: readonly string[]): void {
    files.forEach(({ path, elisions }, i) => {
      for (const { id } of elisions) this.keys.add(keyOf({ id, path, sha256: sha256[i]! }));
    });
    for (const oldest of this.keys) {
      if (this.keys.size <= MOST) break;
      this.keys.delete(oldest);
    }
  }

  has(match: Pick<ElisionMatch, 'id' | 'path' | 'sha256'>): boolean {
    return this.keys.has(keyOf(match));
  }
}

const keyOf = ({ id, path, sha256 }: Pick<ElisionMatch, 'id' | 'path' | 'sha256'>): string => `${id} ${path} ${sha256}`;
