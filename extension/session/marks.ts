// Stores the ranges that the user pinned or excluded, per document, in the workspace.
import * as vscode from 'vscode';
import type { Span } from '../../src/core/span';
import { openText } from '../platform/openTexts';
import {
  locateMarks,
  addMark,
  locateMark,
  movedMarks,
  shiftMarks,
  removeMarks,
  type Mark,
  type MarkKind,
} from './markMath';
import { uriAfterRename } from '../platform/renamedFiles';

const KEY = 'marks';
const MAX_TEXT = 100_000; // UTF-16 units of marked text stored per document

export class Marks implements vscode.Disposable {
  private readonly byUri = new Map<string, readonly Mark[]>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly listeners: vscode.Disposable[];
  /** Fires when the user changes marks, not when an edit moves them. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {
    for (const [uri, marks] of Object.entries(memory.get<Record<string, Mark[]>>(KEY, {}))) this.byUri.set(uri, marks);
    this.setContextKey();
    vscode.workspace.textDocuments.forEach((d) => this.relocate(d));
    this.listeners = [
      vscode.workspace.onDidOpenTextDocument((d) => this.relocate(d)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const marks = this.byUri.get(document.uri.toString());
        if (!marks || !contentChanges.length) return;
        const changes = contentChanges.map((c) => ({
          offset: c.rangeOffset,
          length: c.rangeLength,
          inserted: c.text.length,
        }));
        this.put(
          document.uri,
          movedMarks(marks, changes) ?? shiftMarks(marks, changes, document.getText(), !document.isDirty),
        );
      }),
      vscode.workspace.onDidCloseTextDocument((d) => {
        if (d.isUntitled) this.forgetUnlessOpen(d.uri);
        this.save();
      }),
      vscode.workspace.onDidSaveTextDocument(() => this.save()),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const [key, marks] of [...this.byUri]) {
          const from = vscode.Uri.parse(key);
          const to = uriAfterRename(from, files);
          if (!to) continue;
          this.put(from, []);
          this.put(to, marks);
        }
        this.save();
      }),
    ];
  }

  dispose(): void {
    for (const d of [...this.listeners, this.changed]) d.dispose();
  }

  /** The marks of a document, at their present place in `text`. Marks whose text is away are left out, but not forgotten. */
  of(uri: vscode.Uri, text: string): readonly Mark[] {
    return locateMarks(this.byUri.get(uri.toString()) ?? [], text);
  }

  has(uri: vscode.Uri): boolean {
    return this.byUri.has(uri.toString());
  }

  /** Empty ranges are left out. */
  add(kind: MarkKind, document: vscode.TextDocument, ranges: readonly vscode.Range[]): void {
    this.change(document, (marks, text) =>
      ranges
        .filter((range) => !range.isEmpty)
        .reduce<readonly Mark[]>(
          (all, range) => addMark(all, { kind, ...spanOf(document, range), text: '' }, text),
          marks,
        ),
    );
  }

  /** Removes or shortens the marks on the ranges. */
  remove(document: vscode.TextDocument, ranges: readonly vscode.Range[]): void {
    this.change(document, (marks, text) =>
      ranges.reduce<readonly Mark[]>((all, range) => {
        const { start, end } = spanOf(document, range);
        return removeMarks(all, start, end, text);
      }, marks),
    );
  }

  clear(uri: vscode.Uri): void {
    if (this.has(uri)) this.replace(uri, []);
  }

  private change(document: vscode.TextDocument, make: (marks: readonly Mark[], text: string) => readonly Mark[]): void {
    const text = document.getText();
    const before = this.of(document.uri, text);
    const after = make(before, text);
    if (after.length === before.length && after.every((m, i) => m === before[i])) return;
    this.replace(document.uri, [...after, ...this.awayMarks(document.uri, text)]);
  }

  private awayMarks(uri: vscode.Uri, text: string): readonly Mark[] {
    return (this.byUri.get(uri.toString()) ?? []).map((m) => locateMark(m, text)).filter((m) => m.away);
  }

  /** Moves the marks to their place in an opened document. From then on they follow its edits. */
  private relocate(document: vscode.TextDocument): void {
    const marks = this.byUri.get(document.uri.toString());
    if (marks)
      this.put(
        document.uri,
        marks.map((m) => locateMark(m, document.getText())),
      );
  }

  /** The next untitled text may reuse the name. A mere change of language closes and reopens the document. */
  private forgetUnlessOpen(uri: vscode.Uri): void {
    setTimeout(() => {
      if (!openText(uri)) this.put(uri, []);
    });
  }

  private replace(uri: vscode.Uri, marks: readonly Mark[]): void {
    this.put(uri, marks);
    this.save();
    this.changed.fire(uri);
  }

  private put(uri: vscode.Uri, marks: readonly Mark[]): void {
    const before = this.byUri.size;
    if (marks.length) this.byUri.set(uri.toString(), marks);
    else this.byUri.delete(uri.toString());
    if (!before !== !this.byUri.size) this.setContextKey();
  }

  private setContextKey(): void {
    void vscode.commands.executeCommand('setContext', 'namm.hasMarks', this.byUri.size > 0);
  }

  private save(): void {
    const kept = [...this.byUri].filter(
      ([uri, marks]) => !uri.startsWith('untitled:') && marks.reduce((n, m) => n + m.text.length, 0) <= MAX_TEXT,
    );
    void this.memory.update(KEY, kept.length ? Object.fromEntries(kept) : undefined);
  }
}

function spanOf(document: vscode.TextDocument, { start, end }: vscode.Range): Span {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}
