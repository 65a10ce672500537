// Lays a text out in rows of one height, and finds the tokens in each.
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';

const MAX_ROW = 400; // UTF-16 units: a line of a megabyte must not become one element

/** Its span is without the line break. */
export interface Row extends Span {
  readonly line: number; // 0-based, of the text
  /** Whether the row continues a line that was too long for one row. */
  readonly continued: boolean;
}

/** The rows of a text: one per line, more for a line of over MAX_ROW units. */
export function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let line = 0;
  for (let at = 0; at <= text.length; line++) {
    const rest = /\r\n|\r|\n/g;
    rest.lastIndex = at;
    const found = rest.exec(text);
    const end = found ? found.index : text.length;
    let from = at;
    do {
      let to = Math.min(end, from + MAX_ROW);
      if (to < end && isHighSurrogate(text.charCodeAt(to - 1))) to--; // never inside a surrogate pair
      rows.push({ line, start: from, end: to, continued: from > at });
      from = to;
    } while (from < end);
    if (!found) break;
    at = end + found[0].length;
  }
  return rows;
}

/** Index of the row that holds an offset (UTF-16); a line break belongs to the row that it ends. */
export function rowAt(rows: readonly Row[], offset: number): number {
  return Math.max(0, firstIndexWhere(rows, (row) => row.start > offset) - 1);
}

/** The part of a token that is in one row. */
export interface Piece extends Span {
  readonly token: number;
}

/** The pieces of tokens in a row. @param bounds [tokens + 1] UTF-16 offsets */
export function piecesOf({ start, end }: Row, bounds: Int32Array): Piece[] {
  const first = firstIndexWhere(bounds, (bound) => bound > start, 1) - 1; // the first token that ends behind the start
  const out: Piece[] = [];
  for (let t = first; t < bounds.length - 1 && bounds[t]! < end; t++) {
    const piece = { token: t, start: Math.max(start, bounds[t]!), end: Math.min(end, bounds[t + 1]!) };
    if (piece.end > piece.start) out.push(piece);
  }
  return out;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
