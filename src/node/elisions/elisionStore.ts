// Knows the way back: what each elision left out, where it stood, and whether that is still true.
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CompressedContext } from '../../core/context';
import { CompressionError } from '../../core/errors';
import type { ElisionMatch, ElisionStorePort, ExpandedElision, Original } from '../../elisions/elision';
import { parseWanted } from '../../elisions/markers';

interface Entry {
  readonly id: string;
  /** As shown to the reader. */
  readonly path: string;
  readonly languageId: string;
  /** Absolute file, when the text lies on disk: then the text itself is not stored. */
  readonly file?: string;
  /** Absolute file that the text belongs to, where another text lies on disk: it is not saved yet. */
  readonly home?: string;
  readonly sha256: string; // of the whole original text
  readonly start: number; // UTF-16 units of it
  readonly end: number;
  readonly startLine: number; // 1-based, inclusive
  readonly endLine: number;
  /** Results of one text began it on this line and ended it elsewhere: it stands for all of them. */
  readonly united?: true;
}

/** What the file holds. */
interface Remembered {
  readonly entries: readonly Entry[]; // oldest first
  /** Whole texts that lie in no file, by hash: a credential may begin before a part that was left out. */
  readonly texts: Readonly<Record<string, string>>;
}

const VERSION = 4;

export interface StoreLimits {
  /** Most elisions remembered. */
  readonly entries: number;
  /** Most UTF-16 units of the store: texts, paths and a fixed sum for each entry. */
  readonly units: number;
}

export const STORE_LIMITS: StoreLimits = { entries: 20_000, units: 16_000_000 };

const ENTRY_UNITS = 300; // everything of an entry but its text and paths
const LOCK_MS = 2000; // then the store is written anyway
const STALE_LOCK_MS = 10_000; // its owner is dead

/** Only the owner can read it; the oldest entries go first; a damaged one starts afresh. */
export class ElisionStore implements ElisionStorePort {
  private readonly file: string;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    dir: string,
    private readonly limits: StoreLimits = STORE_LIMITS,
  ) {
    this.file = join(dir, 'elisions.json');
  }

  /**
   * Remembers every elision of a result, as the newest. Two results of one text may begin an elision on the same line and
   * end it elsewhere: their common id then stands for all that either left out.
   * @param originals of each file, in their order: two files may have one path
   * @throws the file system's error when the store cannot be written
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

  /** Every elision that is meant by an id, or by a path and line; the newest first. Ids are short: texts may share one. */
  async matches(id: string): Promise<ElisionMatch[]> {
    const wanted = parseWanted(id);
    const meant = (e: Entry): boolean =>
      wanted?.kind === 'place' ? e.startLine === wanted.line && isAt(e, wanted.path) : e.id === wanted?.id;
    const { entries, texts } = await this.load();
    const all = [...entries].reverse();
    const exact = all.filter(meant);
    // A line from elsewhere, a stack trace: whatever was left out around it.
    const around = (e: Entry): boolean =>
      wanted?.kind === 'place' && e.startLine <= wanted.line && wanted.line <= e.endLine && isAt(e, wanted.path);
    const found = exact.length ? exact : all.filter(around);
    return found.map((e) => ({
      ...placeOf(e),
      id: e.id,
      sha256: e.sha256,
      expand: () => expanded(e, texts[e.sha256]),
    }));
  }

  /** Reads again before it writes, so that another process' entries survive. */
  private async merge(fresh: readonly Entry[], texts: Readonly<Record<string, string>>): Promise<void> {
    const dir = dirname(this.file);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await chmod(dir, 0o700); // it may have been there before
    const unlock = await this.lock();
    try {
      const before = await this.load();
      const entries = new Map(before.entries.map((e) => [keyOf(e), e]));
      for (const e of fresh) {
        const known = entries.get(keyOf(e));
        entries.delete(keyOf(e)); // young again
        entries.set(keyOf(e), known?.sha256 === e.sha256 ? union(known, e) : e);
      }
      const temporary = `${this.file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
      try {
        await writeFile(
          temporary,
          JSON.stringify({
            version: VERSION,
            ...this.youngest({ entries: [...entries.values()], texts: { ...before.texts, ...texts } }),
          }),
          { mode: 0o600, flag: 'wx' },
        );
        await rename(temporary, this.file);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
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
      if (size > this.limits.units) continue; // alone too large; no reason to forget the others
      units += size;
      if (kept.length >= this.limits.entries || units > this.limits.units) break;
      if (text !== undefined) needed[e.sha256] = text;
      kept.push(e);
    }
    return { entries: kept.reverse(), texts: needed };
  }

  /** Keeps two writers apart. A lock that cannot be had is no reason to fail: at worst one writer's entries are lost. */
  private async lock(): Promise<() => Promise<void>> {
    const path = `${this.file}.lock`;
    // Neither wait nor age may hang on a clock that somebody sets.
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

  /** Oldest first. A store that cannot be read is an empty one: elisions are a convenience, never a reason to fail. */
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

/** As shown to the reader, absolute, or from the working folder. */
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

/** All that two elisions of one text left out under one id, and what stands between them. */
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

/** Of a whole text: what tells versions apart. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
