// Knows where files for the context come from: what git sees as changed, what a file imports.
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { languageOf } from '../../src/parse/languages';
import { openText } from '../platform/openText';
import { goPackages, importCandidates } from './importCandidates';

/** What the built-in git extension offers, as far as it is used here. */
interface GitApi {
  readonly repositories: readonly {
    readonly state: Readonly<Record<'indexChanges' | 'workingTreeChanges' | 'mergeChanges', readonly GitChange[]>> & {
      readonly untrackedChanges?: readonly GitChange[];
    };
  }[];
}
interface GitChange {
  readonly uri: vscode.Uri;
  readonly renameUri?: vscode.Uri;
}

/** Changed and untracked files of every repository that are still there; undefined where git is not available. */
export async function gitChanges(): Promise<vscode.Uri[] | undefined> {
  const extension = vscode.extensions.getExtension<{ enabled: boolean; getAPI(version: 1): GitApi }>('vscode.git');
  if (!extension) return undefined;
  const git = await extension.activate().then(
    (e) => (e.enabled ? e.getAPI(1) : undefined),
    () => undefined,
  );
  if (!git) return undefined;
  const uris = git.repositories.flatMap(({ state }) =>
    [state.mergeChanges, state.indexChanges, state.workingTreeChanges, state.untrackedChanges ?? []].flatMap((list) =>
      list.map((c) => c.renameUri ?? c.uri),
    ),
  );
  return existing([...new Map(uris.map((u) => [u.toString(), u])).values()]);
}

/** Files of the workspace that a file imports, directly. */
export async function importsOf(uri: vscode.Uri): Promise<vscode.Uri[]> {
  const open = openText(uri);
  const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const languageId = open?.languageId ?? languageOf(uri.path);
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  const found = new Map<string, vscode.Uri>();
  const add = (path: string): void => void (path !== uri.path && found.set(path, uri.with({ path })));
  if (languageId === 'go') for (const path of await goFiles(uri, text, root)) add(path);
  const folders = new Map<string, Promise<ReadonlySet<string>>>();
  const listed = (folder: string): Promise<ReadonlySet<string>> => {
    let names = folders.get(folder);
    if (!names) folders.set(folder, (names = filesIn(uri.with({ path: folder })).then((all) => new Set(all))));
    return names;
  };
  for (const candidates of importCandidates(languageId, text, uri.path, root ? [root] : []))
    for (const path of candidates)
      if ((await listed(posix.dirname(path))).has(posix.basename(path))) {
        add(path);
        break;
      }
  return [...found.values()];
}

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

async function filesIn(folder: vscode.Uri): Promise<string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder))
      .filter(([, type]) => type & vscode.FileType.File)
      .map(([name]) => name);
  } catch {
    return [];
  }
}

async function existing(uris: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const there = await Promise.all(
    uris.map((u) =>
      Promise.resolve(vscode.workspace.fs.stat(u)).then(
        (s) => (s.type & vscode.FileType.File) !== 0,
        () => false,
      ),
    ),
  );
  return uris.filter((_, i) => there[i]);
}
