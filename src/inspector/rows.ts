// Knows how a text is laid out in rows of one height, and which tokens stand in each.
import { firstIndexWhere } from '../core/search';

const LONGEST = 400; // UTF-16 units of one row: a line of a megabyte must not become one element

export interface Row {
  readonly line: number; // 0-based, of the text
  readonly start: number; // UTF-16 units
  readonly end: number; // without the line break
  /** The rest of a line that was too long for one row. */
  readonly continued: boolean;
}

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
      let to = Math.min(end, from + LONGEST);
      if (to < end && isHigh(text.charCodeAt(to - 1))) to--; // never inside a surrogate pair
      rows.push({ line, start: from, end: to, continued: from > at });
      from = to;
    } while (from < end);
    if (!found) break;
    at = end + found[0].length;
  }
  return rows;
}

/** The row that holds an offset; a line break belongs to the row that it ends. */
export function rowAt(rows: readonly Row[], offset: number): number {
  return Math.max(0, firstIndexWhere(rows, (row) => row.start > offset) - 1);
}

export interface Piece {
  readonly token: number;
  readonly start: number;
  readonly end: number;
}

/** The pieces of tokens that a row shows. @param bounds [tokens + 1] */
export function piecesOf({ start, end }: Row, bounds: Int32Array): Piece[] {
  const first = firstIndexWhere(bounds, (bound) => bound > start, 1) - 1; // the first token that ends behind the start
  const out: Piece[] = [];
  for (let t = first; t < bounds.length - 1 && bounds[t]! < end; t++) {
    const piece = { token: t, start: Math.max(start, bounds[t]!), end: Math.min(end, bounds[t + 1]!) };
    if (piece.end > piece.start) out.push(piece);
  }
  return out;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
