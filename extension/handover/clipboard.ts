// Knows how compressed context reaches the clipboard.
import * as vscode from 'vscode';
import { formatContext } from '../../src/text/format';
import type { Run } from '../documents';
import { count } from '../messages';

export async function copyRun(run: Run): Promise<void> {
  await vscode.env.clipboard.writeText(formatContext(run.context.files));
  const { before, after } = run.context.readerTokens;
  vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('Copied {0} of {1} tokens', count(after), count(before))}`, 4000);
}
