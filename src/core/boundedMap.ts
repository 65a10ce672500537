// A map bounded by the total cost of its values: the least recently used ones are removed first.

interface Entry<T> {
  readonly value: T;
  readonly cost: number;
  readonly name: string;
}

const MAX_VERSIONS = 4; // an edit, the text before it, and two to compare with

/**
 * Removes the least recently used values when the costs sum up to more than `limit`. A value that costs more than `limit`
 * by itself is not stored. Of values with the same name only the MAX_VERSIONS used last stay: nobody returns to the text
 * of fifty edits ago.
 *
 * Example: `new BoundedMap<string>(10, () => 1)` holds the ten values used last. Setting a value takes time linear in
 * their number.
 */
export class BoundedMap<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private total = 0;

  constructor(
    private readonly limit: number,
    /** In the unit of `limit`. */
    private readonly costOf: (value: T) => number,
  ) {}

  get cost(): number {
    return this.total;
  }

  get size(): number {
    return this.entries.size;
  }

  /** The value, which becomes the most recently used one. */
  get(key: string): T | undefined {
    const found = this.entries.get(key);
    if (!found) return undefined;
    this.entries.delete(key);
    this.entries.set(key, found);
    return found.value;
  }

  /** @param name of the thing that the value is a version of */
  set(key: string, value: T, name = key): void {
    this.take(key);
    const cost = this.costOf(value);
    if (cost > this.limit) return;
    this.entries.set(key, { value, cost, name });
    this.total += cost;
    const versions = [...this.entries.keys()].filter((k) => this.entries.get(k)!.name === name);
    for (const old of versions.slice(0, -MAX_VERSIONS)) this.take(old);
    for (const oldest of this.entries.keys()) {
      if (this.total <= this.limit) break;
      this.take(oldest);
    }
  }

  /** Removes a value and returns it. */
  take(key: string): T | undefined {
    const found = this.entries.get(key);
    if (!found) return undefined;
    this.entries.delete(key);
    this.total -= found.cost;
    return found.value;
  }

  clear(): void {
    this.entries.clear();
    this.total = 0;
  }
}
