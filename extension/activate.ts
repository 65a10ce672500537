// Knows who exists: builds every part by hand and gives them to the editor.
import * as vscode from 'vscode';
import { commandTable } from './commands';
import type { Run } from './session/documents';
import { ResultDocuments } from './session/resultDocument';
import { CurrentRun } from './session/currentRun';
import { openText } from './platform/openText';
import { Runner } from './session/runner';
import { decorationCommands } from './editor/decorationCommands';
import { Decorations } from './editor/decorations';
import { addToContext, contextCommands } from './context/contextCommands';
import { ContextFiles } from './session/contextFiles';
import { ContextTree } from './context/contextTree';
import { Marks } from './session/marks';
import { Question } from './session/question';
import { constraintCommands } from './context/constraintCommands';
import { Results } from './session/documents';
import { Engine } from './session/engine';
import { sendToChat } from './handover/chat';
import { copyRun } from './handover/clipboard';
import { Answers } from './handover/answers';
import { Contexts } from './session/contexts';
import { Elisions } from './session/elisions';
import { Endpoint } from './handover/endpoint';
import { Handovers } from './session/handovers';
import { McpServer } from './handover/mcpServer';
import { Participant } from './handover/participant';
import { registerTools } from './handover/tools';
import { availableRoutes } from './handover/routes';
import { Hovers } from './editor/hover';
import { Inspecting } from './session/inspecting';
import { Mask } from './inspector/mask';
import { InspectorPanel } from './inspector/panel';
import { Live } from './editor/live';
import { CurrentEditor } from './session/currentEditor';
import { StatusBar } from './editor/statusBar';
import { Refresh } from './session/refresh';

/** What tests may look at. */
export interface Api {
  readonly activation: { readonly ms: number; readonly workMs: number }; // by the clock, and at work
  readonly enginePid: () => number | undefined;
  readonly engineState: () => string;
  readonly activity: () => string;
  readonly statusText: () => string | undefined;
  readonly budgetText: () => string;
  readonly told: readonly string[];
  /** Ids of the ways to hand over that exist now. */
  readonly routes: () => Promise<string[]>;
  /** Offsets of what the visible editor of a document shows struck through; of several the one in the given column. */
  readonly struck: (
    uri: vscode.Uri,
    column?: vscode.ViewColumn,
  ) => readonly { readonly start: number; readonly end: number }[];
  /** Rows of the Context view, and what its head says. */
  readonly contextRows: () => readonly {
    readonly path: string;
    readonly checked: boolean;
    readonly before?: number;
    readonly after?: number;
  }[];
  readonly contextTotal: () => string | undefined;
  /** What is dragged along with rows of the Context view, and a drop on it or on one of its rows. */
  readonly dragFromContext: (uris: readonly vscode.Uri[]) => vscode.DataTransfer;
  readonly dropOnContext: (data: vscode.DataTransfer, row?: vscode.Uri) => Promise<void>;
  readonly checkInContext: (uri: vscode.Uri, checked: boolean) => void;
  readonly decorationMode: () => string;
  /** How the editor would start the MCP server; undefined where it knows of no such servers. */
  readonly mcpServer: () =>
    | { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }
    | undefined;
  readonly inspector: Pick<InspectorPanel, 'state' | 'receive' | 'lastBudgetMs'>;
  /** Offsets of the mask that a document's editors show. */
  readonly mask: Mask['stretchesOn'];
  readonly tokens: (uri: vscode.Uri) => { readonly before: number; readonly after: number } | undefined;
}

export function activate(context: vscode.ExtensionContext): Api {
  const begun = performance.now();
  const used = process.cpuUsage();
  const log = vscode.window.createOutputChannel('NAMM Context', { log: true });
  const engine = new Engine(context.extensionPath, context.globalStorageUri, log);
  const results = new Results();
  const currentEditor = new CurrentEditor();
  const marks = new Marks(context.workspaceState);
  const question = new Question(context.workspaceState);
  const contextFiles = new ContextFiles(results, context.workspaceState);
  const handovers = new Handovers();
  const runner = new Runner(
    engine,
    results,
    { marks, question, contextFiles: () => contextFiles.checked },
    handovers,
    log,
  );
  const currentRun = new CurrentRun(results, runner, () => contextFiles.checked);
  const contextTree = new ContextTree(contextFiles, (uris, before) => addToContext(contextFiles, runner, uris, before));
  const inspecting = new Inspecting(engine);
  const compressed = new ResultDocuments(results);
  const mask = new Mask();
  const inspector = new InspectorPanel({
    extensionUri: context.extensionUri,
    service: engine,
    inspecting,
    results,
    runner,
    mask,
  });
  const statusBar = new StatusBar(runner, results, question, () => contextFiles.all.length > 0);
  const contextListener = contextFiles.onDidChange(() => statusBar.update());
  const refresh = new Refresh(runner, marks, question);
  const live = new Live(runner, results);
  const elisions = new Elisions(results, compressed, context.globalStorageUri, log);
  const contexts = new Contexts(engine, marks, elisions);
  const answers = new Answers();
  const endpoint = new Endpoint(context.secrets, contexts, compressed, answers, log);
  const participant = new Participant(
    { contexts, results, currentRun, contextFiles: () => contextFiles.checked, elisions, compressed, log },
    vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png'),
  );
  const mcpServer = new McpServer(context);
  const hovers = new Hovers(results, inspecting, marks);
  const decorations = new Decorations(
    results,
    inspecting,
    marks,
    mask,
    context.workspaceState,
    vscode.Uri.joinPath(context.extensionUri, 'media'),
  );
  // Disposed from the last to the first: what listens goes before what it listens to.
  context.subscriptions.push(
    log,
    engine,
    results,
    currentEditor,
    marks,
    question,
    contextFiles,
    runner,
    contextTree,
    contextListener,
    refresh,
    live,
    compressed,
    mask,
    inspector,
    statusBar,
    elisions,
    answers,
    participant,
    mcpServer,
    hovers,
    decorations,
  );
  context.subscriptions.push(...registerTools({ contexts, elisions, log }));
  const parts = {
    runner,
    results,
    currentRun,
    contexts,
    handovers,
    compressed,
    inspector,
    mask,
    currentEditor,
    elisions,
    endpoint,
    participant,
    storage: context.globalStorageUri,
    log,
  };
  const noted =
    (run: Run) =>
    (left: boolean): void =>
      void (left && handovers.note(run));
  const table = {
    ...commandTable(parts),
    ...constraintCommands(marks, question, runner, currentEditor),
    ...decorationCommands(decorations, runner),
    ...contextCommands({
      files: contextFiles,
      runner,
      currentRun,
      compressed,
      copy: (run) =>
        copyRun(run)
          .then(noted(run))
          .catch((error: unknown) => runner.tell(error)),
      send: (run) =>
        sendToChat(run, context.globalStorageUri, log)
          .then(noted(run))
          .catch((error: unknown) => runner.tell(error)),
      selection: () => contextTree.selection,
    }),
  };
  for (const [id, handler] of Object.entries(table))
    context.subscriptions.push(vscode.commands.registerCommand(id, handler));
  const rowsOf = (uris: readonly vscode.Uri[]) =>
    contextFiles.all.filter((f) => uris.some((u) => u.toString() === f.uri.toString()));
  const { user, system } = process.cpuUsage(used);
  return {
    activation: { ms: performance.now() - begun, workMs: (user + system) / 1000 },
    enginePid: () => engine.pid,
    engineState: () => engine.state,
    activity: () => runner.activity.kind,
    statusText: () => statusBar.text,
    budgetText: () => statusBar.budgetText,
    told: runner.told,
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
    inspector,
    mask: (uri) => mask.stretchesOn(uri),
    tokens: (uri) => results.of(openText(uri))?.file.recipientTokens,
  };
}
