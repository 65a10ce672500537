// Asks the client for its folders. Without a clear answer there are none, so nothing is read.
import { PathRefused, Roots } from './roots';

/** The client's answer to `roots/list`: the addresses of its folders. @throws any error if it gives none */
export type ListRoots = () => Promise<readonly unknown[]>;

export class ClientRoots {
  private asked: Promise<Roots> | undefined;
  private overdue: Promise<Roots> | undefined; // a call waited for it in vain

  constructor(
    private readonly list: ListRoots,
    /** Longest wait of one call, in milliseconds. An answer that comes later counts for the calls after it. */
    private readonly waitMs = 5000,
  ) {}

  /** The client has other folders now: what it said before does not count any more. */
  changed(): void {
    this.asked = this.overdue = undefined;
  }

  /** @throws PathRefused rootsUnknown */
  async current(): Promise<Roots> {
    for (const end = performance.now() + this.waitMs; ;) {
      const asked = (this.asked = this.question());
      const late = (): void => {
        if (this.asked === asked) this.overdue = asked;
      };
      const roots = await within(asked, end - performance.now(), late).catch((error: Error) => {
        throw new PathRefused('rootsUnknown', error.message);
      });
      if (asked === this.asked) return roots; // else they changed while the client answered
    }
  }

  /** What was asked last. If a call has waited for the answer in vain, it may be lost: the client is asked again. */
  private question(): Promise<Roots> {
    const { asked: earlier, overdue } = this;
    return earlier && earlier !== overdue ? earlier : this.ask(earlier);
  }

  /** @param earlier a question that may still be answered: the first answer counts */
  private ask(earlier?: Promise<Roots>): Promise<Roots> {
    const answer = this.list().then((uris) => Roots.ofUris(uris));
    const asked = new Promise<Roots>((resolve, reject) => {
      earlier?.then(resolve, () => undefined);
      answer.then(resolve, reject);
    });
    asked.then(
      () => {
        if (this.overdue === asked) this.overdue = undefined;
      },
      () => {
        if (this.asked === asked) this.asked = undefined; // the next call asks again
      },
    );
    return asked;
  }
}

/** @param onLate called if the promise does not settle in time. @throws Error then */
async function within<T>(promise: Promise<T>, ms: number, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Error('it has not answered yet'));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
