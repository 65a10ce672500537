// Builds the bundles once, before the first test: some tests run them. With NAMM_BUILT those of dist are tested as they are.
import { execFileSync } from 'node:child_process';

export function setup() {
  if (process.env.NAMM_BUILT === undefined) execFileSync(process.execPath, ['esbuild.mjs'], { stdio: 'ignore' });
}
