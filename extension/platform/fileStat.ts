// Looks a file up on any file system of the editor.
import * as vscode from 'vscode';

/** @returns undefined if nothing is there, or it cannot be read */
export async function statOf(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
}
