// Knows how compressed context becomes a file of the user's, as Markdown or XML blocks.
import * as vscode from 'vscode';
import type { FormatStyle } from '../../src/core/context';
import type { Run } from '../documents';
import type { Runner } from '../runner';
import { readHandoverSettings } from '../settings';
import { outgoing } from './outgoing';

const { t } = vscode.l10n;

/** @param to where; asked for when absent. Its ending decides the blocks. @throws CompressionError secretsFound; the file system's error */
export async function saveRun(run: Run, runner: Runner, to?: vscode.Uri): Promise<vscode.Uri | undefined> {
  const { format } = readHandoverSettings();
  const uri = to ?? (await askWhere(format));
  if (!uri) return undefined;
  const style: FormatStyle = uri.path.endsWith('.xml') ? 'xml' : /\.(md|markdown)$/.test(uri.path) ? 'markdown' : format;
  const fitting = style === 'xml' ? await runner.styled(run, style) : run; // Markdown takes less
  const { text } = await outgoing(fitting, { style, alone: 'block' });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  void vscode.window.setStatusBarMessage(`$(check) ${t('Saved {0}', vscode.workspace.asRelativePath(uri))}`, 4000);
  return uri;
}

function askWhere(format: FormatStyle): Thenable<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const markdown = { [t('Markdown blocks')]: ['md'] };
  const xml = { [t('XML blocks')]: ['xml'] };
  return vscode.window.showSaveDialog({
    title: t('Save compressed context as…'),
    filters: format === 'xml' ? { ...xml, ...markdown } : { ...markdown, ...xml },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `context.${format === 'xml' ? 'xml' : 'md'}`) } : {}),
  });
}
