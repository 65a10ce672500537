// Adds the items of one list to another. A call with a spread list would pass each item on the stack, which ends at some 100,000.

export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
