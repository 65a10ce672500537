// Names a workspace folder in the paths that the recipient sees.
import * as vscode from 'vscode';
import { folderNames } from '../../src/files/folderNames';

/** The folder's name. If another folder has the same name, parts of the path above are added. */
export function folderName(folder: vscode.WorkspaceFolder): string {
  const sameName = (vscode.workspace.workspaceFolders ?? []).filter((f) => f.name === folder.name);
  return sameName.length < 2
    ? folder.name
    : folderNames(sameName.map((f) => f.uri.path))[sameName.findIndex((f) => f.index === folder.index)]!;
}
