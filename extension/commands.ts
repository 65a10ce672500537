// Maps every command id to what it does.
import * as vscode from 'vscode';
import type { Budget } from '../src/core/budget';
import { HandoverError } from '../src/handover/handoverError';
import { previewedShare } from '../src/why/turning';
import { constraintCommands, isTextTarget } from './context/constraintCommands';
import { contextCommands } from './context/contextCommands';
import type { ContextTree } from './context/contextTree';
import { pickBudget } from './context/budgetPicker';
import { decorationCommands } from './editor/decorationCommands';
import type { Decorations } from './editor/decorations';
import type { HoleFolds } from './holes/folds';
import type { HoleWalk } from './holes/holeWalk';
import { openSample } from './editor/sampleText';
import { sendToChat } from './handover/chatView';
import { copyRun } from './handover/clipboard';
import type { Participant } from './handover/participant';
import { availableRoutes, pickRoute, type Route, type RouteParts } from './handover/routes';
import { saveRun } from './handover/saveToFile';
import type { MaskDecorations } from './inspector/maskDecorations';
import type { InspectorPanel } from './inspector/panel';
import { pickMore, type Contributed } from './moreCommands';
import type { Notifications } from './platform/notifications';
import { pickFilesAndFolders } from './platform/quickPick';
import type { ContextFiles } from './session/contextFiles';
import type { CurrentEditor } from './session/currentEditor';
import type { CurrentRun } from './session/currentRun';
import type { Elisions } from './session/elisions';
import type { Handovers } from './session/handovers';
import type { Marks } from './session/marks';
import type { Question } from './session/question';
import type { Result, Results } from './session/results';
import type { Run } from './session/run';
import type { Runner } from './session/runner';

const { t } = vscode.l10n;

export interface CommandParts extends RouteParts {
  readonly notifications: Notifications;
  readonly runner: Runner;
  readonly results: Results;
  readonly currentRun: CurrentRun;
  readonly currentEditor: CurrentEditor;
  readonly contextFiles: ContextFiles;
  readonly contextTree: ContextTree;
  readonly marks: Marks;
  readonly question: Question;
  readonly decorations: Decorations;
  readonly holeFolds: HoleFolds;
  readonly holeWalk: HoleWalk;
  readonly inspector: InspectorPanel;
  readonly mask: MaskDecorations;
  readonly elisions: Elisions;
  readonly participant: Participant;
  readonly handovers: Handovers;
  readonly manifest: { readonly contributes: { readonly commands: readonly Contributed[] } };
}

type Handler = (...args: never[]) => unknown;

export function commandTable(parts: CommandParts): Readonly<Record<string, Handler>> {
  const { notifications, runner, results, currentRun, currentEditor, compressed, inspector, mask, contexts } = parts;
  const { elisions, endpoint, participant, handovers, storage, log } = parts;
  const reportError = (error: unknown): void => notifications.error(error);

  const compressActive = async (): Promise<Run | undefined> => {
    const editor = await currentEditor.get();
    if (editor) return runner.run({ kind: 'editor', uri: editor.document.uri }, editor.selection);
    notifications.info(
      t('Open a text file first: there is nothing to compress.'),
      { title: t('Open File…'), command: 'workbench.action.files.openFile' },
      { title: t('Use a Sample'), command: 'namm.trySample' },
    );
    return undefined;
  };

  const upToDateRun = async (): Promise<Run | undefined> => {
    const run = currentRun.get();
    return run ? currentRun.refreshed(run) : compressActive();
  };

  /**
   * Sends a run and reports a failure.
   * @param send returns whether it handed over the run unchanged
   * @param given the run to send, such as the one of an answer in the chat; undefined = the current run
   */
  const handOver = async (send: Route['send'], given?: Run): Promise<boolean> => {
    const run = given ?? (await upToDateRun());
    if (!run) return false;
    try {
      const handedOver = await send(run);
      if (handedOver) handovers.note(run);
      return handedOver;
    } catch (error) {
      notifications.error(error);
      return false;
    }
  };

  const sendRunToChat: Route['send'] = (run) => sendToChat(run, storage, log);

  const activeResult = async (): Promise<Result | undefined> => {
    const shown = results.forDocument(vscode.window.activeTextEditor?.document);
    if (shown) return shown;
    return (await compressActive()) && results.forDocument(vscode.window.activeTextEditor?.document);
  };

  /** @param act on a hole of the active text; returns whether there is one */
  const atHole = async (act: (walk: HoleWalk) => Promise<boolean>): Promise<void> => {
    const result = await activeResult();
    if (result && !(await act(parts.holeWalk))) notifications.info(t('Nothing is left out of this text.'));
  };

  /** The result of the active text; in a document of several texts, the one that the user picks. */
  const inspectedResult = async (): Promise<Result | undefined> => {
    const { run } = compressed.resultOf(vscode.window.activeTextEditor?.document.uri) ?? {};
    if (!run) return activeResult();
    const found = run.sources.flatMap((s) => {
      const result = results.forUri(s.uri);
      return result?.run === run ? [{ label: s.path, result }] : [];
    });
    if (!found.length) return void notifications.info(t('The texts have changed since. Compress them again.'));
    if (found.length === 1) return found[0]!.result;
    return (await vscode.window.showQuickPick(found, { title: t('Which text to inspect') }))?.result;
  };

  const showCompressed = async (): Promise<void> => {
    const shown = results.forDocument(vscode.window.activeTextEditor?.document);
    if (shown) return compressed.showDiff(shown);
    const run = await upToDateRun();
    if (!run) return;
    const [only, ...others] = run.sources;
    const fresh = results.forDocument(
      others.length ? vscode.window.activeTextEditor?.document : await vscode.workspace.openTextDocument(only!.uri),
    );
    await (fresh?.run === run ? compressed.showDiff(fresh) : compressed.showRun(run));
  };

  const compressFiles = async (clicked?: vscode.Uri, selected?: vscode.Uri[]): Promise<void> => {
    const uris = selected?.length
      ? selected
      : clicked
        ? [clicked]
        : await pickFilesAndFolders(t('Files and folders to compress'), t('Compress'));
    if (!uris?.length) return;
    const run = await runner.run({ kind: 'files', uris });
    if (run) await compressed.showRun(run); // the files need not be open, so show the result
  };

  return {
    'namm.compress': compressActive,
    'namm.renew': async () => {
      const active = vscode.window.activeTextEditor?.document.uri.toString();
      const run = results.lastRun;
      return run?.sources.some((s) => s.uri.toString() === active) ? runner.run(run.scope) : compressActive();
    },
    'namm.compressOpenEditors': () => runner.run({ kind: 'editors' }),
    'namm.compressNotebook': () => {
      const uri = vscode.window.activeNotebookEditor?.notebook.uri;
      return uri
        ? runner.run({ kind: 'notebook', uri })
        : notifications.info(t('Open a notebook first: its cells are compressed together.'));
    },
    'namm.compressFiles': compressFiles,
    'namm.compressSelected': compressFiles, // in the Explorer, where it asks for nothing
    'namm.cancel': () => runner.cancel(),
    'namm.clear': () => {
      handovers.forget();
      results.clear();
    },
    'namm.copy': () => handOver(copyRun),
    'namm.showCompressed': showCompressed,
    'namm.inspect': async () => {
      const result = await inspectedResult();
      if (result) await inspector.show(result).catch(reportError);
    },
    'namm.trySample': async () => {
      const { document, selection } = await openSample();
      await runner.run({ kind: 'editor', uri: document.uri }, selection);
    },
    'namm.showWhy': (target?: unknown) =>
      atHole((walk) => walk.showWhy(isTextTarget(target) ? target.start : undefined)),
    'namm.peekDropped': (target?: unknown) =>
      atHole((walk) => walk.peek(isTextTarget(target) ? target.start : undefined)),
    'namm.nextDropped': () => atHole((walk) => walk.next()),
    'namm.previousDropped': () => atHole((walk) => walk.previous()),
    'namm.pickBudget': async () => {
      const { activeTextEditor: editor } = vscode.window;
      const shown = results.forDocument(editor?.document)?.run ?? compressed.resultOf(editor?.document.uri)?.run;
      // The settings may say already what is picked: then nothing else ends the slider's budget.
      const preview = (b: Budget | undefined): void =>
        parts.decorations.preview(
          b && (({ run }) => previewedShare(run.request.budget, b, run.context.recipientTokens)),
        );
      if ((await pickBudget(editor?.document, shown?.budgetOverride, preview)) && shown?.budgetOverride)
        await runner.rerun({ budget: true });
    },
    'namm.clearMask': () => mask.clear(),
    'namm.sendToChat': () => handOver(sendRunToChat),
    'namm.handOver': async (id?: unknown, answer?: unknown) => {
      const key = typeof answer === 'string' ? answer : undefined; // a menu passes an editor group
      const given = key === undefined ? undefined : participant.runOf(key);
      if (key !== undefined && !given) return notifications.info(t('That text is no longer kept. Compress it again.'));
      const available = await availableRoutes(parts);
      const route = typeof id === 'string' ? available.find((r) => r.id === id) : await pickRoute(available);
      if (route) await handOver(route.send, given);
      else if (typeof id === 'string') notifications.error(new HandoverError('assistantMissing', id));
    },
    'namm.askEndpoint': async (question?: unknown) => {
      let answer: Awaited<ReturnType<typeof endpoint.ask>>;
      await handOver(async (run) => {
        answer = await endpoint.ask(run, typeof question === 'string' ? question : undefined);
        return false;
      });
      return answer;
    },
    'namm.setApiKey': () => endpoint.setKey().catch(reportError),
    'namm.saveAs': (to?: unknown) =>
      handOver((run) => saveRun(run, contexts, to instanceof vscode.Uri ? to : undefined)),
    'namm.showSent': (key: unknown) => participant.showSent(key),
    'namm.expand': (id?: unknown) => elisions.expand(typeof id === 'string' ? id : undefined).catch(reportError),
    'namm.showLog': () => log.show(),
    'namm.more': () => pickMore(parts, parts.manifest.contributes.commands),
    ...constraintCommands(parts.marks, parts.question, notifications, currentEditor),
    ...decorationCommands(parts.decorations, parts.holeFolds, notifications),
    ...contextCommands({
      ...parts,
      copy: (run) => handOver(copyRun, run),
      send: (run) => handOver(sendRunToChat, run),
    }),
  };
}
