// Shows the state of the active editor in the status bar: an offer to compress it, running, failed, or tokens before → after.
import * as vscode from 'vscode';
import type { Run } from '../session/run';
import type { Activity, Runner } from '../session/runner';
import type { Result, Results } from '../session/results';
import { budgetInWords } from '../context/budgetPicker';
import type { ContextFiles } from '../session/contextFiles';
import { isEditable } from '../platform/openTexts';
import type { Budget } from '../../src/core/budget';
import type { ResultDocuments } from '../session/resultDocuments';
import type { Question } from '../session/question';
import { percent } from '../platform/messages';
import { readLooks, readSettings } from '../platform/settings';
import { holesOf, inView } from '../holes/holes';
import { isSample } from './sampleText';
import { documentTooltip, figuresOf, floorOf, offer, placesInWords, resultTooltip } from './statusTooltips';

const { t } = vscode.l10n;

const SCROLL_MS = 150; // scrolling tells the view many times a second
const MESSAGE_MS = 10_000;

interface StatusParts {
  readonly runner: Runner;
  readonly results: Results;
  readonly question: Question;
  readonly contextFiles: ContextFiles;
  readonly compressed: Pick<ResultDocuments, 'resultOf'>;
}

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('namm.result', vscode.StatusBarAlignment.Right, 90);
  private readonly budget = vscode.window.createStatusBarItem('namm.budget', vscode.StatusBarAlignment.Right, 89);
  private readonly listeners: vscode.Disposable[];
  private shown = false;
  private offering = false;
  private places = ''; // what is said of the holes of the active text
  private told: Run | undefined; // the user knows that nothing of it is in view
  private scrolling: NodeJS.Timeout | undefined;
  private pastFailure: Activity | undefined; // a failure about no known text is shown until the editor changes

  constructor(private readonly parts: StatusParts) {
    const { runner, results, question, contextFiles } = parts;
    this.item.name = t('NAMM Context');
    this.budget.name = t('NAMM Context: Budget');
    this.budget.command = 'namm.pickBudget';
    const update = (): void => this.update();
    this.listeners = [
      runner.onActivity(update),
      results.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(() => this.editorChanged()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.scrolled(textEditor)),
      vscode.workspace.onDidChangeConfiguration(update),
      question.onDidChange(update),
      contextFiles.onDidChange(update),
    ];
    update();
  }

  /** What is said about the active text; undefined if nothing is, though its compression may be offered. */
  get text(): string | undefined {
    return this.shown ? this.item.text : undefined;
  }

  /** What a screen reader says of the active text; undefined as `text`. */
  get label(): string | undefined {
    return this.shown ? this.item.accessibilityInformation?.label : undefined;
  }

  /** Whether the active text has no result, and one is offered. */
  get isOffering(): boolean {
    return this.offering;
  }

  get budgetText(): string {
    return this.budget.text;
  }

  dispose(): void {
    clearTimeout(this.scrolling);
    for (const d of [...this.listeners, this.item, this.budget]) d.dispose();
  }

  private editorChanged(): void {
    this.pastFailure = this.parts.runner.activity;
    this.update();
  }

  /** Other holes may be in view. */
  private scrolled(editor: vscode.TextEditor): void {
    if (editor !== vscode.window.activeTextEditor) return;
    clearTimeout(this.scrolling);
    this.scrolling = setTimeout(() => {
      const result = this.parts.results.forDocument(editor.document);
      if (result && placesInWords(result, editor) !== this.places) this.update();
    }, SCROLL_MS);
  }

  /** Says once for each run of the user that what goes is elsewhere: else nothing seems to have happened. */
  private tellIfOutOfView(result: Result, editor: vscode.TextEditor): void {
    const { run } = result;
    if (run === this.told || run !== this.parts.results.lastRun) return;
    this.told = run;
    const holes = holesOf(editor.document, result);
    if (holes.length && !inView(holes, editor).length) void vscode.window.setStatusBarMessage(this.places, MESSAGE_MS);
  }

  private update(): void {
    const { runner, results, compressed } = this.parts;
    const { activity } = runner;
    const { statusBar: isWanted } = readLooks();
    const editor = vscode.window.activeTextEditor;
    const document = editor?.document;
    const result = results.forDocument(document);
    const inFront = compressed.resultOf(document?.uri);
    this.updateBudget((result ?? inFront)?.run.budgetOverride);
    this.offering = false;
    void vscode.commands.executeCommand('setContext', 'namm.activeHasResult', result !== undefined);
    void vscode.commands.executeCommand('setContext', 'namm.hasResults', results.size > 0);
    this.item.backgroundColor = undefined;
    if (activity.kind === 'running') {
      this.show(
        `$(sync~spin) NAMM${activity.share === undefined ? '' : ` ${percent(activity.share)}`}`,
        activity.path
          ? t('Compressing {0}. Select to cancel.', activity.path)
          : t('Compressing context. Select to cancel.'),
        'namm.cancel',
      );
    } else if (
      activity.kind === 'failed' &&
      (activity.about.size ? document && activity.about.has(document.uri.toString()) : activity !== this.pastFailure)
    ) {
      this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
      this.show('$(warning) NAMM', activity.text, 'namm.showLog', activity.text);
    } else if (!isWanted) {
      this.hide();
    } else if (result && editor) {
      this.places = placesInWords(result, editor);
      const figures = figuresOf(result.file.recipientTokens);
      const missed = floorOf(result) !== undefined; // the tooltip explains it
      this.show(
        `$(fold) ${figures}${missed ? ' $(info)' : ''}`,
        resultTooltip(result, this.places),
        'namm.showCompressed',
        `${missed ? `${figures}, ${t('more than the budget')}` : figures}. ${this.places}`,
      );
      this.tellIfOutOfView(result, editor);
    } else if (inFront) {
      const figures = figuresOf(inFront.tokens);
      this.show(`$(fold) ${figures}`, documentTooltip(inFront), 'namm.handOver', figures);
    } else if (results.wasEdited(document)) {
      const { live } = readSettings();
      this.show(
        `$(refresh) NAMM: ${t('edited')}`,
        live
          ? t('The text has changed since it was compressed. It is compressed again as soon as you pause.')
          : t('The text has changed since it was compressed. Select to compress it again.'),
        'namm.renew',
      );
    } else if (document && (isEditable(document.uri) || isSample(document.uri))) {
      this.show(`$(fold) ${t('Compress')}`, offer(), 'namm.compress', t('compress this text'));
      this.shown = false;
      this.offering = true;
    } else this.hide();
  }

  /** Shows the budget while something on the screen depends on it. @param override of the inspector's slider: what is shown was made with it */
  private updateBudget(override: Budget | undefined): void {
    const { runner, results, question, contextFiles } = this.parts;
    const document = vscode.window.activeTextEditor?.document;
    const { budget, profile, live } = readSettings(document);
    if (!readLooks().statusBar) return this.budget.hide();
    if (
      !results.size &&
      !results.wasEdited(document) &&
      !live &&
      !contextFiles.all.length &&
      runner.activity.kind !== 'running'
    )
      return this.budget.hide();
    const query = question.text;
    const words = budgetInWords(override ?? budget);
    this.budget.text = `$(dashboard) ${profile && !override ? `${profile}: ${words}` : words}${query ? ' $(question)' : ''}`;
    const lines = [
      override
        ? t(
            'Keeps {0}, by the slider of the inspector; the settings say {1}. Select to choose how much.',
            words,
            budgetInWords(budget),
          )
        : t('Keeps {0}. Select to choose how much.', words),
      ...(query ? [t('For the question: {0}', plain(query))] : []),
      `[$(question) ${t('Question')}](command:namm.setQuestion) \u00a0 [$(layers) ${t('Profile')}](command:namm.pickProfile)`,
    ];
    const text = new vscode.MarkdownString(lines.join('\n\n'), true);
    text.isTrusted = { enabledCommands: ['namm.setQuestion', 'namm.pickProfile'] };
    this.budget.tooltip = text;
    this.budget.accessibilityInformation = { label: t('NAMM budget: {0}', words) };
    this.budget.show();
  }

  private hide(): void {
    this.shown = false;
    this.item.hide();
  }

  private show(
    text: string,
    tooltip: string | vscode.MarkdownString,
    command: string,
    label = text.replace(/\$\([^)]*\)\s*/, ''),
  ): void {
    Object.assign(this.item, { text, tooltip, command });
    this.item.accessibilityInformation = { label: `NAMM: ${label}` };
    this.shown = true;
    this.item.show();
  }
}

/** Escapes the user's text for Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~$]/g, '\\$&');
}
