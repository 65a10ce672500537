// Knows how an id in handed-over text leads back to the original.
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { digest, ElisionStore, type Expanded, type Match, type Original } from '../../src/node/elisions/elisionStore';
import { parseWanted } from '../../src/elisions/markers';
import type { Results } from './results';
import type { Run, Source } from './run';
import type { ResultDocuments } from './resultDocuments';
import { readHandoverSettings } from '../platform/settings';
import { markerAt } from '../../src/format/pastedMarkers';
import { isInside } from '../platform/workspaceRoots';

const { t } = vscode.l10n;
const MAX_WANTED = 4200; // a path and a line

/** Remembers every run's elisions; brings one back on request. */
export class Elisions implements vscode.Disposable {
  private readonly store: ElisionStore;
  private readonly listener: vscode.Disposable;
  private readonly issued = new Set<string>(); // which elisions of which texts this window gave out
  private remembered: Run | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    results: Results,
    private readonly documents: ResultDocuments,
    storage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.store = new ElisionStore(storage.fsPath);
    this.listener = results.onDidChange(() => {
      const run = results.lastRun;
      if (run && run !== this.remembered) void this.remember(run, false);
    });
  }

  dispose(): void {
    this.listener.dispose();
  }

  /**
   * Settles when every elision of the run can be expanded.
   * @param handed false where it is only shown: a slider makes many, and of those that wait only the newest is written
   */
  remember(run: Run, handed = true): Promise<void> {
    this.remembered = run;
    return (this.writing = this.writing.then(() => (handed || run === this.remembered ? this.keep(run) : undefined)));
  }

  /**
   * For a model, which may guess: only what this window gave out or what lies in its folders.
   * Credentials are redacted as everywhere.
   * @throws CompressionError unknownElision | elisionStale | unreadable | secretsFound
   */
  async lookUp(id: string, path?: string): Promise<Expanded> {
    const wanted = id.length <= MAX_WANTED ? parseWanted(id) : undefined;
    if (!wanted) throw new CompressionError('unknownElision', id.slice(0, 40));
    const match = await this.match(id, path);
    if (!match) throw new CompressionError('unknownElision', id);
    const found = await match.expand();
    const { guardPart } = await import('../platform/lazyBundle');
    const guarded = await guardPart(found.path, found.source, readHandoverSettings().secrets);
    return { ...found, text: guarded.value };
  }

  /** Opens the text behind an id beside, read-only; asks for the id when none is given. @throws CompressionError */
  async expand(id?: string): Promise<void> {
    const wanted =
      id ??
      (await vscode.window.showInputBox({
        title: t('Expand Elision'),
        prompt: t(
          'For a comment such as "120…": the path and the line, like src/app.ts:120, or k3fa:120 where the last comment of the file ends in #k3fa',
        ),
        value: idAtCursor(),
        validateInput: (v) =>
          parseWanted(v) ? undefined : t('An id looks like k3fa:120; a path and a line do as well.'),
      }));
    if (!wanted) return;
    // An id of another window is good enough for the user; a path means the file of this one.
    const original = await ((await this.match(wanted.trim()))?.expand() ?? this.store.expand(wanted.trim()));
    await this.documents.showOriginal(original);
    const { path, startLine, endLine } = original;
    void vscode.window.setStatusBarMessage(
      startLine === endLine
        ? t('{0}, line {1}', path, startLine)
        : t('{0}, lines {1} to {2}', path, startLine, endLine),
      8000,
    );
  }

  /** The newest that this window gave out or that lies in its folders: another one may know a file of the same name. */
  private async match(id: string, path?: string): Promise<Match | undefined> {
    await this.writing; // the run that issued the id may have just ended
    for (const m of await this.store.matches(id)) {
      const at = m.file ?? m.home;
      if (path !== undefined && m.path !== path && at !== path) continue;
      if (this.issued.has(keyOf(m)) || (at !== undefined && (await isInside(vscode.Uri.file(at))))) return m;
    }
    return undefined;
  }

  private async keep(run: Run): Promise<void> {
    try {
      const originals = await Promise.all(run.sources.map(originalOf));
      await this.store.put(run.context, originals);
      for (const [i, f] of run.context.files.entries())
        for (const { id } of f.elisions)
          this.issued.add(keyOf({ id, path: f.path, sha256: digest(originals[i]!.text) }));
    } catch (error) {
      // The compression itself is good; only the way back by id is lost.
      this.log.warn(`elisions not remembered: ${(error as NodeJS.ErrnoException).code ?? (error as Error).name}`);
    }
  }
}

/** The id of the marker that the cursor stands on or beside, wherever the compressed text was pasted. */
function idAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  return (editor && markerAt(editor.document.getText(), editor.document.offsetAt(editor.selection.active))?.id) ?? '';
}

/** By file where the disk holds exactly this text, else by the text itself. */
async function originalOf({ uri, document, start }: Source): Promise<Original> {
  if (uri.scheme !== 'file') return { text: document, start };
  const onDisk = await readFile(uri.fsPath, 'utf8').catch(() => undefined);
  return { [onDisk === document ? 'file' : 'home']: uri.fsPath, text: document, start };
}

const keyOf = ({ id, path, sha256 }: Pick<Match, 'id' | 'path' | 'sha256'>): string => `${id} ${path} ${sha256}`;
