// The commands of the Context view: add and remove files, compress and hand over all of them.
import * as vscode from 'vscode';
import type { Run } from '../session/run';
import { count } from '../platform/messages';
import type { CurrentRun } from '../session/currentRun';
import type { Notifications } from '../platform/notifications';
import { openEditors } from '../platform/openTexts';
import { pickFilesAndFolders, pickOne, type PickItem } from '../platform/quickPick';
import type { ResultDocuments } from '../session/resultDocuments';
import type { Runner } from '../session/runner';
import { readSettings, writeSetting } from '../platform/settings';
import { filesToCollect, pathOf } from '../session/sources';
import type { ContextFile, ContextFiles } from '../session/contextFiles';
import type { ContextTree } from './contextTree';
import { gitChanges } from './gitChanges';
import { importsOf } from './importedFiles';

const { t } = vscode.l10n;
const NAMED_FILES = 3; // in a message
const WINDOWS = [8_000, 32_000, 128_000, 200_000, 1_000_000];

export interface ContextParts {
  readonly contextFiles: ContextFiles;
  readonly contextTree: ContextTree;
  readonly notifications: Notifications;
  readonly runner: Runner;
  readonly currentRun: CurrentRun;
  readonly compressed: ResultDocuments;
  readonly copy: (run: Run) => Promise<unknown>;
  readonly send: (run: Run) => Promise<unknown>;
}

/** Adds files, and the code files of folders, to the context. @param before puts them in front of this file; undefined = at the end */
export async function addToContext(
  files: ContextFiles,
  notifications: Notifications,
  uris: readonly vscode.Uri[],
  before?: vscode.Uri,
): Promise<void> {
  try {
    const { found, skipped } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Looking for code in folders'), cancellable: true },
      (_, token) => filesToCollect(uris, token),
    );
    const added = files.add(found, before);
    if (added.length)
      void vscode.window.setStatusBarMessage(`$(check) ${t('Added to the context: {0}', named(added))}`, 4000); // the view may be closed
    else if (!before)
      notifications.info(found.length ? t('These files are in the context already.') : t('There is no file to add.'));
    notifications.skipped(skipped);
  } catch (error) {
    notifications.error(error);
  }
}

function named(uris: readonly vscode.Uri[]): string {
  const names = uris.slice(0, NAMED_FILES).map(pathOf).join(', ');
  return uris.length > NAMED_FILES ? t('{0} and {1} more', names, uris.length - NAMED_FILES) : names;
}

export function contextCommands(parts: ContextParts): Readonly<Record<string, (...args: never[]) => unknown>> {
  const { contextFiles: files, contextTree, notifications, runner, compressed } = parts;
  const add = (uris: readonly vscode.Uri[]): Promise<void> => addToContext(files, notifications, uris);
  const active = (): vscode.Uri | undefined => vscode.window.activeTextEditor?.document.uri;

  /** The run over exactly the checked files. It is repeated if they or their texts have changed. */
  const current = async (): Promise<Run | undefined> => {
    const { checked } = files;
    if (!checked.length) {
      notifications.info(
        files.all.length
          ? t('No file is checked.')
          : t('The context is empty. Add files from the Explorer, the open editors or the changes.'),
      );
      return undefined;
    }
    return parts.currentRun.ofContext();
  };
  const withRun = (use: (run: Run) => Promise<unknown>) => async (): Promise<void> => {
    const run = await current();
    if (run) await use(run);
  };

  return {
    'namm.contextAdd': async (clicked?: unknown, selected?: unknown) => {
      const many = Array.isArray(selected) ? selected.filter((u) => u instanceof vscode.Uri) : [];
      const uris = many.length ? many : clicked instanceof vscode.Uri ? [clicked] : active() ? [active()!] : [];
      if (uris.length) return add(uris);
      const picked = await pickFilesAndFolders(t('Files and folders for the context'), t('Add'));
      return picked && add(picked);
    },
    'namm.contextAddEditors': () => add(openEditors()),
    'namm.contextAddChanges': async () => {
      const uris = await gitChanges();
      if (!uris) return notifications.info(t('The git extension is not available here.'));
      return uris.length ? add(uris) : notifications.info(t('Git sees no changed file.'));
    },
    'namm.contextAddImports': async (row?: ContextFile) => {
      const uri = row?.uri ?? active();
      if (!uri) return notifications.info(t('Open a file first: its imports are added.'));
      const found = await importsOf(uri);
      return found.length
        ? add(found)
        : notifications.info(t('No import of this file leads to a file of the workspace.'));
    },
    'namm.contextRemove': (row?: ContextFile, rows?: ContextFile[]) =>
      files.remove((rows?.length ? rows : row ? [row] : contextTree.selection).map((f) => f.uri)),
    'namm.contextClear': () => files.clear(),
    'namm.contextCompress': async () => {
      const run = await (files.checked.length ? runner.run({ kind: 'context' }) : current());
      if (!run) return;
      const { before, after } = run.context.recipientTokens; // the view may be closed, and none of its files in front
      void vscode.window.setStatusBarMessage(
        `$(check) ${t('Compressed {0} files of the context: {1} → {2} tokens', run.sources.length, count(before), count(after))}`,
        4000,
      );
    },
    'namm.contextShow': withRun((run) => compressed.showRun(run)),
    'namm.contextCopy': withRun(parts.copy),
    'namm.contextSend': withRun(parts.send),
    'namm.contextWindow': () => pickWindow(),
    'namm.contextFocus': () => vscode.commands.executeCommand('namm.context.focus'),
  };
}

async function pickWindow(): Promise<void> {
  const models = await installedModels();
  const { contextWindow } = readSettings();
  const row = (label: string, description: string, tokens: number): PickItem & { tokens?: number } => ({
    label,
    description,
    tokens,
    isCurrent: tokens === contextWindow,
  });
  const items = [
    ...models.map((m) => row(m.name, t('{0} tokens', count(m.maxInputTokens)), m.maxInputTokens)),
    ...(models.length ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }] : []),
    ...WINDOWS.map((n) => row(t('{0} tokens', count(n)), '', n)),
  ];
  const picked = await pickOne(items, {
    title: t('Window of the Assistant'),
    placeholder: t('Tokens that it can take in one request'),
  });
  const tokens = picked && 'tokens' in picked ? picked.tokens : undefined;
  if (tokens) await writeSetting('contextWindow', tokens);
}

/** The chat models that the editor offers to extensions; none if it has no such API or the user refuses. */
async function installedModels(): Promise<readonly vscode.LanguageModelChat[]> {
  try {
    return await vscode.lm.selectChatModels();
  } catch {
    return [];
  }
}
