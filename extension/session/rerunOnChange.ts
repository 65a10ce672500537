// Compresses the last texts again when a setting, a mark or the question changes.
import * as vscode from 'vscode';
import type { Marks } from './marks';
import type { Question } from './question';
import type { Changes, Runner } from './runner';
import { BUDGET_KEYS, SECTION, SHAPING_KEYS } from '../platform/settings';

const PAUSE_MS = 150; // several settings may be written one after another

export class RerunOnChange implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(runner: Runner, marks: Marks, question: Question) {
    let changes: Changes = {};
    const rerunSoon = (change: Changes): void => {
      changes = { ...changes, ...change };
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        void runner.rerun(changes);
        changes = {};
      }, PAUSE_MS);
    };
    this.listeners = [
      vscode.workspace.onDidChangeConfiguration((e) => {
        const hasOne = (keys: readonly string[]): boolean =>
          keys.some((key) => e.affectsConfiguration(`${SECTION}.${key}`));
        if (hasOne([...BUDGET_KEYS, 'profile', 'profiles'])) rerunSoon({ budget: true });
        else if (hasOne([...SHAPING_KEYS, 'format'])) rerunSoon({});
      }),
      marks.onDidChange(() => rerunSoon({ marks: true })),
      question.onDidChange(() => rerunSoon({})),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const l of this.listeners) l.dispose();
  }
}
