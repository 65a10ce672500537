// Fuzzes for longer: npm run fuzz -- [--inputs N] [--seed S] [--target NAME] [--only I]   I: number of one input
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const string = (fallback) => ({ type: 'string', ...(fallback === undefined ? {} : { default: fallback }) });
const { values } = parseArgs({
  options: {
    inputs: string('1000000'),
    seed: string(String(Date.now() % 1e6)),
    target: string(),
    only: string(),
  },
});
const env = { ...process.env, NAMM_FUZZ_INPUTS: values.inputs, NAMM_FUZZ_SEED: values.seed };
if (values.only !== undefined) env.NAMM_FUZZ_ONLY = values.only;
const filter = values.target === undefined ? [] : ['-t', values.target];
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/fuzz', ...filter], {
  stdio: 'inherit',
  env,
});
process.exitCode = status ?? 1;
