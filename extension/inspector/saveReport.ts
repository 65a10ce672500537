// Saves what the inspector shows to a file that the user chooses.
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { SaveFormat } from '../../src/inspector/protocol';

const { t } = vscode.l10n;

/** @returns the address of the file; undefined if the user cancelled. @throws the file system's error */
export async function saveReport(
  source: vscode.Uri,
  format: SaveFormat,
  content: string | Uint8Array,
): Promise<vscode.Uri | undefined> {
  const name = `${basename(source.path)}.retention.${format}`;
  const folder = vscode.workspace.getWorkspaceFolder(source)?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: t('Save Retention'),
    filters: { [format.toUpperCase()]: [format] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (!uri) return undefined;
  await vscode.workspace.fs.writeFile(uri, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  void vscode.window.setStatusBarMessage(t('Saved {0}', basename(uri.path)), 5000);
  return uri;
}
