// Lints the Python code and checks its format, with the ruff that training/pyproject.toml pins. Skipped if there is no Python.
// Usage: node scripts/ruff.mjs
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pinned, pythonFor } from './python.mjs';

const packages = pinned().filter((name) => name.startsWith('ruff=='));
const { python, fault } = pythonFor(resolve('node_modules/.cache/namm-ruff'), packages);
const ruff = (...args) =>
  spawnSync(python, ['-m', 'ruff', ...args, '--no-cache', '--config', 'training/pyproject.toml', 'training', 'bench'], {
    stdio: 'inherit',
  }).status === 0;

if (fault) console.log(`Skipped, the Python code was not linted: ${fault}.`);
else if (![ruff('check'), ruff('format', '--check')].every(Boolean)) process.exitCode = 1;
