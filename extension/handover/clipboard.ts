// Knows how compressed context reaches the clipboard.
import * as vscode from 'vscode';
import { tokensOf, type Run } from '../session/run';
import { count } from '../platform/messages';
import { payloadOf } from './payload';

const { t } = vscode.l10n;

/** @returns true: it left. @throws CompressionError secretsFound, where credentials are set to block */
export async function copyRun(run: Run): Promise<true> {
  const { text, secrets } = await payloadOf(run, { alone: 'block' }); // wherever it is pasted, it says what it is
  await vscode.env.clipboard.writeText(text);
  const { before, after } = tokensOf(run.context);
  const redacted = secrets.length ? ` · ${t('{0} credentials redacted', secrets.length)}` : '';
  const [first, ...others] = run.sources; // what was compressed before may no longer be in sight
  const copied = others.length
    ? t('Copied {0} files: {1} of {2} tokens', run.sources.length, count(after), count(before))
    : t('Copied {0}: {1} of {2} tokens', first!.path, count(after), count(before));
  vscode.window.setStatusBarMessage(`$(check) ${copied}${redacted}`, 4000);
  return true;
}
