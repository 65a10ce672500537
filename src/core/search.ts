// Binary search in a sorted list.

/**
 * Returns the first index for which `holds` is true; `to` if there is none.
 * `holds` must be false up to some index and true from there on: `firstIndexWhere([1, 3, 5], (x) => x > 2)` is 1.
 * @param from first index that is searched
 * @param to index behind the last one
 */
export function firstIndexWhere<T>(
  list: ArrayLike<T>,
  holds: (item: T, index: number) => boolean,
  from = 0,
  to = list.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high - 1) >> 1;
    if (holds(list[middle]!, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
