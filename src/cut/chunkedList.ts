// A sorted list whose items are inserted and removed in any order: in chunks, so that no change moves all items.
import { append } from '../core/append';
import { firstIndexWhere } from '../core/search';

const LARGEST = 1024; // items of a chunk; a larger one is halved

/** Like an array. Neighbours of the item used last are found at once, others in time linear in the number of chunks. */
export class ChunkedList<T> {
  private readonly chunks: T[][] = [[]]; // none is empty, except in an empty list
  private count = 0;
  private chunk = 0; // used last
  private base = 0; // index of its first item

  get length(): number {
    return this.count;
  }

  at(index: number): T | undefined {
    if (index < 0 || index >= this.count) return undefined;
    this.seek(index);
    return this.chunks[this.chunk]![index - this.base];
  }

  /** As `firstIndexWhere` of search.ts. */
  firstIndexWhere(holds: (item: T) => boolean): number {
    const wanted = firstIndexWhere(this.chunks, (items) => items.length > 0 && holds(items.at(-1)!));
    if (wanted === this.chunks.length) return this.count;
    while (this.chunk < wanted) this.next();
    while (this.chunk > wanted) this.previous();
    return this.base + firstIndexWhere(this.chunks[wanted]!, holds);
  }

  /** Replaces `count` items from `index` on by one. @returns the old items */
  replace(index: number, count: number, item: T): T[] {
    const removed: T[] = [];
    this.seek(index);
    const at = index - this.base;
    const items = this.chunks[this.chunk]!;
    append(removed, items.splice(at, count, item));
    for (let behind = this.chunk + 1; removed.length < count;) {
      const others = this.chunks[behind]!;
      append(removed, others.splice(0, count - removed.length));
      if (others.length) behind++;
      else this.chunks.splice(behind, 1);
    }
    this.count += 1 - removed.length;
    if (items.length > LARGEST) this.chunks.splice(this.chunk + 1, 0, items.splice(items.length >> 1));
    return removed;
  }

  findLast(holds: (item: T) => boolean): T | undefined {
    for (let i = this.chunks.length - 1; i >= 0; i--) {
      const found = this.chunks[i]!.findLast(holds);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const items of this.chunks) yield* items;
  }

  /** Goes to the chunk that has the item, or to the last one for the end of the list. */
  private seek(index: number): void {
    while (index < this.base) this.previous();
    while (index >= this.base + this.chunks[this.chunk]!.length && this.chunk + 1 < this.chunks.length) this.next();
  }

  private next(): void {
    this.base += this.chunks[this.chunk++]!.length;
  }

  private previous(): void {
    this.base -= this.chunks[--this.chunk]!.length;
  }
}
