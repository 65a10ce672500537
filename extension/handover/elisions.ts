// Knows how an id in handed-over text leads back to the original.
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { ElisionStore, type Original } from '../../src/engine/elisionStore';
import type { Results, Run, Source } from '../documents';

const { t } = vscode.l10n;
const ID = /^#?[a-z2-7]{4,}$/;

/** Remembers every run's elisions; brings one back on request. */
export class Elisions implements vscode.Disposable {
  private readonly store: ElisionStore;
  private readonly listener: vscode.Disposable;
  private remembered: Run | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    results: Results,
    storage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.store = new ElisionStore(storage.fsPath);
    this.listener = results.onDidChange(() => {
      const run = results.lastRun;
      if (!run || run === this.remembered) return;
      this.remembered = run;
      this.writing = this.writing.then(() => this.remember(run));
    });
  }

  dispose(): void {
    this.listener.dispose();
  }

  /** Opens the text behind an id beside; asks for the id when none is given. @throws CompressionError */
  async expand(id?: string): Promise<void> {
    const wanted =
      id ??
      (await vscode.window.showInputBox({
        title: t('Expand Elision'),
        prompt: t('The id in a comment such as "… 12 lines #k3fa"'),
        placeHolder: '#k3fa',
        validateInput: (v) => (ID.test(v.trim()) ? undefined : t('An id has four or more of the characters a-z and 2-7.')),
      }));
    if (!wanted) return;
    await this.writing; // the run that issued the id may have just ended
    const { text, languageId, path, startLine, endLine } = await this.store.expand(wanted.trim());
    const known = (await vscode.languages.getLanguages()).includes(languageId);
    const document = await vscode.workspace.openTextDocument({ content: text, ...(known ? { language: languageId } : {}) });
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
    void vscode.window.setStatusBarMessage(t('{0}, lines {1} to {2}', path, startLine, endLine), 8000);
  }

  private async remember(run: Run): Promise<void> {
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

/** By file where the disk holds exactly this text, else by the text itself. */
async function originalOf({ uri, document, start, end }: Source): Promise<Original> {
  const text = document.slice(start, end);
  if (uri.scheme !== 'file' || text.length !== document.length) return { text };
  const onDisk = await readFile(uri.fsPath, 'utf8').catch(() => undefined);
  return onDisk === text ? { file: uri.fsPath, text } : { text };
}
