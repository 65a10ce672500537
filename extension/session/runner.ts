// Runs one compression at a time, from the request to the stored result.
import * as vscode from 'vscode';
import type { Budget } from '../../src/core/budget';
import type { CompressionService, CompressRequest, Progress } from '../../src/core/context';
import { CompressionError } from '../../src/core/errors';
import { matches } from '../../src/files/globs';
import { withToken } from '../platform/cancellation';
import { sentenceFor } from '../platform/messages';
import type { Notifications } from '../platform/notifications';
import { readSettings } from '../platform/settings';
import type { Handovers } from './handovers';
import { markEffects, offerAround, stayInWords, takenInWords } from './markEffects';
import type { Marks } from './marks';
import type { Question } from './question';
import { requestFor } from './request';
import type { Results } from './results';
import { leftOutOf, type Run, type Scope, type Source } from './run';
import { areCurrent, fromDocument, gatherScope, isWhole } from './sources';

const { t } = vscode.l10n;

export type Activity =
  | { readonly kind: 'idle' }
  /** @param share done, 0…1; undefined until it is known. @param path the text under work, of several */
  | {
      readonly kind: 'running';
      readonly share: number | undefined;
      readonly path?: string | undefined;
      readonly reading?: Reading | undefined;
    }
  /** @param about addresses of the texts of the run; empty if it failed before they were known */
  | { readonly kind: 'failed'; readonly text: string; readonly about: ReadonlySet<string> };

/** A text that the model is reading, and the offset in the document up to which it has. */
export interface Reading {
  readonly source: Source;
  readonly to: number;
}

/** What changed since the last run. */
export interface Changes {
  readonly marks?: boolean;
  readonly budget?: boolean;
}

/** What the user set that is no setting. */
interface Constraints {
  readonly marks: Marks;
  readonly question: Question;
  readonly contextFiles: () => readonly vscode.Uri[];
}

export class Runner implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Activity>();
  private readonly listener: vscode.Disposable;
  private running: AbortController | undefined;
  private currentActivity: Activity = { kind: 'idle' };
  /** The marks of the last run, whose effect the user was told. */
  private told: ReadonlySet<string> = new Set();
  /** Changes that arrived during a run. The run began without them, so they need a rerun after it. */
  private pendingRerun: Changes | undefined;
  /** Changes that arrived while the texts differed from the last run. Undoing the edits brings the rerun back. */
  private skippedRerun: Changes | undefined;
  readonly onActivity = this.changed.event;

  constructor(
    private readonly service: CompressionService,
    private readonly results: Results,
    private readonly constraints: Constraints,
    private readonly handovers: Handovers,
    private readonly notifications: Notifications,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listener = results.onDidChange(() => {
      const { skippedRerun } = this;
      this.skippedRerun = undefined;
      if (skippedRerun) void this.rerun(skippedRerun);
    });
  }

  get activity(): Activity {
    return this.currentActivity;
  }

  dispose(): void {
    this.listener.dispose();
    this.running?.abort();
    this.changed.dispose();
  }

  cancel(): void {
    this.running?.abort();
  }

  /**
   * Compresses the texts of a scope. The status bar shows how far it is, and can cancel it. A running compression is cancelled.
   * @param selection the part of an editor's text to compress; undefined or empty = all of it
   * @returns undefined when it was cancelled or failed. The user has been told why.
   */
  async run(scope: Scope, selection?: vscode.Selection): Promise<Run | undefined> {
    this.running?.abort();
    this.skippedRerun = undefined;
    const about = addressesOf(scope.kind === 'editor' ? [scope] : []);
    return this.track(
      about,
      (signal) => this.work(scope, selection, signal, about),
      () => true,
    );
  }

  /**
   * Compresses the texts of the last run again after a constraint changed. It shows no notification, and does nothing
   * if a text has changed since.
   * @param changes with `marks`, the user is told what became of the lines that he left out; without `budget`, a budget
   *   from the inspector's slider stays
   */
  async rerun({ marks = false, budget = false }: Changes = {}): Promise<void> {
    if (this.running) {
      this.pendingRerun = { budget: budget || this.pendingRerun?.budget === true };
      return;
    }
    const run = this.results.lastRun;
    if (!run) return;
    await this.track(
      addressesOf(run.sources),
      async (signal) => {
        if (!(await areCurrent(run.sources))) {
          this.skippedRerun = { budget };
          return;
        }
        const current = await this.compress(run, signal, { budgetOverride: budget ? undefined : run.budgetOverride });
        if (marks) this.reportMarks(current);
      },
      (aborted) => !aborted,
    );
  }

  /** Compresses a text that the user only looks at. It never interrupts another run and shows no failure. */
  async runInBackground(document: vscode.TextDocument): Promise<void> {
    if (this.running) return;
    await this.track(
      addressesOf([document]),
      async (signal) => {
        const source = fromDocument(document);
        if (source.end > source.start)
          await this.compress(
            { scope: { kind: 'editor', uri: document.uri }, requestedUris: [document.uri], sources: [source] },
            signal,
            { byUser: false },
          );
      },
      () => false,
    );
  }

  /**
   * Does the work as the one running compression and keeps `activity` up to date.
   * @param about addresses of the texts that a failure is about
   * @param shouldNotify whether to show a failure, given whether the work was aborted
   * @returns undefined when it was cancelled or failed
   */
  private async track<T>(
    about: ReadonlySet<string>,
    work: (signal: AbortSignal) => Thenable<T>,
    shouldNotify: (aborted: boolean) => boolean,
  ): Promise<T | undefined> {
    const controller = (this.running = new AbortController());
    this.setActivity({ kind: 'running', share: undefined });
    try {
      const result = await work(controller.signal);
      if (this.running === controller) this.setActivity({ kind: 'idle' });
      return result;
    } catch (error) {
      const sentence = sentenceFor(error);
      const isEmpty = CompressionError.is(error) && error.reason === 'emptyInput'; // said once; nothing has failed
      if (this.running === controller)
        this.setActivity(sentence && !isEmpty ? { kind: 'failed', text: sentence.text, about } : { kind: 'idle' });
      if (!shouldNotify(controller.signal.aborted)) return undefined;
      if (isEmpty && sentence) this.notifications.info(sentence.text);
      else this.notifications.error(error);
      return undefined;
    } finally {
      if (this.running === controller) this.finish();
    }
  }

  /** No compression is running any more: starts the pending rerun, if any. */
  private finish(): void {
    this.running = undefined;
    const { pendingRerun } = this;
    this.pendingRerun = undefined;
    if (pendingRerun) void this.rerun(pendingRerun);
  }

  private async work(
    scope: Scope,
    selection: vscode.Selection | undefined,
    signal: AbortSignal,
    about: Set<string>,
  ): Promise<Run> {
    const contextUris = this.constraints.contextFiles();
    const { sources: gathered, skipped } = await withToken(signal, (token) =>
      gatherScope(scope, selection, contextUris, token),
    );
    const { pinnedFiles } = readSettings();
    const sources = this.handovers.inOrder(scope, gathered, (path) => matches(pinnedFiles, path));
    for (const address of addressesOf([...sources, ...skipped])) about.add(address);
    const unread = skipped.flatMap((s) => s.error ?? []);
    if (!sources.length) throw unread.length === 1 ? unread[0]! : new CompressionError('emptyInput');
    const shareDone = progressOf(sources);
    let shown = 0; // percent
    const onProgress = (p: Progress): void => {
      if (signal.aborted || p.stage === 'fit') return; // fits are many, and nothing moves meanwhile
      const percent = Math.floor(100 * Math.min(1, shareDone(p)));
      shown = Math.max(shown, percent);
      if (this.currentActivity.kind !== 'running') return;
      const reading = readingOf(sources, p);
      if (this.currentActivity.share !== shown / 100 || this.currentActivity.reading?.to !== reading?.to)
        this.setActivity({
          kind: 'running',
          share: shown / 100,
          path: sources.length > 1 ? p.path : undefined,
          reading,
        });
    };
    const requestedUris = scope.kind === 'context' ? contextUris : sources.map((s) => s.uri);
    const run = await this.compress(subjectOf(scope, sources, requestedUris), signal, { onProgress });
    if (run.edited && run.edited === sources.length)
      this.notifications.info(t('The text was edited meanwhile. Run the command again.'));
    else this.notifications.skipped([...skipped, ...leftOutOf(run)]);
    this.reportMarks(run);
    return run;
  }

  /** The request for these texts with the settings, marks and question of the user. */
  requestFor(sources: readonly Source[]): CompressRequest {
    const settings = readSettings(sources.length === 1 ? sources[0] : undefined); // one text: those of its folder and language
    const query = this.constraints.question.text;
    return { ...requestFor(sources, settings, this.constraints.marks), ...(query ? { query } : {}) };
  }

  /**
   * @param byUser false in the background: the request has a low priority and does not become the last run
   * @param budgetOverride a budget that replaces the budget of the settings
   * @returns the run, and how many of its documents were edited meanwhile
   * @throws CompressionError; vscode.CancellationError
   */
  private async compress(
    { scope, requestedUris, sources }: Subject,
    signal: AbortSignal,
    {
      onProgress,
      byUser = true,
      budgetOverride,
    }: {
      readonly onProgress?: (p: Progress) => void;
      readonly byUser?: boolean;
      readonly budgetOverride?: Budget | undefined;
    },
  ): Promise<Run & { readonly edited: number }> {
    const begun = performance.now();
    const basis = { ...this.requestFor(sources), ...(budgetOverride ? { budget: budgetOverride } : {}) };
    const request: CompressRequest = {
      // A single text is compressed around the cursor. A context of several must not change with every cursor move.
      ...this.handovers.withPreviousTokens(scope.kind === 'editor' ? aroundCursor(basis, sources) : basis),
      priority: byUser ? 'user' : 'background',
    };
    const context = await this.service.compress(request, signal, onProgress);
    if (signal.aborted) throw new vscode.CancellationError(); // a newer run replaced this one
    const run: Run = {
      scope,
      requestedUris,
      request,
      context,
      sources,
      ...(budgetOverride ? { budgetOverride } : {}),
    };
    const edited = this.results.put(run, byUser);
    const { recipientTokens, timings } = context;
    this.log.info(
      `${sources.length} file(s), ${recipientTokens.before} -> ${recipientTokens.after} ${recipientTokens.counter} tokens, ` +
        `${Math.round(performance.now() - begun)} ms (load ${timings.loadMs}, read ${timings.observeMs}, score ${timings.scoreMs}, render ${timings.renderMs})` +
        `${edited ? `, ${edited} edited meanwhile` : ''}`,
    );
    return Object.assign(run, { edited });
  }

  /** Tells the user, once for each mark, which lines stay that he left out, and what went with the others. */
  private reportMarks(run: Run): void {
    const before = this.told;
    const told = (this.told = new Set<string>());
    for (const [i, { uri, document }] of run.sources.entries())
      for (const effect of markEffects(run, i)) {
        const { mark, fault } = effect;
        const key = `${uri.toString()} ${mark.start} ${mark.end} ${fault ?? ''}`;
        told.add(key);
        if (before.has(key)) continue;
        const undo = { title: t('Undo'), command: 'namm.unmark', arguments: [{ uri: uri.toString(), ...mark }] };
        const taken = takenInWords(document, effect);
        if (fault) this.notifications.info(stayInWords(fault), offerAround(uri, effect) ?? undo);
        else if (taken) this.notifications.info(taken, undo);
      }
  }

  private setActivity(activity: Activity): void {
    this.currentActivity = activity;
    void vscode.commands.executeCommand('setContext', 'namm.running', activity.kind === 'running');
    this.changed.fire(activity);
  }
}

type Subject = Pick<Run, 'scope' | 'requestedUris' | 'sources'>;

/** The scope of a selection remembers the selected part, so that the run can be repeated after an edit. */
function subjectOf(scope: Scope, sources: readonly Source[], requestedUris: readonly vscode.Uri[]): Subject {
  const [only] = sources;
  return {
    scope: scope.kind === 'editor' && only && !isWhole(only) ? { ...scope, part: only } : scope,
    sources,
    requestedUris,
  };
}

/** @returns a function from a progress event to the share of all texts that is done, 0…1 */
function progressOf(sources: readonly Source[]): (p: Progress) => number {
  const places = new Map<string, { readonly before: number; readonly length: number }>(); // UTF-16 units, by path
  let total = 0;
  for (const { path, start, end } of sources) {
    places.set(path, { before: total, length: end - start });
    total += end - start;
  }
  return ({ stage, path = '', done, total: steps }) => {
    if (stage === 'order' || stage === 'fit' || stage === 'render') return 1;
    const { before, length } = places.get(path) ?? { before: 0, length: 0 };
    const share = stage === 'score' ? 1 : stage === 'read' && steps ? done / steps : 0;
    return (before + length * share) / total;
  };
}

/** A text of one chunk is read at once, and a text that was read before is not read again: nothing moves in either. */
function readingOf(sources: readonly Source[], { path, readTo, done, total }: Progress): Reading | undefined {
  if (!readTo || done === total) return undefined;
  const source = sources.find((s) => s.path === path);
  return source && { source, to: source.start + readTo };
}

function addressesOf(texts: readonly { readonly uri?: vscode.Uri }[]): Set<string> {
  return new Set(texts.flatMap(({ uri }) => (uri ? [uri.toString()] : [])));
}

/** Offset of the cursor in the compressed part; undefined in an inactive editor, or at the start, where nobody has placed it. */
function cursorIn({ uri, start, end }: Source): number | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri.toString()) return undefined;
  const at = editor.document.offsetAt(editor.selection.active);
  return at > 0 && at >= start && at <= end ? at - start : undefined;
}

function aroundCursor(request: CompressRequest, sources: readonly Source[]): CompressRequest {
  return {
    ...request,
    sources: request.sources.map((s, i) => {
      const focus = cursorIn(sources[i]!);
      return focus === undefined ? s : { ...s, focus };
    }),
  };
}
