// The commands that change how editors show a result.
import * as vscode from 'vscode';
import type { Notifications } from '../platform/notifications';
import type { Decorations } from './decorations';
import type { HoleFolds } from '../holes/folds';

const { t } = vscode.l10n;

export function decorationCommands(
  decorations: Decorations,
  folds: HoleFolds,
  notifications: Notifications,
): Readonly<Record<string, () => unknown>> {
  return {
    'namm.toggleDecorations': () => decorations.toggle(),
    'namm.toggleHeatMap': () => decorations.toggleHeat(),
    'namm.foldElisions': async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !(await folds.fold(editor)))
        notifications.info(t('Nothing long enough to fold goes in this text.'));
    },
    'namm.unfoldElisions': async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !(await folds.unfold(editor))) notifications.info(t('Nothing is folded here by this extension.'));
    },
  };
}
