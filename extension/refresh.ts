// Knows what makes the last result another one: a budget, a wish, a question. Then the same texts are compressed once more.
import * as vscode from 'vscode';
import type { Marks } from './context/marks';
import type { Question } from './context/question';
import type { Runner } from './runner';
import { SECTION, SHAPING_KEYS } from './settings';

const PAUSE_MS = 150; // several settings may be written one after another

export class Refresh implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(runner: Runner, marks: Marks, question: Question) {
    let marked = false;
    const soon = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        void runner.again(marked);
        marked = false;
      }, PAUSE_MS);
    };
    this.listeners = [
      vscode.workspace.onDidChangeConfiguration((e) => {
        if ([...SHAPING_KEYS, 'profile', 'profiles'].some((key) => e.affectsConfiguration(`${SECTION}.${key}`))) soon();
      }),
      marks.onDidChange(() => {
        marked = true;
        soon();
      }),
      question.onDidChange(soon),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const l of this.listeners) l.dispose();
  }
}
