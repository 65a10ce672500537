// Asks a server with an OpenAI-compatible chat API: one request, a stream of text, the server's own token count.
import { createParser } from 'eventsource-parser';
import { CancelledError } from '../core/errors';
import { MAX_ANSWER_BYTES, MAX_STREAM_BYTES } from '../core/limits';
import { ownValue } from '../core/ownValue';
import { HandoverError } from './handoverError';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface EndpointRequest {
  /** Base address, such as http://localhost:11434/v1. */
  readonly url: string;
  readonly model: string;
  /** Sent to this address and to no other. */
  readonly key?: string;
  readonly messages: readonly ChatMessage[];
}

export interface EndpointAnswer {
  readonly text: string;
  /** Tokens as the server counted them; undefined if it reports none. */
  readonly usage?: { readonly prompt: number; readonly completion: number };
  /** Why the answer ended, in the server's word: "stop", "length", … */
  readonly finish?: string;
}

// UTF-16 units: a broken server may send without end.
const MAX_ANSWER = 8_000_000;
const MAX_EVENT = 4_000_000;
const MAX_ERROR_BODY = 64_000;
const MAX_DETAIL = 300;

/**
 * @param base address as the user typed it. Example: http://localhost:11434/v1 gives …/v1/chat/completions
 * @throws HandoverError badAddress if it is no http(s) address, or holds a name and password
 */
export function completionsUrl(base: string): URL {
  let url: URL;
  try {
    url = new URL(base.trim());
  } catch (cause) {
    throw new HandoverError('badAddress', base, { cause });
  }
  // A name and password in an address would get into logs and screenshots.
  if (!/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new HandoverError('badAddress', `${url.protocol}//${url.host}`);
  url.hash = '';
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/chat/completions') ? path : `${path}/chat/completions`;
  return url;
}

/**
 * Sends the request once: no retry, no redirect.
 * @param onText receives the pieces of the answer as they arrive, also those before a failure
 * @throws HandoverError; CancelledError
 */
export async function askEndpoint(
  request: EndpointRequest,
  onText: (piece: string) => void,
  signal?: AbortSignal,
): Promise<EndpointAnswer> {
  const url = completionsUrl(request.url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual', // neither the key nor the code goes where the user did not send it
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(request.key ? { authorization: `Bearer ${request.key}` } : {}),
      },
      body: JSON.stringify({
        model: request.model,
        messages: request.messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
      ...(signal ? { signal } : {}),
    });
    if (response.status >= 300 && response.status < 400)
      throw new HandoverError('redirected', originOf(response.headers.get('location'), url));
    if (!response.ok) throw errorOf(response.status, await readSome(response), request);
    return /\bjson\b/.test(response.headers.get('content-type') ?? '')
      ? readWhole(await readText(response), onText)
      : await readStream(response, onText);
  } catch (error) {
    if (signal?.aborted) throw new CancelledError();
    if (error instanceof HandoverError) throw error;
    // fetch throws "fetch failed" before an answer and "terminated" in the middle of one; the cause holds more.
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    const hasBegun = error instanceof TypeError && error.message === 'terminated';
    throw new HandoverError(
      hasBegun ? 'malformedAnswer' : 'unreachable',
      hasBegun ? 'cut off' : `${url.host}${cause?.code ? ` (${cause.code})` : ''}`,
      { cause: error },
    );
  }
}

async function readStream(response: Response, onText: (piece: string) => void): Promise<EndpointAnswer> {
  let text = '';
  let usage: EndpointAnswer['usage'];
  let finish: string | undefined;
  let done = false;
  let failure: HandoverError | undefined;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (failure || done) return;
      if (data.trim() === '[DONE]') {
        done = true;
        return;
      }
      const chunk = parsed(data);
      if (!chunk) failure = new HandoverError('malformedAnswer', 'an event is no JSON');
      else if (chunk.error !== undefined) failure = errorOf(0, data, {});
      else {
        const [choice] = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : [];
        const piece = field(field(choice, 'delta'), 'content');
        if (typeof piece === 'string' && piece) {
          text += piece;
          onText(piece);
        }
        const reason = field(choice, 'finish_reason');
        if (typeof reason === 'string') finish = reason;
        usage = usageOf(chunk) ?? usage;
      }
    },
  });
  const decoder = new TextDecoder();
  let event = 0;
  for await (const bytes of bounded(response, MAX_STREAM_BYTES)) {
    const piece = decoder.decode(bytes, { stream: true });
    event = piece.includes('\n') ? piece.length - piece.lastIndexOf('\n') : event + piece.length;
    if (event > MAX_EVENT) throw new HandoverError('malformedAnswer', `an event is over ${MAX_EVENT / 1e6} MB`);
    if (text.length > MAX_ANSWER)
      throw new HandoverError('malformedAnswer', `it has over ${MAX_ANSWER / 1e6} million characters`);
    parser.feed(piece);
    if (failure) throw failure; // leaving the loop closes the connection
    if (done) break;
  }
  if (!done && finish === undefined) throw new HandoverError('malformedAnswer', text ? 'cut off' : 'no events');
  return { text, ...(usage ? { usage } : {}), ...(finish === undefined ? {} : { finish }) };
}

/** Some servers answer in one piece although the request asks for a stream. */
function readWhole(body: string, onText: (piece: string) => void): EndpointAnswer {
  const answer = parsed(body);
  if (answer?.error !== undefined) throw errorOf(0, body, {});
  const [choice] = Array.isArray(answer?.choices) ? (answer.choices as unknown[]) : [];
  const text = field(field(choice, 'message'), 'content');
  if (typeof text !== 'string') throw new HandoverError('malformedAnswer', 'no text in it');
  onText(text);
  const usage = usageOf(answer!);
  const finish = field(choice, 'finish_reason');
  return { text, ...(usage ? { usage } : {}), ...(typeof finish === 'string' ? { finish } : {}) };
}

/** The error that an HTTP status and the body with it mean. @param status 0 for an error inside a stream */
function errorOf(status: number, body: string, { model = '' }: { model?: string }): HandoverError {
  const error = parsed(body)?.error;
  const message = typeof error === 'string' ? error : field(error, 'message');
  const words = (typeof message === 'string' ? message : '').replace(/\s+/g, ' ').slice(0, MAX_DETAIL);
  const code = String(field(error, 'code') ?? field(error, 'type') ?? '');
  const tooLong =
    /context_length|exceed_context/.test(code) ||
    /context (length|window|size)|maximum context|too many tokens|prompt is too long|exceeds? the (available )?context/i.test(
      words,
    );
  if (status === 413 || tooLong) return new HandoverError('overWindow', words);
  if (status === 401 || status === 403 || code === 'invalid_api_key') return new HandoverError('unauthorized', words);
  if (status === 402 || status === 429 || /quota|rate_limit/.test(code)) return new HandoverError('quota', words);
  if (code === 'model_not_found' || (status === 404 && words)) return new HandoverError('unknownModel', model || words);
  if (status === 404 || status === 405) return new HandoverError('badAddress', 'no chat API');
  if (status >= 400 && status < 500) return new HandoverError('refused', words || String(status));
  return new HandoverError('serverFailed', words || String(status || ''));
}

/** The body, as far as a limit in bytes. Whoever stops reading it closes the connection. @throws HandoverError malformedAnswer */
async function* bounded(response: Response, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += bytes.length;
    if (size > limit) throw new HandoverError('malformedAnswer', `it is over ${limit / 1e6} MB`);
    yield bytes;
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of bounded(response, MAX_ANSWER_BYTES)) text += decoder.decode(bytes, { stream: true });
  return text + decoder.decode();
}

async function readSome(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > MAX_ERROR_BODY) break;
  }
  return text;
}

function usageOf(chunk: Record<string, unknown>): EndpointAnswer['usage'] {
  const [prompt, completion] = [field(chunk.usage, 'prompt_tokens'), field(chunk.usage, 'completion_tokens')];
  return Number.isSafeInteger(prompt)
    ? { prompt: prompt as number, completion: Number.isSafeInteger(completion) ? (completion as number) : 0 }
    : undefined;
}

function originOf(location: string | null, base: URL): string {
  try {
    return new URL(location ?? '', base).origin;
  } catch {
    return '';
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? ownValue(value as Record<string, unknown>, name) : undefined;
}
