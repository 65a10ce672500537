// Lists the files that git reports as changed.
import * as vscode from 'vscode';
import { statOf } from '../platform/fileStat';

/** The part of the built-in git extension's API that is used here. */
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

/** Changed and untracked files of every repository that still exist; undefined if git is not available. */
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
  const unique = [...new Map(uris.map((u) => [u.toString(), u])).values()];
  const stats = await Promise.all(unique.map(statOf));
  return unique.filter((_, i) => stats[i] && stats[i].type & vscode.FileType.File);
}
