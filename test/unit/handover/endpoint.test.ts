// Tests the client against a real HTTP server that follows and breaks the published API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/core/errors';
import { askEndpoint, completionsUrl, type EndpointAnswer } from '../../../src/handover/endpoint';
import { HandoverError } from '../../../src/handover/handoverError';
import type { Json } from '../../support/json';

interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const s of servers.splice(0)) {
    s.closeAllConnections();
    await new Promise((resolve) => s.close(resolve));
  }
});

/** A server that answers every request with `answer`, and what it was asked. */
async function serve(answer: (response: ServerResponse, got: Got) => unknown): Promise<{ url: string; got: Got[] }> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (d) => (body += d));
    request.on('end', () => {
      const seen = { method: request.method!, path: request.url!, headers: request.headers, body: JSON.parse(body) };
      got.push(seen);
      void answer(response, seen);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, got };
}

const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
const END = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`;
const USAGE = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 21, completion_tokens: 3, total_tokens: 24 } })}\n\n`;
const json = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'application/json' });
const stream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

const ask = (
  url: string,
  onText: (p: string) => void = () => undefined,
  signal?: AbortSignal,
): Promise<EndpointAnswer> =>
  askEndpoint({ url, model: 'small', key: 'sk-test', messages: [{ role: 'user', content: 'Why?' }] }, onText, signal);

async function failure(promise: Promise<unknown>): Promise<HandoverError> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(HandoverError);
  return error as HandoverError;
}

describe('askEndpoint', () => {
  it('streams the answer, reads usage, and sends what the API asks for', async () => {
    const { url, got } = await serve((r) =>
      stream(r).end(
        `: hello\n\n${chunk({ role: 'assistant' })}${chunk({ content: 'Bec' })}${chunk({ content: 'ause ü' })}${END}${USAGE}data: [DONE]\n\n`,
      ),
    );
    const pieces: string[] = [];
    const answer = await ask(url, (p) => pieces.push(p));
    expect(answer).toEqual({ text: 'Because ü', usage: { prompt: 21, completion: 3 }, finish: 'stop' });
    expect(pieces).toEqual(['Bec', 'ause ü']);
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      body: {
        model: 'small',
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: 'user', content: 'Why?' }],
      },
    });
  });

  it('gives pieces while the server still writes, whatever the cut between packets', async () => {
    let go: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (go = resolve));
    const { url } = await serve(async (r) => {
      const bytes = Buffer.from(chunk({ content: 'grün' }));
      stream(r);
      for (const b of bytes) r.write(Buffer.of(b)); // inside the ü as well
      await waits;
      r.end(`${chunk({ content: '!' })}data: [DONE]\n\n`);
    });
    const seen: string[] = [];
    const answer = await ask(url, (p) => {
      seen.push(p);
      go();
    });
    expect(seen).toEqual(['grün', '!']);
    expect(answer.text).toBe('grün!');
  });

  it('takes an answer in one piece from a server that does not stream', async () => {
    const { url } = await serve((r) =>
      r.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          choices: [{ message: { content: 'Whole.' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 5, completion_tokens: 2 },
        }),
      ),
    );
    expect(await ask(url)).toEqual({ text: 'Whole.', usage: { prompt: 5, completion: 2 }, finish: 'stop' });
  });

  const said =
    (status: number, error?: unknown): ((r: ServerResponse) => unknown) =>
    (r) =>
      r
        .writeHead(status, { 'content-type': 'application/json' })
        .end(error === undefined ? 'nothing here' : JSON.stringify({ error }));
  it.each<[string, (r: ServerResponse) => unknown, string]>([
    ['401', said(401, { message: 'Incorrect API key', code: 'invalid_api_key' }), 'unauthorized'],
    ['404 for the model', said(404, { message: 'model "small" not found, try pulling it first' }), 'unknownModel'],
    ['404 in the words of Ollama', said(404, "model 'small' not found"), 'unknownModel'],
    ['404 for the path', said(404), 'badAddress'],
    ['429', said(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }), 'quota'],
    ['413', said(413), 'overWindow'],
    [
      '400 over the window',
      said(400, { message: "This model's maximum context length is 4096 tokens", code: 'context_length_exceeded' }),
      'overWindow',
    ],
    [
      '400 over the window, llama.cpp',
      said(400, { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' }),
      'overWindow',
    ],
    ['400 otherwise', said(400, { message: 'no' }), 'refused'],
    ['500', said(500, { message: 'out of memory' }), 'serverFailed'],
    ['a redirect', (r) => r.writeHead(307, { location: 'https://elsewhere.example/v1' }).end(), 'redirected'],
    [
      'an event that is no JSON',
      (r) => stream(r).end(`${chunk({ content: 'a' })}data: {"choices": [\n\n`),
      'malformedAnswer',
    ],
    [
      'an error in the middle',
      (r) =>
        stream(r).end(`${chunk({ content: 'a' })}data: {"error":{"message":"rate","type":"rate_limit_exceeded"}}\n\n`),
      'quota',
    ],
    ['no events at all', (r) => stream(r).end('<html>'), 'malformedAnswer'],
    ['an end before the end', (r) => stream(r).end(chunk({ content: 'half' })), 'malformedAnswer'],
    [
      'a connection that breaks',
      (r) => stream(r).write(chunk({ content: 'half' }), () => r.destroy()),
      'malformedAnswer',
    ],
    [
      'JSON of another kind',
      (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('[]'),
      'malformedAnswer',
    ],
  ])('says what is wrong, and sends once: %s', async (_, answer, reason) => {
    const { url, got } = await serve(answer);
    const error = await failure(ask(url));
    expect(error.reason).toBe(reason);
    expect(got).toHaveLength(1);
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('sk-test');
  });

  it('never takes the key along to another address', async () => {
    const other = await serve((r) => stream(r).end('data: [DONE]\n\n'));
    const { url } = await serve((r) => r.writeHead(308, { location: other.url }).end());
    const error = await failure(ask(url));
    expect(error.reason).toBe('redirected');
    expect(error.detail).toBe(new URL(other.url).origin);
    expect(other.got).toHaveLength(0);
  });

  it('says that nobody listens', async () => {
    const { url } = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const error = await failure(ask(url));
    expect(error.reason).toBe('unreachable');
    expect(error.detail).toMatch(/^127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/);
  });

  it('is cancelled in the middle: the server sees the connection go', async () => {
    const stop = new AbortController();
    let gone: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (gone = resolve));
    const { url } = await serve((r) => {
      r.on('close', gone);
      stream(r).write(chunk({ content: 'on and on' }));
    });
    const seen: string[] = [];
    await expect(
      ask(
        url,
        (p) => {
          seen.push(p);
          stop.abort();
        },
        stop.signal,
      ),
    ).rejects.toBeInstanceOf(CancelledError);
    await closed;
    expect(seen).toEqual(['on and on']);
  });

  it('is cancelled before the server says anything', async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort());
    await expect(ask(url, undefined, stop.signal)).rejects.toBeInstanceOf(CancelledError);
  });

  it.each<[string, (r: ServerResponse) => ServerResponse, string, RegExp]>([
    ['one event', (r) => (stream(r).write('data: '), r), 'x'.repeat(500_000), /an event is over 4 MB/],
    ['signs of life', stream, ': ping\n\n'.repeat(100_000), /it is over 128 MB/],
    ['text', stream, chunk({ content: 'x'.repeat(500_000) }), /it has over 8 million characters/],
    ['an answer in one piece', json, ' '.repeat(500_000), /it is over 32 MB/],
  ])('does not listen for ever to %s: it closes the connection', async (_, begin, piece, detail) => {
    let gone: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (gone = resolve));
    const { url } = await serve((r) => {
      r.on('close', gone);
      begin(r);
      const more = (): void => void (r.destroyed || r.write(piece, more));
      more();
    });
    const error = await failure(ask(url));
    expect([error.reason, error.detail]).toEqual(['malformedAnswer', expect.stringMatching(detail)]);
    await closed;
  });
});

describe('completionsUrl', () => {
  it.each([
    ['http://localhost:11434/v1', 'http://localhost:11434/v1/chat/completions'],
    [' https://api.example.com/v1/ ', 'https://api.example.com/v1/chat/completions'],
    ['http://h/v1/chat/completions', 'http://h/v1/chat/completions'],
    ['https://h/openai?api-version=1', 'https://h/openai/chat/completions?api-version=1'],
  ])('%s', (base, url) => expect(completionsUrl(base).href).toBe(url));
  it.each(['', 'localhost:11434', 'ftp://h/v1', 'file:///etc/passwd', 'http://me:secret@h/v1'])(
    'refuses %s',
    (base) => {
      let thrown: unknown;
      try {
        completionsUrl(base);
      } catch (error) {
        thrown = error;
      }
      expect(HandoverError.is(thrown, 'badAddress')).toBe(true);
      expect((thrown as Error).message).not.toContain('secret');
    },
  );
});
