// Knows the read-only documents: a compressed text beside its original, a whole run, what an elision left out.
import { createHash } from 'node:crypto';
import { basename, parse } from 'node:path/posix';
import * as vscode from 'vscode';
import type { Expanded } from '../src/engine/elisionStore';
import { formatContext } from '../src/text/format';
import { markersIn } from '../src/text/markers';
import type { Result, Run } from './documents';

const { t } = vscode.l10n;
export const SCHEME = 'namm-compressed';

const KEPT_TEXTS = 20; // the editor keeps what it shows; these are for opening it again

export class ResultDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registered = [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
  ];

  dispose(): void {
    for (const r of this.registered) r.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** A marker leads to what it stands for. */
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    return markersIn(document.getText()).map(({ start, end, id }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const link = new vscode.DocumentLink(range, vscode.Uri.parse(`command:namm.expand?${encodeURIComponent(JSON.stringify([id]))}`));
      link.tooltip = t('Show what was left out');
      return link;
    });
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

  /** What an elision left out, beside. */
  async showOriginal({ text, languageId, path, startLine, endLine }: Expanded): Promise<void> {
    const { name, ext } = parse(path.replace(/#L\d+-L\d+$/, '')); // of a selection
    const uri = this.hold(vscode.Uri.from({ scheme: SCHEME, path: `/${name}:${startLine}-${endLine}${ext}` }), text);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== languageId && (await vscode.languages.getLanguages()).includes(languageId)) await vscode.languages.setTextDocumentLanguage(document, languageId);
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  }

  /** Every text has an address of its own: one that was shown before cannot stand in its place. */
  private hold(place: vscode.Uri, text: string): vscode.Uri {
    const uri = place.with({ fragment: createHash('sha256').update(text).digest('hex').slice(0, 12) });
    this.texts.delete(uri.toString());
    this.texts.set(uri.toString(), text);
    for (const key of this.texts.keys()) if (this.texts.size > KEPT_TEXTS) this.texts.delete(key);
    return uri;
  }
}
