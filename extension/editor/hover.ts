// Knows what a hover on a compressed document says about a token.
import * as vscode from 'vscode';
import { tokenScorer, type InspectReport, type RetainedSpan } from '../../src/core/context';
import type { Result, Results } from '../documents';
import type { Inspecting } from '../inspecting';
import { className, whyInWords } from '../messages';
import { tokenAt } from '../reportTables';

const { t } = vscode.l10n;

/** Registered only while there is something to say. */
export class Hovers implements vscode.Disposable, vscode.HoverProvider {
  private registered: vscode.Disposable | undefined;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly results: Results,
    private readonly inspecting: Inspecting,
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
    const result = this.results.of(document);
    if (!result) return undefined;
    const { source, file } = result;
    const offset = document.offsetAt(position) - source.start;
    const span = file.spans.find((s) => s.start <= offset && offset < s.end);
    if (!span) return undefined;
    const version = document.version;
    const report = await this.inspecting.report(result).catch(() => undefined); // the verdict stands without the scores
    if (document.version !== version) return undefined;
    const token = report && tokenAt(report, offset);
    const range = new vscode.Range(
      document.positionAt(source.start + (token?.start ?? span.start)),
      document.positionAt(source.start + (token?.end ?? span.end)),
    );
    return new vscode.Hover(hoverText(result, span, report, offset), range);
  }

  private unregister(): void {
    this.registered?.dispose();
    this.registered = undefined;
  }
}

function hoverText({ source, run }: Result, span: RetainedSpan, report: InspectReport | undefined, offset: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  const verdict = span.kept ? t('Kept') : t('Dropped');
  text.appendMarkdown(`$(${span.kept ? 'check' : 'fold'}) **${verdict}**: ${whyInWords(span.kept, span.reason)}${span.elision ? ` \u00a0\`${span.elision}\`` : ''}\n\n`);
  const token = report && tokenAt(report, offset);
  if (!report || !token) return text;
  const shown = visible(source.document.slice(source.start + token.start, source.start + token.end));
  text.appendMarkdown(`${t('Token')} ${code(shown)} \u00a0·\u00a0 ${className(token.class)}\n\n`);
  text.appendMarkdown(
    `${t('{0} score {1}', `\`${tokenScorer(run.context.scorer)}\``, `**${signed(token.meanScore)}**`)} \u00a0·\u00a0 ${t('kept by {0} of {1} caches', `**${Math.round(token.retention * report.layers * report.heads)}**`, report.layers * report.heads)}\n\n`,
  );
  text.appendMarkdown(`| ${t('Layer')} | ${token.keptPerLayer.map((_, i) => `\u00a0${i}`).join(' | ')} |\n|:--|${'--:|'.repeat(report.layers)}\n`);
  text.appendMarkdown(`| ${t('Heads that kept it')} | ${token.keptPerLayer.map((share) => `${Math.round(share * report.heads)}/${report.heads}`).join(' | ')} |\n`);
  return text;
}

/** Whitespace as signs, so that a token of blanks can be seen. */
function visible(token: string): string {
  return token.replaceAll(' ', '␣').replaceAll('\t', '⇥').replace(/\r\n|\r|\n/g, '⏎');
}

/** Inline code whatever backticks it holds. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function signed(n: number): string {
  return `${n < 0 ? '−' : '+'}${Math.abs(n).toFixed(2)}`;
}
