// Remembers how much was saved, in a private file of the state folder. Nothing leaves the machine.
import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CompressionError } from '../../core/errors';
import { makePrivateFolder } from '../files/privateFiles';
import { readRegular } from '../files/regularFile';
import { entryIn, type Entry, type Expanded, type HandedOver, type User } from './entry';

/** A full file is set aside, in place of the one before: the newest entries remain, some 7,000 at least. */
const FULL_BYTES = 1_000_000;

export const LEDGER_FILE = 'usage.jsonl';
const EARLIER_FILE = 'usage.earlier.jsonl';

/** `NAMM_STATS=off`: nothing is written down. */
export const isWritten = (): boolean => process.env.NAMM_STATS !== 'off';

export class Ledger {
  private readonly file: string;

  constructor(
    private readonly folder: string,
    private readonly by: User,
    private readonly fullBytes = FULL_BYTES,
  ) {
    this.file = join(folder, LEDGER_FILE);
  }

  /** Adds a line; several processes may. It never fails: what was done counts more than its record. */
  async note(used: HandedOver | Expanded): Promise<void> {
    if (!isWritten()) return;
    try {
      await makePrivateFolder(this.folder);
      const size = await stat(this.file).then(
        (info) => info.size,
        () => 0,
      );
      if (size > this.fullBytes) await rename(this.file, join(this.folder, EARLIER_FILE));
      await appendFile(this.file, `${JSON.stringify({ at: Date.now(), by: this.by, ...used })}\n`, { mode: 0o600 });
    } catch {
      // a full disk, or a folder that may not be written: `namm doctor` says so
    }
  }
}

/** Every entry, oldest first; what is no entry is left out. @throws CompressionError unreadable | fileTooLarge */
export async function readLedger(folder: string): Promise<Entry[]> {
  const lines = await Promise.all([EARLIER_FILE, LEDGER_FILE].map((name) => linesOf(join(folder, name))));
  return lines.flat().flatMap((line) => entryIn(line) ?? []);
}

async function linesOf(file: string): Promise<string[]> {
  try {
    return (await readRegular(file, { limit: 16 * FULL_BYTES })).toString('utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (CompressionError.is(error, 'notFound')) return [];
    throw error;
  }
}
