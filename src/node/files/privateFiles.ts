// Writes whole files: at once or not at all, and by default for nobody but the user.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';

/** Makes a folder that nobody else may open, with its parents. An existing one is somebody's: it stays as it is. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/**
 * Writes a file at once or not at all: a reader sees the old content or the new one.
 * @param permissions `mode` of a new file, of which the umask takes its part; `exactMode` whatever the umask
 * @throws the error of the file system
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o600, exactMode }: { readonly mode?: number; readonly exactMode?: number | undefined } = {},
): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, { mode, flag: 'wx' });
    if (exactMode !== undefined) await chmod(temporary, exactMode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
