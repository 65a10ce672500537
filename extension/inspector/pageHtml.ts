// The HTML of the inspector's page: one script, one stylesheet, nothing inline.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { SCORER_IDS, tokenScorer } from '../../src/core/context';
import type { PageStart } from '../../src/inspector/protocol';

const { t } = vscode.l10n;

export function pageOf(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const at = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const start: PageStart = { words: words(), scorers: SCORER_IDS.filter((id) => tokenScorer(id) === id) };
  // The page makes an image of itself, which needs data: URLs.
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src data:">
<title>${escape(t('Retention'))}</title>
<link rel="stylesheet" href="${escape(at('media', 'inspector.css'))}">
</head>
<body data-start="${escape(JSON.stringify(start))}">
<script nonce="${nonce}" src="${escape(at('dist', 'inspector.js'))}"></script>
</body>
</html>`;
}

/** Translations of the display language; empty in English. */
function words(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vscode.l10n.bundle ?? {}).flatMap(([key, word]) => (typeof word === 'string' ? [[key, word]] : [])),
  );
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
