// The commands that change how editors show a result.
import * as vscode from 'vscode';
import type { Notifications } from '../platform/notifications';
import type { Decorations } from './decorations';

const { t } = vscode.l10n;

export function decorationCommands(
  decorations: Decorations,
  notifications: Notifications,
): Readonly<Record<string, () => unknown>> {
  return {
    'namm.toggleDecorations': () => decorations.toggle(),
    'namm.toggleHeatMap': () => decorations.toggleHeat(),
    'namm.foldElisions': async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !(await decorations.fold(editor)))
        notifications.info(t('Nothing long enough to fold goes in this text.'));
    },
    'namm.unfoldElisions': async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !(await decorations.unfold(editor)))
        notifications.info(t('Nothing is folded here by this extension.'));
    },
  };
}
