// Knows how an id in handed-over text leads back to the original.
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { ElisionStore, type Expanded, type Original } from '../../src/engine/elisionStore';
import { parseWanted } from '../../src/text/markers';
import type { Results, Run, Source } from '../documents';
import type { ResultDocuments } from '../resultDocument';
import { readHandoverSettings } from '../settings';
import { markerAt } from './markers';
import { isInside, resolveInside } from './workspaceRoots';

const { t } = vscode.l10n;
const MAX_WANTED = 4200; // a path and a line

/** Remembers every run's elisions; brings one back on request. */
export class Elisions implements vscode.Disposable {
  private readonly store: ElisionStore;
  private readonly listener: vscode.Disposable;
  private readonly issued = new Set<string>();
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
    for (const f of run.context.files) for (const e of f.elisions) this.issued.add(e.id).add(`${f.path}:${e.line}`);
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
    await this.writing; // the run that issued the id may have just ended
    const found = await this.store.expand(id, path);
    const given = wanted.kind === 'id' ? wanted.id : `${found.path}:${found.startLine}`;
    if (!this.issued.has(given) && !(await this.isOurs(found))) throw new CompressionError('unknownElision', id);
    const { guardPart } = await import('./heavy');
    const guarded = await guardPart(found.path, found.text, { start: 0, end: found.text.length }, readHandoverSettings().secrets);
    return { ...found, text: guarded.value };
  }

  /** Opens the text behind an id beside, read-only; asks for the id when none is given. @throws CompressionError */
  async expand(id?: string): Promise<void> {
    const wanted =
      id ??
      (await vscode.window.showInputBox({
        title: t('Expand Elision'),
        prompt: t('For a comment such as "120…": the path and the line, like src/app.ts:120, or k3fa:120 where the last comment of the file ends in #k3fa'),
        value: idAtCursor(),
        validateInput: (v) => (parseWanted(v) ? undefined : t('An id looks like k3fa:120; a path and a line do as well.')),
      }));
    if (!wanted) return;
    await this.writing; // the run that issued the id may have just ended
    const original = await this.store.expand(wanted.trim());
    await this.documents.showOriginal(original);
    const { path, startLine, endLine } = original;
    void vscode.window.setStatusBarMessage(startLine === endLine ? t('{0}, line {1}', path, startLine) : t('{0}, lines {1} to {2}', path, startLine, endLine), 8000);
  }

  private async isOurs({ file, path }: Expanded): Promise<boolean> {
    if (file !== undefined) return isInside(vscode.Uri.file(file));
    return resolveInside(path.replace(/#L\d+-L\d+$/, '')).then(
      () => true,
      () => false,
    );
  }

  private async keep(run: Run): Promise<void> {
    try {
      const originals = new Map<string, Original>();
      for (const s of run.sources) originals.set(s.path, await originalOf(s));
      await this.store.put(run.context, originals);
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
async function originalOf({ uri, document, start, end }: Source): Promise<Original> {
  const text = document.slice(start, end);
  if (uri.scheme !== 'file' || text.length !== document.length) return { text };
  const onDisk = await readFile(uri.fsPath, 'utf8').catch(() => undefined);
  return onDisk === text ? { file: uri.fsPath, text } : { text };
}
