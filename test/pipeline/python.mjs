// Knows how to get the Python that training needs without gigabytes: a folder of its own, CPU builds only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CPU_INDEX = 'https://download.pytorch.org/whl/cpu';
const REQUIREMENTS = 'training/requirements.txt';

const run = (command, args) => spawnSync(command, args, { encoding: 'utf8' });

/** @returns the interpreter, or why there is none */
export function pythonFor(folder) {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const mark = join(folder, 'requirements.sha256');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return { python };
  rmSync(folder, { recursive: true, force: true });
  if (run('python3', ['-m', 'venv', folder]).status !== 0) return { fault: 'no Python with venv' };
  const pip = (...args) => run(python, ['-m', 'pip', '--disable-pip-version-check', '--quiet', 'install', ...args]);
  const torch = /^torch==.*$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))[0];
  if (plansGpu(python, torch)) {
    if (pip('--index-url', CPU_INDEX, torch).status !== 0)
      return { fault: `the only ${torch} at hand is a GPU build of several GB` };
  }
  const { status, stderr } = pip('-r', REQUIREMENTS);
  if (status !== 0) return { fault: `pip could not install the requirements: ${stderr.trim().split('\n').at(-1)}` };
  writeFileSync(mark, wanted);
  return { python };
}

/** Whether pip would bring the CUDA libraries along; what it cannot tell is taken for a yes. */
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
