// Builds every part of the extension, connects them and registers the commands.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ElisionStore } from '../src/node/elisions/elisionStore';
import { Session } from '../src/session/session';
import { commandTable, type CommandParts } from './commands';
import { addToContext } from './context/contextCommands';
import { ContextTree } from './context/contextTree';
import { ContextKeys } from './editor/contextKeys';
import { Decorations } from './editor/decorations';
import { HoleFolds } from './holes/folds';
import { HoleLenses } from './holes/holeLenses';
import { HoleWalk } from './holes/holeWalk';
import { Hovers } from './editor/hover';
import { LiveCompression } from './editor/liveCompression';
import { QuickFixes } from './editor/quickFixes';
import { SampleText } from './editor/sampleText';
import { ReadLines } from './editor/readLines';
import { StatusBar } from './editor/statusBar';
import { AnswerDocuments } from './handover/answerDocuments';
import { Endpoint } from './handover/endpoint';
import { McpServer } from './handover/mcpServer';
import { registerTools } from './handover/modelTools';
import { Participant } from './handover/participant';
import { MaskDecorations } from './inspector/maskDecorations';
import { InspectorPanel } from './inspector/panel';
import { Notifications } from './platform/notifications';
import { ContextFiles } from './session/contextFiles';
import { Contexts } from './session/contexts';
import { CurrentEditor } from './session/currentEditor';
import { CurrentRun } from './session/currentRun';
import { Elisions } from './session/elisions';
import { Engine } from './session/engine';
import { Handovers } from './session/handovers';
import { InspectReports } from './session/inspectReports';
import { Marks } from './session/marks';
import { Question } from './session/question';
import { RerunOnChange } from './session/rerunOnChange';
import { ResultDocuments } from './session/resultDocuments';
import { Results } from './session/results';
import { Runner } from './session/runner';
import { testApi, type TestApi } from './testApi';

export function activate(context: vscode.ExtensionContext): TestApi {
  const begun = performance.now();
  const cpuBegun = process.cpuUsage();
  const { extensionPath, extensionUri, globalStorageUri: storage, workspaceState } = context;
  // The editor disposes of the last part first, so a listener goes before the part that it listens to.
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const media = vscode.Uri.joinPath(extensionUri, 'media');
  const log = own(vscode.window.createOutputChannel('NAMM Context', { log: true }));
  const notifications = new Notifications(log);
  const engine = own(new Engine(extensionPath, storage, log));
  const results = own(new Results());
  const currentEditor = own(new CurrentEditor());
  const marks = own(new Marks(workspaceState));
  const question = own(new Question(workspaceState));
  const contextFiles = own(new ContextFiles(results, workspaceState));
  const checkedFiles = (): readonly vscode.Uri[] => contextFiles.checked;
  const handovers = new Handovers();
  const constraints = { marks, question, contextFiles: checkedFiles };
  const runner = own(new Runner(engine, results, constraints, handovers, notifications, log));
  const compressed = own(new ResultDocuments(results));
  const currentRun = new CurrentRun(results, runner, checkedFiles, compressed);
  const contextTree = own(
    new ContextTree(contextFiles, (uris, before) => addToContext(contextFiles, notifications, uris, before)),
  );
  const inspectReports = new InspectReports(engine);
  const mask = own(new MaskDecorations());
  const inspector = own(
    new InspectorPanel({ extensionUri, service: engine, inspectReports, results, runner, notifications, mask }),
  );
  const statusBar = own(new StatusBar({ runner, results, question, contextFiles, compressed }));
  own(new ContextKeys(marks, results, compressed));
  own(new SampleText(extensionUri));
  own(new RerunOnChange(runner, marks, question));
  own(new LiveCompression(runner, results));
  const store = new ElisionStore(context.globalStorageUri.fsPath);
  const session = new Session({ engine, store, guard: () => import('./platform/lazyBundle') });
  const elisions = own(new Elisions(results, compressed, session, store, log));
  const contexts = new Contexts(engine, marks, elisions);
  const answers = own(new AnswerDocuments());
  const endpoint = new Endpoint(context.secrets, contexts, compressed, answers, log);
  const chatParts = { contexts, results, currentRun, contextFiles: checkedFiles, elisions, compressed, log };
  const participant = own(new Participant(chatParts, vscode.Uri.joinPath(media, 'icon.png')));
  const mcpServer = own(new McpServer(context));
  own(new QuickFixes(results));
  own(new Hovers(results, inspectReports, marks));
  const decorations = own(new Decorations(results, marks, mask, workspaceState, media));
  const readLines = own(new ReadLines(runner));
  own(new HoleLenses(results, decorations));
  const holeFolds = own(new HoleFolds(results));
  const holeWalk = new HoleWalk(results, compressed);
  for (const tool of registerTools({ contexts, elisions, log })) own(tool);
  const parts = {
    notifications,
    engine,
    runner,
    results,
    currentRun,
    currentEditor,
    contextFiles,
    contextTree,
    marks,
    question,
    decorations,
    holeFolds,
    holeWalk,
    inspector,
    mask,
    statusBar,
    compressed,
    contexts,
    elisions,
    endpoint,
    participant,
    mcpServer,
    handovers,
    storage,
    log,
    manifest: context.extension.packageJSON as CommandParts['manifest'],
  };
  for (const [id, handler] of Object.entries(commandTable(parts))) own(vscode.commands.registerCommand(id, handler));
  const { user, system } = process.cpuUsage(cpuBegun);
  const activation = {
    ms: performance.now() - begun,
    workMs: (user + system) / 1000,
    bundles: Object.keys(require.cache)
      .filter((file) => path.dirname(file) === __dirname)
      .map((file) => path.basename(file)),
  };
  return testApi({ ...parts, readLines }, activation);
}
