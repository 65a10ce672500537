// Knows how to fuzz for longer. Usage: npm run fuzz -- [--inputs N] [--seed S] [--target NAME] [--only I]
import { spawnSync } from 'node:child_process';

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const env = {
  ...process.env,
  NAMM_FUZZ_INPUTS: option('inputs', '1000000'),
  NAMM_FUZZ_SEED: option('seed', String(Date.now() % 1e6)),
};
if (option('only')) env.NAMM_FUZZ_ONLY = option('only');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/fuzz', ...(option('target') ? ['-t', option('target')] : [])],
  { stdio: 'inherit', env },
);
process.exitCode = status ?? 1;
