// Knows the way back: what each elision left out, where it stood, and whether that is still true.
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { CompressedContext } from '../core/context';
import { CompressionError } from '../core/errors';
import { parseWanted } from '../text/markers';

interface Entry {
  readonly id: string;
  /** As shown to the reader. */
  readonly path: string;
  readonly languageId: string;
  /** Absolute file, when the text lies on disk: then the text itself is not stored. */
  readonly file?: string;
  readonly sha256: string; // of the whole original text
  readonly start: number; // UTF-16 units
  readonly end: number;
  readonly startLine: number; // 1-based, inclusive
  readonly endLine: number;
  readonly text?: string;
}

export interface Expanded {
  readonly path: string;
  readonly languageId: string;
  /** Absolute, when the text lies on disk. */
  readonly file?: string;
  /** 1-based, inclusive lines of the original. */
  readonly startLine: number;
  readonly endLine: number;
  /** The original, byte for byte. */
  readonly text: string;
  /** What `text` was cut out of, where it is known: a credential may begin before it. */
  readonly source: { readonly text: string; readonly start: number; readonly end: number };
}

/** One place that an id may stand for. */
export interface Match {
  readonly path: string;
  /** Absolute; absent when the text itself is stored. */
  readonly file?: string;
  readonly id: string;
  /** @throws CompressionError elisionStale | unreadable */
  expand(): Promise<Expanded>;
}

export interface Original {
  /** Absolute path, only when `text` is what lies on disk. */
  readonly file?: string;
  readonly text: string;
}

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
export class ElisionStore {
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
   * @param originals by path, as in the request; a file without one is not remembered.
   * @throws the file system's error when the store cannot be written
   */
  put(context: CompressedContext, originals: ReadonlyMap<string, Original>): Promise<void> {
    const fresh: Entry[] = [];
    const texts = new Map<string, string>(); // by hash
    for (const f of context.files) {
      const original = originals.get(f.path);
      if (!original || f.elisions.length === 0) continue;
      const sha256 = digest(original.text);
      texts.set(sha256, original.text);
      const onDisk = original.file !== undefined && isAbsolute(original.file);
      for (const e of f.elisions)
        fresh.push({
          id: e.id,
          path: f.path,
          languageId: f.languageId,
          sha256,
          start: e.start,
          end: e.end,
          startLine: e.line,
          endLine: e.line + e.lines - 1,
          ...(onDisk ? { file: original.file! } : { text: original.text.slice(e.start, e.end) }),
        });
    }
    if (fresh.length === 0) return Promise.resolve();
    const done = this.writing.then(() => this.merge(fresh, texts));
    this.writing = done.catch(() => undefined);
    return done;
  }

  /**
   * The text behind an id, or behind a path and the line that a marker shows: then of the newest version compressed.
   * @param path tells one file from another with the same id; the newest otherwise. As shown, or absolute.
   * @throws CompressionError unknownElision | elisionStale | unreadable
   */
  async expand(id: string, path?: string): Promise<Expanded> {
    const [match] = (await this.matches(id)).filter((m) => path === undefined || isAt(m, path));
    if (!match) throw new CompressionError('unknownElision', id);
    return match.expand();
  }

  /** Every elision that is meant by an id, or by a path and line; the newest first. Ids are short: texts may share one. */
  async matches(id: string): Promise<Match[]> {
    const wanted = parseWanted(id);
    const meant = (e: Entry): boolean => (wanted?.kind === 'place' ? e.startLine === wanted.line && isAt(e, wanted.path) : e.id === wanted?.id);
    const all = (await this.load()).reverse();
    const exact = all.filter(meant);
    // A line from elsewhere, a stack trace: whatever was left out around it.
    const around = (e: Entry): boolean => wanted?.kind === 'place' && e.startLine <= wanted.line && wanted.line <= e.endLine && isAt(e, wanted.path);
    const found = exact.length ? exact : all.filter(around);
    return found.map((e) => ({ id: e.id, path: e.path, ...(e.file === undefined ? {} : { file: e.file }), expand: () => expanded(e) }));
  }

  /** Reads again before it writes, so that another process' entries survive. */
  private async merge(fresh: readonly Entry[], texts: ReadonlyMap<string, string>): Promise<void> {
    const dir = dirname(this.file);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await chmod(dir, 0o700); // it may have been there before
    const unlock = await this.lock();
    try {
      const entries = new Map((await this.load()).map((e) => [keyOf(e), e]));
      for (const e of fresh) {
        const known = entries.get(keyOf(e));
        entries.delete(keyOf(e)); // young again
        entries.set(keyOf(e), known?.sha256 === e.sha256 ? union(known, e, texts.get(e.sha256)!) : e);
      }
      const temporary = `${this.file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
      try {
        await writeFile(temporary, JSON.stringify({ version: 3, entries: this.youngest([...entries.values()]) }), { mode: 0o600, flag: 'wx' });
        await rename(temporary, this.file);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    } finally {
      await unlock();
    }
  }

  private youngest(entries: readonly Entry[]): Entry[] {
    const kept: Entry[] = [];
    let units = 0;
    for (const e of [...entries].reverse()) {
      const size = ENTRY_UNITS + e.path.length + (e.file?.length ?? 0) + (e.text?.length ?? 0);
      if (size > this.limits.units) continue; // alone too large; no reason to forget the others
      units += size;
      if (kept.length >= this.limits.entries || units > this.limits.units) break;
      kept.push(e);
    }
    return kept.reverse();
  }

  /** Keeps two writers apart. A lock that cannot be had is no reason to fail: at worst one writer's entries are lost. */
  private async lock(): Promise<() => Promise<void>> {
    const path = `${this.file}.lock`;
    // Neither wait nor age may hang on a clock that somebody sets.
    for (const end = performance.now() + LOCK_MS; performance.now() < end; ) {
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
  private async load(): Promise<Entry[]> {
    try {
      const data = JSON.parse(await readFile(this.file, 'utf8')) as { version: number; entries: unknown[] };
      if (data.version === 3 && Array.isArray(data.entries)) return data.entries.filter(isEntry);
    } catch {
      // absent or damaged
    }
    return [];
  }
}

/** As shown to the reader, absolute, or from the working folder. */
function isAt({ path, file }: Pick<Entry, 'path' | 'file'>, place: string): boolean {
  return path === place || (file !== undefined && (file === place || file === resolve(place)));
}

async function expanded(entry: Entry): Promise<Expanded> {
  const { path, languageId, startLine, endLine, start, end } = entry;
  const place = { path, languageId, startLine, endLine, ...(entry.file === undefined ? {} : { file: entry.file }) };
  if (entry.file === undefined) {
    const text = entry.text!;
    return { ...place, text, source: { text, start: 0, end: text.length } };
  }
  let text: string;
  try {
    text = await readFile(entry.file, 'utf8');
  } catch (cause) {
    throw new CompressionError('unreadable', path, { cause });
  }
  if (digest(text) !== entry.sha256) throw new CompressionError('elisionStale', path);
  return { ...place, text: text.slice(start, end), source: { text, start, end } };
}

/** All that two elisions of one text left out under one id, and what stands between them. */
function union(a: Entry, b: Entry, text: string): Entry {
  const start = Math.min(a.start, b.start);
  const end = Math.max(a.end, b.end);
  return { ...b, start, end, endLine: Math.max(a.endLine, b.endLine), ...(b.text === undefined ? {} : { text: text.slice(start, end) }) };
}

function isEntry(value: unknown): value is Entry {
  const e = value as Entry | null;
  return (
    typeof e === 'object' &&
    e !== null &&
    [e.id, e.path, e.languageId, e.sha256].every((s) => typeof s === 'string') &&
    [e.start, e.end, e.startLine, e.endLine].every((n) => Number.isInteger(n) && n >= 0) &&
    typeof (e.file ?? e.text) === 'string'
  );
}

function keyOf(e: Entry): string {
  return `${e.id} ${e.file ?? e.path}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
