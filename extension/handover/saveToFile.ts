// Saves compressed context to a file that the user chooses, as Markdown or XML blocks.
import * as vscode from 'vscode';
import type { FormatStyle } from '../../src/core/context';
import type { Run } from '../session/run';
import { readHandoverSettings } from '../platform/settings';
import type { Contexts } from '../session/contexts';
import { payloadOf } from './runPayload';

const { t } = vscode.l10n;

/**
 * @param to the file, whose extension decides the style; undefined = ask the user
 * @returns whether it was saved
 * @throws CompressionError secretsFound; the file system's error
 */
export async function saveRun(run: Run, contexts: Contexts, to?: vscode.Uri): Promise<boolean> {
  const { format } = readHandoverSettings();
  const uri = to ?? (await askWhere(format));
  if (!uri) return false;
  const style: FormatStyle = uri.path.endsWith('.xml')
    ? 'xml'
    : /\.(md|markdown)$/.test(uri.path)
      ? 'markdown'
      : format;
  const fitting = style === 'xml' ? await contexts.styled(run, style) : run; // Markdown needs fewer tokens
  const { text } = await payloadOf(fitting, { style, alone: 'block' });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  void vscode.window.setStatusBarMessage(`$(check) ${t('Saved {0}', vscode.workspace.asRelativePath(uri))}`, 4000);
  return true;
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
