// Looks a name from outside up in a table. `table[name]` would find what every object has: `constructor`, `__proto__`.

/** @returns undefined for a name that the table does not have itself */
export function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
