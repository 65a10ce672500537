// Stores readings on disk: addressed by what was read and how, checksummed, bounded in bytes, readable by the owner
// alone.
import { createHash } from 'node:crypto';
import { lstat, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { CompressionError } from '../../core/errors';
import type { Observation } from '../../core/observation';
import { makePrivateFolder, replaceFile } from '../files/privateFiles';
import { readRegular, readStart } from '../files/regularFile';

const FAMILY = 'NAMMOBS';
const MAGIC = `${FAMILY}1`; // change the number with the layout
// Bytes in front of the key: magic (8), uint32 layers, heads, tokens, updates, mask of arrays, forecast width (at 8),
// and float64 mean cache length (at 40). Behind the key follow the arrays and the checksum.
const FIXED = 64;
const SUM = 32; // bytes of a SHA-256
const GRIDS = ['nammScore', 'attentionSum', 'windowAttention', 'lastAttention', 'keyNorm'] as const;
const LOG_PROB = 1 << GRIDS.length;
const FORECAST = LOG_PROB << 1;
const NAME = /^[0-9a-f]{64}\.obs$/;
const TEMPORARY = /^[0-9a-f]{64}\.obs\.\d+\.[0-9a-f]{8}\.tmp$/; // as `replaceFile` names it
const ABANDONED_MS = 3_600_000; // a temporary file older than this has no writer any more
const TRIM_TO = 0.8; // share of the limit, so that not every write trims

/**
 * The store never makes a reading fail: an entry that cannot be read counts as absent, and one that cannot be written is
 * skipped. The least recently used entries are removed first.
 */
export class ReadingStore {
  private written = Infinity; // bytes written since the last trim; the first write trims

  /** @param limit maximum bytes of all entries */
  constructor(
    private readonly dir: string,
    private readonly limit = 256_000_000,
  ) {}

  /**
   * @param key 64 hexadecimal digits, a hash of everything that the reading depends on. @param tokens of its text
   * @returns undefined if there is no sound entry
   */
  async get(key: string, tokens: number): Promise<Observation | undefined> {
    const path = this.pathOf(key);
    const bytes = await readRegular(path, { limit: this.limit, noLink: true, own: true }).catch(() => undefined);
    const seen = bytes && decode(bytes, key, tokens);
    if (!seen) return undefined; // if it is damaged, the next reading replaces it
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined); // most recently used
    return seen;
  }

  /** Writes an entry, unless it is too large or the disk refuses; never throws. */
  async put(key: string, seen: Observation): Promise<void> {
    const bytes = encode(seen, key);
    if (bytes.length > this.limit * TRIM_TO) return;
    try {
      await makePrivateFolder(this.dir);
      if (!(await isFree(this.pathOf(key)))) return;
      await replaceFile(this.pathOf(key), bytes);
      this.written += bytes.length;
      if (this.written > this.limit * (1 - TRIM_TO)) await this.trim();
    } catch {
      // disk full, not allowed, …
    }
  }

  /**
   * Removes the least recently used entries and abandoned temporary files. A time in the future (a wrong clock) counts
   * as old.
   */
  private async trim(): Promise<void> {
    const now = Date.now();
    const entries: { path: string; bytes: number; at: number }[] = [];
    for (const name of await readdir(this.dir)) {
      const path = join(this.dir, name);
      if (!NAME.test(name) && !TEMPORARY.test(name)) continue;
      const info = await lstat(path).catch(() => undefined);
      if (!info?.isFile()) continue;
      const at = info.mtimeMs > now + ABANDONED_MS ? 0 : info.mtimeMs;
      if (NAME.test(name)) entries.push({ path, bytes: info.size, at });
      else if (now - at > ABANDONED_MS && (await isFree(path))) await rm(path, { force: true });
    }
    entries.sort((a, b) => b.at - a.at);
    let total = 0;
    for (const e of entries) {
      total += e.bytes;
      if (total > this.limit * TRIM_TO && (await isFree(e.path))) await rm(e.path, { force: true });
    }
    this.written = 0;
  }

  private pathOf(key: string): string {
    return join(this.dir, `${key}.obs`);
  }
}

/** Whether a path may be written or removed: nothing is there, or a file that this store wrote, in whatever version. */
async function isFree(path: string): Promise<boolean> {
  try {
    const start = await readStart(path, FAMILY.length);
    return FAMILY.startsWith(start.toString('latin1')); // a dead writer may have written less
  } catch (error) {
    return CompressionError.is(error, 'notFound') && !(await lstat(path).catch(() => undefined)); // no broken link either
  }
}

function sizeOf(caches: number, tokens: number, mask: number, width: number): number {
  const grids = GRIDS.filter((_, i) => mask & (1 << i)).length;
  return (
    FIXED +
    SUM +
    4 * caches * tokens * grids +
    (mask & LOG_PROB ? 4 * tokens : 0) +
    (mask & FORECAST ? width * tokens : 0) +
    2 * caches * tokens +
    SUM
  );
}

function encode(seen: Observation, key: string): Buffer {
  const { forecast } = seen;
  const width = forecast?.width ?? 0;
  let mask = (seen.logProb ? LOG_PROB : 0) | (forecast ? FORECAST : 0);
  GRIDS.forEach((name, i) => (mask |= seen[name] ? 1 << i : 0));
  const out = Buffer.alloc(sizeOf(seen.layers * seen.heads, seen.tokens, mask, width));
  out.write(MAGIC, 0, 'latin1');
  [seen.layers, seen.heads, seen.tokens, seen.updates, mask, width].forEach((n, i) => out.writeUInt32LE(n, 8 + 4 * i));
  out.writeDoubleLE(seen.meanCacheLength, 40);
  out.write(key, FIXED, 'hex');
  let at = FIXED + SUM;
  const add = (a: ArrayBufferView | undefined): void => {
    if (a) at += Buffer.from(a.buffer, a.byteOffset, a.byteLength).copy(out, at);
  };
  for (const name of GRIDS) add(seen[name]?.data);
  add(seen.logProb);
  add(seen.evictedAt);
  add(forecast?.codes); // last: its bytes need no alignment
  createHash('sha256').update(out.subarray(0, at)).digest().copy(out, at);
  return out;
}

/** @returns undefined for anything that `encode` did not write for this key and this number of tokens */
function decode(bytes: Buffer, key: string, tokens: number): Observation | undefined {
  if (
    bytes.length < FIXED + 2 * SUM ||
    bytes.toString('latin1', 0, 8) !== MAGIC ||
    bytes.toString('hex', FIXED, FIXED + SUM) !== key
  )
    return undefined;
  const [layers, heads, written, updates, mask, width] = [0, 1, 2, 3, 4, 5].map((i) =>
    bytes.readUInt32LE(8 + 4 * i),
  ) as [number, number, number, number, number, number];
  const caches = layers * heads;
  if (written !== tokens || bytes.length !== sizeOf(caches, tokens, mask, width)) return undefined;
  const end = bytes.length - SUM;
  if (!createHash('sha256').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end))) return undefined;
  let at = FIXED + SUM;
  const take = (size: number): ArrayBuffer => {
    at += size;
    return new Uint8Array(bytes.subarray(at - size, at)).buffer; // a copy is aligned, whatever the offset
  };
  const grids: Record<string, unknown> = {};
  GRIDS.forEach((name, i) => {
    if (mask & (1 << i)) grids[name] = { layers, heads, tokens, data: new Float32Array(take(4 * caches * tokens)) };
  });
  const logProb = mask & LOG_PROB ? { logProb: new Float32Array(take(4 * tokens)) } : {};
  const evictedAt = new Int16Array(take(2 * caches * tokens));
  const forecast = mask & FORECAST ? { forecast: { width, codes: new Int8Array(take(width * tokens)) } } : {};
  return {
    layers,
    heads,
    tokens,
    ...grids,
    ...logProb,
    ...forecast,
    evictedAt,
    updates,
    meanCacheLength: bytes.readDoubleLE(40),
  };
}
