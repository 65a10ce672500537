// Compresses the active text in the background when the user pauses, if the setting `namm.live` is on.
import * as vscode from 'vscode';
import type { Results } from '../session/results';
import type { Runner } from '../session/runner';
import { isEditable } from '../platform/openTexts';
import { readSettings } from '../platform/settings';

const PAUSE_MS = 900;
const MAX_UNITS = 200_000; // reading a longer text takes longer than a pause

export class LiveCompression implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private tried = ''; // each version of a text is tried once, so a cancelled run does not start again
  private enabled = readSettings().live;

  constructor(
    private readonly runner: Runner,
    private readonly results: Results,
  ) {
    this.listeners = [
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (!e.affectsConfiguration('namm')) return;
        this.enabled = readSettings().live;
        this.tried = '';
        this.schedule();
      }),
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (this.enabled && e.contentChanges.length && e.document === vscode.window.activeTextEditor?.document)
          this.schedule();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.schedule()),
      runner.onActivity((a) => a.kind === 'idle' && this.schedule()),
    ];
    this.schedule();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const l of this.listeners) l.dispose();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.enabled) this.timer = setTimeout(() => this.compressActive(), PAUSE_MS);
  }

  private compressActive(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (
      !document ||
      this.runner.activity.kind === 'running' ||
      this.results.forDocument(document) ||
      !isEditable(document.uri)
    )
      return;
    const text = document.getText();
    const key = `${document.uri.toString()} ${document.version}`;
    if (key === this.tried || !text.trim() || text.length > MAX_UNITS) return;
    this.tried = key;
    void this.runner.runInBackground(document);
  }
}
