// Knows how to hold on to what was used last, within a bound on its whole cost; of what replaces each other, the newest few.

interface Held<T> {
  readonly value: T;
  readonly cost: number;
  readonly name: string;
}

const VERSIONS = 4; // an edit, what it undid, and two to compare with

/**
 * A map that forgets what was not used for longest once the costs sum up to more than `limit`. What costs more alone is
 * not held, and of values with the same name only the VERSIONS used last: nobody comes back to a text of fifty edits ago.
 */
export class BoundedMap<T> {
  private readonly held = new Map<string, Held<T>>();
  private total = 0;

  constructor(
    private readonly limit: number,
    private readonly costOf: (value: T) => number,
  ) {}

  get cost(): number {
    return this.total;
  }

  get size(): number {
    return this.held.size;
  }

  /** The value, young again. */
  get(key: string): T | undefined {
    const found = this.held.get(key);
    if (!found) return undefined;
    this.held.delete(key);
    this.held.set(key, found);
    return found.value;
  }

  /** @param name of what this is a version of */
  set(key: string, value: T, name = key): void {
    this.take(key);
    const cost = this.costOf(value);
    if (cost > this.limit) return;
    this.held.set(key, { value, cost, name });
    this.total += cost;
    const versions = [...this.held.keys()].filter((k) => this.held.get(k)!.name === name);
    for (const old of versions.slice(0, -VERSIONS)) this.take(old);
    for (const oldest of this.held.keys()) {
      if (this.total <= this.limit) break;
      this.take(oldest);
    }
  }

  /** The value, no longer held. */
  take(key: string): T | undefined {
    const found = this.held.get(key);
    if (!found) return undefined;
    this.held.delete(key);
    this.total -= found.cost;
    return found.value;
  }

  clear(): void {
    this.held.clear();
    this.total = 0;
  }
}
