// Knows the commands of the Context view: how files come in and go, and what is done with all of them.
import * as vscode from 'vscode';
import type { Run } from '../session/documents';
import { count } from '../platform/messages';
import type { CurrentRun } from '../session/currentRun';
import { pickOne } from '../platform/pick';
import type { ResultDocuments } from '../session/resultDocument';
import type { Runner } from '../session/runner';
import { readSettings, writeSetting } from '../platform/settings';
import { filesToCollect, openEditors, pathOf } from '../session/sources';
import type { ContextFile, ContextFiles } from '../session/contextFiles';
import { gitChanges, importsOf } from './gather';

const { t } = vscode.l10n;
const NAMED = 3; // files in a message
const WINDOWS = [8_000, 32_000, 128_000, 200_000, 1_000_000];

export interface ContextParts {
  readonly files: ContextFiles;
  readonly runner: Runner;
  readonly currentRun: CurrentRun;
  readonly compressed: ResultDocuments;
  readonly copy: (run: Run) => Promise<void>;
  readonly send: (run: Run) => Promise<unknown>;
  readonly selection: () => readonly ContextFile[];
}

/** Takes files in, and the files of folders. */
export async function addToContext(
  files: ContextFiles,
  runner: Runner,
  uris: readonly vscode.Uri[],
  before?: vscode.Uri,
): Promise<void> {
  try {
    const found = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Looking for code in folders'), cancellable: true },
      (_, token) => filesToCollect(uris, token),
    );
    const added = files.add(found, before);
    if (added.length)
      void vscode.window.setStatusBarMessage(`$(check) ${t('Added to the context: {0}', named(added))}`, 4000); // the view may be closed
    else if (!before)
      runner.say(found.length ? t('These files are in the context already.') : t('There is no file to add.'));
  } catch (error) {
    runner.tell(error);
  }
}

function named(uris: readonly vscode.Uri[]): string {
  const names = uris.slice(0, NAMED).map(pathOf).join(', ');
  return uris.length > NAMED ? t('{0} and {1} more', names, uris.length - NAMED) : names;
}

export function contextCommands(parts: ContextParts): Readonly<Record<string, (...args: never[]) => unknown>> {
  const { files, runner, compressed } = parts;
  const add = (uris: readonly vscode.Uri[]): Promise<void> => addToContext(files, runner, uris);
  const active = (): vscode.Uri | undefined => vscode.window.activeTextEditor?.document.uri;

  /** The run over exactly what is checked, made afresh where that or a text has changed. */
  const current = async (): Promise<Run | undefined> => {
    const { checked } = files;
    if (!checked.length) {
      runner.say(
        files.all.length
          ? t('No file is checked.')
          : t('The context is empty. Add files from the Explorer, the open editors or the changes.'),
      );
      return undefined;
    }
    return parts.currentRun.ofContext();
  };

  return {
    'namm.contextAdd': async (clicked?: unknown, selected?: unknown) => {
      const many = Array.isArray(selected) ? selected.filter((u): u is vscode.Uri => u instanceof vscode.Uri) : [];
      const uris = many.length ? many : clicked instanceof vscode.Uri ? [clicked] : active() ? [active()!] : [];
      if (uris.length) return add(uris);
      const picked = await vscode.window.showOpenDialog({
        canSelectFiles: true,
        canSelectFolders: true,
        canSelectMany: true,
        title: t('Files and folders for the context'),
        openLabel: t('Add'),
      });
      return picked && add(picked);
    },
    'namm.contextAddEditors': () => add(openEditors()),
    'namm.contextAddChanges': async () => {
      const uris = await gitChanges();
      if (!uris) return runner.say(t('The git extension is not available here.'));
      return uris.length ? add(uris) : runner.say(t('Git sees no changed file.'));
    },
    'namm.contextAddImports': async (row?: ContextFile) => {
      const uri = row?.uri ?? active();
      if (!uri) return runner.say(t('Open a file first: its imports are added.'));
      const found = await importsOf(uri);
      return found.length ? add(found) : runner.say(t('No import of this file leads to a file of the workspace.'));
    },
    'namm.contextRemove': (row?: ContextFile, rows?: ContextFile[]) =>
      files.remove((rows?.length ? rows : row ? [row] : parts.selection()).map((f) => f.uri)),
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
    'namm.contextShow': async () => {
      const run = await current();
      if (run) await compressed.showRun(run);
    },
    'namm.contextCopy': async () => {
      const run = await current();
      if (run) await parts.copy(run);
    },
    'namm.contextSend': async () => {
      const run = await current();
      if (run) await parts.send(run);
    },
    'namm.contextWindow': () => pickWindow(),
  };
}

async function pickWindow(): Promise<void> {
  const models = await installedModels();
  const { contextWindow } = readSettings();
  const row = (label: string, description: string, tokens: number): vscode.QuickPickItem & { tokens?: number } => ({
    label: `${tokens === contextWindow ? '$(check) ' : ''}${label}`,
    description,
    tokens,
  });
  const items = [
    ...models.map((m) => row(m.name, t('{0} tokens', count(m.maxInputTokens)), m.maxInputTokens)),
    ...(models.length ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }] : []),
    ...WINDOWS.map((n) => row(t('{0} tokens', count(n)), '', n)),
  ];
  const now = items.find((i) => 'tokens' in i && i.tokens === contextWindow);
  const picked = await pickOne(items, now, {
    title: t('Window of the Assistant'),
    placeholder: t('Tokens that it can take in one request'),
  });
  const tokens = picked && 'tokens' in picked ? picked.tokens : undefined;
  if (tokens) await writeSetting('contextWindow', tokens);
}

/** Those that the editor lends to extensions; none where it has no such thing, or the user refuses. */
async function installedModels(): Promise<readonly vscode.LanguageModelChat[]> {
  try {
    return await vscode.lm.selectChatModels();
  } catch {
    return [];
  }
}
