// Knows the files of a folder wherever the editor has one: on a disk, on a remote machine, in what another extension keeps.
import { posix } from 'node:path';
import ignore from 'ignore';
import * as vscode from 'vscode';
import { walk, type Disk } from '../../src/files/walk';

const { fs } = vscode.workspace;

/** Code that somebody wrote, without what the editor, the search or git leaves out, one file after another. */
export async function* filesIn(folder: vscode.Uri, token: vscode.CancellationToken): AsyncGenerator<vscode.Uri> {
  for await (const { place, reason } of walk(diskFor(folder, token), folder, await foldersAbove(folder))) {
    if (!reason) yield place;
    if (token.isCancellationRequested) throw new vscode.CancellationError();
  }
}

/** Without anything in it once nobody waits. */
function diskFor(folder: vscode.Uri, token: vscode.CancellationToken): Disk<vscode.Uri> {
  const top = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  const hidden = ignore({ allowRelativePaths: true }).add(hiddenIn(folder));
  return {
    entries: async (at) =>
      (token.isCancellationRequested ? [] : await fs.readDirectory(at))
        .filter(([name]) => !hidden.ignores(posix.relative(top.path, posix.join(at.path, name))))
        .map(([name, type]) => ({ name, kind: kindOf(type) })),
    at: (at, name) => vscode.Uri.joinPath(at, name),
    relative: (from, to) => posix.relative(from.path, to.path),
    rules: async (at) =>
      fs.readFile(vscode.Uri.joinPath(at, '.gitignore')).then(
        (bytes) => new TextDecoder().decode(bytes),
        () => undefined,
      ),
  };
}

function kindOf(type: vscode.FileType): 'file' | 'folder' | 'link' | 'other' {
  if (type & vscode.FileType.SymbolicLink) return 'link';
  return type & vscode.FileType.Directory ? 'folder' : type & vscode.FileType.File ? 'file' : 'other';
}

/** Globs of the settings as rules of .gitignore: there they have no braces, and without a slash in front they mean any folder. */
function hiddenIn(folder: vscode.Uri): string[] {
  const config = vscode.workspace.getConfiguration(undefined, folder);
  return ['files.exclude', 'search.exclude']
    .flatMap((key) => Object.entries(config.get<Record<string, unknown>>(key, {})))
    .filter(([, on]) => on === true)
    .flatMap(([glob]) => withoutBraces(glob))
    .map((glob) => `/${glob.replace(/^\//, '')}`);
}

function withoutBraces(glob: string): string[] {
  const braces = /\{([^{}]*)\}/.exec(glob);
  if (!braces) return [glob];
  return braces[1]!
    .split(',')
    .flatMap((part) => withoutBraces(glob.slice(0, braces.index) + part + glob.slice(braces.index + braces[0].length)));
}

/** Those whose .gitignore counts, too: up to the repository's root, without one up to the folder of the workspace. */
async function foldersAbove(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const top = vscode.workspace.getWorkspaceFolder(folder)?.uri;
  const chain: vscode.Uri[] = [];
  let inside: vscode.Uri[] = [];
  for (let at = folder; ; at = at.with({ path: posix.dirname(at.path) })) {
    if (at !== folder) chain.unshift(at);
    if (await isThere(vscode.Uri.joinPath(at, '.git'))) return chain;
    if (at.path === top?.path) inside = [...chain];
    // What another extension keeps may have nothing above the folder of the workspace that it could be asked for.
    if (at.path === posix.dirname(at.path) || (at.path === top?.path && at.scheme !== 'file')) return inside;
  }
}

function isThere(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(fs.stat(uri)).then(
    () => true,
    () => false,
  );
}
