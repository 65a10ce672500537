// Asks the client for its folders. Without a clear answer there are none, so nothing is read.
import { PathRefused, Roots } from './roots';

/** The client's answer to `roots/list`: the addresses of its folders. @throws any error if it gives none */
export type ListRoots = () => Promise<readonly unknown[]>;

export class ClientRoots {
  private asked: Promise<Roots> | undefined;

  constructor(
    private readonly list: ListRoots,
    /** Longest wait of one call, in milliseconds. An answer that comes later counts for the calls after it. */
    private readonly waitMs = 5000,
  ) {}

  /** The client has other folders now: what it said before does not count any more. */
  changed(): void {
    this.asked = undefined;
  }

  /** @throws PathRefused rootsUnknown */
  async current(): Promise<Roots> {
    for (const end = performance.now() + this.waitMs; ;) {
      const asked = (this.asked ??= this.ask());
      const roots = await within(asked, end - performance.now()).catch((error: Error) => {
        throw new PathRefused('rootsUnknown', error.message);
      });
      if (asked === this.asked) return roots; // else they changed while the client answered
    }
  }

  private ask(): Promise<Roots> {
    const asked = this.list().then((uris) => Roots.ofUris(uris));
    asked.catch(() => {
      if (this.asked === asked) this.asked = undefined; // the next call asks again
    });
    return asked;
  }
}

/** @throws Error if the promise does not settle in time */
async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it has not answered yet')), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
