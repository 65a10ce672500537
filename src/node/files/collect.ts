// Reads the texts of named paths: files, and the source files of folders.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CompressionError } from '../../core/errors';
import { LIMITS_IN_WORDS, MAX_FILE_BYTES, MAX_FILES, MAX_TEXT_UNITS } from '../../core/limits';
import { unwritten, walk, type Disk, type Found, type SkipReason } from '../../files/walk';

export interface Collected {
  /** Relative to the working folder with forward slashes; absolute if it lies outside. */
  readonly path: string;
  readonly file: string; // absolute
  /** Byte order mark included. */
  readonly text: string;
}

export interface Skipped {
  readonly path: string;
  readonly reason: SkipReason;
}

/**
 * The files of the given paths, in order, each once. A file that cannot be read is listed in `skipped`; if it is the only
 * path, it is thrown. A named file is read even if its name or its head would make a folder skip it.
 * @throws CompressionError notFound | unreadable | binaryFile | fileTooLarge | emptyInput | tooManyFiles for a single path
 */
export async function collect(
  paths: readonly string[],
  cwd: string,
): Promise<{ files: Collected[]; skipped: Skipped[] }> {
  const files = new Map<string, Collected>();
  const skipped: Skipped[] = [];
  const add = async (file: string, given?: string): Promise<void> => {
    if (files.has(file)) return;
    const path = shown(file, cwd);
    try {
      const text = await readText(file, given ?? path);
      const reason = given === undefined ? unwritten(text) : undefined;
      if (reason) skipped.push({ path, reason });
      else files.set(file, { path, file, text });
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      if (given !== undefined && paths.length === 1) throw error;
      skipped.push({ path, reason: error.reason });
    }
  };
  for (const given of paths) {
    const absolute = resolve(cwd, given);
    try {
      const info = await stat(absolute).catch((cause: NodeJS.ErrnoException) => {
        throw new CompressionError(
          cause.code === 'ENOENT' || cause.code === 'ENOTDIR' ? 'notFound' : 'unreadable',
          given,
          { cause },
        );
      });
      if (!info.isDirectory()) await add(absolute, given);
      else {
        const { files: inside, left } = await candidates(absolute, given);
        for (const { place, reason } of left) skipped.push({ path: shown(place, cwd), reason: reason! });
        for (const file of inside) await add(file);
      }
    } catch (error) {
      if (!CompressionError.is(error) || paths.length === 1) throw error;
      skipped.push({ path: given, reason: error.reason });
    }
  }
  return { files: [...files.values()], skipped };
}

/**
 * UTF-8 text with its byte order mark.
 * @param name the user's name for the file, for error messages
 * @throws CompressionError notFound | unreadable | fileTooLarge | binaryFile | emptyInput
 */
export async function readText(file: string, name = file): Promise<string> {
  let bytes: Buffer;
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new CompressionError('unreadable', name); // reading a pipe or a device might never end
    if (info.size > MAX_FILE_BYTES) throw new CompressionError('fileTooLarge', name);
    bytes = await readFile(file);
  } catch (cause) {
    if (CompressionError.is(cause)) throw cause;
    throw new CompressionError((cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'notFound' : 'unreadable', name, {
      cause,
    });
  }
  return decode(bytes, name);
}

/** @throws CompressionError binaryFile | emptyInput | fileTooLarge */
export function decode(bytes: Uint8Array, name: string): string {
  if (bytes.length === 0) throw new CompressionError('emptyInput', name);
  if (bytes.includes(0)) throw new CompressionError('binaryFile', name);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CompressionError('binaryFile', name, { cause });
  }
  if (text.length > MAX_TEXT_UNITS) throw new CompressionError('fileTooLarge', name);
  return text;
}

const DISK: Disk<string> = {
  entries: async (folder) =>
    (await readdir(folder, { withFileTypes: true })).map((e) => ({
      name: e.name,
      kind: e.isSymbolicLink() ? 'link' : e.isDirectory() ? 'folder' : e.isFile() ? 'file' : 'other',
    })),
  at: join,
  relative: (folder, place) => relative(folder, place).split(sep).join('/'),
  rules: (folder) => readFile(join(folder, '.gitignore'), 'utf8').catch(() => undefined),
};

/** @throws CompressionError unreadable | tooManyFiles */
async function candidates(root: string, given: string): Promise<{ files: string[]; left: Found<string>[] }> {
  const files: string[] = [];
  const left: Found<string>[] = [];
  try {
    for await (const found of walk(DISK, root, await foldersAbove(root))) {
      if (found.reason) left.push(found);
      else if (files.length >= MAX_FILES) throw new CompressionError('tooManyFiles', `${given}: ${LIMITS_IN_WORDS}`);
      else files.push(found.place);
    }
  } catch (cause) {
    if (CompressionError.is(cause)) throw cause;
    throw new CompressionError('unreadable', given, { cause });
  }
  return { files, left };
}

/** The folders from the repository's root down to `root`; none if `root` lies in no repository. */
async function foldersAbove(root: string): Promise<string[]> {
  const chain: string[] = [];
  const start = await realpath(root).catch(() => root);
  if (start !== root) return []; // reached through a link, so it is no part of the repository around the link
  for (let dir = root; ; dir = dirname(dir)) {
    if (dir !== root) chain.unshift(dir);
    if (await stat(join(dir, '.git')).catch(() => undefined)) return chain;
    if (dir === dirname(dir)) return []; // no repository
  }
}

function shown(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return (path === '..' || path.startsWith(`..${sep}`) ? file : path).split(sep).join('/');
}
