// Types of vsix.mjs, for its tests.
export function filesOf(vsix: string): Promise<Map<string, Buffer>>;
export function checkPackage(files: ReadonlyMap<string, Buffer>): {
  readonly faults: readonly string[];
  readonly links: readonly string[];
};
