// Sets the context keys by which menus offer only what can be done: whether a text is open, whether the cursor is on a
// mark, whether a result is in front.
import * as vscode from 'vscode';
import { openEditors } from '../platform/openTexts';
import type { Marks } from '../session/marks';
import type { ResultDocuments } from '../session/resultDocuments';
import type { Results } from '../session/results';

const PAUSE_MS = 50; // looking for marks at every key press would cost time

export class ContextKeys implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  private readonly known = new Map<string, boolean>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly marks: Marks,
    results: Pick<Results, 'onDidChange'>,
    private readonly documents: Pick<ResultDocuments, 'resultOf'>,
  ) {
    const later = (): void => {
      this.timer ??= setTimeout(() => this.updateActive(), PAUSE_MS);
    };
    this.listeners = [
      vscode.window.tabGroups.onDidChangeTabs(() => this.updateText()),
      vscode.window.onDidChangeActiveTextEditor(later),
      vscode.window.onDidChangeTextEditorSelection(later),
      marks.onDidChange(later),
      results.onDidChange(later),
    ];
    this.updateText();
    this.updateActive();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const l of this.listeners) l.dispose();
  }

  /** The key says that there is none: before the extension starts, when no key is set, a text may be open. */
  private updateText(): void {
    this.set('namm.noText', openEditors().length === 0);
  }

  private updateActive(): void {
    this.timer = undefined;
    const { activeTextEditor: active } = vscode.window;
    this.set('namm.onMark', isOnMark(active, this.marks));
    this.set('namm.onResult', this.documents.resultOf(active?.document.uri) !== undefined);
  }

  private set(key: string, value: boolean): void {
    if (this.known.get(key) === value) return;
    this.known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}

/** Whether a selection, or the line of a cursor, touches a mark. */
function isOnMark(editor: vscode.TextEditor | undefined, marks: Marks): boolean {
  if (!editor || !marks.has(editor.document.uri)) return false;
  const { document, selections } = editor;
  const all = marks.of(document.uri, document.getText());
  return selections.some(({ start, end }) => {
    const from = document.offsetAt(new vscode.Position(start.line, 0));
    const to = document.offsetAt(document.lineAt(end.line).range.end);
    return all.some((m) => m.start <= to && m.end >= from);
  });
}
