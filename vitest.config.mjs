// Configures the tests that need no editor: unit, golden, contract, model.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As in the bundles: the profiler of the detector of secrets looks through all its marks at every mark.
  resolve: { alias: { '@secretlint/profiler': fileURLToPath(new URL('src/redact/noProfiler.ts', import.meta.url)) } },
  test: {
    globalSetup: ['test/support/build.mjs'],
    include: ['test/**/*.test.{ts,mjs}'],
    exclude: ['test/host/**', 'test/ui/**', 'node_modules/**'],
    testTimeout: 60_000,
    pool: 'forks',
    server: { deps: { inline: [/@secretlint/] } },
  },
});
