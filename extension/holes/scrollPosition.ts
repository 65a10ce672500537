// Keeps the view of the active editor where it is while folds above it open or close.
import * as vscode from 'vscode';

const SETTLE_MS = 100; // the editor may lay its lines out again some moments later
const TRIES = 6;

/** The first line in view. */
export function topLine({ visibleRanges }: vscode.TextEditor): number {
  return visibleRanges[0]?.start.line ?? 0;
}

/** Scrolls the active editor until a line is the first in view. The cursor does not move. */
export async function scrollTo(editor: vscode.TextEditor, line: number): Promise<void> {
  await scrollBy(0);
  if (!isInView(editor, line))
    editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
  for (let tries = 0; tries < TRIES; tries++) {
    await settled(editor);
    const above = linesAbove(editor.visibleRanges, line); // `AtTop` leaves room for the lines that stick
    if (!above) return;
    await scrollBy(above);
  }
}

/**
 * Scrolls by lines, the hidden ones not counted. The editor tells its view before it says that a command has ended: afterwards
 * the view is known, also if nothing is scrolled, whatever was asked of the editor before.
 */
async function scrollBy(lines: number): Promise<void> {
  await vscode.commands.executeCommand('editorScroll', {
    to: lines > 0 ? 'down' : 'up',
    by: 'wrappedLine', // `line` counts the hidden ones, too
    value: Math.abs(lines),
    revealCursor: false,
  });
}

function isInView({ visibleRanges }: vscode.TextEditor, line: number): boolean {
  return visibleRanges.some((r) => r.start.line <= line && r.end.line >= line);
}

/** How many lines are in view above a line; negative if it is above the view itself, as far as it can be told. */
function linesAbove(ranges: readonly vscode.Range[], line: number): number {
  const top = ranges[0]?.start.line ?? line;
  if (line < top) return line - top;
  return ranges
    .filter((r) => r.start.line < line)
    .reduce((n, r) => n + Math.min(line, r.end.line + 1) - r.start.line, 0);
}

/** Resolves when the editor has done what it was asked, and its view has not changed for a moment. */
async function settled(editor: vscode.TextEditor): Promise<void> {
  await scrollBy(0);
  await new Promise<void>((resolve) => {
    const end = (): void => {
      listener.dispose();
      resolve();
    };
    let timer = setTimeout(end, SETTLE_MS);
    const listener = vscode.window.onDidChangeTextEditorVisibleRanges((e) => {
      if (e.textEditor !== editor) return;
      clearTimeout(timer);
      timer = setTimeout(end, SETTLE_MS);
    });
  });
  await scrollBy(0);
}
