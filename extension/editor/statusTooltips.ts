// What the status bar says of a result: its size, the places that are left out, and links to the next steps.
import * as vscode from 'vscode';
import { count, floorInWords, grammarFaultInWords, percent } from '../platform/messages';
import type { ShownResult } from '../session/resultDocuments';
import type { Result } from '../session/results';
import { holesOf, inView } from '../holes/holes';

const { t } = vscode.l10n;

const WALKTHROUGH = 'namm-context.namm-context#start';
const STEPS = [
  'namm.nextDropped',
  'namm.showWhy',
  'namm.pickBudget',
  'namm.handOver',
  'namm.showCompressed',
  'namm.inspect',
  'namm.copy',
  'namm.clear',
];

/** Why a text is larger than the budget; undefined if it is not. */
export function floorOf({ run, file }: Result): string | undefined {
  const { floorReason } = run.context;
  return file.floor === undefined || floorReason === undefined ? undefined : floorInWords(floorReason, file.floor);
}

/** @param places what is said of its holes */
export function resultTooltip(result: Result, places: string): vscode.MarkdownString {
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
    result.file.elisions.length
      ? `${places} \u00a0 ${links([['arrow-down', t('Go to Next'), 'namm.nextDropped']])}`
      : places,
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

/** How many places are left out, how many of them are in view, and that those near the cursor stay: else nothing seems to happen where one works. */
export function placesInWords(result: Result, editor: vscode.TextEditor): string {
  const { run, source } = result;
  const holes = holesOf(editor.document, result);
  const seen = inView(holes, editor).length;
  const focused = run.request.sources[run.sources.indexOf(source)]?.focus !== undefined;
  if (!holes.length) return t('Nothing is left out of this text.');
  const left =
    holes.length === 1
      ? seen
        ? t('One place is left out.')
        : t('One place is left out, and not in view.')
      : seen
        ? t('{0} places are left out, {1} of them in view.', holes.length, seen)
        : t('{0} places are left out, none of them in view.', holes.length);
  return focused ? `${left} ${t('Code near your cursor stays longer.')}` : left;
}

/** The tooltip in a document that shows a result: its size, and what to do with it. */
export function documentTooltip({ run, tokens }: ShownResult): vscode.MarkdownString {
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
export function offer(): vscode.MarkdownString {
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

export function figuresOf({ before, after }: Sizes): string {
  return `${count(before)} → ${count(after)}`;
}

/** What is left, as a share. */
function shareOf({ before, after }: Sizes): string {
  return percent(before ? after / before : 1);
}
