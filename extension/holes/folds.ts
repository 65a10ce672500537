// Folds what a result leaves out, and remembers which folds it made, so that it opens no other.
import * as vscode from 'vscode';
import type { Results } from '../session/results';
import { holesOf, visibleLines } from './holes';
import type { LineRange } from './lineRanges';
import { scrollTo, topLine } from './scrollPosition';

const KEY = 'namm.folded'; // the active text has such folds
const FOLD_LINES = 4; // shorter holes are not worth folding

export class HoleFolds implements vscode.Disposable {
  private readonly made = new MadeFolds();

  constructor(private readonly results: Results) {}

  dispose(): void {
    this.made.dispose();
  }

  /** Folds long holes. The cursor and the view stay where they are. @returns the number of folded ranges */
  async fold(editor: vscode.TextEditor): Promise<number> {
    const result = this.results.forDocument(editor.document);
    if (!result) return 0;
    const long = holesOf(editor.document, result)
      .map(({ range }) => ({ from: range.start.line, to: lastWholeLine(editor.document, range) }))
      .filter(({ from, to }) => to - from + 1 >= FOLD_LINES);
    if (!long.length) return 0;
    const { selections } = editor;
    const { first, last } = visibleLines(editor);
    // The editor goes to the last one of them, so one in view comes last.
    const inView = ({ from }: LineRange): number => Number(from >= first && from <= last);
    editor.selections = [...long]
      .sort((a, b) => inView(a) - inView(b))
      .map(({ from, to }) => new vscode.Selection(from, 0, to, editor.document.lineAt(to).text.length));
    await vscode.commands.executeCommand('editor.createFoldingRangeFromSelection');
    editor.selections = selections;
    await scrollTo(editor, long.find(({ from, to }) => first > from && first <= to)?.from ?? first); // the top line may be in a fold now
    this.made.add(
      editor.document,
      long.map(({ from }) => from),
    );
    return long.length;
  }

  /** Opens the folds that `fold` made, and no other. The cursor and the view stay where they are. @returns whether there were any */
  async unfold(editor: vscode.TextEditor): Promise<boolean> {
    const selectionLines = this.made.take(editor.document);
    if (!selectionLines.length) return false;
    const { selections } = editor;
    const top = topLine(editor);
    editor.selection = new vscode.Selection(top, 0, top, 0); // the editor goes to its cursor
    await vscode.commands.executeCommand('editor.unfold', { selectionLines, levels: 1 });
    editor.selections = selections;
    await scrollTo(editor, top);
    return true;
  }
}

/** The last line of a hole that nothing of stays: its end may be the indentation of a line that stays. */
function lastWholeLine(document: vscode.TextDocument, { end }: vscode.Range): number {
  return document.lineAt(end.line).firstNonWhitespaceCharacterIndex >= end.character ? end.line - 1 : end.line;
}

/** The folds that were made. They move with the text, as the folds of the editor do. */
class MadeFolds implements vscode.Disposable {
  /** First lines of the folds, by address of the text. */
  private readonly lines = new Map<string, readonly number[]>();
  private readonly listeners = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const lines = this.lines.get(document.uri.toString());
      if (lines && contentChanges.length) this.put(document, afterEdit(lines, contentChanges));
    }),
    vscode.workspace.onDidCloseTextDocument((document) => this.put(document, [])),
    vscode.window.onDidChangeActiveTextEditor(() => this.setKey()),
  ];

  dispose(): void {
    for (const l of this.listeners) l.dispose();
  }

  add(document: vscode.TextDocument, lines: readonly number[]): void {
    this.put(document, [...new Set([...(this.lines.get(document.uri.toString()) ?? []), ...lines])]);
  }

  /** The first lines of the folds of a text. They are forgotten. */
  take(document: vscode.TextDocument): readonly number[] {
    const lines = this.lines.get(document.uri.toString()) ?? [];
    this.put(document, []);
    return lines;
  }

  private put({ uri }: vscode.TextDocument, lines: readonly number[]): void {
    if (lines.length) this.lines.set(uri.toString(), lines);
    else this.lines.delete(uri.toString());
    this.setKey();
  }

  private setKey(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    void vscode.commands.executeCommand('setContext', KEY, uri !== undefined && this.lines.has(uri));
  }
}

/** Lines after an edit: those below it move, those inside go. @param changes as the editor reports them */
function afterEdit(
  lines: readonly number[],
  changes: readonly { readonly range: vscode.Range; readonly text: string }[],
): number[] {
  return lines.flatMap((line) => {
    let moved = line;
    for (const { range, text } of changes) {
      if (range.start.line >= line) continue;
      if (range.end.line > line) return [];
      moved += text.split('\n').length - 1 - (range.end.line - range.start.line);
    }
    return [moved];
  });
}
