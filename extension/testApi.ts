// Builds the view of the extension that the editor tests see: what is shown, and what a test cannot do by a command.
import * as vscode from 'vscode';
import type { CommandParts } from './commands';
import { holesOf } from './holes/holes';
import type { ReadLines } from './editor/readLines';
import type { StatusBar } from './editor/statusBar';
import type { McpServer } from './handover/mcpServer';
import { availableRoutes } from './handover/routes';
import type { InspectorPanel } from './inspector/panel';
import { openText } from './platform/openTexts';
import type { ContextFile } from './session/contextFiles';
import type { Engine } from './session/engine';

export type TestApi = ReturnType<typeof testApi>;

export interface TestApiParts extends CommandParts {
  readonly engine: Engine;
  readonly statusBar: StatusBar;
  readonly mcpServer: McpServer;
  readonly readLines: ReadLines;
}

export interface Activation {
  /** Milliseconds by the clock. */
  readonly ms: number;
  /** Milliseconds of processor time. */
  readonly workMs: number;
  /** File names of our bundles that it loaded. */
  readonly bundles: readonly string[];
}

export function testApi(parts: TestApiParts, activation: Activation) {
  const { engine, runner, results, contextFiles, contextTree, statusBar, decorations, mcpServer, mask } = parts;
  const rowsOf = (uris: readonly vscode.Uri[]): ContextFile[] =>
    contextFiles.all.filter((f) => uris.some((u) => u.toString() === f.uri.toString()));
  return {
    activation,
    enginePid: () => engine.pid,
    engineState: () => engine.state,
    activity: (): string => runner.activity.kind,
    statusText: () => statusBar.text,
    /** What a screen reader says of the active text. */
    statusLabel: () => statusBar.label,
    budgetText: () => statusBar.budgetText,
    /** Whether the status bar offers to compress the active text. */
    isOffered: () => statusBar.isOffering,
    /** Every message shown, oldest first. */
    messages: parts.notifications.shown as readonly string[],
    /** Ids of the hand-over routes that are available now. */
    routes: async () => (await availableRoutes(parts)).map((r) => r.id),
    /** Offsets of the text that the visible editor of a document strikes through. `column` selects one of several editors. */
    struck: (uri: vscode.Uri, column?: vscode.ViewColumn) => {
      const editor = vscode.window.visibleTextEditors.find(
        (e) => e.document.uri.toString() === uri.toString() && (column === undefined || e.viewColumn === column),
      );
      return editor ? decorations.struck(editor) : [];
    },
    /** How far the model has read the text under work. */
    readLines: () => parts.readLines.lines,
    /** The lines of each place that a document leaves out. */
    holes: (document: vscode.TextDocument) => {
      const result = results.forDocument(document);
      return result ? holesOf(document, result).map(({ text }) => ({ from: text.start.line, to: text.end.line })) : [];
    },
    /** Rows of the Context view. */
    contextRows: () =>
      contextFiles.all.map(({ uri, checked }) => ({
        path: vscode.workspace.asRelativePath(uri),
        checked,
        ...contextFiles.tokensOf(uri),
      })),
    /** The text above the rows of the Context view. */
    contextTotal: () => contextTree.message,
    /** What is dragged along with rows of the Context view. */
    dragFromContext: (uris: readonly vscode.Uri[]) => {
      const data = new vscode.DataTransfer();
      contextTree.handleDrag(rowsOf(uris), data);
      return data;
    },
    /** Drops data on the Context view, or on one of its rows. */
    dropOnContext: (data: vscode.DataTransfer, row?: vscode.Uri) =>
      contextTree.handleDrop(row && rowsOf([row])[0], data),
    checkInContext: (uri: vscode.Uri, checked: boolean) => contextFiles.check(new Map([[uri.toString(), checked]])),
    decorationMode: (): string => decorations.mode,
    /** How the editor would start the MCP server; undefined if the editor does not support such servers. */
    mcpServer: () => (mcpServer.registered ? mcpServer.start() : undefined),
    inspector: parts.inspector as Pick<InspectorPanel, 'state' | 'receive'>,
    /** Offsets of the mask that the editors of a document show. */
    mask: (uri: vscode.Uri) => mask.stretchesOn(uri),
    tokens: (uri: vscode.Uri) => results.forDocument(openText(uri))?.file.recipientTokens,
  };
}
