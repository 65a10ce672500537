// Plans a change of a client's configuration, and makes it: with a back-up, whole or not at all.
import { copyFile, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CompressionError } from '../../core/errors';
import { replaceFile } from '../files/privateFiles';
import { readRegular } from '../files/regularFile';
import type { Client } from './clients';
import { readConfig, withEntry } from './jsonConfig';
import { isOurs, type ServerEntry } from './server';

/** Why a configuration is left alone. */
export type Refusal =
  | 'toml' // no JSON by its kind
  | 'unparsed' // no JSON by its content, or servers of another shape
  | 'foreign'; // the entry of our name starts another program

export type Plan =
  | { readonly kind: 'done' } // it is as it should be
  | { readonly kind: 'refused'; readonly why: Refusal }
  | {
      readonly kind: 'change';
      /** Links resolved. */
      readonly file: string;
      /** Absent: there is no file. */
      readonly before?: string;
      /** Absent: nothing else is in the file, so it goes. */
      readonly after?: string;
    };

const MAX_CONFIG_BYTES = 64_000_000; // Claude Code keeps a history in its own
const FOR_ALL = 0o666; // the umask takes its part

/** @param entry absent: our entry is to go. @throws CompressionError unreadable | fileTooLarge */
export async function planChange({ file, servers }: Client, entry: ServerEntry | undefined): Promise<Plan> {
  if (servers === 'toml') return { kind: 'refused', why: 'toml' };
  const path = await realpath(file).catch(() => file);
  const before = await textOf(path);
  const config = readConfig(before ?? '', servers);
  if (config.kind === 'unknown') return { kind: 'refused', why: 'unparsed' };
  if (config.entry !== undefined && !isOurs(config.entry)) return { kind: 'refused', why: 'foreign' };
  if (config.entry === undefined && entry === undefined) return { kind: 'done' };
  const after = withEntry(before ?? '', servers, entry);
  if (after === before) return { kind: 'done' };
  return {
    kind: 'change',
    file: path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Somebody else has changed the file since the plan was made. */
export class ConfigChanged extends Error {
  override readonly name = 'ConfigChanged';
}

/**
 * @returns the path of the back-up, if there was a file
 * @throws ConfigChanged; the error of the file system: then the file is as it was
 */
export async function makeChange({
  file,
  before,
  after,
}: Extract<Plan, { kind: 'change' }>): Promise<string | undefined> {
  if ((await textOf(file)) !== before) throw new ConfigChanged(file);
  let backup: string | undefined;
  let mode: number | undefined;
  if (before !== undefined) {
    mode = (await stat(file)).mode & 0o777;
    backup = `${file}.${new Date().toISOString().replace(/[:.]/g, '-')}.backup`;
    await copyFile(file, backup);
  }
  if (after === undefined) await rm(file);
  else {
    await mkdir(dirname(file), { recursive: true });
    await replaceFile(file, after, { mode: FOR_ALL, exactMode: mode });
  }
  return backup;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await readRegular(file, { limit: MAX_CONFIG_BYTES }),
    );
  } catch (error) {
    if (CompressionError.is(error, 'notFound')) return undefined;
    if (CompressionError.is(error)) throw error;
    throw new CompressionError('binaryFile', file, { cause: error });
  }
}
