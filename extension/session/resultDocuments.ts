// Provides the read-only documents: a compressed text beside its original, a whole run, the original of an elision.
import { createHash } from 'node:crypto';
import { basename, parse } from 'node:path/posix';
import * as vscode from 'vscode';
import type { GuardedElision } from '../../src/session/session';
import { formatContext } from '../../src/format/format';
import type { Result, Results } from './results';
import { tokensOf, type Run } from './run';
import { markersOf } from '../../src/format/pastedMarkers';

const { t } = vscode.l10n;
const SCHEME = 'namm-compressed';
const KEPT_TEXTS = 20; // for reopening; the editor itself keeps the texts that it shows

/** A part of a text that was left out, and where it stands there; lines are 1-based. */
export type Original = Pick<GuardedElision, 'text' | 'languageId' | 'path' | 'startLine' | 'endLine'>;

/** A run, and the tokens of what one document shows of it. */
export interface ShownResult {
  readonly run: Run;
  readonly tokens: { readonly before: number; readonly after: number };
}

export class ResultDocuments
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable
{
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  /** Documents that change with each run: their new text; undefined if the run does not concern them. */
  private readonly live = new Map<string, () => string | undefined>();
  /** What the documents of results show now. */
  private readonly shown = new Map<string, () => ShownResult | undefined>();
  private readonly registered = [
    this.changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
  ];

  constructor(private readonly results: Results) {
    this.registered.push(results.onDidChange(() => this.refreshLive()));
  }

  dispose(): void {
    for (const r of this.registered) r.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** What a document of ours shows: a compressed text beside its original, or a whole run; undefined for any other. */
  resultOf(uri: vscode.Uri | undefined): ShownResult | undefined {
    return uri && this.shown.get(uri.toString())?.();
  }

  /** Links each marker to its original. */
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    return markersOf(document.getText()).map(({ start, end, id }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const link = new vscode.DocumentLink(
        range,
        vscode.Uri.parse(`command:namm.expand?${encodeURIComponent(JSON.stringify([id]))}`),
      );
      link.tooltip = t('Show what was left out');
      return link;
    });
  }

  /** Shows original ↔ compressed. Around a compressed selection the document is shown unchanged. */
  async showDiff({ run, source, file }: Pick<Result, 'run' | 'source' | 'file'>): Promise<void> {
    const right = vscode.Uri.from({
      scheme: SCHEME,
      path: source.uri.path.replace(/^\/*/, '/'),
      query: source.uri.toString(),
    });
    this.shown.set(right.toString(), () => {
      const current = this.results.forUri(source.uri) ?? { run, source, file };
      return { run: current.run, tokens: current.file.recipientTokens };
    });
    // The original may change: until it is compressed again, the right side shows the result of the old text.
    this.addLive(right, withCompressed({ source, file }), () => {
      const current = this.results.forUri(source.uri);
      return current && withCompressed(current);
    });
    await vscode.commands.executeCommand(
      'vscode.diff',
      source.uri,
      right,
      t('{0}: original ↔ compressed', basename(source.uri.path)),
    );
  }

  /** Shows a whole run as it would be handed over. */
  async showRun(run: Run): Promise<void> {
    const key = sourcesKey(run);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: '/compressed-context.md', query: key });
    const latest = (): Run | undefined => {
      const { lastRun } = this.results;
      return lastRun && sourcesKey(lastRun) === key ? lastRun : undefined;
    };
    this.shown.set(uri.toString(), () => {
      const current = latest() ?? run;
      return { run: current, tokens: tokensOf(current.context) };
    });
    this.addLive(uri, formatContext(run.context.files), () => {
      const current = latest();
      return current && formatContext(current.context.files);
    });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** Shows a text that was or would be handed over. */
  async showText(name: string, text: string, viewColumn: vscode.ViewColumn = vscode.ViewColumn.Active): Promise<void> {
    const uri = this.addFixed(vscode.Uri.from({ scheme: SCHEME, path: `/${name}` }), text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true, viewColumn });
  }

  /** Shows the original of an elision beside the active editor. */
  async showOriginal(original: Original): Promise<void> {
    const document = await this.openOriginal(original);
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  }

  /** Shows an original inside the editor of a text, at the place that it comes from. */
  async peek(uri: vscode.Uri, at: vscode.Position, original: Original): Promise<void> {
    const document = await this.openOriginal(original);
    const whole = new vscode.Location(document.uri, new vscode.Position(0, 0));
    await vscode.commands.executeCommand('editor.action.peekLocations', uri, at, [whole], 'peek');
  }

  private async openOriginal({ text, languageId, path, startLine, endLine }: Original): Promise<vscode.TextDocument> {
    const { name, ext } = parse(path.replace(/#L\d+-L\d+$/, '')); // the path of a selection
    const uri = this.addFixed(
      vscode.Uri.from({
        scheme: SCHEME,
        path: `/${name}:${startLine === endLine ? startLine : `${startLine}-${endLine}`}${ext}`,
      }),
      text,
    );
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== languageId && (await vscode.languages.getLanguages()).includes(languageId))
      return vscode.languages.setTextDocumentLanguage(document, languageId);
    return document;
  }

  /** Adds a text that is computed again after every run. */
  private addLive(uri: vscode.Uri, text: string, compute: () => string | undefined): void {
    this.live.set(uri.toString(), compute);
    this.put(uri, text);
  }

  private refreshLive(): void {
    for (const [key, compute] of this.live) {
      const text = compute();
      if (text !== undefined) this.put(vscode.Uri.parse(key), text);
    }
  }

  private put(uri: vscode.Uri, text: string): void {
    const key = uri.toString();
    const before = this.texts.get(key);
    this.texts.delete(key);
    this.texts.set(key, text);
    for (const old of this.texts.keys()) {
      if (this.texts.size <= KEPT_TEXTS) break;
      this.texts.delete(old);
      this.live.delete(old);
      this.shown.delete(old);
    }
    if (before !== undefined && before !== text) this.changed.fire(uri);
  }

  /** Adds a text under an address of its own, so that no earlier text is shown instead. */
  private addFixed(base: vscode.Uri, text: string): vscode.Uri {
    const uri = base.with({ fragment: shortHash(text) });
    this.put(uri, text);
    return uri;
  }
}

/** The document with its compressed part. */
function withCompressed({ source, file }: Pick<Result, 'source' | 'file'>): string {
  return source.document.slice(0, source.start) + file.text + source.document.slice(source.end);
}

function sourcesKey(run: Run): string {
  return shortHash(run.sources.map((s) => s.uri.toString()).join('\n'));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
