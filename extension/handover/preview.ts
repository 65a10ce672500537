// Shows what is about to be sent before it goes: recipient, tokens, price, redacted credentials, the text itself.
import * as vscode from 'vscode';
import { costOf, moneyIn } from '../../src/handover/price';
import { tokensOf, type Run } from '../session/run';
import { count, percent } from '../platform/messages';
import type { ResultDocuments } from '../session/resultDocuments';
import { readHandoverSettings } from '../platform/settings';
import type { Payload } from './runPayload';

const { t } = vscode.l10n;

const ESTIMATED_BY = 'o200k';

export interface SendPreview {
  /** Name of the recipient, with the host if the text leaves the machine. */
  readonly receiver: string;
  readonly run: Run;
  readonly sent: Payload;
  /** The whole text, including instructions and question. */
  readonly text: string;
  /** Tokens of that text as `estimateTokens` counts them. */
  readonly tokens: number;
  /** Further consequences, such as that a running task is closed. */
  readonly warnings?: readonly string[];
}

interface Item extends vscode.QuickPickItem {
  readonly action?: 'send' | 'show';
}

/** Tokens of a text by a common counter: the recipient tells its own count only afterwards. */
export async function estimateTokens(text: string): Promise<number> {
  const { counterFor } = await import('../platform/lazyBundle');
  return counterFor(ESTIMATED_BY).count(text);
}

/** Asks for consent. The user may look at the text first. @returns whether to send */
export async function confirmSending(preview: SendPreview, documents: ResultDocuments): Promise<boolean> {
  const { receiver, run, tokens, sent, warnings = [] } = preview;
  const { price } = readHandoverSettings();
  const cost = costOf(price, { prompt: tokens });
  const { before, after } = tokensOf(run.context);
  const items: Item[] = [
    {
      action: 'send',
      label: `$(send) ${t('Send to {0}', receiver)}`,
      description: [
        t('{0} tokens by {1}', count(tokens), ESTIMATED_BY),
        ...(cost === undefined ? [] : [t('{0} plus the answer', moneyIn(vscode.env.language, price.currency, cost))]),
      ].join(' · '),
    },
    { action: 'show', label: `$(preview) ${t('Show What Is Sent')}`, description: t('sends nothing') },
    ...warnings.map((w) => ({ label: `$(warning) ${w}` })),
    ...(sent.secrets.length
      ? [
          {
            label: `$(shield) ${t('{0} credentials redacted', sent.secrets.length)}`,
            detail: [...new Set(sent.secrets.map((s) => `${s.kind}: ${s.path}:${s.line}`))].slice(0, 5).join(', '),
          },
        ]
      : []),
    { label: t('{0} of {1} tokens of context', count(after), count(before)), kind: vscode.QuickPickItemKind.Separator },
    ...run.context.files.map(({ path, recipientTokens: own }) => ({
      label: `$(file-code) ${path}`,
      description: t(
        '{0} → {1} tokens ({2})',
        count(own.before),
        count(own.after),
        percent(own.before ? own.after / own.before : 1),
      ),
    })),
  ];
  for (;;) {
    const picked = await vscode.window.showQuickPick(items, {
      title: t('Send compressed context'),
      placeHolder: t('Nothing has been sent yet'),
      ignoreFocusOut: true,
    });
    if (picked?.action !== 'show') return picked?.action === 'send';
    await documents.showText('to-send.md', preview.text);
  }
}
