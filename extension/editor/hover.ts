// The hover on a compressed document: why a place stays or goes, what would change it, how the model read the word, and links.
import * as vscode from 'vscode';
import type { RetainedSpan } from '../../src/core/context';
import { visible } from '../../src/inspector/visible';
import { placeAt, type Place } from '../../src/why/place';
import { barsOf, cachesInWords, roleOfReading, wordReading, type WordReading } from '../../src/why/reading';
import { stripOf, whyOf } from '../../src/why/sentences';
import type { Result, Results } from '../session/results';
import type { InspectReports } from '../session/inspectReports';
import type { Marks } from '../session/marks';
import { inCode } from '../platform/markdown';
import { grammarFaultInWords, WORDS } from '../platform/messages';
import { readLooks } from '../platform/settings';
import { holeAt, holesOf, sizeInWords, type Hole } from '../holes/holes';

const { t } = vscode.l10n;

const READING_MS = 2000; // a person waits no longer for a hover

/** Registered only while there are results. */
export class Hovers implements vscode.Disposable, vscode.HoverProvider {
  private registered: vscode.Disposable | undefined;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly results: Results,
    private readonly inspectReports: InspectReports,
    private readonly marks: Marks,
  ) {
    this.listener = results.onDidChange(() => {
      if (results.size) this.registered ??= vscode.languages.registerHoverProvider({ scheme: '*' }, this);
      else this.unregister();
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.unregister();
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const result = this.results.forDocument(document);
    if (!result) return undefined;
    const { source, file, run } = result;
    const offset = document.offsetAt(position) - source.start;
    const place = placeAt(file, offset, run.request.sources[run.sources.indexOf(source)]?.drops);
    if (!place) return undefined;
    const { span } = place;
    if (span.kept && !readLooks().hoverOnKept) return undefined;
    const version = document.version;
    // The verdict needs no reading: it is shown without it if the engine fails or is busy.
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), READING_MS));
    const report = await Promise.race([this.inspectReports.report(result).catch(() => undefined), late]);
    if (document.version !== version) return undefined;
    const word = report && wordReading(report, source.document.slice(source.start, source.end), offset);
    const { start, end } = word ?? span;
    const range = new vscode.Range(document.positionAt(source.start + start), document.positionAt(source.start + end));
    const line = document.lineAt(position).range;
    const target = {
      uri: document.uri.toString(),
      start: document.offsetAt(line.start),
      end: document.offsetAt(line.end),
    };
    const marked =
      this.marks.has(document.uri) &&
      this.marks.of(document.uri, document.getText()).some((m) => m.start < target.end && m.end > target.start);
    const text = hoverText(result, place, word, span.kept ? undefined : holeAt(holesOf(document, result), position));
    text.appendMarkdown(`\n\n${links(target, marked, span)}`);
    text.isTrusted = { enabledCommands: ['namm.pin', 'namm.drop', 'namm.unmark', 'namm.expand', 'namm.inspect'] };
    return new vscode.Hover(text, range);
  }

  private unregister(): void {
    this.registered?.dispose();
    this.registered = undefined;
  }
}

function hoverText(
  { source, file, run }: Result,
  place: Place,
  word: WordReading | undefined,
  hole: Hole | undefined,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  const add = (paragraph: string): void => void text.appendMarkdown(`${paragraph}\n\n`);
  const { span } = place;
  const { scorer, budget, recipientTokens } = run.context;
  const why = whyOf(place, { scorer, budget, before: recipientTokens.before }, WORDS);
  add(
    `$(${span.kept ? 'check' : 'fold'}) **${why.verdict}**: ${why.reason}${span.elision ? ` \u00a0\`${span.elision}\`` : ''}${hole ? ` \u00a0${sizeInWords(hole)}` : ''}`,
  );
  if (file.grammarFault) add(grammarFaultInWords(file.grammarFault));
  if (why.change.length)
    add(
      `${span.kept ? t('What would leave it out:') : t('What would keep it:')} ${why.change.join(' \u00a0·\u00a0 ')}`,
    );
  if (why.figures) {
    const strip = stripOf(place);
    add(`${t('Rank')} **${why.figures}**${strip ? ` \u00a0\`${strip}\`` : ''}`);
    if (why.parts) add(`${t('Its worth:')} ${why.parts}`);
  }
  if (!word) return text;
  add('---');
  const shown = visible(source.document.slice(source.start + word.start, source.start + word.end));
  add(
    `**${t('How the model read it')}** \u00a0 ${inCode(shown)}: ${cachesInWords(word, WORDS)}${word.keptBy ? `, ${t('by layer')} \`${barsOf(word.keptPerLayer)}\`` : ''}`,
  );
  add(`*${roleOfReading(scorer, WORDS)}*`);
  return text;
}

function links(target: { uri: string; start: number; end: number }, marked: boolean, span: RetainedSpan): string {
  const link = (icon: string, words: string, command: string, ...args: unknown[]): string =>
    `[$(${icon}) ${words}](command:${command}?${encodeURIComponent(JSON.stringify(args))} "${words}")`;
  return [
    ...(marked
      ? [link('discard', t('Undo'), 'namm.unmark', target)]
      : [link('pinned', t('Keep'), 'namm.pin', target), link('eye-closed', t('Leave Out'), 'namm.drop', target)]),
    ...(span.elision ? [link('unfold', t('Expand'), 'namm.expand', span.elision)] : []),
    link('graph', t('Inspect'), 'namm.inspect', target),
  ].join(' \u00a0 ');
}
