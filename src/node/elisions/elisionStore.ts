// Stores on disk what each elision left out, and checks that the original has not changed when it is expanded.
import { createHash } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CompressedContext } from '../../core/context';
import { CompressionError } from '../../core/errors';
import type { ElisionMatch, ElisionStorePort, ExpandedElision, Original } from '../../elisions/elision';
import type { ElisionName } from '../../core/elisionName';
import { makePrivateFolder, replaceFile } from '../files/privateFiles';

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
  readonly texts: Readonly<Record<string, string>>;
}

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
    const texts: Record<string, string> = {};
    for (const [i, f] of context.files.entries()) {
      const { text, file, home, start } = originals[i]!;
      if (f.elisions.length === 0) continue;
      const sha256 = digest(text);
      const onDisk = file !== undefined && isAbsolute(file);
      if (!onDisk) texts[sha256] = text;
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
   * Of each file that a path means, the newest version counts: the elision that begins on the line, else the one around it.
   */
  async matches(name: ElisionName): Promise<ElisionMatch[]> {
    const { entries, texts } = await this.load();
    const newestFirst = [...entries].reverse();
    const found = name.kind === 'place' ? atPlace(newestFirst, name) : newestFirst.filter((e) => e.id === name.id);
    return found.map((e) => ({
      ...placeOf(e),
      id: e.id,
      sha256: e.sha256,
      expand: () => expanded(e, texts[e.sha256]),
    }));
  }

  /** Reads the file again before it writes, so that entries of other processes survive. */
  private async merge(fresh: readonly Entry[], texts: Readonly<Record<string, string>>): Promise<void> {
    await makePrivateFolder(dirname(this.file));
    const unlock = await this.lock();
    try {
      const before = await this.load();
      const entries = new Map(before.entries.map((e) => [keyOf(e), e]));
      for (const e of fresh) {
        const known = entries.get(keyOf(e));
        entries.delete(keyOf(e)); // set again below, as the newest
        entries.set(keyOf(e), known?.sha256 === e.sha256 ? union(known, e) : e);
      }
      const kept = this.youngest({ entries: [...entries.values()], texts: { ...before.texts, ...texts } });
      await replaceFile(this.file, JSON.stringify({ version: VERSION, ...kept }));
    } finally {
      await unlock();
    }
  }

  private youngest({ entries, texts }: Remembered): Remembered {
    const kept: Entry[] = [];
    const needed: Record<string, string> = {};
    let units = 0;
    for (const e of [...entries].reverse()) {
      const text = e.file === undefined && !(e.sha256 in needed) ? texts[e.sha256]! : undefined;
      const size = ENTRY_UNITS + e.path.length + (e.file ?? e.home ?? '').length + (text?.length ?? 0);
      if (size > this.limits.units) continue; // too large by itself
      units += size;
      if (kept.length >= this.limits.entries || units > this.limits.units) break;
      if (text !== undefined) needed[e.sha256] = text;
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
        await (await open(path, 'wx', 0o600)).close();
        return () => rm(path, { force: true });
      } catch {
        const info = await stat(path).catch(() => undefined);
        if (info && Math.abs(Date.now() - info.mtimeMs) > STALE_LOCK_MS) await rm(path, { force: true });
        else await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
      }
    }
    return () => Promise.resolve();
  }

  /** Oldest first. A store that cannot be read counts as empty: elisions are never a reason to fail. */
  private async load(): Promise<Remembered> {
    try {
      const { version, entries, texts } = JSON.parse(await readFile(this.file, 'utf8')) as {
        version: number;
      } & Remembered;
      if (version === VERSION && Array.isArray(entries) && typeof texts === 'object')
        return {
          entries: (entries as unknown[])
            .filter(isEntry)
            .filter((e) => e.file !== undefined || typeof texts[e.sha256] === 'string'),
          texts,
        };
    } catch {
      // absent or damaged
    }
    return { entries: [], texts: {} };
  }
}

function atPlace(newestFirst: readonly Entry[], { path, line }: Extract<ElisionName, { kind: 'place' }>): Entry[] {
  const byFile = new Map<string, Entry[]>(); // of the newest version
  for (const e of newestFirst) {
    if (!isAt(e, path)) continue;
    const file = e.file ?? e.home ?? e.path;
    const own = byFile.get(file);
    if (!own) byFile.set(file, [e]);
    else if (own[0]!.sha256 === e.sha256) own.push(e);
  }
  return [...byFile.values()].flatMap((own) => {
    const exact = own.filter((e) => e.startLine === line);
    return exact.length ? exact : own.filter((e) => e.startLine <= line && line <= e.endLine);
  });
}

/** @param place as shown to the recipient, or absolute */
function isAt({ path, file, home = file }: Pick<Entry, 'path' | 'file' | 'home'>, place: string): boolean {
  return path === place || home === place;
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
  if (entry.file === undefined) return cut(stored!);
  let text: string;
  try {
    text = await readFile(entry.file, 'utf8');
  } catch (cause) {
    throw new CompressionError((cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'notFound' : 'unreadable', path, {
      cause,
    });
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
    [e.id, e.path, e.languageId, e.sha256].every((s) => typeof s === 'string') &&
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
