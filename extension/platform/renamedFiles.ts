// Knows which files an event about a file or a folder means: itself, or all below it.
import type { Uri } from 'vscode';

/** Whether a file is what was named, or lies somewhere below it. */
export function isWithin(file: Uri, place: Uri): boolean {
  return (
    file.scheme === place.scheme &&
    file.authority === place.authority &&
    (file.path === place.path || file.path.startsWith(`${place.path}/`))
  );
}

/** Where a file is after a renaming; undefined where that did not concern it. */
export function uriAfterRename(
  file: Uri,
  renamed: readonly { readonly oldUri: Uri; readonly newUri: Uri }[],
): Uri | undefined {
  const by = renamed.find(({ oldUri }) => isWithin(file, oldUri));
  return by?.newUri.with({ path: by.newUri.path + file.path.slice(by.oldUri.path.length) });
}
