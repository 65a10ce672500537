// Applies an event about a renamed or deleted folder to the files in it.
import type { Uri } from 'vscode';

/** Whether a file is `ancestor` or lies below it. */
export function isWithin(file: Uri, ancestor: Uri): boolean {
  return (
    file.scheme === ancestor.scheme &&
    file.authority === ancestor.authority &&
    (file.path === ancestor.path || file.path.startsWith(`${ancestor.path}/`))
  );
}

/** The new address of a file after a rename; undefined if the rename did not affect it. */
export function uriAfterRename(
  file: Uri,
  renamed: readonly { readonly oldUri: Uri; readonly newUri: Uri }[],
): Uri | undefined {
  const rename = renamed.find(({ oldUri }) => isWithin(file, oldUri));
  return rename?.newUri.with({ path: rename.newUri.path + file.path.slice(rename.oldUri.path.length) });
}
