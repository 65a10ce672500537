// Knows what is too large to load with the extension: credential rules and token tables. A bundle of its own (esbuild.mjs).
export { guardFiles, guardPart } from '../../src/redact/guard';
export { counterFor } from '../../src/tokens/counters';
