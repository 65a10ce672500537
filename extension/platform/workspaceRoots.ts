// Resolves paths that a model names: only inside the open folders, also after symbolic links are followed.
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { MAX_PATH_UNITS } from '../../src/core/limits';
import { HandoverError } from '../../src/handover/handoverError';
import { statOf } from './fileStat';
import { folderName } from './folderName';

/**
 * Finds the file or folder that a path names.
 * @param path absolute, or relative to a folder of the workspace; with several folders it may begin with the folder's name
 * @throws HandoverError outsideWorkspace, CompressionError notFound
 */
export async function resolveInside(path: string): Promise<vscode.Uri> {
  const shown = path.slice(0, 200);
  if (!path || path.length > MAX_PATH_UNITS || path.includes('\0')) throw new HandoverError('outsideWorkspace', shown);
  let someInside = false;
  for (const uri of candidates(path)) {
    if (!folders().some((f) => hasPathIn(f.uri, uri))) continue;
    someInside = true;
    if (!(await statOf(uri))) continue;
    if (!(await isInside(uri))) throw new HandoverError('outsideWorkspace', shown);
    return uri;
  }
  throw someInside ? new CompressionError('notFound', shown) : new HandoverError('outsideWorkspace', shown);
}

/** Whether a file lies inside an open folder. It follows links. */
export async function isInside(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return folders().some((f) => hasPathIn(f.uri, uri));
  const real = await realpath(uri.fsPath).catch(() => undefined);
  if (real === undefined) return false;
  for (const { uri: root } of folders()) {
    if (root.scheme !== 'file') continue;
    const path = relative(await realpath(root.fsPath).catch(() => root.fsPath), real);
    if (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)) return true;
  }
  return false;
}

function candidates(path: string): vscode.Uri[] {
  const slashed = path.replaceAll('\\', '/');
  if (isAbsolute(path) || slashed.startsWith('/')) return [vscode.Uri.file(path)];
  return folders().flatMap((f) => [
    ...(slashed.startsWith(`${folderName(f)}/`) && folders().length > 1
      ? [vscode.Uri.joinPath(f.uri, slashed.slice(folderName(f).length + 1))]
      : []),
    vscode.Uri.joinPath(f.uri, slashed),
  ]);
}

/** By the path alone, without following links. */
function hasPathIn(root: vscode.Uri, uri: vscode.Uri): boolean {
  if (root.scheme !== uri.scheme || root.authority !== uri.authority) return false;
  const base = root.path.replace(/\/*$/, '/');
  return `${vscode.Uri.joinPath(uri).path}/`.startsWith(base);
}

function folders(): readonly vscode.WorkspaceFolder[] {
  return vscode.workspace.workspaceFolders ?? [];
}
