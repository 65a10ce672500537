// Reads the texts of named paths: files, and the source files of folders.
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CancelledError, CompressionError, throwIfAborted } from '../../core/errors';
import { LIMITS_IN_WORDS, MAX_FILE_BYTES, MAX_FILES, MAX_IGNORE_BYTES, MAX_TEXT_UNITS } from '../../core/limits';
import { matches, matchesItself, splitGlob, withoutBraces } from '../../files/globs';
import { foldsCaseIn, unwritten, walk, type Disk, type Found, type SkipReason } from '../../files/walk';
import { isInside, isSamePlace } from './inside';
import { readRegular } from './regularFile';

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

export interface CollectOptions {
  /** A folder, links resolved: nothing outside is read. A file of a folder that is named never lies outside of that one. */
  readonly inside?: string;
  readonly signal?: AbortSignal | undefined;
  /** Globs as in .gitignore. Of folders only these files are read; none: all. */
  readonly include?: readonly string[];
  /** Globs of files that are not read, named ones too. */
  readonly exclude?: readonly string[];
  /** More paths, in which wildcards stand for themselves. */
  readonly names?: readonly string[];
}

/**
 * The files of the given paths, in order, each once. A file that cannot be read is listed in `skipped`; if it is the only
 * path, it is thrown. A named file is read even if its name or its head would make a folder skip it. A path that does not exist and has
 * wildcards stands for the files that match it.
 * @throws CompressionError notFound | unreadable | binaryFile | fileTooLarge | emptyInput | tooManyFiles for a single path;
 * CancelledError
 */
export async function collect(
  paths: readonly string[],
  cwd: string,
  { inside, signal, include = [], exclude = [], names = [] }: CollectOptions = {},
): Promise<{ files: Collected[]; skipped: Skipped[] }> {
  const isAlone = paths.length + names.length === 1;
  const files = new Map<string, Collected>();
  const skipped: Skipped[] = [];
  const isExcluded = (file: string): boolean => exclude.length > 0 && matches(exclude, shown(file, cwd));
  const add = async (file: string, folder: string | undefined, given?: string): Promise<void> => {
    throwIfAborted(signal);
    if (files.has(file) || isExcluded(file)) return;
    const path = shown(file, cwd);
    try {
      const text = await readText(file, given ?? path, folder);
      const reason = given === undefined ? unwritten(text) : undefined;
      if (reason) skipped.push({ path, reason });
      else files.set(file, { path, file, text });
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      if (given !== undefined && isAlone) throw error;
      skipped.push({ path, reason: error.reason });
    }
  };
  /** @returns whether there was anything of what was asked for */
  const addFolder = async (given: string, glob?: string): Promise<boolean> => {
    const absolute = resolve(cwd, given);
    const folder = await realpath(absolute).catch((cause: NodeJS.ErrnoException) => {
      throw new CompressionError(reasonFor(cause), given, { cause });
    });
    if (inside !== undefined && !isInside(inside, folder)) throw new CompressionError('unreadable', given);
    const isWanted = (file: string): boolean =>
      !isExcluded(file) &&
      (include.length === 0 || matches(include, shown(file, cwd))) &&
      (glob === undefined || matchesItself(glob, relative(absolute, file).split(sep).join('/')));
    const found = await candidates(absolute, folder, given, { isWanted, signal });
    for (const { place, reason } of found.left)
      if (!isExcluded(place)) skipped.push({ path: shown(place, cwd), reason: reason! });
    for (const file of found.files) await add(file, folder);
    return found.files.length > 0 || found.left.some(({ place }) => isWanted(place));
  };
  const addPath = async (given: string, isName: boolean): Promise<void> => {
    const absolute = resolve(cwd, given);
    const info = await stat(absolute).catch((cause: NodeJS.ErrnoException) => cause);
    if (!(info instanceof Error))
      return void (await (info.isDirectory() ? addFolder(given) : add(absolute, inside, given)));
    if (isName) throw new CompressionError(reasonFor(info), given, { cause: info });
    const [path = '', ...others] = withoutBraces([given.split(sep).join('/')]);
    if (others.length) return addEach([path, ...others], given);
    const glob = splitGlob(path);
    if (glob && (await addFolder(glob.folder, glob.glob))) return;
    throw new CompressionError(glob ? 'notFound' : reasonFor(info), given, { cause: info });
  };
  /** What the braces of a path stand for. @throws CompressionError notFound if nothing of it exists */
  const addEach = async (alternatives: readonly string[], given: string): Promise<void> => {
    const missing: string[] = [];
    for (const alternative of alternatives)
      try {
        await addPath(alternative, false);
      } catch (error) {
        if (!CompressionError.is(error, 'notFound')) throw error;
        missing.push(alternative);
      }
    if (missing.length === alternatives.length) throw new CompressionError('notFound', given);
    for (const path of missing) skipped.push({ path, reason: 'notFound' });
  };
  for (const [i, given] of [...paths, ...names].entries())
    try {
      await addPath(given, i >= paths.length);
    } catch (error) {
      if (!CompressionError.is(error) || isAlone) throw error;
      skipped.push({ path: given, reason: error.reason });
    }
  return { files: [...files.values()], skipped };
}

const reasonFor = ({ code }: NodeJS.ErrnoException): 'notFound' | 'unreadable' =>
  code === 'ENOENT' || code === 'ENOTDIR' ? 'notFound' : 'unreadable';

/**
 * UTF-8 text with its byte order mark.
 * @param name the user's name for the file, for error messages
 * @param inside a folder, links resolved, in which the file must lie
 * @throws CompressionError notFound | unreadable | fileTooLarge | binaryFile | emptyInput
 */
export async function readText(file: string, name = file, inside?: string): Promise<string> {
  return decode(await readRegular(file, { limit: MAX_FILE_BYTES, name, inside }), name);
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

/** @param real the folder that is walked, links resolved: no folder outside is listed */
const diskIn = (real: string): Disk<string> => ({
  entries: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true });
    if (!isInside(real, await realpath(folder))) throw new CompressionError('unreadable', folder);
    return entries.map((e) => ({
      name: e.name,
      kind: e.isSymbolicLink() ? 'link' : e.isDirectory() ? 'folder' : e.isFile() ? 'file' : 'other',
    }));
  },
  at: join,
  relative: (folder, place) => relative(folder, place).split(sep).join('/'),
  rules: rulesOf,
  foldsCase: async (root) =>
    foldsCaseIn(
      await readRegular(join(root, '.git', 'config'), { limit: MAX_IGNORE_BYTES }).then(String, () => undefined),
      FOLDS_CASE,
    ),
});

/** Disks of Windows and macOS mostly take names that differ in case alone for one. */
const FOLDS_CASE = process.platform === 'win32' || process.platform === 'darwin';

/** As in git, a link and what is no file hold no rules. @throws CompressionError fileTooLarge | unreadable */
async function rulesOf(folder: string): Promise<string | undefined> {
  const file = join(folder, '.gitignore');
  const info = await lstat(file).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return (await readRegular(file, { limit: MAX_IGNORE_BYTES, noLink: true })).toString();
}

/** Reasons to skip a folder: they are named although no glob of files matches the folder. */
const OF_FOLDERS: ReadonlySet<SkipReason> = new Set(['unreadable', 'rulesUnreadable', 'vendored']);

/** @throws CompressionError unreadable | tooManyFiles; CancelledError */
async function candidates(
  root: string,
  real: string,
  given: string,
  { isWanted, signal }: { readonly isWanted: (file: string) => boolean; readonly signal: AbortSignal | undefined },
): Promise<{ files: string[]; left: Found<string>[] }> {
  const files: string[] = [];
  const left: Found<string>[] = [];
  try {
    for await (const found of walk(diskIn(real), root, await foldersAbove(root), signal)) {
      if (!isWanted(found.place) && !(found.reason && OF_FOLDERS.has(found.reason))) continue;
      if (found.reason) left.push(found);
      else if (files.length >= MAX_FILES) throw new CompressionError('tooManyFiles', `${given}: ${LIMITS_IN_WORDS}`);
      else files.push(found.place);
    }
  } catch (cause) {
    if (CompressionError.is(cause) || cause instanceof CancelledError) throw cause;
    throw new CompressionError('unreadable', given, { cause });
  }
  return { files, left };
}

/** The folders from the repository's root down to `root`; none if `root` lies in no repository. */
async function foldersAbove(root: string): Promise<string[]> {
  const chain: string[] = [];
  const start = await realpath(root).catch(() => root);
  if (!isSamePlace(start, root)) return []; // reached through a link, so it is no part of the repository around the link
  for (let dir = root; ; dir = dirname(dir)) {
    if (dir !== root) chain.unshift(dir);
    if (await stat(join(dir, '.git')).catch(() => undefined)) return chain;
    if (dir === dirname(dir)) return []; // no repository
  }
}

function shown(file: string, cwd: string): string {
  return (isInside(cwd, file) ? relative(cwd, file) : file).split(sep).join('/');
}
