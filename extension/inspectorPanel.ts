// Knows the inspector's page: plain tables of what each cache kept, no scripts.
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { InspectReport } from '../src/core/context';
import type { Result, Results } from './documents';
import type { Inspecting } from './inspecting';
import { className, count, percent } from './messages';
import { reportTables, RUN_BUCKETS, type ReportTables } from './reportTables';

const { t } = vscode.l10n;

export class InspectorPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private result: Result | undefined;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly inspecting: Inspecting,
    private readonly results: Results,
  ) {
    this.listener = results.onDidChange(() => this.markStale());
  }

  dispose(): void {
    this.listener.dispose();
    this.panel?.dispose();
  }

  /** @throws CompressionError, CancelledError */
  async show(result: Result): Promise<void> {
    const report = await this.inspecting.report(result);
    this.panel ??= this.open();
    this.result = result;
    this.panel.title = t('Retention: {0}', basename(result.source.uri.path));
    this.panel.webview.html = page(result, report, reportTables(report), false);
    this.panel.reveal(undefined, false);
  }

  private open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel('namm.inspector', t('Retention'), vscode.ViewColumn.Beside, {
      enableScripts: false,
      enableFindWidget: true,
      localResourceRoots: [],
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.result = undefined;
    });
    return panel;
  }

  private markStale(): void {
    if (!this.panel || !this.result?.gone.signal.aborted) return;
    const { result } = this;
    this.result = undefined;
    void result.report?.then(
      (report) => this.panel && !this.result && (this.panel.webview.html = page(result, report, reportTables(report), true)),
      () => undefined,
    );
  }
}

function page({ source, file, run }: Result, report: InspectReport, tables: ReportTables, stale: boolean): string {
  const nonce = randomBytes(16).toString('base64');
  const { before, after } = file.readerTokens;
  const head = (cells: readonly string[]): string => cells.map((c) => `<th scope="col"${c === t('Head') ? ' class="row"' : ''}>${escape(c)}</th>`).join('');
  const rowHead = (layer: number, h: number): string =>
    `${h === 0 ? `<th scope="rowgroup" rowspan="${report.heads}">${escape(t('Layer {0}', layer))}</th>` : ''}<th scope="row">${escape(t('Head {0}', h))}</th>`;
  const byHead = (cells: (row: ReportTables['rows'][number]) => string): string =>
    Array.from({ length: report.layers }, (_, layer) => `<tbody>${tables.rows.filter((r) => r.layer === layer).map((r) => `<tr>${rowHead(layer, r.head)}${cells(r)}</tr>`).join('')}</tbody>`).join('');
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${escape(t('Retention'))}</title>
<style nonce="${nonce}">
body { font: var(--vscode-font-size) var(--vscode-font-family); color: var(--vscode-foreground); padding: 8px 20px 24px; }
h1 { font-size: 1.4em; font-weight: 600; margin: 8px 0 4px; overflow-wrap: anywhere; }
p { margin: 4px 0; color: var(--vscode-descriptionForeground); }
.stale { color: var(--vscode-editorWarning-foreground); font-weight: 600; }
h2 { font-size: 1em; font-weight: 600; margin: 20px 0 6px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 8px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); }
thead th { font-weight: 600; border-bottom-width: 2px; }
thead th:first-child, thead th.row { text-align: left; }
tbody th { text-align: left; font-weight: 400; }
tbody th[scope=rowgroup] { vertical-align: top; font-weight: 600; }
${Array.from({ length: 11 }, (_, i) => `.s${i} { background: color-mix(in srgb, var(--vscode-charts-blue) ${i * 4}%, transparent); }`).join('\n')}
</style>
</head>
<body>
<h1>${escape(source.path)}</h1>
${stale ? `<p class="stale" role="status">${escape(t('The file has changed since: these figures are of the text as it was.'))}</p>` : ''}
<p>${escape(t('{0} → {1} tokens for the reader ({2})', count(before), count(after), run.context.readerTokens.counter))} · ${escape(t('{0} tokens for the model {1}', count(tables.tokens), report.model.name))} · ${escape(t('scorer {0}', report.scorer))}</p>
<p>${escape(t('{0} layers × {1} heads = {2} caches, {3} memory updates, {4} entries per cache on average', report.layers, report.heads, report.layers * report.heads, report.updates, count(Math.round(report.meanCacheLength))))}</p>
${table(
  t('Kept by the caches, by token class'),
  head([t('Class'), t('Tokens'), t('Of all'), t('Kept')]),
  `<tbody>${tables.classes.map((c) => `<tr><th scope="row">${escape(className(c.name))}</th><td>${count(c.tokens)}</td><td>${percent(c.tokens / tables.tokens)}</td>${share(c.kept)}</tr>`).join('')}</tbody>`,
)}
${table(
  t('Kept by each cache: in all, and by token class'),
  head([t('Layer'), t('Head'), t('Kept'), t('Mean score'), ...tables.classes.map((c) => className(c.name))]),
  byHead((r) => `${share(r.kept)}<td>${r.meanScore.toFixed(2).replace('-', '−')}</td>${r.byClass.map(share).join('')}`),
)}
${table(
  t('What each cache dropped, by length of the run of tokens'),
  head([t('Layer'), t('Head'), t('Dropped'), ...RUN_BUCKETS]),
  byHead((r) => `${share(1 - r.kept)}${r.byRun.map(share).join('')}`),
)}
</body>
</html>`;
}

function table(caption: string, head: string, body: string): string {
  // The heading stands outside: a caption is as wide as its table and would be cut off with it.
  return `<h2>${escape(caption)}</h2><div class="scroll" tabindex="0" role="region" aria-label="${escape(caption)}"><table aria-label="${escape(caption)}"><thead><tr>${head}</tr></thead>${body}</table></div>`;
}

function share(value: number | undefined): string {
  return value === undefined ? '<td>–</td>' : `<td class="s${Math.round(value * 10)}">${percent(value)}</td>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
