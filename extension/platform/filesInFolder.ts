// Lists the code files of a folder on any file system of the editor: local, remote, or provided by an extension.
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { MAX_IGNORE_BYTES } from '../../src/core/limits';
import { IgnoreRules } from '../../src/files/ignoreRules';
import { foldsCaseIn, walk, type Disk, type Found, type SkipReason } from '../../src/files/walk';
import { statOf } from './fileStat';

const { fs } = vscode.workspace;

/** What a user would miss. That generated files, pictures and vendored folders are no code to compress goes without saying. */
const MISSED: ReadonlySet<SkipReason | undefined> = new Set<SkipReason>([
  'link',
  'notRegular',
  'rulesUnreadable',
  'unreadable',
]);

/**
 * Hand-written code files, one after another, without those that git or the editor's explorer and search exclude. What a user would
 * miss comes with the reason why it must be skipped.
 * @throws vscode.CancellationError
 */
export async function* filesIn(folder: vscode.Uri, token: vscode.CancellationToken): AsyncGenerator<Found<vscode.Uri>> {
  for await (const found of walk(diskFor(folder, token), folder, await foldersAbove(folder))) {
    if (!found.reason || MISSED.has(found.reason)) yield found;
    if (token.isCancellationRequested) throw new vscode.CancellationError();
  }
}

/** A file system for the walk. After a cancellation its folders are empty, so the walk ends soon. */
function diskFor(folder: vscode.Uri, token: vscode.CancellationToken): Disk<vscode.Uri> {
  const top = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  const hidden = new IgnoreRules(hiddenIn(folder));
  return {
    entries: async (at) =>
      (token.isCancellationRequested ? [] : await fs.readDirectory(at))
        .filter(
          ([name]) => name === '.git' || hidden.test(posix.relative(top.path, posix.join(at.path, name))) !== 'ignored',
        )
        .map(([name, type]) => ({ name, kind: kindOf(type) })),
    at: (at, name) => vscode.Uri.joinPath(at, name),
    relative: (from, to) => posix.relative(from.path, to.path),
    rules: (at) => rulesAt(vscode.Uri.joinPath(at, '.gitignore')),
    foldsCase: async (root) => {
      const config = await rulesAt(vscode.Uri.joinPath(root, '.git', 'config')).catch(() => undefined);
      return foldsCaseIn(config, process.platform === 'win32' || process.platform === 'darwin');
    },
  };
}

/** As in git, a link and what is no file hold no rules. @throws CompressionError fileTooLarge | unreadable */
async function rulesAt(file: vscode.Uri): Promise<string | undefined> {
  const found = await statOf(file);
  if (found?.type !== vscode.FileType.File) return undefined;
  if (found.size > MAX_IGNORE_BYTES) throw new CompressionError('fileTooLarge', file.path);
  try {
    return new TextDecoder().decode(await fs.readFile(file));
  } catch (cause) {
    throw new CompressionError('unreadable', file.path, { cause });
  }
}

function kindOf(type: vscode.FileType): 'file' | 'folder' | 'link' | 'other' {
  if (type & vscode.FileType.SymbolicLink) return 'link';
  return type & vscode.FileType.Directory ? 'folder' : type & vscode.FileType.File ? 'file' : 'other';
}

/** The exclude globs of the settings as .gitignore rules, which know no braces and need a leading slash to mean this folder. */
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

/** Folders above whose .gitignore also applies: up to the root of the repository, else up to the workspace folder. */
async function foldersAbove(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const top = vscode.workspace.getWorkspaceFolder(folder)?.uri;
  const chain: vscode.Uri[] = [];
  let inside: vscode.Uri[] = [];
  for (let at = folder; ; at = at.with({ path: posix.dirname(at.path) })) {
    if (at !== folder) chain.unshift(at);
    if (await statOf(vscode.Uri.joinPath(at, '.git'))) return chain;
    if (at.path === top?.path) inside = [...chain];
    // A file system of another extension may have nothing above the workspace folder.
    if (at.path === posix.dirname(at.path) || (at.path === top?.path && at.scheme !== 'file')) return inside;
  }
}
