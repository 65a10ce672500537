// Sets up a Python environment in a folder of its own, with packages that training/pyproject.toml pins, CPU builds only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CPU_INDEX = 'https://download.pytorch.org/whl/cpu';
const PROJECT = 'training/pyproject.toml';

const run = (command, args) => spawnSync(command, args, { encoding: 'utf8' });

/** @returns every package that the project pins, as `name==version` */
export const pinned = () => [...readFileSync(PROJECT, 'utf8').matchAll(/"([\w-]+==[^"]+)"/g)].map((match) => match[1]);

/**
 * Reuses the environment in `folder` if it was made for the same packages; otherwise makes a new one.
 * @param packages `name==version` each
 * @returns {{ python?: string, fault?: string }} the interpreter, or why there is none
 */
export function pythonFor(folder, packages = pinned()) {
  const wanted = createHash('sha256').update(packages.join('\n')).digest('hex');
  const mark = join(folder, 'packages.sha256');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return { python };
  rmSync(folder, { recursive: true, force: true });
  if (run('python3', ['-m', 'venv', folder]).status !== 0) return { fault: 'no Python with venv' };
  const pip = (...args) => run(python, ['-m', 'pip', '--disable-pip-version-check', '--quiet', 'install', ...args]);
  const torch = packages.find((name) => name.startsWith('torch=='));
  if (torch && plansGpu(python, torch)) {
    if (pip('--index-url', CPU_INDEX, torch).status !== 0)
      return { fault: `the only ${torch} at hand is a GPU build of several GB` };
  }
  const { status, stderr } = pip(...packages);
  if (status !== 0) return { fault: `pip could not install the packages: ${stderr.trim().split('\n').at(-1)}` };
  writeFileSync(mark, wanted);
  return { python };
}

/** Whether pip would install the CUDA libraries too; assumes so if pip cannot tell. */
function plansGpu(python, torch) {
  const { status, stdout } = run(python, [
    '-m',
    'pip',
    '--disable-pip-version-check',
    '--quiet',
    'install',
    '--dry-run',
    '--ignore-installed',
    '--report',
    '-',
    torch,
  ]);
  if (status !== 0) return true;
  return JSON.parse(stdout).install.some((p) => /^(nvidia|cuda|triton)/.test(p.metadata.name));
}
