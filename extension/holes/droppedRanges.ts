// Computes which lines and parts of lines of a document are struck through.
import * as vscode from 'vscode';
import type { Hole } from './holes';

export interface Ranges {
  /** Lines that are dropped as a whole, including blank ones. */
  readonly lines: vscode.Range[];
  /** The text of those lines, without indentation. */
  readonly text: vscode.Range[];
  /** Dropped parts of lines that stay otherwise. */
  readonly pieces: vscode.Range[];
}

export const NOTHING: Ranges = { lines: [], text: [], pieces: [] };

/** Splits the holes into lines and parts of lines. @param from first line @param to last line, included */
export function droppedRanges(document: vscode.TextDocument, all: readonly Hole[], from: number, to: number): Ranges {
  const out: Ranges = { lines: [], text: [], pieces: [] };
  for (const { range } of all)
    if (range.end.line >= from && range.start.line <= to) split(document, range, from, to, out);
  return out;
}

function split(
  document: vscode.TextDocument,
  { start, end }: vscode.Range,
  first: number,
  last: number,
  out: Ranges,
): void {
  for (let n = Math.max(start.line, first); n <= Math.min(end.line, last); n++) {
    const line = document.lineAt(n);
    const from = n === start.line ? start.character : 0;
    const to = n === end.line ? end.character : line.text.length;
    if (
      n === end.line &&
      to === 0 &&
      (n > start.line || !line.text.length) &&
      !(n === document.lineCount - 1 && n === start.line)
    )
      continue; // ends before this line
    if (from === 0 && to === line.text.length) {
      const previous = out.lines.at(-1);
      if (previous?.end.line === n - 1)
        out.lines[out.lines.length - 1] = new vscode.Range(previous.start, line.range.end);
      else out.lines.push(line.range);
      if (!line.isEmptyOrWhitespace) out.text.push(new vscode.Range(n, line.firstNonWhitespaceCharacterIndex, n, to));
    } else if (to > from) out.pieces.push(new vscode.Range(n, from, n, to));
  }
}
