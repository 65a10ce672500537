// Writes the result to a file that the user names: all of it, or an error.
import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { replaceFile } from '../files/privateFiles';
import { UsageError } from './arguments';
import { OutputError, reasonOf } from './stdout';

const FOR_ALL = 0o666; // the umask takes its part

/** A file that can be written, links resolved. */
export interface Target {
  readonly path: string;
  readonly mode: number | undefined; // of the file that it replaces
}

/** Looks before the work begins. @throws UsageError if there is no such folder, or something else than a file has the name */
export async function targetAt(name: string): Promise<Target> {
  const path = await realpath(name).catch(() => resolve(name));
  const info = await stat(path).catch(() => undefined);
  // A device must not be replaced by a file.
  if (info && !info.isFile()) throw new UsageError(`--output takes a file, and ${name} is none.`);
  if (info && (await isReadOnly(path))) throw new UsageError(`--output ${name}: the file is read-only.`);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) throw new UsageError(`--output ${name}: there is no folder ${dirname(path)}.`);
  return { path, mode: info && info.mode & 0o777 };
}

const isReadOnly = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => false,
    () => true,
  );

/** @throws OutputError; the file is then as it was */
export async function writeTo({ path, mode }: Target, text: string): Promise<void> {
  try {
    await replaceFile(path, text, { mode: FOR_ALL, exactMode: mode });
  } catch (error) {
    throw new OutputError(false, `The result could not be written to ${path}: ${reasonOf(error)}.`);
  }
}
