// Asks the user to pick one item from a list that opens on the current one.
import * as vscode from 'vscode';

export interface PickOptions {
  readonly title: string;
  readonly placeholder: string;
}

/** @param current the item that the list opens on; undefined = the first. @returns undefined when the user closes the list */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  current: T | undefined,
  { title, placeholder }: PickOptions,
): Promise<T | undefined> {
  const list = vscode.window.createQuickPick<T>();
  Object.assign(list, { title, placeholder, items, matchOnDescription: true });
  if (current) list.activeItems = [current];
  try {
    return await new Promise((resolve) => {
      list.onDidAccept(() => resolve(list.selectedItems[0] ?? list.activeItems[0]));
      list.onDidHide(() => resolve(undefined));
      list.show();
    });
  } finally {
    list.dispose();
  }
}

/** A dialog for any number of files and folders. @param openLabel of its button */
export function pickFilesAndFolders(title: string, openLabel: string): Thenable<vscode.Uri[] | undefined> {
  const options = { canSelectFiles: true, canSelectFolders: true, canSelectMany: true, title, openLabel };
  return vscode.window.showOpenDialog(options);
}
