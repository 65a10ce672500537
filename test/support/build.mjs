// Knows that some tests run the bundles: built once, before the first of them.
import { execFileSync } from 'node:child_process';

export function setup() {
  execFileSync(process.execPath, ['esbuild.mjs'], { stdio: 'ignore' });
}
