// Knows which text the user means while something else is in front: the walkthrough, the inspector, a text of ours.
import * as vscode from 'vscode';
import { isOwnDocument, openEditors } from '../platform/openTabs';

export class CurrentEditor implements vscode.Disposable {
  private last: vscode.Uri | undefined;
  private readonly listener: vscode.Disposable;

  constructor() {
    const remember = (editor: vscode.TextEditor | undefined): void => {
      if (editor && !isOwnDocument(editor.document.uri)) this.last = editor.document.uri;
    };
    remember(vscode.window.activeTextEditor);
    this.listener = vscode.window.onDidChangeActiveTextEditor(remember);
  }

  dispose(): void {
    this.listener.dispose();
  }

  /** The editor in front; else the text that was last in front and is still open, brought there; undefined when no text is open. */
  async get(): Promise<vscode.TextEditor | undefined> {
    const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
    if (active && !isOwnDocument(active.document.uri)) return active;
    if (!active && !isPage(vscode.window.tabGroups.activeTabGroup.activeTab)) return undefined; // a picture, a notebook: that is what is meant
    const open = openEditors().filter((u) => u.scheme !== 'vscode-notebook-cell');
    const uri =
      open.find((u) => u.toString() === this.last?.toString()) ??
      visible.find((e) => open.some((u) => u.toString() === e.document.uri.toString()))?.document.uri ??
      open.at(-1);
    const column = visible.find((e) => e.document.uri.toString() === uri?.toString())?.viewColumn;
    return uri && vscode.window.showTextDocument(uri, column ? { viewColumn: column } : {}); // with the selection that it had
  }
}

/** The walkthrough and the settings are no input that an extension is told of. */
function isPage(tab: vscode.Tab | undefined): boolean {
  return tab?.input === undefined || tab.input instanceof vscode.TabInputWebview;
}
