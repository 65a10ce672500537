// Checks the folders of state and cache: whether they can be written, how large they are, who can read them.
import { access, constants, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding, Held } from './finding';

/** Files of the state folder that are for nobody else. */
const PRIVATE = ['elisions.json', 'usage.jsonl', 'usage.earlier.jsonl'];

export async function checkFolder(holds: Held, folder: string): Promise<Finding[]> {
  const info = await stat(folder).catch(() => undefined);
  if (!(await isWritable(folder)) || (info && !info.isDirectory())) return [{ code: 'folderFault', holds, folder }];
  if (!info) return [{ code: 'folderAbsent', holds, folder }];
  const bytes = await sizeOf(folder);
  const open = holds === 'state' ? await openFiles(folder) : [];
  return [{ code: 'folder', holds, folder, bytes }, ...open.map((file) => ({ code: 'openToOthers', file }) as const)];
}

/** Of a folder that does not exist, whether it could be made. */
async function isWritable(folder: string): Promise<boolean> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  const above = dirname(folder);
  if (!there && above !== folder) return isWritable(above);
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (info) => (info.isFile() ? info.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function openFiles(folder: string): Promise<string[]> {
  if (process.platform === 'win32') return []; // its permissions are not in the mode
  const open: string[] = [];
  for (const name of PRIVATE) {
    const info = await stat(join(folder, name)).catch(() => undefined);
    if (info && info.mode & 0o077) open.push(join(folder, name));
  }
  return open;
}
