// What is remembered of an elision, and what it expands to.
import type { CompressedContext } from '../core/context';
import type { ElisionName } from '../core/elisionName';
import type { Span } from '../core/span';

/** Where a text stands that was compressed, and what was around it. The span is the part of `text` that was compressed. */
export interface Original extends Span {
  /** All of it, UTF-16. */
  readonly text: string;
  /** Absolute path, only if `text` is what lies on disk. */
  readonly file?: string;
  /** Absolute path of the file that the text belongs to, if the disk holds another text. */
  readonly home?: string;
}

/** A text that was compressed whole. @param file as in `Original` */
export const wholeText = (text: string, file?: string): Original => ({
  text,
  start: 0,
  end: text.length,
  ...(file === undefined ? {} : { file }),
});

export interface ExpandedElision {
  /** As shown to the recipient. */
  readonly path: string;
  readonly languageId: string;
  /** Absolute, if the text lies on disk. */
  readonly file?: string;
  /** 1-based, inclusive lines of the original. */
  readonly startLine: number;
  readonly endLine: number;
  /** It is more than the newest marker of this id stood for: an earlier marker of the same id stood for more. */
  readonly united?: true;
  /** The original, byte for byte. */
  readonly text: string;
  /** The text that `text` was cut from: a credential may begin before it. */
  readonly source: Span & { readonly text: string };
}

/** One elision that an id may stand for. */
export interface ElisionMatch {
  readonly path: string;
  /** Absolute; absent if the text itself is stored. */
  readonly file?: string;
  /** Absolute, of a text that is stored because its file holds another one. */
  readonly home?: string;
  readonly id: string;
  /** Of the whole original text. */
  readonly sha256: string;
  /** @throws CompressionError elisionStale | elisionDamaged | notFound | unreadable */
  expand(): Promise<ExpandedElision>;
}

/** What names the cell of a notebook in a path: `#cell-3`; empty in any other path. */
const cellIn = (path: string): string => /#cell-\d+(?=#|$)/.exec(path)?.[0] ?? '';

/** Where the text of an elision is: its file, or the file that it belongs to, of a notebook with its cell; undefined if there is none. */
export const textAt = ({ path, file, home }: Pick<ElisionMatch, 'path' | 'file' | 'home'>): string | undefined =>
  file ?? (home === undefined ? undefined : home + cellIn(path));

/** The path of the file that a text belongs to, as shown: of a cell that of its notebook. */
export const shownFile = ({ path, home }: Pick<ElisionMatch, 'path' | 'home'>): string =>
  home !== undefined && cellIn(path) ? path.slice(0, path.lastIndexOf(cellIn(path))) : path;

/** Remembers elisions and finds them again. */
export interface ElisionStorePort {
  /** @param originals of each file of the context, in its order. @throws the storage's error if it cannot be written */
  put(context: Pick<CompressedContext, 'files'>, originals: readonly Original[]): Promise<void>;
  /** @returns the newest first */
  matches(name: ElisionName): Promise<ElisionMatch[]>;
}
