// Copies compressed context to the clipboard.
import * as vscode from 'vscode';
import { tokensOf, type Run } from '../session/run';
import { count } from '../platform/messages';
import { payloadOf } from './runPayload';

const { t } = vscode.l10n;

/** @returns true: it was handed over. @throws CompressionError secretsFound, if the setting blocks credentials */
export async function copyRun(run: Run): Promise<true> {
  const { text, secrets } = await payloadOf(run, { alone: 'block' }); // a block says what it is, wherever it is pasted
  await vscode.env.clipboard.writeText(text);
  const { before, after } = tokensOf(run.context);
  const redacted = secrets.length ? ` · ${t('{0} credentials redacted', secrets.length)}` : '';
  const [first, ...others] = run.sources; // the message names the file, because it may not be visible
  const copied = others.length
    ? t('Copied {0} files: {1} of {2} tokens', run.sources.length, count(after), count(before))
    : t('Copied {0}: {1} of {2} tokens', first!.path, count(after), count(before));
  vscode.window.setStatusBarMessage(`$(check) ${copied}${redacted}`, 4000);
  return true;
}
