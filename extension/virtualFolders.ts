// Knows the files of folders that no search of the editor reaches: those that another extension keeps, under a scheme of its own.
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { matches } from '../src/text/globs';

const SEARCHED = new Set(['file', 'vscode-remote']); // elsewhere a search waits for a provider that may never come

export function isSearched({ scheme }: vscode.Uri): boolean {
  return SEARCHED.has(scheme);
}

/** All files below, without what the globs leave out; a link to a folder is not followed. @param root what the globs are relative to */
export async function filesBelow(folder: vscode.Uri, root: vscode.Uri, excluded: readonly string[], token: vscode.CancellationToken): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const open = [folder];
  for (let at = open.pop(); at && !token.isCancellationRequested; at = open.pop())
    for (const [name, type] of await vscode.workspace.fs.readDirectory(at)) {
      const uri = vscode.Uri.joinPath(at, name);
      if (matches(excluded, posix.relative(root.path, uri.path))) continue;
      if (type === vscode.FileType.Directory) open.push(uri);
      else if (type & vscode.FileType.File) found.push(uri);
    }
  return found;
}
