// Builds the view of the extension that the editor tests see: what is shown, and what a test cannot do by a command.
import * as vscode from 'vscode';
import type { ContextTree } from './context/contextTree';
import type { Decorations } from './editor/decorations';
import type { StatusBar } from './editor/statusBar';
import type { McpServer } from './handover/mcpServer';
import { availableRoutes, type RouteParts } from './handover/routes';
import type { MaskDecorations } from './inspector/maskDecorations';
import type { InspectorPanel } from './inspector/panel';
import type { Notifications } from './platform/notifications';
import { openText } from './platform/openText';
import type { ContextFile, ContextFiles } from './session/contextFiles';
import type { Engine } from './session/engine';
import type { Results } from './session/results';
import type { Runner } from './session/runner';

export interface TestApi {
  /** Milliseconds that the activation took: by the clock, and of processor time. */
  readonly activation: { readonly ms: number; readonly workMs: number };
  readonly enginePid: () => number | undefined;
  readonly engineState: () => string;
  readonly activity: () => string;
  readonly statusText: () => string | undefined;
  readonly budgetText: () => string;
  /** Every message shown, oldest first. */
  readonly messages: readonly string[];
  /** Ids of the hand-over routes that are available now. */
  readonly routes: () => Promise<string[]>;
  /** Offsets of the text that the visible editor of a document strikes through. @param column selects one of several editors */
  readonly struck: (
    uri: vscode.Uri,
    column?: vscode.ViewColumn,
  ) => readonly { readonly start: number; readonly end: number }[];
  /** Rows of the Context view. */
  readonly contextRows: () => readonly {
    readonly path: string;
    readonly checked: boolean;
    readonly before?: number;
    readonly after?: number;
  }[];
  /** The text above the rows of the Context view. */
  readonly contextTotal: () => string | undefined;
  /** What is dragged along with rows of the Context view. */
  readonly dragFromContext: (uris: readonly vscode.Uri[]) => vscode.DataTransfer;
  /** Drops data on the Context view, or on one of its rows. */
  readonly dropOnContext: (data: vscode.DataTransfer, row?: vscode.Uri) => Promise<void>;
  readonly checkInContext: (uri: vscode.Uri, checked: boolean) => void;
  readonly decorationMode: () => string;
  /** How the editor would start the MCP server; undefined if the editor does not support such servers. */
  readonly mcpServer: () =>
    | { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }
    | undefined;
  readonly inspector: Pick<InspectorPanel, 'state' | 'receive' | 'lastBudgetMs'>;
  /** Offsets of the mask that the editors of a document show. */
  readonly mask: MaskDecorations['stretchesOn'];
  readonly tokens: (uri: vscode.Uri) => { readonly before: number; readonly after: number } | undefined;
}

export interface TestApiParts extends RouteParts {
  readonly engine: Engine;
  readonly notifications: Notifications;
  readonly runner: Runner;
  readonly results: Results;
  readonly contextFiles: ContextFiles;
  readonly contextTree: ContextTree;
  readonly statusBar: StatusBar;
  readonly decorations: Decorations;
  readonly mcpServer: McpServer;
  readonly inspector: InspectorPanel;
  readonly mask: MaskDecorations;
}

export function testApi(parts: TestApiParts, activation: TestApi['activation']): TestApi {
  const { engine, runner, results, contextFiles, contextTree, statusBar, decorations, mcpServer, mask } = parts;
  const rowsOf = (uris: readonly vscode.Uri[]): ContextFile[] =>
    contextFiles.all.filter((f) => uris.some((u) => u.toString() === f.uri.toString()));
  return {
    activation,
    enginePid: () => engine.pid,
    engineState: () => engine.state,
    activity: () => runner.activity.kind,
    statusText: () => statusBar.text,
    budgetText: () => statusBar.budgetText,
    messages: parts.notifications.shown,
    routes: async () => (await availableRoutes(parts)).map((r) => r.id),
    struck: (uri, column) => {
      const editor = vscode.window.visibleTextEditors.find(
        (e) => e.document.uri.toString() === uri.toString() && (column === undefined || e.viewColumn === column),
      );
      return editor ? decorations.struck(editor) : [];
    },
    contextRows: () =>
      contextFiles.all.map(({ uri, checked }) => ({
        path: vscode.workspace.asRelativePath(uri),
        checked,
        ...contextFiles.tokensOf(uri),
      })),
    contextTotal: () => contextTree.message,
    dragFromContext: (uris) => {
      const data = new vscode.DataTransfer();
      contextTree.handleDrag(rowsOf(uris), data);
      return data;
    },
    dropOnContext: (data, row) => contextTree.handleDrop(row && rowsOf([row])[0], data),
    checkInContext: (uri, checked) => contextFiles.check(new Map([[uri.toString(), checked]])),
    decorationMode: () => decorations.mode,
    mcpServer: () => (mcpServer.registered ? mcpServer.start() : undefined),
    inspector: parts.inspector,
    mask: (uri) => mask.stretchesOn(uri),
    tokens: (uri) => results.forDocument(openText(uri))?.file.recipientTokens,
  };
}
