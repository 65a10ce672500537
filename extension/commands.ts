// Knows command ids and what each one does.
import * as vscode from 'vscode';
import type { Runner } from './session/runner';
import type { ResultDocuments } from './session/resultDocument';
import type { Result, Results, Run } from './session/documents';
import { sendToChat } from './handover/chat';
import { copyRun } from './handover/clipboard';
import type { CurrentRun } from './session/currentRun';
import type { CurrentEditor } from './session/currentEditor';
import type { Contexts } from './session/contexts';
import type { Elisions } from './session/elisions';
import type { Endpoint } from './handover/endpoint';
import type { Participant } from './handover/participant';
import { HandoverError } from '../src/handover/failure';
import type { Handovers } from './session/handovers';
import { pickRoute, availableRoutes, type Route } from './handover/routes';
import { saveRun } from './handover/save';
import type { Mask } from './inspector/mask';
import type { InspectorPanel } from './inspector/panel';

const { t } = vscode.l10n;

export interface Parts {
  readonly runner: Runner;
  readonly results: Results;
  readonly currentRun: CurrentRun;
  readonly compressed: ResultDocuments;
  readonly inspector: InspectorPanel;
  readonly mask: Mask;
  readonly currentEditor: CurrentEditor;
  readonly contexts: Contexts;
  readonly elisions: Elisions;
  readonly endpoint: Endpoint;
  readonly participant: Participant;
  readonly handovers: Handovers;
  readonly storage: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

type Handler = (...args: never[]) => unknown;

export function commandTable(parts: Parts): Readonly<Record<string, Handler>> {
  const {
    runner,
    results,
    currentRun,
    compressed,
    inspector,
    mask,
    currentEditor,
    contexts,
    elisions,
    endpoint,
    participant,
    handovers,
    storage,
    log,
  } = parts;

  const compressActive = async (): Promise<Run | undefined> => {
    const editor = await currentEditor.get();
    if (editor) return runner.run({ kind: 'editor', uri: editor.document.uri }, editor.selection);
    runner.say(t('Open a text file first: there is nothing to compress.'));
    return undefined;
  };

  const upToDateRun = async (): Promise<Run | undefined> => {
    const run = currentRun.get();
    return run ? currentRun.refreshed(run) : compressActive();
  };

  /**
   * For a hand-over: what the user hears of a failure is one sentence.
   * @param send says whether the run left as it is
   * @param given what an answer in the chat is about
   */
  const handOver = async (send: Route['send'], given?: Run): Promise<boolean> => {
    const run = given ?? (await upToDateRun());
    if (!run) return false;
    try {
      const left = await send(run);
      if (left) handovers.note(run);
      return left;
    } catch (error) {
      runner.tell(error);
      return false;
    }
  };

  const activeResult = async (): Promise<Result | undefined> => {
    const shown = results.of(vscode.window.activeTextEditor?.document);
    if (shown) return shown;
    return (await compressActive()) && results.of(vscode.window.activeTextEditor?.document);
  };

  const showCompressed = async (): Promise<void> => {
    const shown = results.of(vscode.window.activeTextEditor?.document);
    if (shown) return compressed.showDiff(shown);
    const run = await upToDateRun();
    if (!run) return;
    const [only, ...others] = run.sources;
    const fresh = results.of(
      others.length ? vscode.window.activeTextEditor?.document : await vscode.workspace.openTextDocument(only!.uri),
    );
    await (fresh?.run === run ? compressed.showDiff(fresh) : compressed.showRun(run));
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
        : runner.say(t('Open a notebook first: its cells are compressed together.'));
    },
    'namm.compressFiles': async (clicked?: vscode.Uri, selected?: vscode.Uri[]) => {
      const uris = selected?.length ? selected : clicked ? [clicked] : await pick();
      if (!uris?.length) return;
      const run = await runner.run({ kind: 'files', uris });
      if (run) await compressed.showRun(run); // the files need not be open: show what came of them
    },
    'namm.cancel': () => runner.cancel(),
    'namm.clear': () => {
      handovers.forget();
      results.clear();
    },
    'namm.copy': () => handOver(copyRun),
    'namm.showCompressed': showCompressed,
    'namm.inspect': async () => {
      const result = await activeResult();
      if (result) await inspector.show(result).catch((error: unknown) => runner.tell(error));
    },
    'namm.clearMask': () => mask.clear(),
    'namm.sendToChat': () => handOver((run) => sendToChat(run, storage, log)),
    'namm.handOver': async (id?: unknown, answer?: unknown) => {
      const key = typeof answer === 'string' ? answer : undefined; // a menu gives a place in the window
      const given = key === undefined ? undefined : participant.runOf(key);
      if (key !== undefined && !given) return runner.say(t('That text is no longer kept. Compress it again.'));
      const available = await availableRoutes(parts);
      const route = typeof id === 'string' ? available.find((r) => r.id === id) : await pickRoute(available);
      if (route) await handOver(route.send, given);
      else if (typeof id === 'string') runner.tell(new HandoverError('assistantMissing', id));
    },
    'namm.askEndpoint': async (question?: unknown) => {
      let asked: Awaited<ReturnType<Endpoint['ask']>>;
      await handOver(
        async (run) => ((asked = await endpoint.ask(run, typeof question === 'string' ? question : undefined)), false),
      );
      return asked;
    },
    'namm.setApiKey': () => endpoint.setKey().catch((error: unknown) => runner.tell(error)),
    'namm.saveAs': (to?: unknown) =>
      handOver((run) => saveRun(run, contexts, to instanceof vscode.Uri ? to : undefined)),
    'namm.showSent': (key: unknown) => participant.showSent(key),
    'namm.expand': (id?: unknown) =>
      elisions.expand(typeof id === 'string' ? id : undefined).catch((error: unknown) => runner.tell(error)),
    'namm.showLog': () => log.show(),
  };
}

function pick(): Thenable<vscode.Uri[] | undefined> {
  return vscode.window.showOpenDialog({
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: true,
    title: t('Files and folders to compress'),
    openLabel: t('Compress'),
  });
}
