// Finds the files of the workspace that a file imports.
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { getOrMake } from '../../src/core/getOrMake';
import { languageOf } from '../../src/languages/languages';
import { openText } from '../platform/openTexts';
import { goPackages, importCandidates } from './importCandidates';

/** The files that a file imports directly. @throws the file system's error */
export async function importsOf(uri: vscode.Uri): Promise<vscode.Uri[]> {
  const open = openText(uri);
  const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const languageId = languageOf(uri.path, text, open?.languageId);
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  const found = new Map<string, vscode.Uri>();
  const add = (path: string): void => void (path !== uri.path && found.set(path, uri.with({ path })));
  if (languageId === 'go') for (const path of await goFiles(uri, text, root)) add(path);
  const folders = new Map<string, Promise<ReadonlySet<string>>>();
  const namesIn = (folder: string): Promise<ReadonlySet<string>> =>
    getOrMake(folders, folder, () => filesIn(uri.with({ path: folder })).then((all) => new Set(all)));
  for (const candidates of importCandidates(languageId, text, uri.path, root ? [root] : []))
    for (const path of candidates)
      if ((await namesIn(posix.dirname(path))).has(posix.basename(path))) {
        add(path);
        break;
      }
  return [...found.values()];
}

/** The Go files of the imported packages of the same module. @param root the workspace folder, where the search for go.mod ends */
async function goFiles(uri: vscode.Uri, text: string, root: string | undefined): Promise<string[]> {
  for (let folder = posix.dirname(uri.path); ; folder = posix.dirname(folder)) {
    const mod = await Promise.resolve(vscode.workspace.fs.readFile(uri.with({ path: `${folder}/go.mod` }))).then(
      (b) => new TextDecoder().decode(b),
      () => undefined,
    );
    const module = mod && /^module\s+(\S+)/m.exec(mod)?.[1];
    if (module) {
      const packages = goPackages(text, module, folder);
      const names = await Promise.all(
        packages.map(async (p) =>
          (await filesIn(uri.with({ path: p })))
            .filter((f) => f.endsWith('.go') && !f.endsWith('_test.go'))
            .map((f) => `${p}/${f}`),
        ),
      );
      return names.flat();
    }
    if (folder === root || folder === posix.dirname(folder)) return [];
  }
}

/** File names of a folder; none if it cannot be read. */
async function filesIn(folder: vscode.Uri): Promise<string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder))
      .filter(([, type]) => type & vscode.FileType.File)
      .map(([name]) => name);
  } catch {
    return [];
  }
}
