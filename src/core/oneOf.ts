// Narrows an unknown value to one of a closed list of strings.

/** @returns `value` if it is one of `known`, else undefined. Example: `oneOf(['text', 'json'], 'xml')` is undefined. */
export function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((k) => k === value);
}
