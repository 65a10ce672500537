// Knows what makes the last result another one: a budget, a wish, a question. Then the same texts are compressed once more.
import * as vscode from 'vscode';
import type { Marks } from './marks';
import type { Question } from './question';
import type { Runner } from './runner';
import { BUDGET_KEYS, SECTION, SHAPING_KEYS } from '../platform/settings';

const PAUSE_MS = 150; // several settings may be written one after another

export class Refresh implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(runner: Runner, marks: Marks, question: Question) {
    let changed: { marked?: boolean; budget?: boolean } = {};
    const soon = (what: typeof changed): void => {
      changed = { ...changed, ...what };
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        void runner.rerun(changed);
        changed = {};
      }, PAUSE_MS);
    };
    this.listeners = [
      vscode.workspace.onDidChangeConfiguration((e) => {
        const hasOne = (keys: readonly string[]): boolean =>
          keys.some((key) => e.affectsConfiguration(`${SECTION}.${key}`));
        if (hasOne([...BUDGET_KEYS, 'profile', 'profiles'])) soon({ budget: true });
        else if (hasOne([...SHAPING_KEYS, 'format'])) soon({});
      }),
      marks.onDidChange(() => soon({ marked: true })),
      question.onDidChange(() => soon({})),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const l of this.listeners) l.dispose();
  }
}
