// Knows how a folder of the workspace is called in the paths that a reader sees.
import * as vscode from 'vscode';
import { folderNames } from '../../src/files/folderNames';

/** Its name; with part of the path above where another folder has the same. */
export function folderName(folder: vscode.WorkspaceFolder): string {
  const alike = (vscode.workspace.workspaceFolders ?? []).filter((f) => f.name === folder.name);
  return alike.length < 2
    ? folder.name
    : folderNames(alike.map((f) => f.uri.path))[alike.findIndex((f) => f.index === folder.index)]!;
}
