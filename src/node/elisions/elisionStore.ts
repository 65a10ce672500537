// Stores on disk what each elision left out, and checks that the original has not changed when it is expanded.
import { createHash } from 'node:crypto';
import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CompressedContext } from '../../core/context';
import { CompressionError } from '../../core/errors';
import { MAX_STORE_BYTES } from '../../core/limits';
import {
  textAt,
  type ElisionMatch,
  type ElisionStorePort,
  type ExpandedElision,
  type Original,
} from '../../elisions/elision';
import type { ElisionName } from '../../core/elisionName';
import { makePrivateFolder, replaceFile } from '../files/privateFiles';
import { readRegular } from '../files/regularFile';

interface Entry {
  readonly id: string;
  /** As shown to the recipient. */
  readonly path: string;
  readonly languageId: string;
  /** Absolute path, if the text lies on disk: then the text itself is not stored. */
  readonly file?: string;
  /** Absolute path of the file that the text belongs to, if the disk holds another text: it is not saved yet. */
  readonly home?: string;
  readonly sha256: string; // of the whole original text
  readonly start: number; // UTF-16 units of it
  readonly end: number;
  readonly startLine: number; // 1-based, inclusive
  readonly endLine: number;
  /** Several results of one text begin an elision on this line and end it differently: it stands for all of them. */
  readonly united?: true;
}

/** The content of the store's file. */
interface Remembered {
  readonly entries: readonly Entry[]; // oldest first
  /** Whole texts that lie in no file, by hash. A credential may begin before an elision, so the whole text is needed. */
  readonly texts: ReadonlyMap<string, string>;
}

const NOTHING: Remembered = { entries: [], texts: new Map() };

const VERSION = 4;

/** Most elisions, and most UTF-16 units: texts, paths and a fixed sum for each entry. */
export const STORE_LIMITS = { entries: 20_000, units: 16_000_000 };

const ENTRY_UNITS = 300; // size of an entry without its text and paths
const LOCK_MS = 2000; // longest wait for the lock; then the store is written without it
const STALE_LOCK_MS = 10_000; // an older lock belongs to a dead process

/** Only the owner can read the file. The oldest entries are dropped first. A damaged store starts empty. */
export class ElisionStore implements ElisionStorePort {
  private readonly file: string;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    dir: string,
    private readonly limits = STORE_LIMITS,
  ) {
    this.file = join(dir, 'elisions.json');
  }

  /**
   * Stores every elision of a result as the newest. Two results of one text may begin an elision on the same line and end
   * it differently: their common id then stands for everything that either left out.
   * @param originals of each file, in its order: two files may have one path
   * @throws the file system's error if the store cannot be written
   */
  put(context: Pick<CompressedContext, 'files'>, originals: readonly Original[]): Promise<void> {
    const fresh: Entry[] = [];
    const texts = new Map<string, string>();
    for (const [i, f] of context.files.entries()) {
      const { text, file, home, start } = originals[i]!;
      if (f.elisions.length === 0) continue;
      const sha256 = digest(text);
      const onDisk = file !== undefined && isAbsolute(file);
      if (!onDisk) texts.set(sha256, text);
      for (const e of f.elisions)
        fresh.push({
          id: e.id,
          path: f.path,
          languageId: f.languageId,
          sha256,
          start: start + e.start,
          end: start + e.end,
          startLine: e.line,
          endLine: e.line + e.lines - 1,
          ...(onDisk ? { file } : home === undefined ? {} : { home }),
        });
    }
    if (fresh.length === 0) return Promise.resolve();
    const done = this.writing.then(() => this.merge(fresh, texts));
    this.writing = done.catch(() => undefined);
    return done;
  }

  /**
   * Every elision that an id, or a path and a line, may mean; the newest first. Ids are short: two texts may share one.
   * Of each file, or cell of a notebook, that a path means, the newest version counts: the elision that begins on the line, else the one around it.
   */
  async matches(name: ElisionName): Promise<ElisionMatch[]> {
    const { entries, texts } = (await this.load().catch(() => NOTHING)) ?? NOTHING;
    const newestFirst = [...entries].reverse();
    const found = name.kind === 'place' ? atPlace(newestFirst, name) : newestFirst.filter((e) => e.id === name.id);
    return found.map((e) => ({
      ...placeOf(e),
      id: e.id,
      sha256: e.sha256,
      expand: () => expanded(e, texts.get(e.sha256)),
    }));
  }

  /** Reads the file again before it writes, so that entries of other processes survive. */
  private async merge(fresh: readonly Entry[], texts: ReadonlyMap<string, string>): Promise<void> {
    await makePrivateFolder(dirname(this.file));
    const unlock = await this.lock();
    try {
      const before = await this.load();
      if (!before) await this.setAside();
      const entries = new Map(before?.entries.map((e) => [keyOf(e), e]));
      for (const e of fresh) {
        const known = entries.get(keyOf(e));
        entries.delete(keyOf(e)); // set again below, as the newest
        entries.set(keyOf(e), known?.sha256 === e.sha256 ? union(known, e) : e);
      }
      const kept = this.youngest({
        entries: [...entries.values()],
        texts: new Map([...(before?.texts ?? []), ...texts]),
      });
      await replaceFile(
        this.file,
        JSON.stringify({ version: VERSION, entries: kept.entries, texts: Object.fromEntries(kept.texts) }),
      );
    } finally {
      await unlock();
    }
  }

  private youngest({ entries, texts }: Remembered): Remembered {
    const kept: Entry[] = [];
    const needed = new Map<string, string>();
    let units = 0;
    for (const e of [...entries].reverse()) {
      const text = e.file === undefined && !needed.has(e.sha256) ? texts.get(e.sha256)! : undefined;
      const size = ENTRY_UNITS + e.path.length + (e.file ?? e.home ?? '').length + (text?.length ?? 0);
      if (size > this.limits.units) continue; // too large by itself
      units += size;
      if (kept.length >= this.limits.entries || units > this.limits.units) break;
      if (text !== undefined) needed.set(e.sha256, text);
      kept.push(e);
    }
    return { entries: kept.reverse(), texts: needed };
  }

  /** Keeps two writers apart. Without the lock the store is written all the same: at worst one writer's entries are lost. */
  private async lock(): Promise<() => Promise<void>> {
    const path = `${this.file}.lock`;
    // A changed system clock must not affect the wait or the age.
    for (const end = performance.now() + LOCK_MS; performance.now() < end;) {
      try {
        await writeFile(path, '', { flag: 'wx', mode: 0o600 });
        return () => rm(path, { force: true });
      } catch {
        const info = await lstat(path).catch(() => undefined);
        const dead = info?.isFile() && info.size === 0 && Math.abs(Date.now() - info.mtimeMs) > STALE_LOCK_MS;
        if (dead) await rm(path, { force: true });
        else await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
      }
    }
    return () => Promise.resolve();
  }

  /**
   * A store that is absent, and one of an older version, hold nothing.
   * @returns undefined if the file is no store: it counts as empty, because elisions are never a reason to fail
   * @throws CompressionError unreadable: perhaps only for now, so what is in it must not be set aside
   */
  private async load(): Promise<Remembered | undefined> {
    try {
      const bytes = await readRegular(this.file, { limit: MAX_STORE_BYTES, noLink: true, own: true });
      const { version, entries, texts } = JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>;
      if (version !== VERSION) return Number.isInteger(version) && Array.isArray(entries) ? NOTHING : undefined;
      if (!Array.isArray(entries) || typeof texts !== 'object' || texts === null) return undefined;
      const known = new Map(Object.entries(texts).filter(([, text]) => typeof text === 'string')) as Map<
        string,
        string
      >;
      return {
        entries: (entries as unknown[]).filter(isEntry).filter((e) => e.file !== undefined || known.has(e.sha256)),
        texts: known,
      };
    } catch (error) {
      if (CompressionError.is(error, 'notFound')) return NOTHING;
      if (CompressionError.is(error, 'unreadable')) throw error;
      return undefined;
    }
  }

  /** What has the name of the store but is none stays, under another name: it may be somebody else's. */
  private async setAside(): Promise<void> {
    const { size, mtimeMs } = await lstat(this.file);
    if (size) await rename(this.file, `${this.file}.${Math.round(mtimeMs)}.damaged`);
  }
}

function atPlace(newestFirst: readonly Entry[], { path, line }: Extract<ElisionName, { kind: 'place' }>): Entry[] {
  const byText = new Map<string, Entry[]>(); // of the newest version
  for (const e of newestFirst) {
    if (!isAt(e, path)) continue;
    const text = textAt(e) ?? e.path;
    const own = byText.get(text);
    if (!own) byText.set(text, [e]);
    else if (own[0]!.sha256 === e.sha256) own.push(e);
  }
  return [...byText.values()].flatMap((own) => {
    const exact = own.filter((e) => e.startLine === line);
    return exact.length ? exact : own.filter((e) => e.startLine <= line && line <= e.endLine);
  });
}

/** @param place as shown to the recipient, or absolute */
function isAt(entry: Pick<Entry, 'path' | 'file' | 'home'>, place: string): boolean {
  const { path, file, home = file } = entry;
  return path === place || home === place || textAt(entry) === place;
}

function placeOf({ path, file, home }: Entry): Pick<ElisionMatch, 'path' | 'file' | 'home'> {
  return { path, ...(file === undefined ? {} : { file }), ...(home === undefined ? {} : { home }) };
}

async function expanded(entry: Entry, stored: string | undefined): Promise<ExpandedElision> {
  const { path, languageId, startLine, endLine, start, end } = entry;
  const cut = (text: string): ExpandedElision => ({
    path,
    languageId,
    startLine,
    endLine,
    ...(entry.file === undefined ? {} : { file: entry.file }),
    ...(entry.united ? { united: true } : {}),
    text: text.slice(start, end),
    source: { text, start, end },
  });
  if (entry.file === undefined) {
    if (stored === undefined || digest(stored) !== entry.sha256) throw new CompressionError('elisionDamaged', path);
    return cut(stored);
  }
  let text: string;
  try {
    // A selection that was compressed may lie in a file that is too large to compress.
    text = (await readRegular(entry.file, { limit: MAX_STORE_BYTES, name: path })).toString();
  } catch (error) {
    throw CompressionError.is(error, 'fileTooLarge') ? new CompressionError('elisionStale', path) : error;
  }
  if (digest(text) !== entry.sha256) throw new CompressionError('elisionStale', path);
  return cut(text);
}

/** Everything that two elisions of one text left out under one id, and the text between them. */
function union(a: Entry, b: Entry): Entry {
  const all = {
    ...b,
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    endLine: Math.max(a.endLine, b.endLine),
  };
  const { united: _, ...own } = all;
  return all.start === b.start && all.end === b.end ? own : { ...own, united: true };
}

function isEntry(value: unknown): value is Entry {
  const e = value as Entry | null;
  return (
    typeof e === 'object' &&
    e !== null &&
    [e.id, e.path, e.languageId].every((s) => typeof s === 'string') &&
    typeof e.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(e.sha256) &&
    [e.start, e.end, e.startLine, e.endLine].every((n) => Number.isInteger(n) && n >= 0) &&
    [e.file, e.home].every((s) => s === undefined || typeof s === 'string')
  );
}

function keyOf(e: Entry): string {
  return `${e.id} ${e.file ?? e.home ?? e.path}`;
}

/** SHA-256 of a whole text, which tells its versions apart. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
