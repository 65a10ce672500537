// Stores the files that the user collected for the context: which are checked, and their tokens before and after.
import * as vscode from 'vscode';
import type { Results } from './results';
import type { Run, Source } from './run';
import { openText } from '../platform/openTexts';
import { isWithin, uriAfterRename } from '../platform/renamedFiles';

const KEY = 'context';

export interface ContextFile {
  readonly uri: vscode.Uri;
  readonly checked: boolean;
}

/** Recipient tokens before and after compression. */
export interface Tokens {
  readonly before: number;
  readonly after: number;
}

export class ContextFiles implements vscode.Disposable {
  private files: readonly ContextFile[];
  private readonly tokens = new Map<string, Tokens>();
  private lastTotal: (Tokens & { readonly key: string; readonly texts: readonly string[] }) | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly results: Results,
    private readonly memory: vscode.Memento,
  ) {
    this.files = memory
      .get<{ uri: string; checked: boolean }[]>(KEY, [])
      .map(({ uri, checked }) => ({ uri: vscode.Uri.parse(uri), checked }));
    this.setContextKey();
    this.listeners = [
      results.onDidChange(() => {
        this.takeTokens();
        if (this.files.length) this.changed.fire(); // results change at keys as well: an empty view need not hear of it
      }),
      vscode.workspace.onDidChangeTextDocument((e) => e.contentChanges.length && this.dropTokens(e.document.uri)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        if (this.files.some((f) => uriAfterRename(f.uri, files)))
          this.replace(this.files.map((f) => ({ ...f, uri: uriAfterRename(f.uri, files) ?? f.uri })));
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) =>
        this.remove(this.files.map((f) => f.uri).filter((uri) => files.some((deleted) => isWithin(uri, deleted)))),
      ),
    ];
  }

  dispose(): void {
    for (const d of [...this.listeners, this.changed]) d.dispose();
  }

  get all(): readonly ContextFile[] {
    return this.files;
  }

  get checked(): readonly vscode.Uri[] {
    return this.files.filter((f) => f.checked).map((f) => f.uri);
  }

  tokensOf(uri: vscode.Uri): Tokens | undefined {
    return this.tokens.get(uri.toString());
  }

  /** Tokens of the checked files as they are handed over, with paths and note; undefined if the last run is not about exactly these texts. */
  get total(): Tokens | undefined {
    const { checked, lastTotal: last } = this;
    return last && last.key === keyOf(checked) && last.texts.every((uri) => this.tokens.has(uri)) ? last : undefined;
  }

  /** Adds files. @param before puts them, also known ones, in front of this file. @returns those that are new */
  add(uris: readonly vscode.Uri[], before?: vscode.Uri): readonly vscode.Uri[] {
    const checked = new Map(this.files.map((f) => [f.uri.toString(), f.checked]));
    const unique = [...new Map(uris.map((u) => [u.toString(), u])).values()];
    const added = unique.filter((u) => !checked.has(u.toString()));
    const inserted = before ? unique.filter((u) => u.toString() !== before.toString()) : added;
    const keys = new Set(inserted.map((u) => u.toString()));
    const rest = this.files.filter((f) => !keys.has(f.uri.toString()));
    const at = before ? rest.findIndex((f) => f.uri.toString() === before.toString()) : -1;
    const rows = inserted.map((uri) => ({ uri, checked: checked.get(uri.toString()) ?? true }));
    this.replace(at < 0 ? [...rest, ...rows] : [...rest.slice(0, at), ...rows, ...rest.slice(at)]);
    return added;
  }

  remove(uris: readonly vscode.Uri[]): void {
    const removed = new Set(uris.map((u) => u.toString()));
    const left = this.files.filter((f) => !removed.has(f.uri.toString()));
    if (left.length !== this.files.length) this.replace(left);
  }

  check(rows: ReadonlyMap<string, boolean>): void {
    this.replace(this.files.map((f) => ({ ...f, checked: rows.get(f.uri.toString()) ?? f.checked })));
  }

  clear(): void {
    this.replace([]);
  }

  /** Takes the token counts of the last run over the context, for the texts that are unchanged. */
  private takeTokens(): void {
    const run = this.results.lastRun;
    if (run?.scope.kind !== 'context') return;
    run.sources.forEach((s, i) => {
      if (this.isUpToDate(run, s)) this.tokens.set(s.uri.toString(), run.context.files[i]!.recipientTokens);
    });
    this.lastTotal = {
      ...run.context.recipientTokens,
      key: keyOf(run.requestedUris),
      texts: run.sources.map((s) => s.uri.toString()),
    };
  }

  /** Whether a text is unchanged since a run. */
  private isUpToDate(run: Run, { uri }: Source): boolean {
    const open = openText(uri);
    return (open ? this.results.forDocument(open) : this.results.forUri(uri))?.run === run;
  }

  private dropTokens(uri: vscode.Uri): void {
    if (!this.tokens.delete(uri.toString())) return;
    this.takeTokens(); // the edit may have undone an earlier one
    this.changed.fire();
  }

  private replace(files: readonly ContextFile[]): void {
    this.files = files;
    this.setContextKey();
    void this.memory.update(
      KEY,
      files.length ? files.map((f) => ({ uri: f.uri.toString(), checked: f.checked })) : undefined,
    );
    this.changed.fire();
    if (!files.length) this.results.removeRuns((run) => run.scope.kind === 'context');
  }

  private setContextKey(): void {
    void vscode.commands.executeCommand('setContext', 'namm.hasContext', this.files.length > 0);
  }
}

/** A key that is equal for the same files in the same order. */
export function keyOf(uris: readonly vscode.Uri[]): string {
  return uris.map(String).join('\n');
}
