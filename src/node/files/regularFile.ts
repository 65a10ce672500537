// Reads a file from the disk: only a regular one, only up to a limit, and all of it through one handle.
import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import { CompressionError } from '../../core/errors';
import { isInside } from './inside';

export interface Reading {
  /** Largest size in bytes. */
  readonly limit: number;
  /** The user's name for the file, for error messages; its path if absent. */
  readonly name?: string;
  /** Refuses a link in place of the file. */
  readonly noLink?: boolean;
  /** A folder, links resolved, in which the file must lie at the moment that it is open: links can change at any time. */
  readonly inside?: string | undefined;
  /** Refuses a file of another user. */
  readonly own?: boolean;
}

const CHUNK = 65_536; // bytes
const ROUNDS = 6;

// Without O_NONBLOCK, to open a pipe waits for its writer. Windows knows neither flag.
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0, O_NOCTTY = 0 } = constants;

/**
 * The bytes of a regular file.
 * @throws CompressionError notFound; fileTooLarge; unreadable for everything else: a folder, a pipe, a device, no permission
 */
export function readRegular(file: string, { name = file, ...reading }: Reading): Promise<Buffer> {
  return withRegular(file, name, reading, async (handle, size) => {
    if (size > reading.limit) throw new CompressionError('fileTooLarge', name);
    // To the end rather than to the size: a file can grow, and some file systems say 0 for every file.
    const bytes = await upTo(handle, reading.limit + 1, size + 1);
    if (bytes.length > reading.limit) throw new CompressionError('fileTooLarge', name);
    return bytes;
  });
}

/** The first bytes of a regular file, which is no link. @throws CompressionError notFound | unreadable */
export function readStart(file: string, bytes: number): Promise<Buffer> {
  return withRegular(file, file, { noLink: true }, (handle) => upTo(handle, bytes, bytes));
}

/** Opens a file without waiting for it, and lets it be used if it is a regular one. */
async function withRegular<T>(
  file: string,
  name: string,
  { noLink, own, inside }: Pick<Reading, 'noLink' | 'own' | 'inside'>,
  use: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  try {
    // Opening a device can do something. Whether it is one is checked again on the handle.
    const before = await (noLink ? lstat : stat)(file, { bigint: true });
    if (!before.isFile()) throw new CompressionError('unreadable', name);
    const handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | (noLink ? O_NOFOLLOW : 0));
    try {
      const info = await handle.stat({ bigint: true });
      const sound =
        info.isFile() &&
        (!noLink || isSame(info, before)) &&
        (!own || process.getuid === undefined || info.uid === BigInt(process.getuid())) &&
        (inside === undefined || (await liesInside(handle, info, file, inside)));
      if (!sound) throw new CompressionError('unreadable', name);
      return await use(handle, Number(info.size));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (CompressionError.is(cause)) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new CompressionError(missing ? 'notFound' : 'unreadable', name, { cause });
  }
}

/** What is in the file, but no more than `most` bytes. @param expected probable number of bytes */
async function upTo(handle: FileHandle, most: number, expected: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let room = expected; size < most; room = CHUNK) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(room, most - size)));
    if (bytesRead === 0) break;
    size += bytesRead;
    chunks.push(buffer.subarray(0, bytesRead));
  }
  return Buffer.concat(chunks);
}

interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

// On Windows some versions of Node.js give a path and a handle of one file different devices.
const isSame = (a: Identity, b: Identity): boolean =>
  a.ino === b.ino && (a.dev === b.dev || process.platform === 'win32');

/** Whether the file that is open lies in a folder, although links can change between any two looks. */
async function liesInside(handle: FileHandle, opened: Identity, file: string, folder: string): Promise<boolean> {
  // Linux knows the path of what is open. Elsewhere, who swaps links would have to win every round.
  const known = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (known !== undefined && !isInside(folder, known)) return false;
  for (let round = 0; round < (known === undefined ? ROUNDS : 1); round++) {
    const real = await realpath(file);
    if (!isInside(folder, real) || !isSame(opened, await stat(real, { bigint: true }))) return false;
  }
  return true;
}
