// Shows the state of the active editor in the status bar: an offer to compress it, running, failed, or tokens before → after.
import * as vscode from 'vscode';
import type { Activity, Runner } from '../session/runner';
import type { Result, Results } from '../session/results';
import { budgetInWords } from '../context/budgetPicker';
import type { ContextFiles } from '../session/contextFiles';
import { isEditable } from '../platform/openTexts';
import type { Budget } from '../../src/core/budget';
import type { ResultDocuments, ShownResult } from '../session/resultDocuments';
import type { Question } from '../session/question';
import { count, floorInWords, grammarFaultInWords, percent } from '../platform/messages';
import { readSettings } from '../platform/settings';
import { isSample } from './sampleText';

const { t } = vscode.l10n;

const WALKTHROUGH = 'namm-context.namm-context#start';
const STEPS = [
  'namm.showWhy',
  'namm.pickBudget',
  'namm.handOver',
  'namm.showCompressed',
  'namm.inspect',
  'namm.copy',
  'namm.clear',
];

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

  /** Whether the active text has no result, and one is offered. */
  get isOffering(): boolean {
    return this.offering;
  }

  get budgetText(): string {
    return this.budget.text;
  }

  dispose(): void {
    for (const d of [...this.listeners, this.item, this.budget]) d.dispose();
  }

  private editorChanged(): void {
    this.pastFailure = this.parts.runner.activity;
    this.update();
  }

  private update(): void {
    const { runner, results, compressed } = this.parts;
    const { activity } = runner;
    const document = vscode.window.activeTextEditor?.document;
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
    } else if (result) {
      const figures = figuresOf(result.file.recipientTokens);
      const missed = floorOf(result) !== undefined; // the tooltip explains it
      this.show(
        `$(fold) ${figures}${missed ? ' $(info)' : ''}`,
        tooltip(result),
        'namm.showCompressed',
        missed ? `${figures}, ${t('more than the budget')}` : figures,
      );
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
    } else {
      this.shown = false;
      this.item.hide();
    }
  }

  /** Shows the budget while something on the screen depends on it. @param override of the inspector's slider: what is shown was made with it */
  private updateBudget(override: Budget | undefined): void {
    const { runner, results, question, contextFiles } = this.parts;
    const document = vscode.window.activeTextEditor?.document;
    const { budget, profile, live } = readSettings(document);
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
    t(
      'Compressed from {0} to {1} tokens ({2}), {3}.',
      count(before),
      count(after),
      all.counter,
      shareOf({ before, after }),
    ),
    placesInWords(result),
    ...(context.files.length > 1
      ? [t('All {0} files: {1} to {2} tokens.', context.files.length, count(all.before), count(all.after))]
      : []),
    ...(floor === undefined ? [] : [floor]),
    ...(floor === undefined && context.floorReason === 'small'
      ? [t('The context is so small that it stays whole: markers would cost as much as they save.')]
      : []),
    ...(result.file.grammarFault ? [grammarFaultInWords(result.file.grammarFault)] : []),
    `**${t('Next:')}** \u00a0 ${links([
      ['question', t('See Why'), 'namm.showWhy'],
      ['dashboard', t('Change How Much'), 'namm.pickBudget'],
      ['export', t('Hand Over…'), 'namm.handOver'],
    ])}`,
    links([
      ['diff', t('Show Compressed'), 'namm.showCompressed'],
      ['graph', t('Inspect'), 'namm.inspect'],
      ['copy', t('Copy'), 'namm.copy'],
      ['clear-all', t('Remove'), 'namm.clear'],
    ]),
  ];
  return linked(lines);
}

/** How many places are left out, and that those near the cursor stay: else nothing seems to happen where one works. */
function placesInWords({ run, source, file: { spans } }: Result): string {
  const places = spans.filter((s, i) => !s.kept && spans[i - 1]?.kept !== false).length;
  const focused = run.request.sources[run.sources.indexOf(source)]?.focus !== undefined;
  if (!places) return t('Nothing is left out of this text.');
  const left = places === 1 ? t('One place is left out.') : t('{0} places are left out.', places);
  return focused ? `${left} ${t('Code near your cursor stays longer.')}` : left;
}

/** The tooltip in a document that shows a result: its size, and what to do with it. */
function documentTooltip({ run, tokens }: ShownResult): vscode.MarkdownString {
  return linked([
    t(
      'Compressed from {0} to {1} tokens ({2}), {3}.',
      count(tokens.before),
      count(tokens.after),
      run.context.recipientTokens.counter,
      shareOf(tokens),
    ),
    links([
      ['copy', t('Copy'), 'namm.copy'],
      ['export', t('Hand Over…'), 'namm.handOver'],
      ['graph', t('Inspect'), 'namm.inspect'],
      ['dashboard', t('Change How Much'), 'namm.pickBudget'],
    ]),
  ]);
}

/** The tooltip of the offer to compress a text. */
function offer(): vscode.MarkdownString {
  const args = encodeURIComponent(JSON.stringify([WALKTHROUGH, false]));
  const text = linked([
    t(
      '**NAMM Context**: see what an assistant would not miss in this text. The text does not change, and nothing leaves your machine.',
    ),
    `[$(book) ${t('How it works')}](command:workbench.action.openWalkthrough?${args})`,
  ]);
  text.isTrusted = { enabledCommands: ['workbench.action.openWalkthrough'] };
  return text;
}

function linked(lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(lines.join('\n\n'), true);
  text.isTrusted = { enabledCommands: STEPS };
  return text;
}

/** @param all icon, words and command of each */
function links(all: readonly (readonly [icon: string, words: string, command: string])[]): string {
  return all.map(([icon, words, command]) => `[$(${icon}) ${words}](command:${command})`).join(' \u00a0 ');
}

interface Sizes {
  readonly before: number;
  readonly after: number;
}

function figuresOf({ before, after }: Sizes): string {
  return `${count(before)} → ${count(after)}`;
}

/** What is left, as a share. */
function shareOf({ before, after }: Sizes): string {
  return percent(before ? after / before : 1);
}

/** Escapes the user's text for Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~$]/g, '\\$&');
}
