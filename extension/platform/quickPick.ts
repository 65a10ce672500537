// Asks the user to pick one item from a list that opens on the current one.
import * as vscode from 'vscode';

export interface PickOptions<T> {
  readonly title: string;
  readonly placeholder: string;
  /** What the typed text means by itself: offered above the list, whatever the list has. */
  readonly typed?: (text: string) => readonly T[];
  /** Hears which item an Enter would pick; undefined at the end. */
  readonly onActive?: (item: T | undefined) => void;
}

export interface PickItem extends vscode.QuickPickItem {
  /** Has a check mark; the list opens on the first such item. */
  readonly isCurrent?: boolean;
}

/** @returns undefined when the user closes the list */
export async function pickOne<T extends PickItem>(
  items: readonly T[],
  options: PickOptions<T>,
): Promise<T | undefined> {
  const list = vscode.window.createQuickPick<T>();
  const marked = items.map((i) => (i.isCurrent ? { ...i, label: `$(check) ${i.label}` } : i));
  const { typed, onActive, ...shown } = options;
  Object.assign(list, { ...shown, items: marked, matchOnDescription: true });
  const current = marked.find((i) => i.isCurrent);
  if (current) list.activeItems = [current];
  try {
    return await new Promise((resolve) => {
      list.onDidChangeValue((text) => {
        const meant = (typed?.(text) ?? []).map((item) => ({ ...item, alwaysShow: true }));
        list.items = [...meant, ...marked];
        const active = meant[0] ?? (text === '' ? current : undefined);
        if (active) list.activeItems = [active]; // else the editor goes to the first match
      });
      if (onActive) list.onDidChangeActive(([item]) => onActive(item));
      list.onDidAccept(() => resolve(list.selectedItems[0] ?? list.activeItems[0]));
      list.onDidHide(() => resolve(undefined));
      list.show();
    });
  } finally {
    list.dispose();
    onActive?.(undefined);
  }
}

/** A dialog for any number of files and folders. @param openLabel of its button */
export function pickFilesAndFolders(title: string, openLabel: string): Thenable<vscode.Uri[] | undefined> {
  const options = { canSelectFiles: true, canSelectFolders: true, canSelectMany: true, title, openLabel };
  return vscode.window.showOpenDialog(options);
}
