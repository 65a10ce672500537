// Lists the rare commands that the palette leaves out, and offers those that can be done now in one list.
import * as vscode from 'vscode';
import type { Endpoint } from './handover/endpoint';
import type { MaskDecorations } from './inspector/maskDecorations';
import { isOwnDocument, openEditors } from './platform/openTexts';
import type { ContextFiles } from './session/contextFiles';
import type { Marks } from './session/marks';
import type { Results } from './session/results';

const { t } = vscode.l10n;

/** What tells whether a command is of use now. */
export interface MoreParts {
  readonly contextFiles: Pick<ContextFiles, 'all'>;
  readonly results: Pick<Results, 'size'>;
  readonly endpoint: Pick<Endpoint, 'configured'>;
  readonly mask: Pick<MaskDecorations, 'isShown'>;
  readonly marks: Pick<Marks, 'has'>;
}

type Offered = (parts: MoreParts) => boolean;

const always: Offered = () => true;
const withContext: Offered = ({ contextFiles }) => contextFiles.all.length > 0;
const withText: Offered = ({ results }) => openEditors().length > 0 || results.size > 0;
const active = (): vscode.Uri | undefined => vscode.window.activeTextEditor?.document.uri;
const onText: Offered = () => {
  const uri = active();
  return uri !== undefined && !isOwnDocument(uri);
};

/** Every command that stands in the list, by the heading it stands under. */
export const MORE: readonly { readonly heading: () => string; readonly commands: Readonly<Record<string, Offered>> }[] =
  [
    {
      heading: () => t('Context files'),
      commands: {
        'namm.contextAdd': always,
        'namm.contextAddEditors': () => openEditors().length > 0,
        'namm.contextAddChanges': () => Boolean(vscode.workspace.workspaceFolders?.length),
        'namm.contextAddImports': onText,
        'namm.contextShow': withContext,
        'namm.contextCopy': withContext,
        'namm.contextSend': withContext,
        'namm.contextClear': withContext,
        'namm.contextWindow': always,
      },
    },
    {
      heading: () => t('Result'),
      commands: {
        'namm.saveAs': withText,
        'namm.askEndpoint': (parts) => parts.endpoint.configured && withText(parts),
        'namm.expand': always,
        'namm.clearMask': ({ mask }) => mask.isShown,
      },
    },
    {
      heading: () => t('Everything else'),
      commands: {
        'namm.clearMarks': ({ marks }) => {
          const uri = active();
          return uri !== undefined && marks.has(uri);
        },
        'namm.pickProfile': always,
        'namm.trySample': always,
        'namm.showLog': always,
      },
    },
  ];

/** A command of the manifest. */
export interface Contributed {
  readonly command: string;
  /** The editor puts the original beside a translation. */
  readonly title: string | { readonly value: string };
  readonly icon: string;
}

/** Asks which of the rare commands to run, and runs it. @param contributed the commands of the manifest */
export async function pickMore(parts: MoreParts, contributed: readonly Contributed[]): Promise<void> {
  const byId = new Map(contributed.map((c) => [c.command, c]));
  const items = MORE.flatMap(({ heading, commands }) => {
    const rows = Object.entries(commands)
      .filter(([, offered]) => offered(parts))
      .map(([id]) => ({ id, label: labelOf(byId.get(id)!) }));
    return rows.length ? [{ label: heading(), kind: vscode.QuickPickItemKind.Separator, id: '' }, ...rows] : [];
  });
  const picked = await vscode.window.showQuickPick(items, { title: t('NAMM: More') });
  if (picked?.id) await vscode.commands.executeCommand(picked.id);
}

function labelOf({ title, icon }: Contributed): string {
  return `${icon} ${typeof title === 'string' ? title : title.value}`;
}
