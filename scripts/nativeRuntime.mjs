// Copies the model's runtime, whose native part is one for each platform, beside the bundles that need it.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const RUNTIMES = 'node_modules/onnxruntime-node/bin/napi-v6';

/** @param target such as linux-x64. @returns the folder of its native files */
export const nativeOf = (target) => `${RUNTIMES}/${target.replace('-', '/')}`;

/** Copies what a platform needs, from the current folder to the same paths under `folder`. */
export function copyRuntime(target, folder) {
  const parts = [nativeOf(target), 'node_modules/onnxruntime-node/dist', 'node_modules/onnxruntime-common/dist/cjs'];
  for (const f of parts) cpSync(f, path.join(folder, f), { recursive: true });
  for (const f of ['node_modules/onnxruntime-node/package.json', 'node_modules/onnxruntime-common/package.json']) {
    const { dependencies = {}, ...rest } = JSON.parse(readFileSync(f, 'utf8'));
    // The other dependencies are for an install script that does not run here.
    const own = Object.fromEntries(Object.entries(dependencies).filter(([d]) => d === 'onnxruntime-common'));
    writeFileSync(path.join(folder, f), `${JSON.stringify({ ...rest, dependencies: own }, null, 2)}\n`);
  }
}
