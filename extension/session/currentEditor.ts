// Finds the editor that a command is about, also while the walkthrough, the inspector or one of our documents is active.
import * as vscode from 'vscode';
import { isOwnDocument, openEditors } from '../platform/openTexts';

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

  /** The active text editor; else the last active text that is still open, which is shown again; undefined if no text is open. */
  async get(): Promise<vscode.TextEditor | undefined> {
    const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
    if (active && !isOwnDocument(active.document.uri)) return active;
    if (!active && !isPage(vscode.window.tabGroups.activeTabGroup.activeTab)) return undefined; // an image or a notebook is active: no text is meant
    const open = openEditors().filter((u) => u.scheme !== 'vscode-notebook-cell');
    const uri =
      open.find((u) => u.toString() === this.last?.toString()) ??
      visible.find((e) => open.some((u) => u.toString() === e.document.uri.toString()))?.document.uri ??
      open.at(-1);
    const column = visible.find((e) => e.document.uri.toString() === uri?.toString())?.viewColumn;
    return uri && vscode.window.showTextDocument(uri, column ? { viewColumn: column } : {}); // keeps its selection
  }
}

/** A web view, or a page such as the walkthrough or the settings, whose input the editor does not tell extensions. */
function isPage(tab: vscode.Tab | undefined): boolean {
  return tab?.input === undefined || tab.input instanceof vscode.TabInputWebview;
}
