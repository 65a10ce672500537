// Knows one compression from request to result, and keeps at most one going.
import * as vscode from 'vscode';
import type { Budget } from '../../src/core/budget';
import type { CompressionService, CompressRequest, Progress } from '../../src/core/context';
import { CompressionError } from '../../src/core/errors';
import { matches } from '../../src/files/globs';
import { withSignal } from '../platform/cancellation';
import type { Results, Run, Scope, Source } from './documents';
import type { Marks } from './marks';
import type { Question } from './question';
import type { Handovers } from './handovers';
import { sentenceFor, skippedInWords } from '../platform/messages';
import { openText } from '../platform/openText';
import { marksOf, requestFor } from './request';
import { readSettings } from '../platform/settings';
import {
  areCurrent,
  asTheyAre,
  cellsOf,
  fromDocument,
  fromPart,
  fromUri,
  fromUris,
  isWhole,
  openEditors,
  type Gathered,
} from './sources';

const { t } = vscode.l10n;

export type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly share: number | undefined }
  /** @param about addresses of the texts that it concerns; none where it came before a text was known */
  | { readonly kind: 'failed'; readonly text: string; readonly about: ReadonlySet<string> };

/** What a run is made again for. */
interface Changed {
  readonly marked?: boolean;
  readonly budget?: boolean;
}

export class Runner implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Activity>();
  private running: AbortController | undefined;
  private stale: Changed | undefined; // a wish changed while something ran
  private missed: Changed | undefined; // one changed while the texts were others: an undoing may bring them back
  private readonly listener: vscode.Disposable;
  private now: Activity = { kind: 'idle' };
  readonly onActivity = this.changed.event;
  /** Every sentence shown, oldest first: what a test can ask for. */
  readonly told: string[] = [];

  constructor(
    private readonly service: CompressionService,
    private readonly results: Results,
    private readonly wishes: {
      readonly marks: Marks;
      readonly question: Question;
      readonly contextFiles: () => readonly vscode.Uri[];
    },
    private readonly handovers: Handovers,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listener = results.onDidChange(() => {
      const { missed } = this;
      this.missed = undefined;
      if (missed) void this.rerun(missed);
    });
  }

  get activity(): Activity {
    return this.now;
  }

  dispose(): void {
    this.listener.dispose();
    this.running?.abort();
    this.changed.dispose();
  }

  cancel(): void {
    this.running?.abort();
  }

  /** Runs what the user asked for, with a notification that can cancel it. @returns undefined when cancelled or failed */
  async run(scope: Scope, selection?: vscode.Selection): Promise<Run | undefined> {
    this.running?.abort(); // the newest wish counts
    this.missed = undefined;
    const own = (this.running = new AbortController());
    const about = addressesOf(scope.kind === 'editor' ? [scope] : []);
    this.become({ kind: 'running', share: undefined });
    try {
      const run = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: t('Compressing context'), cancellable: true },
        (progress, token) =>
          withSignal([token, own.signal], (signal) => this.work(scope, selection, signal, token, progress, about)),
      );
      if (this.running === own) this.become({ kind: 'idle' });
      return run;
    } catch (error) {
      const current = this.running === own;
      const sentence = sentenceFor(error);
      if (current) this.become(sentence ? { kind: 'failed', text: sentence.text, about } : { kind: 'idle' });
      this.tell(error);
      return undefined;
    } finally {
      this.settle(own);
    }
  }

  /**
   * The texts of the last run once more, after a budget or a wish changed: without a notification, and only while they are what they were.
   * @param marked whether the user marked lines: what cannot go is told
   * @param budget whether the settings' budget changed: else what a slider set stays
   */
  async rerun({ marked = false, budget = false }: Changed = {}): Promise<void> {
    if (this.running) {
      this.stale = { budget: budget || this.stale?.budget === true }; // what runs began with the old wishes
      return;
    }
    const run = this.results.lastRun;
    if (!run) return;
    await this.quietly(
      addressesOf(run.sources),
      async (signal) => {
        if (!(await areCurrent(run.sources))) {
          this.missed = { budget };
          return;
        }
        const now = await this.compress(run, signal, { kept: budget ? undefined : run.slid });
        if (marked) this.nameStaying(now);
      },
      true,
    );
  }

  /** For a text that the user only looks at: gives way to everything he asks for, and is silent. */
  async runInBackground(document: vscode.TextDocument): Promise<void> {
    if (this.running) return;
    await this.quietly(
      addressesOf([document]),
      async (signal) => {
        const source = fromDocument(document);
        if (source.end > source.start)
          await this.compress(
            { scope: { kind: 'editor', uri: document.uri }, wanted: [document.uri], sources: [source] },
            signal,
            { asked: false },
          );
      },
      false,
    );
  }

  private async quietly(
    about: ReadonlySet<string>,
    work: (signal: AbortSignal) => Promise<void>,
    tell: boolean,
  ): Promise<void> {
    const own = (this.running = new AbortController());
    this.become({ kind: 'running', share: undefined });
    try {
      await work(own.signal);
      if (this.running === own) this.become({ kind: 'idle' });
    } catch (error) {
      const sentence = sentenceFor(error);
      if (this.running === own)
        this.become(sentence ? { kind: 'failed', text: sentence.text, about } : { kind: 'idle' });
      if (tell && !own.signal.aborted) this.tell(error);
    } finally {
      this.settle(own);
    }
  }

  /** The last to run makes up for what changed meanwhile. */
  private settle(own: AbortController): void {
    if (this.running !== own) return;
    this.running = undefined;
    const { stale } = this;
    this.stale = undefined;
    if (stale) void this.rerun(stale);
  }

  /** One sentence with at most one button; nothing for a cancellation. */
  tell(error: unknown): void {
    const sentence = sentenceFor(error);
    if (!sentence) return;
    if (CompressionError.is(error))
      this.log.error(`${error.reason}${error.reason === 'internal' ? `: ${error.detail}` : ''}`);
    else this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.told.push(sentence.text);
    const { button } = sentence;
    void vscode.window.showErrorMessage(sentence.text, ...(button ? [button.title] : [])).then((picked) => {
      if (button && picked === button.title)
        void vscode.commands.executeCommand(button.command, ...(button.args ?? []));
    });
  }

  /** What is no failure but must be known. */
  say(text: string, severity: 'information' | 'warning' = 'information'): void {
    this.told.push(text);
    void (severity === 'warning' ? vscode.window.showWarningMessage(text) : vscode.window.showInformationMessage(text));
  }

  private async work(
    scope: Scope,
    selection: vscode.Selection | undefined,
    signal: AbortSignal,
    token: vscode.CancellationToken,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    about: Set<string>,
  ): Promise<Run> {
    const wanted = scope.kind === 'context' ? this.wishes.contextFiles() : undefined;
    const { sources: gathered, skipped } = await this.gather(scope, selection, token);
    const { pinnedFiles } = readSettings();
    const sources = this.handovers.inOrder(scope, gathered, (path) => matches(pinnedFiles, path));
    for (const address of addressesOf([...sources, ...skipped])) about.add(address);
    if (!sources.length) throw skipped.length === 1 ? skipped[0]!.error : new CompressionError('emptyInput');
    const total = sources.reduce((n, s) => n + s.end - s.start, 0);
    const before = new Map<string, number>();
    sources.reduce((at, s) => (before.set(s.path, at), at + s.end - s.start), 0);
    const weight = new Map(sources.map((s) => [s.path, s.end - s.start]));
    let shown = 0;
    const onProgress = (p: Progress): void => {
      if (signal.aborted) return;
      const path = p.path ?? '';
      const share =
        p.stage === 'render'
          ? 1
          : p.stage === 'load'
            ? 0
            : ((before.get(path) ?? 0) + (weight.get(path) ?? 0) * (p.total ? p.done / p.total : 0)) / total;
      const percent = Math.floor(100 * Math.min(1, share));
      progress.report({
        ...(p.path && sources.length > 1 ? { message: p.path } : {}),
        increment: Math.max(0, percent - shown),
      });
      shown = Math.max(shown, percent);
      if (this.now.kind === 'running' && this.now.share !== shown / 100)
        this.become({ kind: 'running', share: shown / 100 });
    };
    const run = await this.compress(subjectOf(scope, sources, wanted ?? sources.map((s) => s.uri)), signal, {
      onProgress,
    });
    if (run.edited && run.edited === sources.length)
      this.say(t('The text was edited meanwhile. Run the command again.'));
    else if (skipped.length) this.nameSkipped(skipped);
    return run;
  }

  /** What the settings and the user's wishes make of these texts. */
  requestFor(sources: readonly Source[]): CompressRequest {
    // A single text may have settings of its folder and language.
    const settings = readSettings(
      sources.length === 1 ? { uri: sources[0]!.uri, languageId: sources[0]!.languageId } : undefined,
    );
    const query = this.wishes.question.text;
    return { ...requestFor(sources, settings, this.wishes.marks), ...(query ? { query } : {}) };
  }

  /** @param asked whether the user asked for it @param kept a budget in place of the settings' */
  private async compress(
    { scope, wanted, sources }: Subject,
    signal: AbortSignal,
    {
      onProgress,
      asked = true,
      kept,
    }: { readonly onProgress?: (p: Progress) => void; readonly asked?: boolean; readonly kept?: Budget | undefined },
  ): Promise<Run & { readonly edited: number }> {
    const begun = performance.now();
    const shaped = { ...this.requestFor(sources), ...(kept ? { budget: kept } : {}) };
    const request: CompressRequest = {
      ...shaped,
      ...this.handovers.previousTokensFor(shaped),
      // One text is compressed around the place of work; a context of several must not change with every move of the cursor.
      ...(scope.kind === 'editor' ? { focus: sources.map(cursorIn) } : {}),
      priority: asked ? 'user' : 'background',
    };
    const context = await this.service.compress(request, signal, onProgress);
    if (signal.aborted) throw new vscode.CancellationError(); // a newer run owns the editors
    const run: Run = {
      scope,
      wanted,
      request,
      context,
      query: request.query,
      sources,
      ...(kept ? { slid: kept } : {}),
    };
    const edited = this.results.put(run, asked);
    const { recipientTokens, timings } = context;
    this.log.info(
      `${sources.length} file(s), ${recipientTokens.before} -> ${recipientTokens.after} ${recipientTokens.counter} tokens, ` +
        `${Math.round(performance.now() - begun)} ms (load ${timings.loadMs}, read ${timings.observeMs}, score ${timings.scoreMs}, render ${timings.renderMs})` +
        `${edited ? `, ${edited} edited meanwhile` : ''}`,
    );
    return Object.assign(run, { edited });
  }

  private async gather(
    scope: Scope,
    selection: vscode.Selection | undefined,
    token: vscode.CancellationToken,
  ): Promise<Gathered> {
    switch (scope.kind) {
      case 'editor': {
        const open = openText(scope.uri);
        if (open && !open.getText()) throw new CompressionError('emptyInput');
        if (scope.part && !selection) return { sources: [await fromPart(scope.uri, scope.part)], skipped: [] };
        return { sources: [open ? fromDocument(open, selection) : await fromUri(scope.uri)], skipped: [] };
      }
      case 'editors':
        return fromUris(openEditors(), token, readSettings().excludedFiles);
      case 'files':
        return fromUris(scope.uris, token, readSettings().excludedFiles);
      case 'texts':
        return asTheyAre(scope.sources, token);
      case 'context':
        return fromUris(this.wishes.contextFiles(), token);
      case 'notebook':
        return { sources: cellsOf(scope.uri), skipped: [] };
    }
  }

  /** What was marked to go and could not. */
  private nameStaying({ sources, context }: Run): void {
    const stays = sources.some((s, i) =>
      marksOf(s, this.wishes.marks).some(
        (m) =>
          m.kind === 'drop' &&
          !context.files[i]!.spans.some((span) => !span.kept && span.start < m.end && span.end > m.start),
      ),
    );
    if (stays)
      this.say(
        t(
          'Lines that you left out stay: they are a part of a larger statement, which goes whole or not at all. Select the whole statement.',
        ),
      );
  }

  private nameSkipped(skipped: Gathered['skipped']): void {
    const [first] = skipped;
    const text =
      skipped.length === 1
        ? skippedInWords(first!.path, first!.error)
        : t(
            '{0} files were skipped, among them {1}: empty, not text, too large or unreadable.',
            skipped.length,
            first!.path,
          );
    for (const s of skipped) this.log.warn(`skipped ${s.path}: ${s.error.reason}`);
    this.say(text, 'warning');
  }

  private become(activity: Activity): void {
    this.now = activity;
    void vscode.commands.executeCommand('setContext', 'namm.running', activity.kind === 'running');
    this.changed.fire(activity);
  }
}

/** What is compressed, in the words of the run that comes of it. */
type Subject = Pick<Run, 'scope' | 'wanted' | 'sources'>;

/** Of a selection the scope knows what it was, so that the run can be made again after an edit. */
function subjectOf(scope: Scope, sources: readonly Source[], wanted: readonly vscode.Uri[]): Subject {
  const [only] = sources;
  return {
    scope: scope.kind === 'editor' && only && !isWhole(only) ? { ...scope, part: only } : scope,
    sources,
    wanted,
  };
}

function addressesOf(texts: readonly { readonly uri?: vscode.Uri }[]): Set<string> {
  return new Set(texts.flatMap(({ uri }) => (uri ? [uri.toString()] : [])));
}

/** Offset of the cursor in the part that is compressed, while its editor is the active one. At the very start it has not been placed. */
function cursorIn({ uri, start, end }: Source): number | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri.toString()) return undefined;
  const at = editor.document.offsetAt(editor.selection.active);
  return at > 0 && at >= start && at <= end ? at - start : undefined;
}
