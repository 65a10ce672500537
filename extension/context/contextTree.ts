// Shows the collected files in the Context view: a check box and token counts per file, and the total.
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { count, percent } from '../platform/messages';
import { statOf } from '../platform/fileStat';
import { openText } from '../platform/openTexts';
import { pathOf } from '../session/sources';
import { readSettings } from '../platform/settings';
import type { ContextFile, ContextFiles } from '../session/contextFiles';

const { t } = vscode.l10n;
const OWN_MIME = 'application/vnd.code.tree.namm.context';
const URI_LIST = 'text/uri-list';
const BYTES_PER_TOKEN = 4; // a rough average for code, only used for estimates

export class ContextTree
  implements vscode.TreeDataProvider<ContextFile>, vscode.TreeDragAndDropController<ContextFile>, vscode.Disposable
{
  readonly dropMimeTypes = [OWN_MIME, URI_LIST];
  readonly dragMimeTypes = [URI_LIST];
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<ContextFile>;
  private readonly listeners: vscode.Disposable[];
  private readonly sizes = new Map<string, number>(); // bytes

  /** @param add adds files and folders; `before` puts them in front of that row */
  constructor(
    private readonly files: ContextFiles,
    private readonly add: (uris: readonly vscode.Uri[], before?: vscode.Uri) => Promise<void>,
  ) {
    this.view = vscode.window.createTreeView('namm.context', {
      treeDataProvider: this,
      dragAndDropController: this,
      canSelectMany: true,
      manageCheckboxStateManually: true,
    });
    const update = (): void => this.update();
    this.listeners = [
      files.onDidChange(update),
      this.view.onDidChangeCheckboxState(({ items }) =>
        files.check(
          new Map(items.map(([file, state]) => [file.uri.toString(), state === vscode.TreeItemCheckboxState.Checked])),
        ),
      ),
      vscode.workspace.onDidSaveTextDocument((d) => {
        if (this.sizes.delete(d.uri.toString())) update();
      }),
      vscode.workspace.onDidChangeConfiguration((e) => e.affectsConfiguration('namm.contextWindow') && update()),
    ];
    this.update();
  }

  dispose(): void {
    for (const d of [...this.listeners, this.view, this.changed]) d.dispose();
  }

  /** What the head of the view says. */
  get message(): string | undefined {
    return this.view.message || undefined;
  }

  get selection(): readonly ContextFile[] {
    return this.view.selection;
  }

  getChildren(file?: ContextFile): ContextFile[] {
    return file ? [] : [...this.files.all];
  }

  async getTreeItem({ uri, checked }: ContextFile): Promise<vscode.TreeItem> {
    const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.None);
    const path = pathOf(uri);
    const tokens = this.files.tokensOf(uri);
    const folder = posix.dirname(path);
    const size = tokens ? t('{0} → {1}', count(tokens.before), count(tokens.after)) : await this.estimate(uri);
    item.description = [size, folder === '.' ? '' : folder].filter(Boolean).join(' · ');
    item.tooltip = tokens
      ? t(
          '{0}: {1} tokens, {2} after compression ({3})',
          path,
          count(tokens.before),
          count(tokens.after),
          percent(tokens.before ? tokens.after / tokens.before : 1),
        )
      : t('{0}: {1} tokens by its size. Compress the context to count them.', path, size || '?');
    item.checkboxState = {
      state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
      tooltip: checked ? t('Part of the context') : t('Not part of the context'),
    };
    item.accessibilityInformation = { label: `${posix.basename(path)}, ${size}` };
    item.contextValue = 'file';
    item.command = { command: 'vscode.open', title: t('Open'), arguments: [uri] };
    return item;
  }

  handleDrag(rows: readonly ContextFile[], data: vscode.DataTransfer): void {
    data.set(OWN_MIME, new vscode.DataTransferItem(rows.map((r) => r.uri.toString())));
    data.set(URI_LIST, new vscode.DataTransferItem(rows.map((r) => r.uri.toString()).join('\r\n')));
  }

  async handleDrop(target: ContextFile | undefined, data: vscode.DataTransfer): Promise<void> {
    const rows = data.get(OWN_MIME)?.value as unknown;
    const listed = Array.isArray(rows)
      ? (rows as string[])
      : ((await data.get(URI_LIST)?.asString()) ?? '').split(/\r?\n/);
    const uris = listed.filter((l) => l && !l.startsWith('#')).map((l) => vscode.Uri.parse(l));
    if (uris.length) await this.add(uris, target?.uri);
  }

  private update(): void {
    this.changed.fire();
    void this.total().then((message) => (this.view.message = message ?? ''));
  }

  private async total(): Promise<string | undefined> {
    const { checked } = this.files;
    if (!this.files.all.length) return undefined; // the view has a welcome text when it is empty
    if (!checked.length) return t('No file is checked.');
    const { contextWindow } = readSettings();
    const { total } = this.files;
    if (total) {
      const { before, after } = total;
      const share = after / contextWindow;
      return share > 1
        ? t('{0} → {1} tokens: more than the {2} of the window', count(before), count(after), count(contextWindow))
        : t(
            '{0} → {1} tokens, {2} of the {3} of the window',
            count(before),
            count(after),
            share < 0.01 ? t('less than 1 %') : percent(share),
            count(contextWindow),
          );
    }
    const estimates = await Promise.all(
      checked.map(async (uri) => this.files.tokensOf(uri)?.before ?? (await this.tokensBySize(uri)) ?? 0),
    );
    const tokens = estimates.reduce((a, b) => a + b, 0);
    return t('≈ {0} tokens before compression, window {1}', count(tokens), count(contextWindow));
  }

  private async estimate(uri: vscode.Uri): Promise<string> {
    const tokens = await this.tokensBySize(uri);
    return tokens === undefined ? t('cannot be read') : `≈ ${count(tokens)}`;
  }

  private async tokensBySize(uri: vscode.Uri): Promise<number | undefined> {
    const key = uri.toString();
    const open = openText(key);
    if (open) return Math.ceil(open.getText().length / BYTES_PER_TOKEN);
    let size = this.sizes.get(key);
    if (size === undefined) {
      size = (await statOf(uri))?.size;
      if (size === undefined) return undefined;
      this.sizes.set(key, size);
    }
    return Math.ceil(size / BYTES_PER_TOKEN);
  }
}
