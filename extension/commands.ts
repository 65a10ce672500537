// Knows command ids and what each one does.
import * as vscode from 'vscode';
import type { Runner } from './runner';
import type { ResultDocuments } from './resultDocument';
import type { Result, Results, Run } from './documents';
import { sendToChat } from './handover/chat';
import { copyRun } from './handover/clipboard';
import type { MeantRun } from './meantRun';
import type { MeantEditor } from './editor/meantEditor';
import type { Contexts } from './handover/contexts';
import type { Elisions } from './handover/elisions';
import type { Endpoint } from './handover/endpoint';
import type { Participant } from './handover/participant';
import { HandoverError } from '../src/handover/failure';
import type { Handovers } from './handover/handovers';
import { pickRoute, routesThere, type Route } from './handover/routes';
import { saveRun } from './handover/save';
import type { Mask } from './inspector/mask';
import type { InspectorPanel } from './inspector/panel';

const { t } = vscode.l10n;

export interface Parts {
  readonly runner: Runner;
  readonly results: Results;
  readonly meantRun: MeantRun;
  readonly compressed: ResultDocuments;
  readonly inspector: InspectorPanel;
  readonly mask: Mask;
  readonly meant: MeantEditor;
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
    meantRun,
    compressed,
    inspector,
    mask,
    meant,
    contexts,
    elisions,
    endpoint,
    participant,
    handovers,
    storage,
    log,
  } = parts;

  const compressActive = async (): Promise<Run | undefined> => {
    const editor = await meant.get();
    if (editor) return runner.run({ kind: 'editor', uri: editor.document.uri }, editor.selection);
    runner.say(t('Open a text file first: there is nothing to compress.'));
    return undefined;
  };

  const currentRun = async (): Promise<Run | undefined> => {
    const run = meantRun.get();
    return run ? meantRun.madeTrue(run) : compressActive();
  };

  /**
   * For a hand-over: what the user hears of a failure is one sentence.
   * @param hand says whether the run left as it is
   * @param given what an answer in the chat is about
   */
  const handing = async (hand: Route['hand'], given?: Run): Promise<boolean> => {
    const run = given ?? (await currentRun());
    if (!run) return false;
    try {
      const left = await hand(run);
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
    const run = await currentRun();
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
    'namm.copy': () => handing(copyRun),
    'namm.showCompressed': showCompressed,
    'namm.inspect': async () => {
      const result = await activeResult();
      if (result) await inspector.show(result).catch((error: unknown) => runner.tell(error));
    },
    'namm.clearMask': () => mask.clear(),
    'namm.sendToChat': () => handing((run) => sendToChat(run, storage, log)),
    'namm.handOver': async (id?: unknown, answer?: unknown) => {
      const key = typeof answer === 'string' ? answer : undefined; // a menu gives a place in the window
      const given = key === undefined ? undefined : participant.runOf(key);
      if (key !== undefined && !given) return runner.say(t('That text is no longer kept. Compress it again.'));
      const there = await routesThere(parts);
      const route = typeof id === 'string' ? there.find((r) => r.id === id) : await pickRoute(there);
      if (route) await handing(route.hand, given);
      else if (typeof id === 'string') runner.tell(new HandoverError('assistantMissing', id));
    },
    'namm.askEndpoint': async (question?: unknown) => {
      let asked: Awaited<ReturnType<Endpoint['ask']>>;
      await handing(
        async (run) => ((asked = await endpoint.ask(run, typeof question === 'string' ? question : undefined)), false),
      );
      return asked;
    },
    'namm.setApiKey': () => endpoint.setKey().catch((error: unknown) => runner.tell(error)),
    'namm.saveAs': (to?: unknown) =>
      handing((run) => saveRun(run, contexts, to instanceof vscode.Uri ? to : undefined)),
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
