// Knows when a text is compressed without being asked: the setting is on, it is in front, and nobody types.
import * as vscode from 'vscode';
import type { Results } from '../session/results';
import type { Runner } from '../session/runner';
import { readSettings } from '../platform/settings';

const PAUSE_MS = 900;
const MAX_UNITS = 200_000; // beyond it one reading takes longer than a pause lasts
const UNSAVED = new Set(['untitled', 'vscode-notebook-cell']);
const SETTINGS = 'vscode-userdata';

export class LiveCompression implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private tried = ''; // a text is tried once: who cancels it means it
  private on = readSettings().live;

  constructor(
    private readonly runner: Runner,
    private readonly results: Results,
  ) {
    this.listeners = [
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (!e.affectsConfiguration('namm')) return;
        this.on = readSettings().live;
        this.tried = '';
        this.wait();
      }),
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (this.on && e.contentChanges.length && e.document === vscode.window.activeTextEditor?.document) this.wait();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.wait()),
      runner.onActivity((a) => a.kind === 'idle' && this.wait()),
    ];
    this.wait();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const l of this.listeners) l.dispose();
  }

  private wait(): void {
    clearTimeout(this.timer);
    if (this.on) this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  private look(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (
      !document ||
      this.runner.activity.kind === 'running' ||
      this.results.forDocument(document) ||
      !isWorkedOn(document.uri)
    )
      return;
    const text = document.getText();
    const key = `${document.uri.toString()} ${document.version}`;
    if (key === this.tried || !text.trim() || text.length > MAX_UNITS) return;
    this.tried = key;
    void this.runner.runInBackground(document);
  }
}

/** What a user writes: files, wherever they are kept, and what will be one; not output, history or our own texts. */
function isWorkedOn({ scheme }: vscode.Uri): boolean {
  return UNSAVED.has(scheme) || (scheme !== SETTINGS && vscode.workspace.fs.isWritableFileSystem(scheme) === true);
}
