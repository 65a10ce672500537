// Knows how to ask for one of several: a list that opens on the one that counts now.
import * as vscode from 'vscode';

export interface PickOptions {
  readonly title: string;
  readonly placeholder: string;
}

/** @param now the item that the list opens on; the first one where there is none. @returns undefined when the user leaves it */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  now: T | undefined,
  { title, placeholder }: PickOptions,
): Promise<T | undefined> {
  const list = vscode.window.createQuickPick<T>();
  Object.assign(list, { title, placeholder, items, matchOnDescription: true });
  if (now) list.activeItems = [now];
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
