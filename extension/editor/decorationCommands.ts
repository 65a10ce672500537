// Knows the commands that change how an editor shows a result.
import * as vscode from 'vscode';
import type { Runner } from '../session/runner';
import type { Decorations } from './decorations';

const { t } = vscode.l10n;

export function decorationCommands(decorations: Decorations, runner: Runner): Readonly<Record<string, () => unknown>> {
  return {
    'namm.toggleDecorations': () => decorations.toggle(),
    'namm.toggleHeatMap': () => decorations.toggleHeat(),
    'namm.foldElisions': async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !(await decorations.fold(editor))) runner.say(t('Nothing long enough to fold goes in this text.'));
    },
    'namm.unfoldElisions': () => vscode.commands.executeCommand('editor.removeManualFoldingRanges'),
  };
}
