// Writes to standard output: all of it, or an error.
import { fstatSync, write } from 'node:fs';

/** The result did not arrive whole. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(
    /** Whether the recipient stopped reading, which is its right. */
    readonly closed: boolean,
    message: string,
  ) {
    super(message);
  }
}

/** @throws OutputError */
export async function print(text: string): Promise<void> {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    // Node writes a file in one step and does not look how much of it the disk took.
    if (isStream()) await throughStream(bytes);
    else while (written < bytes.length) written += await toFile(bytes, written);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new OutputError(
      code === 'EPIPE' || code === 'EOF',
      `The result could not be written, only ${written} of ${bytes.length} bytes were: ${reasonOf(error)}.`,
    );
  }
}

/** Why a write failed, in a few words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) ? `there is no more room (${code})` : code || message;
}

function isStream(): boolean {
  const info = fstatSync(1);
  return process.stdout.isTTY || info.isFIFO() || info.isSocket();
}

function throughStream(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())));
}

/** @returns the number of bytes that were written, which may be fewer than asked for */
function toFile(bytes: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) =>
    write(1, bytes, from, (error, written) => (error ? reject(error) : resolve(written))),
  );
}
