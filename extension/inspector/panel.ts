// The inspector's panel: shows the report of one text, answers the messages of its page, and marks an outdated report.
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { Budget } from '../../src/core/budget';
import type { CompressRequest, CompressionService, InspectReport, ScorerId } from '../../src/core/context';
import { tokenIndexAt } from '../../src/core/report';
import type { Span } from '../../src/core/span';
import { droppedEdges } from '../../src/inspector/changes';
import { maskStretches } from '../../src/inspector/mask';
import type { BudgetView, Compared, FromPage, PageState, ToPage } from '../../src/inspector/protocol';
import { validScope, type Scope } from '../../src/inspector/scope';
import type { Result, Results } from '../session/results';
import { tokensOf, type Run, type Scope as RunScope, type Source } from '../session/run';
import type { InspectReports } from '../session/inspectReports';
import { floorInWords, sentenceFor } from '../platform/messages';
import type { Notifications } from '../platform/notifications';
import { openText } from '../platform/openTexts';
import type { Runner } from '../session/runner';
import type { MaskDecorations } from './maskDecorations';
import { pageOf } from './pageHtml';
import { compressRestored, type RestoredText } from './restoreAfterReload';
import { saveReport } from './saveReport';

const { t } = vscode.l10n;
const VIEW_TYPE = 'namm.inspector';

interface Shown {
  readonly run: Run;
  readonly index: number; // of the text among the run's sources
  readonly report: InspectReport;
  /** The budget when it was opened, for comparison. */
  readonly opened: BudgetView;
  stale: boolean;
  compared: Compared | undefined;
  /** Fires when the panel shows another report. */
  readonly discarded: AbortController;
}

export interface InspectorParts {
  readonly extensionUri: vscode.Uri;
  readonly service: CompressionService;
  readonly inspectReports: InspectReports;
  readonly results: Results;
  readonly runner: Runner;
  readonly notifications: Notifications;
  readonly mask: MaskDecorations;
}

export class InspectorPanel implements vscode.Disposable, vscode.WebviewPanelSerializer<PageState | undefined> {
  private panel: vscode.WebviewPanel | undefined;
  private shown: Shown | undefined;
  /** The text that was shown before the window was reloaded, until it is shown again. */
  private restoring: RestoredText | undefined;
  private busy = false;
  private requestedSelection: vscode.Selection | undefined; // selected in the editor for the page
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly parts: InspectorParts) {
    this.listeners = [
      parts.results.onDidChange(() => this.showNewResult()),
      parts.mask.onDidChange(() => {
        if (this.shown && !parts.mask.isOn(this.source!.uri)) this.post({ kind: 'mask', scope: undefined });
      }),
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (e.contentChanges.length && this.source?.uri.toString() === e.document.uri.toString())
          this.markStale(e.document);
      }),
      vscode.window.onDidChangeTextEditorSelection((e) => this.selectionChanged(e)),
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
    ];
  }

  /** For tests. */
  get state() {
    const { shown } = this;
    return (
      shown && {
        path: this.source!.path,
        stale: shown.stale,
        scorer: shown.report.scorer,
        compared: shown.compared?.report.scorer,
        keepRatio: shown.run.context.keepRatio,
        total: shown.run.context.recipientTokens,
        report: shown.report,
      }
    );
  }

  dispose(): void {
    for (const l of this.listeners) l.dispose();
    this.panel?.dispose();
  }

  /** @throws CompressionError, CancelledError */
  async show(result: Result): Promise<void> {
    const report = await this.parts.inspectReports.report(result);
    if (!this.panel)
      this.adopt(
        vscode.window.createWebviewPanel(VIEW_TYPE, t('Retention'), {
          viewColumn: vscode.ViewColumn.Beside,
          preserveFocus: false,
        }),
      );
    this.present(result.run, result.source, report);
    this.panel!.reveal(undefined, false);
  }

  /** After a reload of the window: compresses the text of the saved state again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: PageState | undefined): Promise<void> {
    if (this.panel || !state?.uri) return panel.dispose();
    this.adopt(panel);
    this.restoring = state;
    await this.restore();
  }

  async receive(message: FromPage): Promise<void> {
    const { shown } = this;
    if (message.kind === 'ready') return this.sendAll();
    if (message.kind === 'readAgain') return this.readAgain();
    if (!shown) return;
    switch (message.kind) {
      case 'mask':
        return this.showMask(shown, message.scope);
      case 'token':
        return this.revealToken(shown, message.index);
      case 'span':
        return this.reveal(shown, message);
      case 'budget':
        return this.changeBudget(shown, message.keepRatio);
      case 'compare':
        return this.compare(shown, message.scorer);
      case 'save':
        await this.attempt(() => saveReport(this.source!.uri, message.format, message.content));
    }
  }

  private get source(): Source | undefined {
    return this.shown && this.shown.run.sources[this.shown.index];
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.parts.extensionUri, 'media', 'icon.png');
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(this.parts.extensionUri, 'media'),
        vscode.Uri.joinPath(this.parts.extensionUri, 'dist'),
      ],
    };
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.receive(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.restoring = undefined;
      this.forgetShown();
      this.parts.mask.clear();
    });
    panel.webview.html = pageOf(panel.webview, this.parts.extensionUri);
  }

  private forgetShown(): void {
    this.shown?.discarded.abort();
    this.shown = undefined;
  }

  private present(run: Run, source: Source, report: InspectReport): void {
    this.forgetShown();
    const index = run.sources.indexOf(source);
    this.restoring = undefined;
    this.busy = false;
    this.shown = {
      run,
      index,
      report,
      opened: budgetOf(run, index),
      stale: false,
      compared: undefined,
      discarded: new AbortController(),
    };
    this.panel!.title = t('Retention: {0}', basename(source.uri.path));
    this.sendAll();
  }

  /** Sends the whole state to the page. */
  private sendAll(): void {
    const { shown, source } = this;
    if (!shown || !source) return this.post({ kind: 'busy', busy: this.busy });
    const { uri, path, document, start, end } = source;
    const subject = { uri: uri.toString(), path, start, end, text: document.slice(start, end) };
    this.post({
      kind: 'subject',
      subject,
      whole: start === 0 && end === document.length,
      scorer: shown.run.context.scorer,
      report: shown.report,
      stale: shown.stale,
    });
    this.post({ kind: 'budget', budget: shown.opened, opened: true });
    this.post({ kind: 'budget', budget: budgetOf(shown.run, shown.index), opened: false });
    const editor = this.editorOf(source);
    if (editor) this.sendToken(editor);
  }

  private post(message: ToPage): void {
    void this.panel?.webview.postMessage(message);
  }

  private setBusy(busy: boolean): void {
    this.busy = busy;
    this.post({ kind: 'busy', busy });
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.parts.notifications.error(error);
      return undefined;
    }
  }

  private markStale(document: vscode.TextDocument): void {
    const { shown } = this;
    if (!shown || shown.stale || this.parts.results.forDocument(document)?.run === shown.run) return; // undo restored the text
    shown.stale = true;
    this.post({ kind: 'stale', stale: true });
  }

  /** Shows the new report after the text was compressed again. */
  private showNewResult(): void {
    const { shown, source } = this;
    if (!shown || !source) return;
    const document = openText(source.uri);
    const now = this.parts.results.forDocument(document);
    if (!now) return;
    if (now.run === shown.run) {
      if (!shown.stale) return;
      shown.stale = false; // the edit was undone
      return this.post({ kind: 'stale', stale: false });
    }
    void this.attempt(async () => {
      const report = await this.parts.inspectReports.report(now);
      if (this.panel && this.shown === shown) this.present(now.run, now.source, report);
    });
  }

  private async readAgain(): Promise<void> {
    if (this.restoring) return this.restore();
    const { shown, source } = this;
    if (!shown || !source || this.busy) return;
    this.setBusy(true);
    // Compress the same texts, even if the open editors or the Context view have changed since.
    const { scope: first, sources } = shown.run;
    const scope: RunScope =
      first.kind === 'editors' || first.kind === 'context' ? { kind: 'files', uris: sources.map((s) => s.uri) } : first;
    const run = await this.parts.runner.run(scope);
    const newSource = run?.sources.find((s) => s.uri.toString() === source.uri.toString());
    if (run && newSource && this.shown === shown) {
      const report = await this.attempt(() =>
        this.parts.inspectReports.report({ run, source: newSource, discarded: shown.discarded }),
      );
      if (report && this.panel && this.shown === shown) this.present(run, newSource, report);
    }
    this.setBusy(false);
  }

  private async restore(): Promise<void> {
    const { restoring } = this;
    if (!restoring || this.busy) return;
    this.setBusy(true);
    try {
      const run = await compressRestored(restoring, this.parts.service, this.parts.runner);
      const report = await this.parts.inspectReports.report({
        run,
        source: run.sources[0]!,
        discarded: new AbortController(),
      });
      if (!this.panel || this.restoring !== restoring) return;
      this.present(run, run.sources[0]!, report);
      this.parts.results.put(run, false);
    } catch (error) {
      this.busy = false;
      this.post({ kind: 'failed', text: sentenceFor(error)?.text ?? t('Reading was cancelled.') });
    }
  }

  private showMask({ report, stale }: Shown, scope: Scope | undefined): void {
    const { mask } = this.parts;
    const { uri, start } = this.source!;
    const known = scope && validScope(report, scope);
    if (!known || known.kind === 'all' || stale) mask.clear();
    else mask.show(uri, start, maskStretches(report, known));
  }

  /** Compresses with another budget. This is fast, because the engine still has the readings and scores. */
  private async changeBudget(shown: Shown, keepRatio: number): Promise<void> {
    if (shown.stale || !(keepRatio > 0 && keepRatio <= 1)) return;
    const budget = { kind: 'keepRatio', keepRatio } as const;
    // A new budget changes every file.
    const sources = shown.run.request.sources.map(({ previousTokens: _, ...source }) => source);
    const request: CompressRequest = { ...shown.run.request, sources, budget, priority: 'user' };
    const context = await this.attempt(() => this.parts.service.compress(request, shown.discarded.signal));
    if (this.shown?.report !== shown.report || this.shown.stale) return;
    if (context) {
      const run: Run = { ...shown.run, request, context, budgetOverride: budget };
      this.shown = { ...this.shown, run };
      this.parts.results.put(run);
    }
    this.post({ kind: 'budget', budget: budgetOf(this.shown.run, shown.index), opened: false });
    if (context && this.shown.compared) await this.compare(this.shown, this.shown.compared.report.scorer);
  }

  private async compare(shown: Shown, scorer: ScorerId | undefined): Promise<void> {
    const compared = scorer && (await this.attempt(() => this.comparedWith(shown, scorer)));
    if (this.shown?.report !== shown.report) return;
    this.shown.compared = compared;
    this.post({ kind: 'compared', compared });
  }

  /** The same texts under the same budget with another scorer, and what its caches kept. */
  private async comparedWith({ run, index, discarded }: Shown, scorer: ScorerId): Promise<Compared> {
    const { request, context } = run;
    const report = await this.parts.inspectReports.report({ run, source: run.sources[index]!, discarded }, scorer);
    const budget: Budget =
      request.budget.kind === 'auto'
        ? { kind: 'keepRatio', keepRatio: Math.min(1, context.keepRatio) } // thresholds of two scorers say nothing of each other
        : request.budget;
    const sources = request.sources.map(({ previousTokens: _, ...source }) => source);
    const other = await this.parts.service.compress(
      { ...request, sources, budget, scorer, ranking: false, priority: 'user' },
      discarded.signal,
    );
    return { report, dropped: droppedEdges(other.files[index]!.spans) };
  }

  /** A token was picked in the page. */
  private async revealToken(shown: Shown, index: number): Promise<void> {
    const { bounds, ids } = shown.report;
    if (index >= 0 && index < ids.length) await this.reveal(shown, { start: bounds[index]!, end: bounds[index + 1]! });
  }

  /** Selects in the editor what was picked in the page. @param span of the inspected text */
  private async reveal({ report, stale }: Shown, { start, end }: Span): Promise<void> {
    const source = this.source!;
    if (stale || !(start >= 0 && start <= end && end <= report.bounds.at(-1)!)) return;
    const editor =
      this.editorOf(source) ??
      (await vscode.window.showTextDocument(source.uri, {
        viewColumn: vscode.ViewColumn.One,
        preserveFocus: true,
        preview: true,
      }));
    const at = (offset: number): vscode.Position => editor.document.positionAt(source.start + offset);
    this.requestedSelection = new vscode.Selection(at(start), at(end));
    editor.selection = this.requestedSelection;
    editor.revealRange(this.requestedSelection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** The selection in the editor changed: shows its token in the page. */
  private selectionChanged({ textEditor }: vscode.TextEditorSelectionChangeEvent): void {
    if (!this.shown || textEditor.document.uri.toString() !== this.source!.uri.toString()) return;
    if (this.requestedSelection?.isEqual(textEditor.selection)) return;
    this.requestedSelection = undefined;
    this.sendToken(textEditor);
  }

  private sendToken({ document, selection }: vscode.TextEditor): void {
    const { shown } = this;
    if (!shown || shown.stale) return;
    const index = tokenIndexAt(shown.report.bounds, document.offsetAt(selection.start) - this.source!.start);
    if (index !== undefined) this.post({ kind: 'token', index });
  }

  private editorOf(source: Source): vscode.TextEditor | undefined {
    return vscode.window.visibleTextEditors.find((e) => e.document.uri.toString() === source.uri.toString());
  }
}

/** The budget of a run for the page. For a single text the tokens are those of the text itself. */
function budgetOf({ context, request }: Run, index: number): BudgetView {
  const { before, after } = tokensOf(context);
  const { spans, ranking, recipientTokens } = context.files[index]!;
  return {
    keepRatio: request.budget.kind === 'keepRatio' ? request.budget.keepRatio : context.keepRatio,
    budget: request.budget,
    scorer: context.scorer,
    counter: context.recipientTokens.counter,
    before,
    after,
    files: context.files.map((f) => ({
      ...f.recipientTokens,
      ...(f.floor === undefined || !context.floorReason ? {} : { floor: floorInWords(context.floorReason, f.floor) }),
      dropped: droppedEdges(f.spans),
    })),
    index,
    subject: { spans, recipientTokens, ...(ranking ? { ranking } : {}) },
  };
}
