// Configures the tests that need no editor: unit, golden, contract, model.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.mjs'],
    include: ['test/**/*.test.{ts,mjs}'],
    exclude: ['test/host/**', 'test/ui/**', 'node_modules/**'],
    testTimeout: 60_000,
    pool: 'forks',
  },
});
