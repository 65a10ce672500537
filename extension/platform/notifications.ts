// Shows messages to the user: a failure as one sentence with at most one button, and short notes.
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { sentenceFor, skippedInWords, type Skipped } from './messages';

/** A button of a message, and what it does. */
type Button = Pick<vscode.Command, 'title' | 'command'> & { readonly arguments?: readonly unknown[] };

export class Notifications {
  /** Every message shown, oldest first. Tests read it. */
  readonly shown: string[] = [];

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Logs a failure and shows its sentence. Does nothing for a cancellation. */
  error(error: unknown): void {
    const sentence = sentenceFor(error);
    if (!sentence) return;
    if (CompressionError.is(error))
      this.log.error(`${error.reason}${error.reason === 'internal' ? `: ${error.detail}` : ''}`);
    else this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.shown.push(sentence.text);
    const { button } = sentence;
    void vscode.window.showErrorMessage(sentence.text, ...(button ? [button.title] : [])).then((picked) => {
      if (button && picked === button.title)
        void vscode.commands.executeCommand(button.command, ...((button.arguments ?? []) as unknown[]));
    });
  }

  /** Shows what the user must know although nothing failed. @param buttons what he can do about it */
  info(text: string, ...buttons: readonly Button[]): void {
    this.shown.push(text);
    void vscode.window.showInformationMessage(text, ...buttons.map((b) => b.title)).then((picked) => {
      const button = buttons.find((b) => b.title === picked);
      if (button) void vscode.commands.executeCommand(button.command, ...(button.arguments ?? []));
    });
  }

  /** Says which files were skipped and why; the log names all of them. Does nothing if there are none. */
  skipped(files: readonly Skipped[]): void {
    if (!files.length) return;
    for (const { path, reason } of files) this.log.warn(`skipped ${path}: ${reason}`);
    const text = skippedInWords(files);
    const showLog = vscode.l10n.t('Show Log');
    this.shown.push(text);
    void vscode.window.showWarningMessage(text, showLog).then((picked) => {
      if (picked) void vscode.commands.executeCommand('namm.showLog');
    });
  }
}
