// How a model computes its products, and what is remembered of that: trying it costs the time to open a graph.
import { createHash } from 'node:crypto';
import { cpus, hostname } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, replaceFile } from '../files/privateFiles';
import { readRegular } from '../files/regularFile';

/** Of the layers and of the vocabulary head: activations in 256 levels, which is faster, or as trained. */
export type Products = 'int8' | 'float32';

const BYTES = 7; // of the longest

/** What one model on this machine computed last, in a file of its own. A wrong one costs time, and nothing else. */
export class KnownProducts {
  private readonly file: string;

  /** @param dir folder of the cache. @param model hash of the model folder. @param runtime version of the native runtime */
  constructor(
    private readonly dir: string,
    model: string,
    runtime: string,
  ) {
    const facts = [model, runtime, process.platform, process.arch, cpus()[0]?.model ?? '', hostname()];
    const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
    this.file = join(dir, `${hash.slice(0, 16)}.products`);
  }

  /** @returns undefined if nothing is known */
  async get(): Promise<Products | undefined> {
    const bytes = await readRegular(this.file, { limit: BYTES, noLink: true, own: true }).catch(() => undefined);
    const text = bytes?.toString('latin1');
    return text === 'int8' || text === 'float32' ? text : undefined;
  }

  /** Never throws: without it the next start tries again. */
  async put(products: Products): Promise<void> {
    try {
      await makePrivateFolder(this.dir);
      await replaceFile(this.file, products);
    } catch {
      // disk full, not allowed, …
    }
  }
}
