// Finds the texts that are open in the editor.
import * as vscode from 'vscode';

const CELL = 'vscode-notebook-cell';
const UNSAVED = new Set(['untitled', CELL]);
const SETTINGS = 'vscode-userdata';

/** The open document of an address, also one without a tab. */
export function openText(uri: vscode.Uri | string): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((d) => d.uri.toString() === key);
}

/** Whether this extension made the document: a compressed text, an original, an answer. */
export function isOwnDocument(uri: vscode.Uri): boolean {
  return uri.scheme.startsWith('namm-');
}

/** Whether the user can edit the text: a file or an unsaved text, but no output, no history, no document of this extension. */
export function isEditable({ scheme }: vscode.Uri): boolean {
  return UNSAVED.has(scheme) || (scheme !== SETTINGS && vscode.workspace.fs.isWritableFileSystem(scheme) === true);
}

/** Addresses of the text tabs of every editor group, in order, each once. */
export function openEditors(): vscode.Uri[] {
  const uris = vscode.window.tabGroups.all
    .flatMap((g) => g.tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputText
        ? [input.uri]
        : input instanceof vscode.TabInputTextDiff
          ? editableSide(input)
          : input instanceof vscode.TabInputNotebook
            ? cellDocuments(input.uri).map((d) => d.uri)
            : [],
    );
  return [...new Map(uris.filter((u) => !isOwnDocument(u)).map((u) => [u.toString(), u])).values()];
}

/** The side of a diff that the user works on: beside our own document the original, else the changed side if it can be written. */
function editableSide({ original, modified }: vscode.TabInputTextDiff): vscode.Uri[] {
  if (isOwnDocument(modified)) return [original];
  return vscode.workspace.fs.isWritableFileSystem(modified.scheme) === false ? [] : [modified]; // undefined: unknown, such as an unsaved text
}

/** Cells of an open notebook that are not blank. */
export function cellDocuments(uri: vscode.Uri): vscode.TextDocument[] {
  const notebook = vscode.workspace.notebookDocuments.find((n) => n.uri.toString() === uri.toString());
  return (notebook?.getCells() ?? []).map((c) => c.document).filter((d) => d.getText().trim());
}

/**
 * The cell of a notebook that is closed: opens the notebook, without showing it.
 * @returns undefined if it is no cell, or there is no such cell any more
 */
export async function closedCell(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  if (uri.scheme !== CELL) return undefined;
  try {
    const notebook = await vscode.workspace.openNotebookDocument(notebookOf(uri));
    const cells = notebook.getCells().map((c) => c.document);
    return cells.find((d) => d.uri.toString() === uri.toString());
  } catch {
    return undefined; // the notebook is gone, or nothing can open it
  }
}

/** The address of a cell has the path of its notebook, but not the scheme: it is that of the folder around it, else a file. */
function notebookOf({ path }: vscode.Uri): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) =>
    path.startsWith(`${uri.path.replace(/\/$/, '')}/`),
  );
  return folder ? folder.uri.with({ path }) : vscode.Uri.from({ scheme: 'file', path });
}
