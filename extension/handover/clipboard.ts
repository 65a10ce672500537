// Knows how compressed context reaches the clipboard.
import * as vscode from 'vscode';
import type { Run } from '../documents';
import { count } from '../messages';
import { outgoing } from './outgoing';

const { t } = vscode.l10n;

/** @throws CompressionError secretsFound, where credentials are set to block */
export async function copyRun(run: Run): Promise<void> {
  const { text, secrets } = await outgoing(run);
  await vscode.env.clipboard.writeText(text);
  const { before, after } = run.context.readerTokens;
  const redacted = secrets.length ? ` · ${t('{0} credentials redacted', secrets.length)}` : '';
  vscode.window.setStatusBarMessage(`$(check) ${t('Copied {0} of {1} tokens', count(after), count(before))}${redacted}`, 4000);
}
