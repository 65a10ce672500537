// Lists the routes by which a run is handed over: assistants, a server, the clipboard, a file.
// As of 2026 none of the assistants' interfaces is a public promise, so each is checked before it is offered.
import * as vscode from 'vscode';
import { HandoverError } from '../../src/handover/handoverError';
import type { Run } from '../session/run';
import type { ResultDocuments } from '../session/resultDocuments';
import { readHandoverSettings } from '../platform/settings';
import { canAttach, sendToChat } from './chatView';
import { copyRun } from './clipboard';
import type { Contexts } from '../session/contexts';
import type { Endpoint } from './endpoint';
import { writeHandoverFile } from './handoverFile';
import { payloadOf } from './runPayload';
import { confirmSending, estimateTokens } from './preview';
import { saveRun } from './saveToFile';

const { t } = vscode.l10n;

export interface RouteParts {
  readonly contexts: Contexts;
  readonly compressed: ResultDocuments;
  readonly endpoint: Endpoint;
  readonly storage: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

export interface Route {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** Whether the route works now. @param commands ids of all commands of the editor */
  readonly isAvailable: (commands: ReadonlySet<string>) => boolean;
  /** @returns whether the run was handed over unchanged */
  readonly send: (run: Run) => Promise<boolean>;
}

const CLINE = 'saoudrizwan.claude-dev';
const ROO = 'rooveterinaryinc.roo-cline';
const CONTINUE = 'continue.continue';
const CLAUDE = 'anthropic.claude-code';
const ROO_ADD = 'roo-cline.addToContext';
const CONTINUE_FOCUS = 'continue.focusContinueInputWithoutClear';
const CLAUDE_MENTION = 'claude-code.insertAtMentioned'; // mentions the active editor

function routes({ contexts, compressed, endpoint, storage, log }: RouteParts): Route[] {
  const installed = (id: string): boolean => vscode.extensions.getExtension(id) !== undefined;
  const inFile = async (run: Run): Promise<{ file: string; text: string }> => {
    const sent = await payloadOf(run);
    return { file: await writeHandoverFile(storage, run, sent), text: sent.text };
  };
  return [
    {
      id: 'chat',
      label: `$(comment-discussion) ${t('Chat view')}`,
      detail: t('Attached to a question that you still have to send'),
      isAvailable: canAttach,
      send: (run) => sendToChat(run, storage, log),
    },
    {
      id: 'participant',
      label: `$(mention) ${t('@namm in the chat view')}`,
      detail: t('Compresses again for your question, and can get back what it left out'),
      isAvailable: canAttach,
      send: async (run) => {
        await vscode.commands.executeCommand('workbench.action.chat.open', {
          query: '@namm ',
          isPartialQuery: true,
          attachFiles: run.sources.filter((s) => s.uri.scheme !== 'untitled').map((s) => s.uri),
        });
        return false;
      },
    },
    {
      id: 'cline',
      label: '$(robot) Cline',
      detail: t('Starts a new task; you see first what is sent'),
      isAvailable: () => installed(CLINE),
      send: async (run) => {
        const api = await extensionApi<{ startNewTask?: (text: string, images?: string[]) => Promise<void> }>(CLINE);
        if (typeof api?.startNewTask !== 'function') throw new HandoverError('assistantMissing', 'Cline');
        const question = (
          await vscode.window.showInputBox({
            title: t('Task for {0}', 'Cline'),
            prompt: t('You see what is sent before it goes.'),
            ignoreFocusOut: true,
          })
        )?.trim();
        if (!question) return false;
        const sent = await payloadOf(run, { alone: 'block' });
        const text = `${question}\n\n${sent.text}`;
        const tokens = await estimateTokens(text);
        const warnings = [t('A running task of Cline is closed')];
        if (!(await confirmSending({ receiver: 'Cline', run, sent, text, tokens, warnings }, compressed))) return false;
        await api.startNewTask(text);
        return true;
      },
    },
    {
      id: 'roo',
      label: '$(robot) Roo Code',
      detail: t('Filled into its input; you still have to send it'),
      isAvailable: (commands) => installed(ROO) && commands.has(ROO_ADD),
      send: async (run) => {
        await extensionApi(ROO);
        const { file, text } = await inFile(run);
        await vscode.commands.executeCommand(ROO_ADD, file, text, 1, text.split('\n').length);
        return true;
      },
    },
    {
      id: 'continue',
      label: '$(robot) Continue',
      detail: t('Offered there as @NAMM; you still have to pick and send it'),
      isAvailable: () => installed(CONTINUE),
      send: async (run) => {
        const api = await extensionApi<{ registerCustomContextProvider?: (provider: unknown) => void }>(CONTINUE);
        if (typeof api?.registerCustomContextProvider !== 'function')
          throw new HandoverError('assistantMissing', 'Continue');
        continueRun = run;
        if (!isProviderRegistered) api.registerCustomContextProvider(continueProvider);
        isProviderRegistered = true;
        await vscode.commands.executeCommand(CONTINUE_FOCUS);
        return true;
      },
    },
    {
      id: 'claude',
      label: '$(robot) Claude Code',
      detail: t('Opens the compressed file and mentions it there; you still have to send it'),
      isAvailable: (commands) => installed(CLAUDE) && commands.has(CLAUDE_MENTION),
      send: async (run) => {
        const { file } = await inFile(run);
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.file(file)), {
          preview: false,
        });
        await vscode.commands.executeCommand(CLAUDE_MENTION);
        return true;
      },
    },
    {
      id: 'endpoint',
      label: `$(server) ${endpoint.configured ? t('{0} at the configured server', readHandoverSettings().endpoint.model) : t('OpenAI-compatible server')}`,
      detail: t('You see first what is sent; the answer opens beside'),
      isAvailable: () => endpoint.configured,
      send: (run) => endpoint.ask(run).then(() => false), // it is compressed again for a question
    },
    {
      id: 'clipboard',
      label: `$(copy) ${t('Clipboard')}`,
      detail: t('For any other assistant'),
      isAvailable: () => true,
      send: copyRun,
    },
    {
      id: 'file',
      label: `$(save) ${t('File…')}`,
      detail: t('As Markdown or XML blocks'),
      isAvailable: () => true,
      send: (run) => saveRun(run, contexts),
    },
  ];
}

/** The routes that work now. */
export async function availableRoutes(parts: RouteParts): Promise<Route[]> {
  const commands = new Set(await vscode.commands.getCommands(true));
  return routes(parts).filter((r) => r.isAvailable(commands));
}

export async function pickRoute(available: readonly Route[]): Promise<Route | undefined> {
  const picked = await vscode.window.showQuickPick(
    available.map((route) => ({ label: route.label, detail: route.detail, route })),
    { title: t('Hand over compressed context to…'), matchOnDetail: true },
  );
  return picked?.route;
}

// Continue keeps a provider as long as it runs. So one is registered once, and returns the run that was handed over last.
let continueRun: Run | undefined;
let isProviderRegistered = false;
const continueProvider = {
  get description() {
    return { title: 'namm', displayTitle: 'NAMM', description: t('Compressed context'), type: 'normal' };
  },
  async getContextItems(): Promise<{ name: string; description: string; content: string }[]> {
    if (!continueRun) return [];
    const { text } = await payloadOf(continueRun, { alone: 'block' });
    return [{ name: 'NAMM', description: t('Compressed context'), content: text }];
  },
  loadSubmenuItems: (): Promise<never[]> => Promise.resolve([]),
};

async function extensionApi<T>(id: string): Promise<T | undefined> {
  const extension = vscode.extensions.getExtension<T>(id);
  if (!extension) throw new HandoverError('assistantMissing', id);
  return extension.isActive ? extension.exports : await extension.activate();
}
