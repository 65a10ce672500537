// Remembers which folds this extension made, so that it opens no other. They move with the text, as the folds do.
import * as vscode from 'vscode';

const KEY = 'namm.folded'; // the active text has such folds

export class Folds implements vscode.Disposable {
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

  fold(document: vscode.TextDocument, lines: readonly number[]): void {
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
