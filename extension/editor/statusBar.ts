// Shows the state of the active editor in the status bar: running, failed, or tokens before → after.
import * as vscode from 'vscode';
import type { Activity, Runner } from '../session/runner';
import type { Result, Results } from '../session/results';
import { budgetInWords } from '../context/budgetPicker';
import type { ContextFiles } from '../session/contextFiles';
import type { Question } from '../session/question';
import { count, floorInWords, grammarFaultInWords, percent } from '../platform/messages';
import { readSettings } from '../platform/settings';

const { t } = vscode.l10n;

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('namm.result', vscode.StatusBarAlignment.Right, 90);
  private readonly budget = vscode.window.createStatusBarItem('namm.budget', vscode.StatusBarAlignment.Right, 89);
  private readonly listeners: vscode.Disposable[];
  private shown = false;
  private pastFailure: Activity | undefined; // a failure about no known text is shown until the editor changes

  constructor(
    private readonly runner: Runner,
    private readonly results: Results,
    private readonly question: Question,
    private readonly contextFiles: ContextFiles,
  ) {
    this.item.name = t('NAMM Context');
    this.budget.name = t('NAMM Context: Budget');
    this.budget.command = 'namm.pickBudget';
    const update = (): void => this.update();
    this.listeners = [
      runner.onActivity(update),
      results.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(() => this.editorChanged()),
      vscode.workspace.onDidChangeConfiguration(update),
      question.onDidChange(update),
      contextFiles.onDidChange(update),
    ];
    update();
  }

  get text(): string | undefined {
    return this.shown ? this.item.text : undefined;
  }

  get budgetText(): string {
    return this.budget.text;
  }

  dispose(): void {
    for (const d of [...this.listeners, this.item, this.budget]) d.dispose();
  }

  private editorChanged(): void {
    this.pastFailure = this.runner.activity;
    this.update();
  }

  private update(): void {
    this.updateBudget();
    const { activity } = this.runner;
    const document = vscode.window.activeTextEditor?.document;
    const result = this.results.forDocument(document);
    void vscode.commands.executeCommand('setContext', 'namm.activeHasResult', result !== undefined);
    void vscode.commands.executeCommand('setContext', 'namm.hasResults', this.results.size > 0);
    this.item.backgroundColor = undefined;
    if (activity.kind === 'running') {
      this.show(
        `$(sync~spin) NAMM${activity.share === undefined ? '' : ` ${percent(activity.share)}`}`,
        t('Compressing context. Select to cancel.'),
        'namm.cancel',
      );
    } else if (
      activity.kind === 'failed' &&
      (activity.about.size ? document && activity.about.has(document.uri.toString()) : activity !== this.pastFailure)
    ) {
      this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
      this.show('$(warning) NAMM', activity.text, 'namm.showLog', activity.text);
    } else if (result) {
      const { before, after } = result.file.recipientTokens;
      const figures = `${count(before)} → ${count(after)} (${percent(before ? after / before : 1)})`;
      const missed = floorOf(result) !== undefined; // the tooltip explains it
      this.show(
        `$(fold) ${figures}${missed ? ' $(info)' : ''}`,
        tooltip(result),
        'namm.showCompressed',
        missed ? `${figures}, ${t('more than the budget')}` : figures,
      );
    } else if (this.results.wasEdited(document)) {
      const { live } = readSettings();
      this.show(
        `$(refresh) NAMM: ${t('edited')}`,
        live
          ? t('The text has changed since it was compressed. It is compressed again as soon as you pause.')
          : t('The text has changed since it was compressed. Select to compress it again.'),
        'namm.renew',
      );
    } else {
      this.shown = false;
      this.item.hide();
    }
  }

  /** Shows the budget while something on the screen depends on it. */
  private updateBudget(): void {
    const document = vscode.window.activeTextEditor?.document;
    const { budget, profile, live } = readSettings(document);
    if (
      !this.results.size &&
      !this.results.wasEdited(document) &&
      !live &&
      !this.contextFiles.all.length &&
      this.runner.activity.kind !== 'running'
    )
      return this.budget.hide();
    const query = this.question.text;
    const words = budgetInWords(budget);
    this.budget.text = `$(dashboard) ${profile ? `${profile}: ${words}` : words}${query ? ' $(question)' : ''}`;
    const lines = [
      t('Keeps {0}. Select to choose how much.', words),
      ...(query ? [t('For the question: {0}', plain(query))] : []),
      `[$(question) ${t('Question')}](command:namm.setQuestion) \u00a0 [$(layers) ${t('Profile')}](command:namm.pickProfile)`,
    ];
    const text = new vscode.MarkdownString(lines.join('\n\n'), true);
    text.isTrusted = { enabledCommands: ['namm.setQuestion', 'namm.pickProfile'] };
    this.budget.tooltip = text;
    this.budget.accessibilityInformation = { label: t('NAMM budget: {0}', words) };
    this.budget.show();
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

/** Why a text is larger than the budget; undefined if it is not. */
function floorOf({ run, file }: Result): string | undefined {
  const { floorReason } = run.context;
  return file.floor === undefined || floorReason === undefined ? undefined : floorInWords(floorReason, file.floor);
}

function tooltip(result: Result): vscode.MarkdownString {
  const { before, after } = result.file.recipientTokens;
  const { context } = result.run;
  const { recipientTokens: all } = context;
  const floor = floorOf(result);
  const lines = [
    t('Compressed from {0} to {1} tokens ({2}).', count(before), count(after), all.counter),
    ...(context.files.length > 1
      ? [t('All {0} files: {1} to {2} tokens.', context.files.length, count(all.before), count(all.after))]
      : []),
    ...(floor === undefined ? [] : [floor]),
    ...(floor === undefined && context.floorReason === 'small'
      ? [t('The context is so small that it stays whole: markers would cost as much as they save.')]
      : []),
    ...(result.file.grammarFault ? [grammarFaultInWords(result.file.grammarFault)] : []),
    `[$(diff) ${t('Show compressed')}](command:namm.showCompressed) \u00a0 [$(copy) ${t('Copy')}](command:namm.copy) \u00a0 [$(clear-all) ${t('Clear')}](command:namm.clear)`,
  ];
  const text = new vscode.MarkdownString(lines.join('\n\n'), true);
  text.isTrusted = { enabledCommands: ['namm.showCompressed', 'namm.copy', 'namm.clear'] };
  return text;
}

/** Escapes the user's text for Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~$]/g, '\\$&');
}
