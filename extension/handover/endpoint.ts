// Asks an OpenAI-compatible server of the user: question, preview, one request, the answer in a document beside.
import * as vscode from 'vscode';
import { CancelledError } from '../../src/core/errors';
import { askEndpoint, completionsUrl, type ChatMessage, type EndpointAnswer } from '../../src/handover/endpoint';
import { HandoverError } from '../../src/handover/handoverError';
import { costOf, moneyIn } from '../../src/handover/price';
import { contextPrompt } from '../../src/handover/prompt';
import { withSignal } from '../platform/cancellation';
import type { Run } from '../session/run';
import { count } from '../platform/messages';
import type { ResultDocuments } from '../session/resultDocuments';
import { readHandoverSettings } from '../platform/settings';
import type { AnswerDocuments } from './answerDocuments';
import type { Contexts } from '../session/contexts';
import { payloadOf } from './runPayload';
import { confirmSending, estimateTokens } from './preview';

const { t } = vscode.l10n;

export class Endpoint {
  private last = '';

  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly contexts: Contexts,
    private readonly compressed: ResultDocuments,
    private readonly answers: AnswerDocuments,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get configured(): boolean {
    const { url, model } = readHandoverSettings().endpoint;
    return url !== '' && model !== '';
  }

  /** Asks for the API key of the present server. No other server gets it. An empty key removes it. @throws HandoverError notConfigured | badAddress */
  async setKey(): Promise<void> {
    const { url } = this.address();
    const key = await vscode.window.showInputBox({
      title: t('API key for {0}', url.host),
      prompt: t(
        'Kept in the secret storage of the editor and sent to {0} alone. Leave it empty to forget the key.',
        url.origin,
      ),
      password: true,
      ignoreFocusOut: true,
    });
    if (key === undefined) return;
    if (key.trim()) await this.secrets.store(secretKey(url), key.trim());
    else await this.secrets.delete(secretKey(url));
    void vscode.window.setStatusBarMessage(
      `$(key) ${key.trim() ? t('API key kept for {0}', url.host) : t('API key forgotten for {0}', url.host)}`,
      4000,
    );
  }

  /**
   * Compresses the run's texts for a question, shows a preview, and sends it after the user's consent.
   * @param given the question; undefined = ask the user
   * @returns the answer; undefined if the user cancelled a dialog
   * @throws HandoverError; CompressionError; CancelledError
   */
  async ask(
    run: Run,
    given?: string,
  ): Promise<{ readonly answer: EndpointAnswer; readonly uri: vscode.Uri } | undefined> {
    const { url, base, model } = this.address();
    const question = (
      given ??
      (await vscode.window.showInputBox({
        title: t('Ask {0} at {1}', model, url.host),
        prompt: t('The context is compressed for this question. You see what is sent before it goes.'),
        value: this.last,
        ignoreFocusOut: true,
      }))
    )?.trim();
    if (!question) return undefined;
    this.last = question;
    const fresh = await withNotification(t('Compressing context'), (signal) =>
      this.contexts.compress(run.sources, { query: question }, signal),
    );
    const sent = await payloadOf(fresh, { alone: 'block', note: false });
    const messages: ChatMessage[] = [
      { role: 'user', content: contextPrompt(sent.text) },
      { role: 'user', content: question },
    ];
    const text = messages.map((m) => m.content).join('\n\n');
    const key = await this.secrets.get(secretKey(url));
    const tokens = await estimateTokens(text);
    const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
    const warnings =
      key && url.protocol === 'http:' && !loopback
        ? [t('The connection to {0} is not encrypted: key and code can be read on the way', url.host)]
        : [];
    if (
      !(await confirmSending(
        { receiver: t('{0} at {1}', model, url.host), run: fresh, sent, text, tokens, warnings },
        this.compressed,
      ))
    )
      return undefined;

    const document = await this.answers.open(model.replace(/[^\w.-]+/g, '-').slice(0, 40) || 'answer');
    document.write(`# ${question.replace(/\s+/g, ' ')}\n\n`);
    let received = '';
    try {
      const answer = await withNotification(t('{0} is answering', model), (signal) =>
        askEndpoint(
          { url: base, model, messages, ...(key ? { key } : {}) },
          (piece) => ((received += piece), document.write(piece)),
          signal,
        ),
      );
      document.write(this.footer(answer, tokens, model));
      this.log.info(
        `endpoint: ${answer.usage ? `${answer.usage.prompt} + ${answer.usage.completion} tokens` : 'no usage'}`,
      );
      return { answer, uri: document.uri };
    } catch (error) {
      // The received part stays, with a note, so that it does not look like a whole answer.
      document.write(
        `${received ? '\n\n' : ''}---\n\n*${error instanceof CancelledError ? t('Cancelled.') : t('The answer ends here because of an error.')}*\n`,
      );
      throw error;
    } finally {
      document.end();
    }
  }

  private footer({ usage, finish }: EndpointAnswer, estimate: number, model: string): string {
    const { price } = readHandoverSettings();
    const cost = usage && costOf(price, usage);
    const facts = [
      usage
        ? t('{0} tokens sent and {1} received, as {2} counted', count(usage.prompt), count(usage.completion), model)
        : t('{0} tokens sent; the server did not say its own count', count(estimate)),
      ...(cost === undefined ? [] : [moneyIn(vscode.env.language, price.currency, cost)]),
      ...(finish === 'length' ? [t('the answer was cut at the limit of the server')] : []),
    ];
    return `\n\n---\n\n*${facts.join(' · ')}*\n`;
  }

  private address(): { url: URL; base: string; model: string } {
    const { url, model } = readHandoverSettings().endpoint;
    if (!url || !model) throw new HandoverError('notConfigured');
    return { url: completionsUrl(url), base: url, model };
  }
}

function secretKey(url: URL): string {
  return `namm.endpoint.key ${url.origin}`;
}

/** Runs the work under a notification that can cancel it. */
function withNotification<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_, token) => withSignal([token], work),
  );
}
