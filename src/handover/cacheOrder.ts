// Orders the files of a prompt so that the assistant's prompt cache stays valid as long as possible: changed files come
// last.
import { createHash } from 'node:crypto';
import type { CompressedContext, SourceText } from '../core/context';

/** The files of the last prompt. Plain data: the caller may keep it as long as it likes. */
export interface LastHandover {
  /** In the order of the prompt. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly recipientTokens: number }[];
}

/** One source in the order to send. */
export interface OrderedSource {
  /** Index into the sources. */
  readonly index: number;
  /**
   * For `RequestedSource.previousTokens`: an unchanged file keeps its recipient tokens, so it renders to the same
   * bytes.
   */
  readonly previousTokens: number | undefined;
}

export interface CacheOrderOptions {
  /** Files that come first. */
  readonly pinned?: (source: SourceText) => boolean;
  /**
   * Time of a source's last change, by any clock: a recent change is likely to be followed by another. Without it the
   * given order counts.
   */
  readonly changedAt?: (source: SourceText) => number;
}

/**
 * Puts pinned files first, then unchanged ones in their last order, then new ones, then changed ones. A prompt cache is
 * valid up to the first byte that differs, so moving a changed file loses nothing; the next edit is likely to change the
 * same file, and then everything before it is still cached.
 *
 * Example: after the order a, b, c an edit of a gives b, c, a; a further edit of a leaves the prompt's beginning as it is.
 *
 * @param last the last prompt; without it no file counts as unchanged
 */
export function orderForCache(
  sources: readonly SourceText[],
  last?: LastHandover,
  options: CacheOrderOptions = {},
): OrderedSource[] {
  const before = new Map(last?.files.map((f, place) => [f.path, { ...f, place }]));
  const rows = sources.map((source, index) => {
    const previous = before.get(source.path);
    const unchanged = previous !== undefined && previous.sha256 === digest(source.text);
    const group = options.pinned?.(source) ? 0 : unchanged ? 1 : previous ? 3 : 2;
    return {
      index,
      group,
      place: previous?.place ?? Infinity,
      changedAt: options.changedAt?.(source) ?? 0,
      previousTokens: unchanged ? previous.recipientTokens : undefined,
    };
  });
  rows.sort((a, b) => a.group - b.group || compare(a.place, b.place) || a.changedAt - b.changedAt || a.index - b.index);
  return rows.map(({ index, previousTokens }) => ({ index, previousTokens }));
}

/** What `orderForCache` needs to know of a prompt. @param sources of the context's request, in its order */
export function lastHandoverOf(context: CompressedContext, sources: readonly SourceText[]): LastHandover {
  return {
    files: context.files.map((f, i) => ({
      path: f.path,
      sha256: digest(sources[i]!.text),
      recipientTokens: f.recipientTokens.after,
    })),
  };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b; // Infinity - Infinity is no number
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
