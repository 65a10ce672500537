// Hands compressed context to the chat view: as a file that is attached to a question, which the user still has to send.
import * as vscode from 'vscode';
import type { Run } from '../session/run';
import { copyRun } from './clipboard';
import { writeHandoverFile } from './handoverFile';
import { payloadOf } from './runPayload';

const { t } = vscode.l10n;
const OPEN_CHAT = 'workbench.action.chat.open'; // built in, but not a public interface: it may be missing or fail

/** When chat is switched off, the command still exists but does nothing. */
export function canAttach(commands: ReadonlySet<string>): boolean {
  return commands.has(OPEN_CHAT) && !vscode.workspace.getConfiguration('chat').get<boolean>('disableAIFeatures');
}

/** @returns whether the chat accepted it. @throws CompressionError secretsFound, if the setting blocks credentials */
export async function sendToChat(run: Run, storage: vscode.Uri, log: vscode.LogOutputChannel): Promise<boolean> {
  const sent = await payloadOf(run);
  try {
    if (!canAttach(new Set(await vscode.commands.getCommands(true)))) throw new Error('no chat');
    const file = await writeHandoverFile(storage, run, sent);
    const [first] = run.sources;
    await vscode.commands.executeCommand(OPEN_CHAT, {
      query:
        run.sources.length === 1 && sent.framed
          ? t('Attached is {0}, compressed: its head says what was left out. ', first!.path)
          : run.sources.length === 1
            ? t('Attached is {0}, compressed: comments such as "120…" stand for what was left out. ', first!.path)
            : t(
                'Attached are {0} files, compressed: comments such as "120…" stand for what was left out. ',
                run.sources.length,
              ),
      isPartialQuery: true, // filled in, never sent
      attachFiles: [vscode.Uri.file(file)],
    });
    log.info(`handed to chat: ${run.context.recipientTokens.after} tokens`);
    return true;
  } catch (error) {
    log.warn(`chat did not take the context: ${error instanceof Error ? error.message : String(error)}`);
    const copy = t('Copy Instead');
    void vscode.window
      .showWarningMessage(
        t('The chat view is not available here, so the compressed context was not handed over.'),
        copy,
      )
      .then((picked) => {
        if (picked === copy) void copyRun(run);
      });
    return false;
  }
}
