// Stores the result of each document and withdraws it when an edit makes it outdated.
import * as vscode from 'vscode';
import type { CompressedFile } from '../../src/core/context';
import { openText } from '../platform/openTexts';
import type { Run, Source } from './run';

/** The result that one document shows. */
export interface Result {
  readonly run: Run;
  readonly source: Source;
  readonly file: CompressedFile;
  /** Version of the open document that it is true of; undefined while the document is closed. */
  version: number | undefined;
  /** Fires when the document no longer shows this result. */
  readonly discarded: AbortController;
}

const MAX_RESULTS = 256; // more than one Explorer run can make

export class Results implements vscode.Disposable {
  private readonly byUri = new Map<string, Result>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  private readonly outdated = new Map<string, Result>(); // withdrawn by an edit; undoing the edit restores them
  private last: Run | undefined;
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listeners = [
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (!e.contentChanges.length) return; // only the dirty flag changed
        if (this.setAside(e.document.uri.toString()) || (e.reason !== undefined && this.restore(e.document)))
          this.changed.fire();
      }),
      vscode.workspace.onDidCloseTextDocument((d) => {
        const key = d.uri.toString();
        if (d.isUntitled) return void setTimeout(() => openText(key) ?? this.removeClosed(key)); // a change of language closes and reopens it
        this.outdated.delete(key);
        const result = this.byUri.get(key);
        if (result) result.version = undefined; // version numbers restart when it is reopened
      }),
    ];
  }

  get size(): number {
    return this.byUri.size;
  }

  get lastRun(): Run | undefined {
    return this.last;
  }

  /** The result of a text that has not been edited since, open or not. */
  forUri(uri: vscode.Uri): Result | undefined {
    return this.byUri.get(uri.toString());
  }

  /** Whether an edit withdrew the result of a document and no newer result replaced it. */
  wasEdited(document: vscode.TextDocument | undefined): boolean {
    return document !== undefined && this.outdated.has(document.uri.toString());
  }

  /** The result that matches the current text of the document. */
  forDocument(document: vscode.TextDocument | undefined): Result | undefined {
    const result = document && this.byUri.get(document.uri.toString());
    if (!result || document.isClosed) return undefined;
    if (result.version === document.version) return result;
    if (result.version === undefined && document.getText() === result.source.document) {
      result.version = document.version;
      return result;
    }
    return undefined;
  }

  /**
   * Stores the results of a run, except for documents that were edited meanwhile.
   * @param byUser false for a run in the background: it does not become `lastRun`
   * @returns how many documents were edited meanwhile
   */
  put(run: Run, byUser = true): number {
    if (byUser) this.last = run;
    let edited = 0;
    run.sources.forEach((source, i) => {
      const key = source.uri.toString();
      this.remove(key);
      const result = {
        run,
        source,
        file: run.context.files[i]!,
        version: source.version,
        discarded: new AbortController(),
      };
      const open = openText(key);
      if (open && source.version !== open.version && open.getText() !== source.document) {
        edited++;
        this.outdated.set(key, result);
        return;
      }
      this.outdated.delete(key);
      this.byUri.set(key, { ...result, version: open?.version });
    });
    for (const key of this.byUri.keys()) if (this.byUri.size > MAX_RESULTS) this.remove(key);
    this.changed.fire();
    return edited;
  }

  clear(): void {
    for (const key of [...this.byUri.keys()]) this.remove(key);
    this.outdated.clear();
    this.last = undefined;
    this.changed.fire();
  }

  /** Removes every result of the runs that match, and `lastRun` if it matches. */
  removeRuns(matches: (run: Run) => boolean): void {
    const keys = [...this.byUri].filter(([, { run }]) => matches(run)).map(([key]) => key);
    for (const key of keys) this.remove(key);
    for (const [key, { run }] of this.outdated) if (matches(run)) this.outdated.delete(key);
    const ended = this.last !== undefined && matches(this.last);
    if (ended) this.last = undefined;
    if (ended || keys.length) this.changed.fire();
  }

  dispose(): void {
    this.clear();
    this.changed.dispose();
    for (const l of this.listeners) l.dispose();
  }

  /** An untitled text was closed for good: a run over it cannot be repeated. */
  private removeClosed(key: string): void {
    const had = this.remove(key) || this.outdated.delete(key);
    const ended = this.last?.sources.some((s) => s.uri.toString() === key) === true;
    if (ended) this.last = undefined;
    if (had || ended) this.changed.fire();
  }

  private setAside(key: string): boolean {
    const result = this.byUri.get(key);
    if (result) this.outdated.set(key, result);
    return this.remove(key);
  }

  /** Undo and redo can restore the exact text of an outdated result. */
  private restore(document: vscode.TextDocument): boolean {
    const key = document.uri.toString();
    const result = this.outdated.get(key);
    if (result?.source.document !== document.getText()) return false;
    this.outdated.delete(key);
    this.byUri.set(key, { ...result, version: document.version, discarded: new AbortController() });
    return true;
  }

  private remove(key: string): boolean {
    this.byUri.get(key)?.discarded.abort();
    return this.byUri.delete(key);
  }
}
