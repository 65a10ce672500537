// Knows the way back: what each elision left out, where it stood, and whether that is still true.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CompressedContext } from '../core/context';
import { CompressionError } from '../core/errors';

interface Entry {
  readonly path: string;
  /** Absolute file, when the text lies on disk: then the text itself is not stored. */
  readonly file?: string;
  readonly sha256: string; // of the whole original text
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

export interface Expanded {
  readonly path: string;
  readonly startLine: number; // 1-based, inclusive
  readonly endLine: number;
  readonly text: string;
}

export interface Original {
  /** Absolute path when the text is what lies on disk. */
  readonly file?: string;
  readonly text: string;
}

const MAX_ENTRIES = 20_000;
const MAX_TEXT = 8_000_000; // UTF-16 units of stored texts

/** Only the owner can read it; the oldest entries go first. */
export class ElisionStore {
  private readonly file: string;

  constructor(dir: string) {
    this.file = join(dir, 'elisions.json');
  }

  /** Remembers every elision of a result. @param originals by path, as in the request. */
  async put(context: CompressedContext, originals: ReadonlyMap<string, Original>): Promise<void> {
    const entries = await this.load(); // again, so that another process' entries survive
    for (const f of context.files) {
      const original = originals.get(f.path);
      if (!original) continue;
      const sha256 = digest(original.text);
      for (const e of f.elisions) {
        const disk = original.file !== undefined && isAbsolute(original.file);
        entries.delete(e.id); // young again
        entries.set(e.id, {
          path: f.path,
          sha256,
          start: e.start,
          end: e.end,
          ...(disk ? { file: original.file! } : { text: original.text.slice(e.start, e.end) }),
        });
      }
    }
    let units = 0;
    const kept: [string, Entry][] = [];
    for (const [id, e] of [...entries].reverse()) {
      units += e.text?.length ?? 0;
      if (kept.length >= MAX_ENTRIES || units > MAX_TEXT) break;
      kept.push([id, e]);
    }
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    const temporary = `${this.file}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify({ version: 1, entries: kept.reverse() }), { mode: 0o600 });
    await rename(temporary, this.file);
  }

  /** @throws CompressionError unknownElision | elisionStale | unreadable */
  async expand(id: string): Promise<Expanded> {
    const entry = (await this.load()).get(id.replace(/^#/, ''));
    if (!entry) throw new CompressionError('unknownElision', id);
    if (entry.text !== undefined) return { path: entry.path, startLine: 0, endLine: 0, text: entry.text };
    let text: string;
    try {
      text = (await readFile(entry.file!)).toString('utf8');
    } catch (cause) {
      throw new CompressionError('unreadable', entry.path, { cause });
    }
    if (digest(text) !== entry.sha256) throw new CompressionError('elisionStale', entry.path);
    const cut = text.slice(entry.start, entry.end);
    const lineAt = (offset: number): number => text.slice(0, offset).split(/\r\n|\r|\n/).length;
    return { path: entry.path, startLine: lineAt(entry.start), endLine: lineAt(Math.max(entry.start, entry.end - 1)), text: cut };
  }

  /** A store that cannot be read is an empty one: elisions are a convenience, never a reason to fail. */
  private async load(): Promise<Map<string, Entry>> {
    try {
      const data = JSON.parse(await readFile(this.file, 'utf8')) as { version: number; entries: [string, Entry][] };
      if (data.version === 1 && Array.isArray(data.entries)) return new Map(data.entries.filter(([id, e]) => typeof id === 'string' && !!e));
    } catch {
      // absent or damaged
    }
    return new Map();
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
