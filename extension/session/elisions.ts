// The way back from an id in handed-over text to the original: remembers what runs left out, and brings it back.
import * as vscode from 'vscode';
import { MAX_STORE_BYTES } from '../../src/core/limits';
import { textAt, type ElisionStorePort, type Original } from '../../src/elisions/elision';
import { IssuedElisions } from '../../src/elisions/issued';
import { parseElisionName } from '../../src/core/elisionName';
import type { ElisionScope } from '../../src/elisions/resolve';
import { markerAt } from '../../src/format/pastedMarkers';
import { digest } from '../../src/node/elisions/elisionStore';
import { readRegular } from '../../src/node/files/regularFile';
import type { GuardedElision, Session } from '../../src/session/session';
import { readHandoverSettings } from '../platform/settings';
import { isInside, resolveInside } from '../platform/workspaceRoots';
import type { ResultDocuments } from './resultDocuments';
import type { Results } from './results';
import type { Run, Source } from './run';

const { t } = vscode.l10n;

/** Remembers every run's elisions; brings one back on request. */
export class Elisions implements vscode.Disposable {
  private readonly listener: vscode.Disposable;
  private readonly issued = new IssuedElisions(); // by this window
  private remembered: Run | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    results: Results,
    private readonly documents: ResultDocuments,
    private readonly session: Session,
    private readonly store: ElisionStorePort,
    private readonly log: vscode.LogOutputChannel,
  ) {
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
   * @param handedOver false if it is only shown: a slider makes many runs, and of those that wait only the newest is written
   */
  remember(run: Run, handedOver = true): Promise<void> {
    this.remembered = run;
    return (this.writing = this.writing.then(() =>
      handedOver || run === this.remembered ? this.write(run) : undefined,
    ));
  }

  /**
   * For a model, which may guess: only what this window gave out or what lies in its folders. Credentials are redacted
   * as set.
   * @throws CompressionError as `Session.expand`
   */
  async lookUp(id: string, path?: string): Promise<GuardedElision> {
    await this.writing; // the run that issued the id may have just ended
    const { secrets, secretsEntropy: entropy } = readHandoverSettings();
    return this.session.expand({ id, path }, this.scope(false), secrets, { entropy });
  }

  /** Opens the text behind an id beside, read-only; asks for the id if none is given. @throws CompressionError */
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
          parseElisionName(v) ? undefined : t('An id looks like k3fa:120; a path and a line do as well.'),
      }));
    if (!wanted) return;
    await this.writing;
    // It is the user's own text, shown to the user alone: credentials stay, and an id of another window is good enough.
    const original = await this.session.expand({ id: wanted.trim() }, this.scope(true), 'off');
    await this.documents.showOriginal(original);
    const { path, startLine, endLine } = original;
    void vscode.window.setStatusBarMessage(
      startLine === endLine
        ? t('{0}, line {1}', path, startLine)
        : t('{0}, lines {1} to {2}', path, startLine, endLine),
      8000,
    );
  }

  /** @param everything whether the asker may have what other windows left out, too */
  private scope(everything: boolean): ElisionScope {
    return {
      mayHave: async (match) => {
        const at = match.file ?? match.home;
        return everything || this.issued.has(match) || (at !== undefined && (await isInside(vscode.Uri.file(at))));
      },
      // The path of a selection or a cell names its file in front of the "#".
      locate: (path) =>
        resolveInside(path.replace(/#(L\d|cell-).*$/, '')).then(
          (uri) => uri.fsPath,
          () => undefined,
        ),
      display: (match) => Promise.resolve(textAt(match) ?? match.path),
    };
  }

  private async write(run: Run): Promise<void> {
    try {
      const originals = await Promise.all(run.sources.map(originalOf));
      await this.store.put(run.context, originals);
      this.issued.add(
        run.context,
        originals.map((o) => digest(o.text)),
      );
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

/** By file if the disk holds exactly this text, else by the text itself. */
async function originalOf({ uri, document, start, end }: Source): Promise<Original> {
  const part = { text: document, start, end };
  if (uri.scheme !== 'file') return part;
  const onDisk = await readRegular(uri.fsPath, { limit: MAX_STORE_BYTES }).then(String, () => undefined);
  return { ...part, [onDisk === document ? 'file' : 'home']: uri.fsPath };
}
