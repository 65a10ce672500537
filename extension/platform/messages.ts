// The messages of the user interface: the sentence and button of each failure, and names of reasons and classes.
import * as vscode from 'vscode';
import type { FloorReason, GrammarFault } from '../../src/core/context';
import { CancelledError, CompressionError, type FailureReason } from '../../src/core/errors';
import { getOrMake } from '../../src/core/getOrMake';
import { MAX_FILES, MAX_TOTAL_UNITS } from '../../src/core/limits';
import type { SkipReason } from '../../src/files/walk';
import { HandoverError, type HandoverReason } from '../../src/handover/handoverError';
import type { Words } from '../../src/why/sentences';
import { inCode } from './markdown';

const { t } = vscode.l10n;

export interface Sentence {
  readonly text: string;
  readonly button?: vscode.Command;
}

const showLog = (): vscode.Command => ({ title: t('Show Log'), command: 'namm.showLog' });
const openSetting = (key: string): vscode.Command => ({
  title: t('Open Setting'),
  command: 'workbench.action.openSettings',
  arguments: [key],
});
const modelSetting = (): vscode.Command => openSetting('namm.modelPath');
const endpointSetting = (): vscode.Command => openSetting('namm.endpoint');

const SENTENCES: Readonly<Record<FailureReason, (detail: string) => string>> = {
  emptyInput: () => t('There is nothing to compress: the text is empty.'),
  binaryFile: (d) => t('{0} is not a text file.', d),
  fileTooLarge: (d) => t('The text is too large to compress: {0}.', d),
  unreadable: (d) => t('{0} cannot be read.', d),
  notFound: (d) => t('{0} does not exist.', d),
  tooManyFiles: () =>
    t(
      'These are more than can be compressed at once ({0} files, {1} million characters). Pick a smaller folder.',
      MAX_FILES,
      MAX_TOTAL_UNITS / 1e6,
    ),
  modelMissing: (d) => t('A file of the model is missing: {0}.', d),
  modelCorrupt: (d) => t('The model is damaged ({0}). Reinstall the extension or check the model folder.', d),
  grammarCorrupt: (d) => t('The grammar {0} is missing or damaged. Reinstall the extension.', d),
  modelUnsupported: (d) => t('This version of the extension cannot use that model: {0}.', d),
  runtimeMissing: () =>
    t(
      'There is no native runtime for this platform ({0}), so nothing can be compressed here.',
      `${process.platform}-${process.arch}`,
    ),
  engineStopped: () => t('The compression engine stopped while it worked. The next command starts it afresh.'),
  engineUnresponsive: () => t('The compression engine did not start in time. The next command tries again.'),
  textFailed: (d) =>
    t('NAMM Context could not get past {0}, whatever was tried. Leave it out or exclude it, and please report it.', d),
  noThreshold: (d) => t('The scorer {0} has no calibrated threshold: choose a keep ratio or a token limit.', d),
  linesOutside: (d) => t('The text does not have these lines: {0}.', d),
  badRequest: (d) => t('That cannot be done as asked: {0}.', d),
  unknownElision: (d) => t('Nothing is known under the id {0}.', d),
  ambiguousElision: (d) =>
    t('That stands for parts of several files: {0}. Give the full path of the one that is meant.', d),
  elisionStale: (d) => t('{0} has changed since it was compressed.', d),
  elisionDamaged: (d) => t('The stored text of {0} is damaged. Compress it again.', d),
  secretsFound: (d) => t('Nothing was handed over, because it holds credentials: {0}.', d),
  internal: () => t('Compression failed because of a defect in the extension. The log has the details.'),
};

const quoted = (detail: string): string => (detail ? ` ${t('It says: {0}', detail)}` : '');

const HANDOVER_SENTENCES: Readonly<Record<HandoverReason, (detail: string) => string>> = {
  noModel: () =>
    t(
      'No chat model is available. Sign in to one or install an extension that brings one, pick it in the chat, and ask again.',
    ),
  noPermission: () =>
    t(
      'The chat model may not be used: access was refused. Allow it when you are asked, or under Accounts > Manage Extension Access.',
    ),
  refused: (d) => `${t('The request was refused. Nothing was answered.')}${quoted(d)}`,
  overWindow: (d) =>
    `${t('The context does not fit the window of the model. Attach fewer files, keep less, or pick a model with a larger window.')}${/ > /.test(d) ? ` (${d})` : quoted(d)}`,
  quota: (d) => `${t('The quota is used up, or requests come too fast. Wait, or pick another model.')}${quoted(d)}`,
  unauthorized: () => t('The server does not accept the API key, or wants one.'),
  unknownModel: (d) => t('The server does not know the model {0}.', d),
  notConfigured: () => t('No server is set: give its address and a model in the settings.'),
  badAddress: (d) =>
    t(
      'There is no chat API at the address that is set ({0}). It must begin with http:// or https:// and mostly ends in /v1.',
      d,
    ),
  redirected: (d) =>
    t('The server sends requests on to {0}. Nothing was sent there; set that address if you trust it.', d),
  unreachable: (d) => t('The server cannot be reached: {0}. Is it running?', d),
  serverFailed: (d) => `${t('The model failed to answer.')}${quoted(d)}`,
  malformedAnswer: (d) =>
    t('The answer is incomplete or not in the form that was promised ({0}). What had come is kept.', d),
  outsideWorkspace: (d) => t('{0} lies outside the workspace, so it was not read.', d),
  assistantMissing: (d) =>
    t('{0} does not offer what is needed to take the context. Update it, or copy the context instead.', d),
  tooManyCalls: (d) => t('The model asked for tools {0} times without answering, so it was stopped.', d),
};

/** What the user can do about a failure. */
const BUTTONS: Readonly<Partial<Record<FailureReason | HandoverReason, () => vscode.Command>>> = {
  modelMissing: modelSetting,
  modelCorrupt: modelSetting,
  modelUnsupported: modelSetting,
  runtimeMissing: showLog,
  engineStopped: showLog,
  engineUnresponsive: showLog,
  textFailed: showLog,
  internal: showLog,
  unauthorized: () => ({ title: t('Set API Key'), command: 'namm.setApiKey' }),
  unknownModel: endpointSetting,
  notConfigured: endpointSetting,
  badAddress: endpointSetting,
  redirected: endpointSetting,
  unreachable: endpointSetting,
  malformedAnswer: showLog,
  assistantMissing: () => ({ title: t('Copy'), command: 'namm.copy' }),
};

/** The message for a failure; undefined for a cancellation, which needs none. */
export function sentenceFor(error: unknown): Sentence | undefined {
  if (error instanceof CancelledError || error instanceof vscode.CancellationError) return undefined;
  if (CompressionError.is(error)) return withButton(SENTENCES[error.reason](error.detail), error.reason);
  if (HandoverError.is(error)) return withButton(HANDOVER_SENTENCES[error.reason](error.detail), error.reason);
  const refusal = refusalOf(error);
  return refusal === undefined
    ? withButton(SENTENCES.internal(''), 'internal')
    : { text: t('The file system refused: {0}', refusal) };
}

function withButton(text: string, reason: FailureReason | HandoverReason): Sentence {
  const button = BUTTONS[reason]?.();
  return button ? { text, button } : { text };
}

const REFUSALS = /^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT)$/; // error codes of Node's file system

/** The reason of a file system for refusing to write, in its own words; undefined for any other error. */
function refusalOf(error: unknown): string | undefined {
  if (
    !(error instanceof vscode.FileSystemError) &&
    !REFUSALS.test(String((error as NodeJS.ErrnoException | undefined)?.code))
  )
    return undefined;
  return (error as Error).message.replace(/^\w+ \(FileSystemError\): (Error: )?/, '').replace(/\s+/g, ' ');
}

/** A file that was skipped while others were read. */
export interface Skipped {
  readonly uri?: vscode.Uri;
  readonly path: string;
  readonly reason: SkipReason;
  /** Of the attempt to read it; absent if its kind or its folder was enough. */
  readonly error?: CompressionError;
}

const NAMED = 5; // skipped files for each reason, in a message

/** The message for files that were skipped: one sentence for one that could not be read, else all by their reasons. */
export function skippedInWords(skipped: readonly Skipped[]): string {
  const [only] = skipped;
  if (skipped.length === 1 && only!.error) {
    const { path, error } = only!;
    const sentence =
      error!.reason === 'emptyInput' ? t('{0} is empty.', path) : SENTENCES[error!.reason](error!.detail);
    return t('Skipped: {0}', sentence);
  }
  const byReason = new Map<SkipReason, string[]>();
  for (const { path, reason } of skipped) getOrMake(byReason, reason, () => []).push(path);
  const groups = [...byReason].map(([reason, paths]) => {
    const names = paths.slice(0, NAMED).join(', ');
    const more = paths.length - NAMED;
    return `${more > 0 ? t('{0} and {1} more', names, more) : names} (${skipReason(reason)})`;
  });
  return t('Skipped: {0}', `${groups.join('; ')}.`);
}

function skipReason(reason: SkipReason): string {
  const words: Readonly<Partial<Record<SkipReason, string>>> = {
    link: t('links are not followed'),
    notRegular: t('a pipe, a socket or a device'),
    rulesUnreadable: t('its .gitignore cannot be read'),
    unreadable: t('cannot be read'),
    binaryFile: t('no text'),
    fileTooLarge: t('too large'),
    emptyInput: t('empty'),
    textFailed: t('NAMM Context could not get past it, please report it'),
  };
  return words[reason] ?? reason;
}

export function floorInWords(reason: FloorReason, tokens: number): string {
  const words: Readonly<Record<FloorReason, string>> = {
    kept: t(
      'Lines that must stay, and the markers between them, need {0} tokens, more than the budget.',
      count(tokens),
    ),
    markers: t(
      'What is left are markers, or lines that would cost as much to mark: {0} tokens, more than the budget.',
      count(tokens),
    ),
    small: t('The context is so small that it stays whole: {0} tokens, more than the budget.', count(tokens)),
    code: t('With less than {0} tokens no code of a text would be left; that is more than the budget.', count(tokens)),
    syntax: t('With less than {0} tokens the code would not parse; that is more than the budget.', count(tokens)),
    unparsed: t(
      'A part that the grammar cannot read stays whole, so the text needs {0} tokens, more than the budget.',
      count(tokens),
    ),
  };
  return words[reason];
}

export function grammarFaultInWords(fault: GrammarFault): string {
  const words: Readonly<Record<GrammarFault, string>> = {
    slow: t('The grammar of the language would take too long on this file, so it was cut by lines.'),
    failed: t('The grammar of the language failed on this file, so it was cut by lines.'),
    defect: t('A defect of NAMM Context kept this file from being cut, so it is whole. Please report it.'),
    leftOut: t('NAMM Context could not get past this file, so it was left out. Please report it.'),
  };
  return words[fault];
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function count(n: number): string {
  return n.toLocaleString(vscode.env.language);
}

/** The sentences of `src/why` in the display language. */
export const WORDS: Words = { t: (text, ...args) => t(text, ...args), count, code: inCode };
