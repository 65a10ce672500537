// Computes which lines and parts of lines of a document are struck through.
import * as vscode from 'vscode';
import type { Result } from '../session/results';

export interface Ranges {
  /** Lines that are dropped as a whole, including blank ones. */
  readonly lines: vscode.Range[];
  /** The text of those lines, without indentation. */
  readonly text: vscode.Range[];
  /** Dropped parts of lines that stay otherwise. */
  readonly pieces: vscode.Range[];
}

export const NOTHING: Ranges = { lines: [], text: [], pieces: [] };

/** Dropped ranges in text order, with neighbours joined. The result must match the document. */
export function holes(document: vscode.TextDocument, { file, source }: Result): vscode.Range[] {
  const out: vscode.Range[] = [];
  const { spans } = file;
  for (let i = 0; i < spans.length; i++) {
    if (spans[i]!.kept) continue;
    const { start } = spans[i]!;
    while (i + 1 < spans.length && !spans[i + 1]!.kept) i++;
    const range = new vscode.Range(
      document.positionAt(source.start + start),
      document.positionAt(source.start + spans[i]!.end),
    );
    if (!range.isEmpty) out.push(range);
  }
  return out;
}

/** Splits the holes into lines and parts of lines. @param from first line @param to last line, included */
export function droppedRanges(
  document: vscode.TextDocument,
  all: readonly vscode.Range[],
  from: number,
  to: number,
): Ranges {
  const out: Ranges = { lines: [], text: [], pieces: [] };
  for (const hole of all) if (hole.end.line >= from && hole.start.line <= to) split(document, hole, from, to, out);
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
