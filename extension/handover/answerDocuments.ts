// Provides the read-only documents that answers are streamed into.
import * as vscode from 'vscode';
import { BoundedMap } from '../../src/core/boundedMap';

const SCHEME = 'namm-answer';
const REFRESH_MS = 80; // faster updates are not noticed
const KEPT_ANSWERS = 10;

export class AnswerDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new BoundedMap<string>(KEPT_ANSWERS, () => 1);
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private next = 1;
  readonly onDidChange = this.changed.event; // must be set before the registration reads it
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Opens an empty document beside the editor. @returns its address, and functions to append text and to end it */
  async open(
    name: string,
  ): Promise<{ readonly uri: vscode.Uri; readonly write: (text: string) => void; readonly end: () => void }> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}-${this.next++}.md` });
    const key = uri.toString();
    this.texts.set(key, '');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
      viewColumn: vscode.ViewColumn.Beside,
      preview: false,
      preserveFocus: true,
    });
    let due: NodeJS.Timeout | undefined;
    const show = (): void => {
      due = undefined;
      this.changed.fire(uri);
    };
    return {
      uri,
      write: (text) => {
        this.texts.set(key, (this.texts.get(key) ?? '') + text);
        due ??= setTimeout(show, REFRESH_MS);
      },
      end: () => {
        clearTimeout(due);
        show();
      },
    };
  }
}
