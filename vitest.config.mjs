// Configures the tests that need no editor: unit, golden, contract, model.
import { defineConfig } from 'vitest/config';

const HANG_MS = 600_000; // ends what hangs; a busy machine never comes near it

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.mjs'],
    include: ['test/**/*.test.{ts,mjs}'],
    exclude: ['test/host/**', 'test/ui/**', 'node_modules/**'],
    env: { NAMM_PRIORITY: 'normal' }, // on a busy machine the engine would hardly get any time
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    teardownTimeout: HANG_MS,
    expect: { poll: { timeout: HANG_MS / 2 } },
    pool: 'forks',
    isolate: false, // few processes start, because a start has a limit that no option moves
  },
});
