// Knows what is too large to load with the extension: credential rules and token tables. A bundle of its own (esbuild.mjs).
export { guardFiles, guardPart } from '../../src/handover/guard';
export { counterFor } from '../../src/text/counters';
