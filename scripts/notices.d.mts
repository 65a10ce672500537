// Types of notices.mjs, which runs at build time without a compiler.
export function notices(inputs: readonly string[], files: readonly string[]): string;
