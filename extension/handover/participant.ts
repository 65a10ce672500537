// The chat participant @namm: compresses the sources of a question for that question, asks the picked model, shows what was sent.
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { DEFAULT_BUDGET, LEAST_RATIO, type Budget } from '../../src/core/budget';
import { BoundedMap } from '../../src/core/boundedMap';
import { idsIn } from '../../src/core/elisionName';
import { CancelledError, CompressionError } from '../../src/core/errors';
import { costOf, moneyIn } from '../../src/handover/price';
import { contextPrompt } from '../../src/handover/prompt';
import { fitToWindow } from '../../src/handover/fitToWindow';
import { withSignal } from '../platform/cancellation';
import type { Results } from '../session/results';
import { leftOutOf, tokensOf, type Run } from '../session/run';
import type { CurrentRun } from '../session/currentRun';
import { inCode } from '../platform/markdown';
import { count, percent, sentenceFor, skippedInWords } from '../platform/messages';
import type { ResultDocuments } from '../session/resultDocuments';
import { readHandoverSettings, readSettings } from '../platform/settings';
import { whyNothing, type Gathered } from '../session/sources';
import { converse } from './modelConversation';
import { attachedReferences, defaultSources, fromReferences } from './chatSources';
import type { Contexts } from '../session/contexts';
import type { Elisions } from '../session/elisions';
import { modelFailure, modelFor, chatMessage } from './languageModel';
import { payloadOf, type Payload } from './runPayload';
import { expand, EXPAND_TOOL, type ExpandInput } from './modelTools';
import { explain } from './explanation';

const { t } = vscode.l10n;

const PARTICIPANT = 'namm.chat';
const WINDOW_SHARE = 0.85; // of the model's window; the rest is for tool results
const HISTORY_SHARE = 0.25; // of the window, at most
const STEP = 1.6; // factor of "more context" and "less context"
const KEPT_SENT = 20;

interface ParticipantParts {
  readonly contexts: Contexts;
  readonly results: Results;
  readonly currentRun: CurrentRun;
  readonly contextFiles: () => readonly vscode.Uri[];
  readonly elisions: Elisions;
  readonly compressed: ResultDocuments;
  readonly log: vscode.LogOutputChannel;
}

/** The editor stores it with the turn, so it must be JSON. */
interface Metadata {
  readonly question: string;
  readonly keepRatio: number;
  /** Our text at the end of the answer. It is not the model's. */
  readonly footer: string;
  /** Id of the largest elision. */
  readonly largest?: string;
}

/** One question in the chat, as the editor passes it. */
interface Turn {
  readonly request: vscode.ChatRequest;
  readonly context: vscode.ChatContext;
  readonly stream: vscode.ChatResponseStream;
  readonly token: vscode.CancellationToken;
}

interface Prepared {
  readonly run: Run;
  readonly sent: Payload;
  readonly prompt: string; // what comes before the question
  readonly messages: vscode.LanguageModelChatMessage[];
}

export class Participant implements vscode.Disposable {
  private readonly participant: vscode.ChatParticipant | undefined;
  /** By the key in the buttons of an answer. */
  private readonly sent = new BoundedMap<{ readonly text: string; readonly run: Run }>(KEPT_SENT, () => 1);

  constructor(
    private readonly parts: ParticipantParts,
    icon: vscode.Uri,
  ) {
    // Editors that were built without a chat lack the API.
    this.participant = vscode.chat?.createChatParticipant?.(PARTICIPANT, (request, context, stream, token) =>
      this.handle({ request, context, stream, token }),
    );
    if (!this.participant) return;
    this.participant.iconPath = icon;
    this.participant.followupProvider = {
      provideFollowups: (result) => followups(result.metadata as Partial<Metadata> | undefined),
    };
  }

  dispose(): void {
    this.participant?.dispose();
  }

  /** Opens the exact text that was sent for an answer. */
  async showSent(key: unknown): Promise<void> {
    const text = this.sent.get(String(key))?.text;
    if (text === undefined)
      void vscode.window.showInformationMessage(t('That text is no longer kept. Ask again to see what is sent.'));
    else await this.parts.compressed.showText('sent.md', text);
  }

  /** The run that an answer is about. */
  runOf(key: unknown): Run | undefined {
    return this.sent.get(String(key))?.run;
  }

  private async handle(turn: Turn): Promise<vscode.ChatResult> {
    const { request, stream, token } = turn;
    try {
      if (request.command === 'why') return this.why(request, stream);
      return await withSignal([token], (signal) =>
        request.command === 'compress' ? this.compress(turn, signal) : this.ask(turn, signal),
      );
    } catch (raw) {
      const error = modelFailure(raw, token);
      const sentence = sentenceFor(error);
      if (!sentence) return {}; // cancelled: the chat shows that itself
      this.parts.log.warn(`chat: ${error instanceof Error ? error.message : String(error)}`);
      if (sentence.button) stream.button(sentence.button);
      return { errorDetails: { message: sentence.text } };
    }
  }

  private async ask(turn: Turn, signal: AbortSignal): Promise<vscode.ChatResult> {
    const { request, context, stream, token } = turn;
    const { question, keepRatio } = parseQuestion(request.prompt, context);
    if (!question) {
      stream.markdown(t('Ask a question about the attached files, or about the open ones when nothing is attached.'));
      return {};
    }
    const model = await modelFor(request);
    const { sources } = await this.gather(turn);
    const canCall = typeof vscode.LanguageModelToolCallPart === 'function' && vscode.lm.registerTool !== undefined;
    const expanded = await this.expandedIn(question);
    const history = await this.history(context, model, token);
    const settings = readSettings();
    stream.progress(
      sources.length === 1
        ? t('Compressing {0} for the question', sources[0]!.path)
        : t('Compressing {0} files for the question', sources.length),
    );
    const budget: Budget = keepRatio === undefined ? settings.budget : { kind: 'keepRatio', keepRatio };
    const { value, tokens } = await fitToWindow<Prepared>({
      limit: Math.floor(model.maxInputTokens * WINDOW_SHARE),
      compress: async (max) => {
        const run = await this.parts.contexts.compress(
          sources,
          { query: question, budget: max === undefined ? budget : { kind: 'maxTokens', maxTokens: max } },
          signal,
        );
        const sent = await payloadOf(run, { alone: 'block', note: false });
        // The context comes first: while it is unchanged, every request begins alike, so the provider's cache works.
        const prompt = contextPrompt(sent.text, canCall ? EXPAND_TOOL : undefined);
        const messages = [chatMessage.user(prompt), ...history, chatMessage.user([question, ...expanded].join('\n\n'))];
        return { value: { run, sent, prompt, messages }, recipientTokens: run.context.recipientTokens.after };
      },
      count: (p) => countAll(model, p.messages, token),
    });
    this.parts.results.put(value.run); // the editors show what was left out of it
    for (const s of leftOutOf(value.run)) stream.progress(skippedInWords([s]));
    const key = this.keep([value.prompt, question, ...expanded].join('\n\n'), value.run);
    const facts = factsOf(value, model, tokens, history.length > 0);
    stream.progress(t('Sending to {0}: {1}', model.name, facts)); // the chat hides it after the answer
    for (const s of sources) if (s.uri.scheme !== 'untitled') stream.reference(s.uri);

    let used = tokens;
    const tools = canCall ? toolsFor(request) : [];
    await converse(
      {
        model,
        messages: value.messages,
        tools,
        justification: t('To answer your question to @namm with the compressed context.'),
        onText: (piece) => stream.markdown(piece),
        call: async (call) => {
          const result = await this.call(call, turn, {
            tokenBudget: Math.max(0, model.maxInputTokens - used),
            countTokens: (text) => model.countTokens(text, token),
          });
          used += await model.countTokens(result, token);
          return result;
        },
      },
      token,
    );
    const footer = `\n\n---\n\n${facts.replace(/[\\`*_[\]<>|]/g, '\\$&')}\n`;
    stream.markdown(footer);
    stream.button({ command: 'namm.showSent', title: t('Show What Was Sent'), arguments: [key] });
    const largest = value.run.context.files
      .flatMap((f) => f.elisions)
      .sort((a, b) => b.recipientTokens - a.recipientTokens)[0];
    return {
      metadata: {
        question,
        keepRatio: value.run.context.keepRatio,
        footer,
        ...(largest ? { largest: largest.id } : {}),
      } satisfies Metadata,
    };
  }

  private async compress(turn: Turn, signal: AbortSignal): Promise<vscode.ChatResult> {
    const { request, stream } = turn;
    const { sources } = await this.gather(turn);
    const question = request.prompt.trim();
    stream.progress(t('Compressing context'));
    const run = await this.parts.contexts.compress(sources, { query: question }, signal);
    this.parts.results.put(run);
    for (const s of leftOutOf(run)) stream.progress(skippedInWords([s]));
    const { before, after, counter } = tokensOf(run.context);
    const rows = run.context.files.map(
      (f) =>
        `| ${inCode(f.path).replaceAll('|', '\\|')} | ${count(f.recipientTokens.before)} | ${count(f.recipientTokens.after)} | ${percent(f.recipientTokens.before ? f.recipientTokens.after / f.recipientTokens.before : 1)} |`,
    );
    stream.markdown(
      [
        question
          ? t(
              'Compressed for “{0}”: {1} to {2} tokens ({3}). Nothing was sent.',
              question,
              count(before),
              count(after),
              counter,
            )
          : t('Compressed: {0} to {1} tokens ({2}). Nothing was sent.', count(before), count(after), counter),
        '',
        `| ${t('File')} | ${t('Tokens')} | ${t('Left')} | ${t('Kept')} |`,
        '|---|--:|--:|--:|',
        ...rows,
        '',
      ].join('\n'),
    );
    const key = this.keep((await payloadOf(run)).text, run);
    stream.button({ command: 'namm.showSent', title: t('Show Compressed Context'), arguments: [key] });
    stream.button({ command: 'namm.handOver', title: t('Hand Over…'), arguments: [undefined, key] });
    return { metadata: { answer: key } };
  }

  private why(request: vscode.ChatRequest, stream: vscode.ChatResponseStream): vscode.ChatResult {
    const run =
      this.parts.results.forDocument(vscode.window.activeTextEditor?.document)?.run ?? this.parts.results.lastRun;
    if (!run) {
      stream.markdown(t('Nothing has been compressed yet: ask a question or use /compress first.'));
      return {};
    }
    stream.markdown(explain(run, request.prompt));
    const [id] = idsIn(request.prompt);
    if (id) stream.button({ command: 'namm.expand', title: t('Show the Original'), arguments: [id] });
    return {};
  }

  /** The sources of the question. Files attached to an earlier turn count until others are attached. @throws CompressionError */
  private async gather({ request, context, stream, token }: Turn): Promise<Gathered> {
    const turns = context.history.filter((turn) => turn instanceof vscode.ChatRequestTurn);
    const attached = [request.references, ...turns.reverse().map((turn) => turn.references)]
      .map(attachedReferences)
      .find((r) => r.length);
    this.parts.log.debug(`references: ${request.references.map((r) => r.id).join(', ')}`);
    const gathered = attached
      ? await fromReferences(attached, token)
      : await defaultSources(this.parts.currentRun, this.parts.contextFiles(), token);
    if (!gathered.sources.length) throw whyNothing(gathered);
    for (const s of gathered.skipped.slice(0, 5)) stream.progress(skippedInWords([s]));
    return gathered;
  }

  /** Originals of the elisions that the question names. */
  private async expandedIn(question: string): Promise<string[]> {
    const out: string[] = [];
    for (const id of idsIn(question)) {
      try {
        out.push(await expand(this.parts.elisions, { id }));
      } catch (error) {
        if (!CompressionError.is(error, 'unknownElision')) throw error; // text such as "line:12" is no id
      }
    }
    return out;
  }

  /** Earlier questions and answers in order, the newest ones that fit their share of the window. */
  private async history(
    context: vscode.ChatContext,
    model: vscode.LanguageModelChat,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelChatMessage[]> {
    const messages: vscode.LanguageModelChatMessage[] = [];
    let left = model.maxInputTokens * HISTORY_SHARE;
    for (const turn of [...context.history].reverse()) {
      const text =
        turn instanceof vscode.ChatRequestTurn
          ? turn.prompt
          : turn instanceof vscode.ChatResponseTurn
            ? answerOf(turn)
            : '';
      const local = turn.command === 'compress' || turn.command === 'why'; // was never sent to a model
      if (!text || local) continue;
      left -= await model.countTokens(text, token);
      if (left < 0) break;
      messages.unshift(turn instanceof vscode.ChatRequestTurn ? chatMessage.user(text) : chatMessage.assistant(text));
    }
    return messages;
  }

  private async call(
    { name, input }: vscode.LanguageModelToolCallPart,
    { request, stream, token }: Turn,
    tokenizationOptions: vscode.LanguageModelToolTokenizationOptions,
  ): Promise<string> {
    try {
      if (name === EXPAND_TOOL) {
        // The user asked this participant, so it may expand its own elisions without further consent.
        const expandInput = input as ExpandInput;
        const text = await expand(this.parts.elisions, expandInput, tokenizationOptions);
        stream.progress(t('Expanded {0}', String(expandInput.id).replace(/^#/, '')));
        return text;
      }
      if (!toolsFor(request).some((tool) => tool.name === name)) return `There is no tool ${name}.`;
      const result = await vscode.lm.invokeTool!(
        name,
        { input, toolInvocationToken: request.toolInvocationToken, tokenizationOptions },
        token,
      );
      return result.content.map((p) => (p instanceof vscode.LanguageModelTextPart ? p.value : '')).join('');
    } catch (error) {
      if (token.isCancellationRequested || error instanceof CancelledError) throw new CancelledError();
      if (CompressionError.is(error, 'secretsFound')) throw error; // credentials are set to block: stop and tell the user
      return (
        (CompressionError.is(error) ? sentenceFor(error)?.text : undefined) ??
        (error instanceof Error ? error.message : String(error))
      );
    }
  }

  private keep(text: string, run: Run): string {
    const key = `${Date.now().toString(36)}-${this.sent.size}`;
    this.sent.set(key, { text, run });
    return key;
  }
}

/** One line about what is sent, without markup. */
function factsOf(
  { run, sent }: Prepared,
  model: vscode.LanguageModelChat,
  tokens: number,
  hasHistory: boolean,
): string {
  const { before, after } = tokensOf(run.context);
  const { price } = readHandoverSettings();
  const cost = costOf(price, { prompt: tokens });
  return [
    run.sources.length === 1
      ? t('{0}: {1} of {2} tokens', basename(run.sources[0]!.path), count(after), count(before))
      : t('{0} files: {1} of {2} tokens', run.sources.length, count(after), count(before)),
    hasHistory
      ? t('{0} in all with earlier turns, counted by {1}', count(tokens), model.name)
      : t('{0} in all, counted by {1}', count(tokens), model.name),
    ...(cost === undefined ? [] : [moneyIn(vscode.env.language, price.currency, cost)]),
    ...(sent.secrets.length ? [t('{0} credentials redacted', sent.secrets.length)] : []),
  ].join(' · ');
}

/** Our expand tool, and the tools that the user attached to the question. */
function toolsFor(request: vscode.ChatRequest): vscode.LanguageModelChatTool[] {
  const names = new Set([EXPAND_TOOL, ...(request.toolReferences ?? []).map((r) => r.name)]);
  return (vscode.lm.tools ?? [])
    .filter((tool) => names.has(tool.name))
    .map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
}

async function countAll(
  model: vscode.LanguageModelChat,
  messages: readonly vscode.LanguageModelChatMessage[],
  token: vscode.CancellationToken,
): Promise<number> {
  const counts = await Promise.all(messages.map((m) => model.countTokens(m, token)));
  return counts.reduce((a, b) => a + b, 0);
}

const more = (question: string): string => t('With more context: {0}', question);
const less = (question: string): string => t('With less context: {0}', question);

/** A follow-up is sent as text that the user sees. This turns it back into a question and a keep ratio. */
function parseQuestion(
  prompt: string,
  context: vscode.ChatContext,
): { question: string; keepRatio: number | undefined } {
  const last = context.history.findLast((turn) => turn instanceof vscode.ChatResponseTurn);
  const { keepRatio: lastRatio } = (last?.result.metadata ?? {}) as Partial<Metadata>;
  const before = typeof lastRatio === 'number' ? lastRatio : DEFAULT_BUDGET.keepRatio;
  if (prompt.startsWith(more('')))
    return { question: prompt.slice(more('').length).trim(), keepRatio: Math.min(1, before * STEP) };
  if (prompt.startsWith(less('')))
    return { question: prompt.slice(less('').length).trim(), keepRatio: Math.max(LEAST_RATIO, before / STEP) };
  return { question: prompt.trim(), keepRatio: undefined };
}

function followups(metadata: Partial<Metadata> | undefined): vscode.ChatFollowup[] {
  const { question, keepRatio = 1, largest } = metadata ?? {};
  if (!question) return [];
  const [id] = idsIn(question);
  const bare = id && question.startsWith(`${id}: `) ? question.slice(id.length + 2) : question;
  return [
    ...(keepRatio < 0.99 ? [{ label: t('Ask again with more context'), prompt: more(bare) }] : []),
    { label: t('Ask again with less context'), prompt: less(bare) },
    ...(largest ? [{ label: t('Expand {0} and ask again', largest), prompt: `${largest}: ${bare}` }] : []),
  ];
}

/** The model's answer without our footer. */
function answerOf(turn: vscode.ChatResponseTurn): string {
  const text = turn.response.map((p) => (p instanceof vscode.ChatResponseMarkdownPart ? p.value.value : '')).join('');
  const { footer = '' } = (turn.result.metadata ?? {}) as Partial<Metadata>;
  return footer && text.endsWith(footer) ? text.slice(0, -footer.length) : text;
}
