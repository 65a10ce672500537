// Knows which files the user collected for the context, which of them count, and what compression made of each.
import * as vscode from 'vscode';
import type { Results } from './results';
import type { Run, Source } from './run';
import { openText } from '../platform/openText';
import { isWithin, uriAfterRename } from '../platform/renamedFiles';

const KEY = 'context';

export interface ContextFile {
  readonly uri: vscode.Uri;
  readonly checked: boolean;
}

/** Recipient tokens; `after` is there when the text is what it was when it was compressed. */
export interface Tokens {
  readonly before: number;
  readonly after: number;
}

export class ContextFiles implements vscode.Disposable {
  private files: readonly ContextFile[];
  private readonly tokens = new Map<string, Tokens>();
  private lastTotal: (Tokens & { readonly of: string; readonly texts: readonly string[] }) | undefined;
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
        this.changed.fire();
      }),
      vscode.workspace.onDidChangeTextDocument((e) => e.contentChanges.length && this.dropTokens(e.document.uri)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        if (this.files.some((f) => uriAfterRename(f.uri, files)))
          this.replace(this.files.map((f) => ({ ...f, uri: uriAfterRename(f.uri, files) ?? f.uri })));
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) =>
        this.remove(this.files.map((f) => f.uri).filter((uri) => files.some((gone) => isWithin(uri, gone)))),
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

  /** Of all that is checked as it is handed over, paths and reading note included; undefined until exactly that was compressed as it is. */
  get total(): Tokens | undefined {
    const { checked, lastTotal: whole } = this;
    return whole && whole.of === keyOf(checked) && whole.texts.every((uri) => this.tokens.has(uri)) ? whole : undefined;
  }

  /** @param before puts them in front of this one. @returns the new ones */
  add(uris: readonly vscode.Uri[], before?: vscode.Uri): readonly vscode.Uri[] {
    const known = new Set(this.files.map((f) => f.uri.toString()));
    const unique = [...new Map(uris.map((u) => [u.toString(), u])).values()];
    const moved = before
      ? unique.filter((u) => u.toString() !== before.toString())
      : unique.filter((u) => !known.has(u.toString()));
    const keys = new Set(moved.map((u) => u.toString()));
    const rest = this.files.filter((f) => !keys.has(f.uri.toString()));
    const at = before ? rest.findIndex((f) => f.uri.toString() === before.toString()) : -1;
    const was = new Map(this.files.map((f) => [f.uri.toString(), f.checked]));
    const rows = moved.map((uri) => ({ uri, checked: was.get(uri.toString()) ?? true }));
    this.replace(at < 0 ? [...rest, ...rows] : [...rest.slice(0, at), ...rows, ...rest.slice(at)]);
    return unique.filter((u) => !known.has(u.toString()));
  }

  remove(uris: readonly vscode.Uri[]): void {
    const gone = new Set(uris.map((u) => u.toString()));
    const left = this.files.filter((f) => !gone.has(f.uri.toString()));
    if (left.length !== this.files.length) this.replace(left);
  }

  check(rows: ReadonlyMap<string, boolean>): void {
    this.replace(this.files.map((f) => ({ ...f, checked: rows.get(f.uri.toString()) ?? f.checked })));
  }

  clear(): void {
    this.replace([]);
  }

  /** The figures of the last run over the context, as far as it holds. */
  private takeTokens(): void {
    const run = this.results.lastRun;
    if (run?.scope.kind !== 'context') return;
    run.sources.forEach((s, i) => {
      if (this.isUpToDate(run, s)) this.tokens.set(s.uri.toString(), run.context.files[i]!.recipientTokens);
    });
    this.lastTotal = {
      ...run.context.recipientTokens,
      of: keyOf(run.requestedUris),
      texts: run.sources.map((s) => s.uri.toString()),
    };
  }

  /** Whether a text is what a run found it to be: of one that was edited since the figures are gone. */
  private isUpToDate(run: Run, { uri }: Source): boolean {
    const open = openText(uri);
    return (open ? this.results.forDocument(open) : this.results.forUri(uri))?.run === run;
  }

  private dropTokens(uri: vscode.Uri): void {
    if (!this.tokens.delete(uri.toString())) return;
    this.takeTokens(); // the edit may have been an undoing
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

export function keyOf(uris: readonly vscode.Uri[]): string {
  return uris.map(String).join('\n');
}
