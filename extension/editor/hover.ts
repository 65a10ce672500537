// The hover on a compressed document: whether a token stays, why, which caches kept it, and links to change it.
import * as vscode from 'vscode';
import { tokenScorer, type InspectReport, type RetainedSpan } from '../../src/core/context';
import type { EvidenceParts } from '../../src/core/evidence';
import { tokenAt } from '../../src/core/report';
import { firstIndexWhere } from '../../src/core/search';
import { visible } from '../../src/inspector/visible';
import type { Result, Results } from '../session/results';
import type { InspectReports } from '../session/inspectReports';
import type { Marks } from '../session/marks';
import { inCode } from '../platform/markdown';
import { className, grammarFaultInWords, percent, whyInWords } from '../platform/messages';

const { t } = vscode.l10n;

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
    const { source, file } = result;
    const offset = document.offsetAt(position) - source.start;
    const span = file.spans[firstIndexWhere(file.spans, (s) => s.end > offset)];
    if (!span || span.start > offset) return undefined;
    const version = document.version;
    const report = await this.inspectReports.report(result).catch(() => undefined); // the verdict is shown without the scores
    if (document.version !== version) return undefined;
    const token = report && tokenAt(report, offset);
    const range = new vscode.Range(
      document.positionAt(source.start + (token?.start ?? span.start)),
      document.positionAt(source.start + (token?.end ?? span.end)),
    );
    const line = document.lineAt(position).range;
    const target = {
      uri: document.uri.toString(),
      start: document.offsetAt(line.start),
      end: document.offsetAt(line.end),
    };
    const marked =
      this.marks.has(document.uri) &&
      this.marks.of(document.uri, document.getText()).some((m) => m.start < target.end && m.end > target.start);
    const text = hoverText(result, span, report, offset);
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
  span: RetainedSpan,
  report: InspectReport | undefined,
  offset: number,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  const verdict = span.kept ? t('Kept') : t('Dropped');
  text.appendMarkdown(
    `$(${span.kept ? 'check' : 'fold'}) **${verdict}**: ${whyInWords(span.kept, span.reason)}${span.elision ? ` \u00a0\`${span.elision}\`` : ''}\n\n`,
  );
  if (file.grammarFault) text.appendMarkdown(`${grammarFaultInWords(file.grammarFault)}\n\n`);
  const token = report && tokenAt(report, offset);
  if (!report || !token) return text;
  const shown = visible(source.document.slice(source.start + token.start, source.start + token.end));
  text.appendMarkdown(`${t('Token')} ${inCode(shown)} \u00a0·\u00a0 ${className(token.class)}\n\n`);
  // The score that decided comes first. The caches of the reading are a different measure and may disagree.
  const parts = partsAt(report, token.index);
  if (parts.length)
    text.appendMarkdown(
      `${t('What its worth comes from:')} ${parts.map(({ name, share, value }) => `${name} **${percent(share)}** (${signed(value)})`).join(' \u00a0·\u00a0 ')}\n\n`,
    );
  text.appendMarkdown(
    `${t('While the model read:')} ${t('{0} score {1}', `\`${tokenScorer(run.context.scorer)}\``, `**${signed(token.meanScore)}**`)} \u00a0·\u00a0 ${t('kept by {0} of {1} caches', `**${Math.round(token.retention * report.layers * report.heads)}**`, report.layers * report.heads)}\n\n`,
  );
  text.appendMarkdown(
    `| ${t('Layer')} | ${token.keptPerLayer.map((_, i) => i).join(' | ')} |\n|:--|${'--:|'.repeat(report.layers)}\n`,
  );
  text.appendMarkdown(`| | ${token.keptPerLayer.map((share) => `\`${bar(share)}\``).join(' | ')} |\n`);
  text.appendMarkdown(
    `| ${t('Heads that kept it')} | ${token.keptPerLayer.map((share) => `&nbsp;&nbsp;${Math.round(share * report.heads)}/${report.heads}`).join(' | ')} |\n\n`,
  );
  return text;
}

/** One character whose height shows the share 0…1; a dot for 0. */
function bar(share: number): string {
  return share <= 0 ? '·' : '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor(share * 8))]!;
}

/** What each part of the score added to the token, largest first; empty if the scorer has no parts. */
function partsAt(report: InspectReport, token: number): { name: string; share: number; value: number }[] {
  const { parts } = report;
  if (!parts) return [];
  const names: Readonly<Record<keyof EvidenceParts, string>> = {
    attention: t('attention'),
    surprisal: t('surprisal'),
    class: t('class'),
    names: t('names'),
    focus: t('nearness to the cursor'),
    age: t('nearness to the end'),
  };
  const all = (Object.keys(names) as (keyof EvidenceParts)[]).map((key) => ({
    name: names[key],
    value: parts[key][token] ?? 0,
  }));
  const sum = all.reduce((n, p) => n + Math.abs(p.value), 0);
  return all
    .filter((p) => p.value !== 0)
    .map((p) => ({ ...p, share: Math.abs(p.value) / sum }))
    .sort((a, b) => b.share - a.share);
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

function signed(n: number): string {
  const shown = Math.abs(n).toFixed(2);
  return `${n < 0 && Number(shown) > 0 ? '−' : '+'}${shown}`; // no minus sign for a value that rounds to zero
}
