// Makes what the speed bench compares with: encoders of other sizes, a profile, repomix.
// What cannot be made is left out, and stderr says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PartName } from './parts';

const WORK = 'out/speed';
export const GRAPHS = join(WORK, 'graphs');
export const PROFILE = join(WORK, 'profile.json');
export const REPOMIX = join(WORK, 'repomix/node_modules/repomix/bin/repomix.cjs');
const REPOMIX_PACKAGE = 'repomix@1.18.1';
const MAX_MS = 900_000; // of one command

const run = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: MAX_MS }).status === 0;
const missing = (what: string): void => console.error(`left out: ${what}`);

/** Makes what these parts need. Python is `$PYTHON`, with the packages of training/pyproject.toml. */
export function prepare(parts: readonly PartName[], modelDir: string): void {
  const needs = (...some: PartName[]): boolean => some.some((p) => parts.includes(p));
  const python = process.env.PYTHON ?? 'python3';
  mkdirSync(WORK, { recursive: true });
  if (needs('reading') && !run(python, 'bench/speed/graphs.py', GRAPHS))
    missing('encoders of other sizes (PYTHON must have the packages of training/pyproject.toml)');
  if (needs('graph')) {
    rmSync(PROFILE, { force: true });
    if (!run(python, 'bench/speed/profile.py', modelDir, WORK))
      missing('profile of the graph (PYTHON must have the packages of training/pyproject.toml)');
  }
  if (needs('commands') && !existsSync(REPOMIX)) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    if (!run(npm, 'install', '--prefix', join(WORK, 'repomix'), ...flags, REPOMIX_PACKAGE))
      missing(`${REPOMIX_PACKAGE} from npm`);
  }
}
