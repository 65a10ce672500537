// Knows which compression belongs to which document, and when it no longer does.
import * as vscode from 'vscode';
import type { Budget } from '../../src/core/budget';
import type { CompressedContext, CompressedFile, CompressRequest } from '../../src/core/context';
import { openText } from '../platform/openText';

/** Where a text came from, so that a run can be repeated. */
export type Scope =
  | { readonly kind: 'editor'; readonly uri: vscode.Uri; readonly part?: Part } // of a selection: what it was
  | { readonly kind: 'editors' }
  | { readonly kind: 'notebook'; readonly uri: vscode.Uri }
  | { readonly kind: 'context' }
  | { readonly kind: 'files'; readonly uris: readonly vscode.Uri[] }
  | { readonly kind: 'texts'; readonly sources: readonly Source[] }; // these, parts of files among them

/** A stretch of a text; where it stands after edits, the two texts tell. */
export type Part = Pick<Source, 'document' | 'start' | 'end'>;

/** One text as it was when the run began. */
export interface Source {
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly languageId: string;
  /** The whole document; the compressed part is [start, end) of it. */
  readonly document: string;
  readonly start: number;
  readonly end: number;
  /** Version of the open document; undefined when the text was read from disk. */
  readonly version: number | undefined;
}

export interface Run {
  readonly scope: Scope;
  /** What the scope stood for: addresses of its texts, and of those that were skipped. */
  readonly wanted: readonly vscode.Uri[];
  /** What was asked, so that it can be asked again with another budget. */
  readonly request: CompressRequest;
  readonly context: CompressedContext;
  /** The question it was compressed for. */
  readonly query: string | undefined;
  readonly sources: readonly Source[];
  /** A budget that the inspector's slider set, in place of the settings'. */
  readonly slid?: Budget;
}

/** What one document shows. */
export interface Result {
  readonly run: Run;
  readonly source: Source;
  readonly file: CompressedFile;
  version: number | undefined;
  /** Fires when the document no longer shows this result. */
  readonly gone: AbortController;
}

const MAX_RESULTS = 256; // more than one Explorer run can make

export class Results implements vscode.Disposable {
  private readonly byUri = new Map<string, Result>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  private readonly edited = new Map<string, Result>(); // what an edit took away, and undoing it gives back
  private last: Run | undefined;
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listeners = [
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (!e.contentChanges.length) return; // a mere dirty flag changes nothing
        if (this.takeAway(e.document.uri.toString()) || (e.reason !== undefined && this.giveBack(e.document)))
          this.changed.fire();
      }),
      vscode.workspace.onDidCloseTextDocument((d) => {
        const key = d.uri.toString();
        if (d.isUntitled) return void setTimeout(() => openText(key) ?? this.discard(key)); // another language closes and opens it
        this.edited.delete(key);
        const result = this.byUri.get(key);
        if (result) result.version = undefined; // versions start again when it is opened again
      }),
    ];
  }

  get size(): number {
    return this.byUri.size;
  }

  get lastRun(): Run | undefined {
    return this.last;
  }

  /** The result of a text that was not edited since, whether it is open or not. */
  at(uri: vscode.Uri): Result | undefined {
    return this.byUri.get(uri.toString());
  }

  /** Whether an edit took the result of a document away, and nothing came in its place. */
  wasEdited(document: vscode.TextDocument | undefined): boolean {
    return document !== undefined && this.edited.has(document.uri.toString());
  }

  /** The result that is true of the document as it stands. */
  of(document: vscode.TextDocument | undefined): Result | undefined {
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
   * Takes over what a run found, except for documents that were edited meanwhile.
   * @param asked false for one that the user did not ask for: it is not what "the last" means
   * @returns how many were edited
   */
  put(run: Run, asked = true): number {
    if (asked) this.last = run;
    let edited = 0;
    run.sources.forEach((source, i) => {
      const key = source.uri.toString();
      this.forget(key);
      const result = { run, source, file: run.context.files[i]!, version: source.version, gone: new AbortController() };
      const open = openText(key);
      if (open && source.version !== open.version && open.getText() !== source.document) {
        edited++;
        this.edited.set(key, result);
        return;
      }
      this.edited.delete(key);
      this.byUri.set(key, { ...result, version: open?.version });
    });
    for (const key of this.byUri.keys()) if (this.byUri.size > MAX_RESULTS) this.forget(key);
    this.changed.fire();
    return edited;
  }

  clear(): void {
    for (const key of [...this.byUri.keys()]) this.forget(key);
    this.edited.clear();
    this.last = undefined;
    this.changed.fire();
  }

  /** For runs that have lost what they were about: nothing shows them, and none is "the last" any more. */
  end(over: (run: Run) => boolean): void {
    const keys = [...this.byUri].filter(([, { run }]) => over(run)).map(([key]) => key);
    for (const key of keys) this.forget(key);
    for (const [key, { run }] of this.edited) if (over(run)) this.edited.delete(key);
    const ended = this.last !== undefined && over(this.last);
    if (ended) this.last = undefined;
    if (ended || keys.length) this.changed.fire();
  }

  dispose(): void {
    this.clear();
    this.changed.dispose();
    for (const l of this.listeners) l.dispose();
  }

  /** A text that is nowhere any more: a run over it cannot be made again. */
  private discard(key: string): void {
    const had = this.forget(key) || this.edited.delete(key);
    const ended = this.last?.sources.some((s) => s.uri.toString() === key) === true;
    if (ended) this.last = undefined;
    if (had || ended) this.changed.fire();
  }

  private takeAway(key: string): boolean {
    const result = this.byUri.get(key);
    if (result) this.edited.set(key, result);
    return this.forget(key);
  }

  /** Undo and redo can lead back to the very text. */
  private giveBack(document: vscode.TextDocument): boolean {
    const key = document.uri.toString();
    const result = this.edited.get(key);
    if (result?.source.document !== document.getText()) return false;
    this.edited.delete(key);
    this.byUri.set(key, { ...result, version: document.version, gone: new AbortController() });
    return true;
  }

  private forget(key: string): boolean {
    this.byUri.get(key)?.gone.abort();
    return this.byUri.delete(key);
  }
}

/** Of one text its own, of several those of all that leaves. */
export function tokensOf({ files, recipientTokens }: CompressedContext): CompressedContext['recipientTokens'] {
  return files.length > 1 ? recipientTokens : { ...recipientTokens, ...files[0]!.recipientTokens };
}
