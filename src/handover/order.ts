// Knows in which order files go to a receiver that caches what it has read: what changes comes last.
import { createHash } from 'node:crypto';
import type { CompressedContext, SourceText } from '../core/context';

/** What a receiver got last. Plain data: an edge may keep it as long as it likes. */
export interface LastHandover {
  /** In the order they had. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly recipientTokens: number }[];
}

export interface Arranged {
  /** Indices into the sources, in the order to send them. */
  readonly order: readonly number[];
  /** For `CompressRequest.previousTokens`, in that order: an unchanged file keeps its share, so it renders to the same bytes. */
  readonly previousTokens: readonly (number | undefined)[];
}

export interface ArrangeOptions {
  readonly pinned?: (source: SourceText) => boolean;
  /** When a source was last changed, any clock; what was changed lately will change again. Without it: as given. */
  readonly changedAt?: (source: SourceText) => number;
}

/**
 * Pinned files first, then unchanged ones in the order they had, then new ones, those that changed at the end. A
 * prompt cache ends at the first byte that differs, so nothing is lost by moving what has changed anyway; the next
 * edit is likely to hit it again, and then everything before it holds.
 */
export function arrange(sources: readonly SourceText[], last?: LastHandover, options: ArrangeOptions = {}): Arranged {
  const before = new Map(last?.files.map((f, place) => [f.path, { ...f, place }]));
  const rows = sources.map((source, index) => {
    const was = before.get(source.path);
    const same = was !== undefined && was.sha256 === digest(source.text);
    const group = options.pinned?.(source) ? 0 : same ? 1 : was ? 3 : 2;
    return {
      index,
      group,
      place: was?.place ?? Infinity,
      changedAt: options.changedAt?.(source) ?? 0,
      previousTokens: same ? was.recipientTokens : undefined,
    };
  });
  rows.sort((a, b) => a.group - b.group || compare(a.place, b.place) || a.changedAt - b.changedAt || a.index - b.index);
  return { order: rows.map((r) => r.index), previousTokens: rows.map((r) => r.previousTokens) };
}

/** @param sources as in the request */
export function handedOver(context: CompressedContext, sources: readonly SourceText[]): LastHandover {
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
