// Knows which paths a model may name: those inside the open folders, whatever links say.
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { HandoverError } from '../../src/handover/failure';
import { folderName } from './folderName';

const MAX_PATH = 4096;

/** @param path relative to a folder of the workspace (its name in front where there are several), or absolute. @throws HandoverError outsideWorkspace, CompressionError notFound */
export async function resolveInside(path: string): Promise<vscode.Uri> {
  const shown = path.slice(0, 200);
  if (!path || path.length > MAX_PATH || path.includes('\0')) throw new HandoverError('outsideWorkspace', shown);
  let inside = false;
  for (const uri of candidates(path)) {
    if (!folders().some((f) => lexicallyIn(f.uri, uri))) continue;
    inside = true;
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      continue;
    }
    if (!(await isInside(uri))) throw new HandoverError('outsideWorkspace', shown);
    return uri;
  }
  throw inside ? new CompressionError('notFound', shown) : new HandoverError('outsideWorkspace', shown);
}

/** Follows links: what counts is where the bytes lie. */
export async function isInside(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return folders().some((f) => lexicallyIn(f.uri, uri));
  const real = await realpath(uri.fsPath).catch(() => undefined);
  if (real === undefined) return false;
  for (const { uri: root } of folders()) {
    if (root.scheme !== 'file') continue;
    const way = relative(await realpath(root.fsPath).catch(() => root.fsPath), real);
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return true;
  }
  return false;
}

function candidates(path: string): vscode.Uri[] {
  const plain = path.replaceAll('\\', '/');
  if (isAbsolute(path) || plain.startsWith('/')) return [vscode.Uri.file(path)];
  return folders().flatMap((f) => [
    ...(plain.startsWith(`${folderName(f)}/`) && folders().length > 1
      ? [vscode.Uri.joinPath(f.uri, plain.slice(folderName(f).length + 1))]
      : []),
    vscode.Uri.joinPath(f.uri, plain),
  ]);
}

function lexicallyIn(root: vscode.Uri, uri: vscode.Uri): boolean {
  if (root.scheme !== uri.scheme || root.authority !== uri.authority) return false;
  const base = root.path.replace(/\/*$/, '/');
  return `${vscode.Uri.joinPath(uri).path}/`.startsWith(base);
}

function folders(): readonly vscode.WorkspaceFolder[] {
  return vscode.workspace.workspaceFolders ?? [];
}
