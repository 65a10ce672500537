// Builds the bundles once, before the first test: some tests run them.
import { execFileSync } from 'node:child_process';

export function setup() {
  execFileSync(process.execPath, ['esbuild.mjs'], { stdio: 'ignore' });
}
