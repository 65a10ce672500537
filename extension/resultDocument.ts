// Knows the read-only document that holds the compressed text, and how to lay it beside the original.
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { formatContext } from '../src/text/format';
import type { Result, Run } from './documents';

const { t } = vscode.l10n;
export const SCHEME = 'namm-compressed';

export class ResultDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly listeners: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listeners = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument((d) => void this.texts.delete(d.uri.toString())),
    ];
  }

  dispose(): void {
    for (const d of [...this.listeners, this.changed]) d.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Original ↔ compressed; of a compressed selection the rest of the document stays as it is. */
  async showDiff({ source, file }: Result): Promise<void> {
    const text = source.document.slice(0, source.start) + file.text + source.document.slice(source.end);
    const right = this.hold(vscode.Uri.from({ scheme: SCHEME, path: source.uri.path.replace(/^\/*/, '/'), query: source.uri.toString() }), text);
    // The original may still change: what is shown on the right is the result for the text as it was.
    await vscode.commands.executeCommand('vscode.diff', source.uri, right, t('{0}: original ↔ compressed', basename(source.uri.path)));
  }

  /** The whole of a run, as it would be handed over. */
  async showRun(run: Run): Promise<void> {
    const uri = this.hold(vscode.Uri.from({ scheme: SCHEME, path: '/compressed-context.md' }), formatContext(run.context.files));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  private hold(uri: vscode.Uri, text: string): vscode.Uri {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }
}
