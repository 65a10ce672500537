// Finds the run that a hand-over is about, and repeats it when it is outdated.
import * as vscode from 'vscode';
import { isOwnDocument } from '../platform/openTexts';
import { keyOf } from './contextFiles';
import type { ResultDocuments } from './resultDocuments';
import type { Results } from './results';
import type { Run } from './run';
import type { Runner } from './runner';
import { areCurrent, fromUri } from './sources';

export class CurrentRun {
  constructor(
    private readonly results: Results,
    private readonly runner: Runner,
    private readonly contextFiles: () => readonly vscode.Uri[],
    private readonly documents: Pick<ResultDocuments, 'resultOf'>,
  ) {}

  /** The run of the active editor, or of the result that it shows, else the last one; undefined if there is none or it is about another single text. */
  get(): Run | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const { run } = this.documents.resultOf(uri) ?? {};
    if (run) return run;
    const active = uri && !isOwnDocument(uri) ? uri.toString() : undefined; // our own documents do not count
    const available = (run: Run | undefined): Run | undefined =>
      run?.scope.kind === 'context' && !this.contextFiles().length ? undefined : run; // no file is checked any more
    const shown = available(this.results.forDocument(vscode.window.activeTextEditor?.document)?.run);
    const last = available(this.results.lastRun);
    // From another editor, an earlier run over several files still counts, one over a single file does not.
    return (
      shown ??
      (last?.scope.kind === 'editor' && active !== undefined && last.sources[0]!.uri.toString() !== active
        ? undefined
        : last)
    );
  }

  /** Whether the texts of the run, and the checked files if it is about the context, are unchanged. */
  async isCurrent({ scope, requestedUris, sources }: Run): Promise<boolean> {
    if (scope.kind === 'context' && keyOf(requestedUris) !== keyOf(this.contextFiles())) return false;
    const known = new Set(sources.map((s) => s.uri.toString()));
    for (const skipped of requestedUris.filter((u) => !known.has(u.toString())))
      if (await canBeRead(skipped)) return false;
    return areCurrent(sources);
  }

  /** The run itself if it is current, else a new run over the same scope; undefined if that failed. */
  async refreshed(run: Run): Promise<Run | undefined> {
    return (await this.isCurrent(run)) ? run : this.runner.run(run.scope);
  }

  /** The current run over the checked files of the Context view. */
  async ofContext(): Promise<Run | undefined> {
    const run = this.results.lastRun;
    return run?.scope.kind === 'context' ? this.refreshed(run) : this.runner.run({ kind: 'context' });
  }
}

const canBeRead = (uri: vscode.Uri): Promise<boolean> =>
  fromUri(uri).then(
    () => true,
    () => false,
  );
