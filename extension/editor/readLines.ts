// Shows in the editor how far the model has read a text while it is compressed.
import * as vscode from 'vscode';
import type { Reading, Runner } from '../session/runner';

export class ReadLines implements vscode.Disposable {
  private readonly type = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderColor: new vscode.ThemeColor('namm.readBorder'),
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
  });
  private readonly marked = new Set<vscode.TextEditor>();
  private readonly listeners: vscode.Disposable[];
  private reading: Reading | undefined;

  constructor(runner: Runner) {
    this.listeners = [
      this.type,
      runner.onActivity((activity) => this.show(activity.kind === 'running' ? activity.reading : undefined)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.show(this.reading)),
    ];
  }

  dispose(): void {
    for (const l of this.listeners) l.dispose();
  }

  /** The lines that are read of the text under work, counted from 0; undefined if none is shown. For tests. */
  get lines(): { readonly from: number; readonly to: number } | undefined {
    const [editor] = this.marked;
    const { reading } = this;
    return editor && reading && linesIn(editor.document, reading);
  }

  private show(reading: Reading | undefined): void {
    if (!reading && !this.reading) return;
    this.reading = reading;
    const visible = vscode.window.visibleTextEditors;
    for (const editor of this.marked) if (!visible.includes(editor)) this.marked.delete(editor);
    for (const editor of visible) {
      const { document } = editor;
      // After an edit the offsets are those of a text that is gone.
      const isOf =
        document.uri.toString() === reading?.source.uri.toString() && document.version === reading.source.version;
      if (isOf) {
        const { from, to } = linesIn(document, reading!);
        editor.setDecorations(this.type, [new vscode.Range(from, 0, to, 0)]);
        this.marked.add(editor);
      } else if (this.marked.delete(editor)) editor.setDecorations(this.type, []);
    }
  }
}

function linesIn(document: vscode.TextDocument, { source, to }: Reading): { from: number; to: number } {
  return { from: document.positionAt(source.start).line, to: document.positionAt(to - 1).line };
}
