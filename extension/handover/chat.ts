// Knows how compressed context reaches the chat view: a real file attached to a question the user still has to send.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { formatContext } from '../../src/text/format';
import type { Run } from '../documents';
import { copyRun } from './clipboard';

const { t } = vscode.l10n;
const OPEN_CHAT = 'workbench.action.chat.open'; // built in, but no public interface: it may be missing or refuse
const KEPT_FILES = 20;

/** @returns whether the chat took it */
export async function sendToChat(run: Run, storage: vscode.Uri, log: vscode.LogOutputChannel): Promise<boolean> {
  try {
    if (!(await vscode.commands.getCommands(true)).includes(OPEN_CHAT)) throw new Error(`no command ${OPEN_CHAT}`);
    // Switched off, the command is still there and does nothing.
    if (vscode.workspace.getConfiguration('chat').get<boolean>('disableAIFeatures')) throw new Error('chat is switched off');
    const file = await writeOwnerOnly(join(storage.fsPath, 'handover'), nameFor(run), formatContext(run.context.files));
    const [first] = run.sources;
    await vscode.commands.executeCommand(OPEN_CHAT, {
      query:
        run.sources.length === 1
          ? t('Attached is {0}, compressed: comments such as "…120" stand for what was left out. ', first!.path)
          : t('Attached are {0} files, compressed: comments such as "…120" stand for what was left out. ', run.sources.length),
      isPartialQuery: true, // filled in, never sent
      attachFiles: [vscode.Uri.file(file)],
    });
    log.info(`handed to chat: ${run.context.readerTokens.after} tokens`);
    return true;
  } catch (error) {
    log.warn(`chat did not take the context: ${error instanceof Error ? error.message : String(error)}`);
    const copy = t('Copy Instead');
    void vscode.window.showWarningMessage(t('The chat view is not available here, so the compressed context was not handed over.'), copy).then((picked) => {
      if (picked === copy) void copyRun(run);
    });
    return false;
  }
}

function nameFor(run: Run): string {
  if (run.sources.length !== 1) return `context-${randomBytes(3).toString('hex')}.md`;
  const name = basename(run.sources[0]!.uri.path);
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${randomBytes(3).toString('hex')}.compressed${extension || '.txt'}`;
}

/** The user's code: nobody else on the machine may read it, and old copies go. */
async function writeOwnerOnly(folder: string, name: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const file = join(folder, name);
  await writeFile(file, text, { mode: 0o600 });
  const aged = await Promise.all((await readdir(folder)).map(async (f) => ({ f: join(folder, f), at: (await stat(join(folder, f))).mtimeMs })));
  for (const { f } of aged.sort((a, b) => b.at - a.at).slice(KEPT_FILES)) await rm(f, { force: true });
  return file;
}
