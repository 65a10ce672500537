// Knows which run a hand-over means, and that it is made afresh where it is no longer true.
import * as vscode from 'vscode';
import { isOwnDocument } from '../platform/openTabs';
import { keyOf } from './contextFiles';
import type { Results } from './results';
import type { Run } from './run';
import type { Runner } from './runner';
import { areCurrent, fromUri } from './sources';

export class CurrentRun {
  constructor(
    private readonly results: Results,
    private readonly runner: Runner,
    private readonly contextFiles: () => readonly vscode.Uri[],
  ) {}

  /** The active editor's, else the last one; undefined where none was made, or a text in front has none of its own. */
  get(): Run | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const active = uri && !isOwnDocument(uri) ? uri.toString() : undefined; // a text of ours is no wish of its own
    const available = (run: Run | undefined): Run | undefined =>
      run?.scope.kind === 'context' && !this.contextFiles().length ? undefined : run; // nothing is checked any more
    const shown = available(this.results.forDocument(vscode.window.activeTextEditor?.document)?.run);
    const last = available(this.results.lastRun);
    // An earlier run over several files is still meant from any editor; one over another single file is not.
    return (
      shown ??
      (last?.scope.kind === 'editor' && active !== undefined && last.sources[0]!.uri.toString() !== active
        ? undefined
        : last)
    );
  }

  /** Whether its texts are what they were, and the context still holds what it held. */
  async isCurrent({ scope, requestedUris: wanted, sources }: Run): Promise<boolean> {
    if (scope.kind === 'context' && keyOf(wanted) !== keyOf(this.contextFiles())) return false;
    const known = new Set(sources.map((s) => s.uri.toString()));
    for (const skipped of wanted.filter((u) => !known.has(u.toString()))) if (await canBeRead(skipped)) return false;
    return areCurrent(sources);
  }

  async refreshed(run: Run): Promise<Run | undefined> {
    return (await this.isCurrent(run)) ? run : this.runner.run(run.scope);
  }

  /** The run over what is checked in the Context view. */
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
