// What is too large to load at start: credential rules and token tables. esbuild.mjs makes it a bundle of its own.
export { guardFiles, guardPart } from '../../src/redact/guard';
export { counterFor } from '../../src/tokens/counters';
