// Tests the hand-over routes: other assistants, a server, a file. Nothing is sent without an action of the user.
import * as assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { counterFor } from '../../../src/tokens/counters';
import { api, fileUri, open, startClean, until } from './support';
import type { Json } from '../../support/json';

interface Assistant {
  readonly got: Json[];
  readonly appear: () => vscode.Disposable;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const accept = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
const close = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.closeQuickOpen');

/** Repeats `what` until `work` has ended: a list may take a while to open. */
async function whileDoing<T>(work: Thenable<T>, what: () => Thenable<unknown>): Promise<T> {
  let over = false;
  const end = (): void => void (over = true);
  work.then(end, end);
  for (let i = 0; !over && i < 2000; i++) {
    await wait(150);
    if (!over) await what();
  }
  return work;
}

const activeTab = (): vscode.Uri | undefined =>
  (vscode.window.tabGroups.activeTabGroup.activeTab?.input as { uri?: vscode.Uri } | undefined)?.uri;

suite('hand over', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('only what is there is offered', async () => {
    const { routes } = await api();
    const before = await routes();
    for (const id of ['clipboard', 'file']) assert.ok(before.includes(id), before.join());
    for (const id of ['roo', 'claude', 'endpoint']) assert.ok(!before.includes(id), before.join());
    const off = vscode.workspace.getConfiguration('chat').get<boolean>('disableAIFeatures');
    assert.equal(before.includes('chat'), !off);
    assert.equal(before.includes('cline'), vscode.extensions.getExtension('saoudrizwan.claude-dev') !== undefined);
  });

  test('where no marker can stand the clipboard says what went, and the way back works', async () => {
    const { document } = await open('package.json');
    await vscode.commands.executeCommand('namm.copy');
    const copied = await vscode.env.clipboard.readText();
    const [, line] =
      /^package\.json \(without markers: left out from lines? (\d+)[^)]*; ask for [^)]*"package\.json:\1"[^)]*\)\n```json\n/.exec(
        copied,
      ) ?? assert.fail(copied.slice(0, 300));
    await vscode.commands.executeCommand('namm.expand', `package.json:${line!}`);
    const original = vscode.window.activeTextEditor!.document;
    assert.equal(original.uri.scheme, 'namm-compressed');
    assert.ok(document.getText().includes(original.getText()) && !copied.includes(original.getText()));
  });

  const assistant = async function (this: Mocha.Context, id: string): Promise<Assistant> {
    const extension = vscode.extensions.getExtension<Assistant>(id);
    if (!extension?.extensionPath.includes('assistants')) this.skip(); // a desktop may have the real extension
    const there = await extension!.activate();
    there.got.length = 0;
    return there;
  };

  test('Roo Code gets the text in its input, as of a file that only the owner reads', async function () {
    const roo = await assistant.call(this, 'rooveterinaryinc.roo-cline');
    const command = roo.appear();
    try {
      await open('createAction.ts');
      await vscode.commands.executeCommand('namm.handOver', 'roo');
      assert.equal(roo.got.length, 1, (await api()).messages.at(-1));
      const [[file, text, first, last]] = roo.got;
      assert.equal(readFileSync(file, 'utf8'), text);
      assert.match(text, /\d+… #[a-z2-7]{4}/);
      assert.deepEqual([first, last], [1, text.split('\n').length]);
    } finally {
      command.dispose();
    }
  });

  test('Claude Code is told of the compressed file, which is open', async function () {
    const claude = await assistant.call(this, 'anthropic.claude-code');
    const command = claude.appear();
    try {
      await open('createAction.ts');
      await vscode.commands.executeCommand('namm.handOver', 'claude');
      assert.match(claude.got[0], /createAction-[0-9a-f]{6}\.compressed\.ts$/);
      assert.equal(activeTab()?.fsPath, claude.got[0]);
    } finally {
      command.dispose();
    }
  });

  test('Continue is given a provider, once, that holds what was handed over last', async function () {
    const other = await assistant.call(this, 'continue.continue');
    const command = other.appear();
    try {
      await open('createAction.ts');
      await vscode.commands.executeCommand('namm.handOver', 'continue');
      await open('view.js');
      await vscode.commands.executeCommand('namm.handOver', 'continue');
      const providers = other.got.filter((g) => g?.getContextItems);
      assert.equal(providers.length, 1);
      assert.deepEqual(providers[0].description.title, 'namm');
      const [item] = await providers[0].getContextItems('', {});
      assert.match(item.content, /view\.js\n```javascript\n/);
    } finally {
      command.dispose();
    }
  });

  suite('an OpenAI-compatible server', () => {
    const config = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('namm');
    const got: { headers: IncomingHttpHeaders; body: Json }[] = [];
    let answer: (response: ServerResponse) => void;
    let server: Server;
    suiteSetup(async () => {
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (d) => (body += d));
        request.on('end', () => {
          got.push({ headers: request.headers, body: JSON.parse(body) });
          answer(response);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      await config().update(
        'endpoint.url',
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
        vscode.ConfigurationTarget.Global,
      );
      await config().update('endpoint.model', 'small', vscode.ConfigurationTarget.Global);
    });
    suiteTeardown(async () => {
      server.closeAllConnections();
      server.close();
      await config().update('endpoint.url', undefined, vscode.ConfigurationTarget.Global);
      await config().update('endpoint.model', undefined, vscode.ConfigurationTarget.Global);
    });
    setup(() => {
      got.length = 0;
      answer = (r) => {
        r.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const content of ['It **matches** ', 'by type.'])
          r.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
        r.end(
          `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 1234, completion_tokens: 7 } })}\n\ndata: [DONE]\n\n`,
        );
      };
    });
    const ask = (
      question: string,
    ): Thenable<{ uri: vscode.Uri; answer: { text: string; usage: object } } | undefined> =>
      vscode.commands.executeCommand('namm.askEndpoint', question);

    test('the answer is streamed into a read-only document, with what the server counted', async () => {
      await open('createAction.ts');
      assert.ok((await (await api()).routes()).includes('endpoint'));
      const result = await whileDoing(ask('How does match work?'), accept);
      assert.deepEqual(result!.answer.usage, { prompt: 1234, completion: 7 });
      assert.equal(got.length, 1);
      assert.equal(got[0]!.headers.authorization, undefined);
      const [context, question] = got[0]!.body.messages;
      assert.match(context.content, /createAction\.ts\n```typescript\n[\s\S]*\d+… #[a-z2-7]{4}/);
      assert.equal(question.content, 'How does match work?');
      const shown = vscode.workspace.textDocuments.find((d) => d.uri.toString() === result!.uri.toString())!;
      await until('the answer', () => shown.getText().endsWith('counted*\n'));
      assert.match(
        shown.getText(),
        /^# How does match work\?\n\nIt \*\*matches\*\* by type\.\n\n---\n\n\*1,234 tokens sent and 7 received, as small counted\*\n$/,
      );
    });

    test('going back before it is sent sends nothing', async () => {
      await open('createAction.ts');
      assert.equal(await whileDoing(ask('And this?'), close), undefined);
      await wait(200);
      assert.equal(got.length, 0);
    });

    test('what the server says goes wrong is one sentence, and is not tried again', async () => {
      await open('createAction.ts');
      const { messages } = await api();
      const json =
        (status: number, message: string): ((r: ServerResponse) => void) =>
        (r) =>
          void r.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
      const cases: [(r: ServerResponse) => void, RegExp][] = [
        [json(401, 'no key'), /does not accept the API key/],
        [json(404, 'model small not found'), /does not know the model small/],
        [json(429, 'slow down'), /quota is used up.*slow down/],
        [json(413, ''), /does not fit the window/],
        [json(500, 'oops'), /failed to answer.*oops/],
        [
          (r) => void r.writeHead(307, { location: 'https://elsewhere.example/' }).end(),
          /sends requests on to https:\/\/elsewhere\.example\. Nothing was sent there/,
        ],
        [
          (r) =>
            void r
              .writeHead(200, { 'content-type': 'text/event-stream' })
              .end('data: {"choices":[{"delta":{"content":"half"}}]}\n\n'),
          /answer is incomplete/,
        ],
      ];
      for (const [how, sentence] of cases) {
        answer = how;
        got.length = 0;
        const before = messages.length;
        assert.equal(await whileDoing(ask('Why?'), accept), undefined);
        assert.equal(messages.length, before + 1);
        assert.match(messages.at(-1)!, sentence);
        assert.equal(got.length, 1);
      }
    });

    test('a server that is down', async () => {
      await open('createAction.ts');
      const { messages } = await api();
      await config().update('endpoint.url', 'http://127.0.0.1:9/v1', vscode.ConfigurationTarget.Global);
      await whileDoing(ask('Why?'), accept);
      assert.match(messages.at(-1)!, /cannot be reached: 127\.0\.0\.1:9/);
    });
  });

  test('values that only look random are redacted where the setting says so, also by the MCP server', async () => {
    const { mcpServer } = await api();
    const random = 'zQ7wR2tY9uP4sD6f' + 'G1hJ3kL5xC8vB0nM';
    const settings = vscode.workspace.getConfiguration('namm');
    const copied = async (): Promise<string> => {
      await vscode.commands.executeCommand('namm.copy');
      return vscode.env.clipboard.readText();
    };
    await vscode.workspace.fs.writeFile(fileUri('seed.ts'), Buffer.from(`export const seed = '${random}';\n`));
    try {
      await settings.update('keepRatio', 1, vscode.ConfigurationTarget.Global);
      await open('seed.ts');
      assert.ok((await copied()).includes(random));
      assert.ok(!mcpServer()?.args.includes('--secrets-entropy'));
      await settings.update('secretsEntropy', true, vscode.ConfigurationTarget.Global);
      assert.match(await copied(), /seed = '\[redacted: random value\]'/);
      assert.ok(mcpServer()?.args.includes('--secrets-entropy') ?? true); // this editor may know no such servers
    } finally {
      await settings.update('secretsEntropy', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('keepRatio', undefined, vscode.ConfigurationTarget.Global);
      await startClean();
      await vscode.workspace.fs.delete(fileUri('seed.ts'));
    }
  });

  test('a file gets Markdown or XML blocks, as its ending says', async () => {
    await open('createAction.ts');
    for (const [name, begins] of [
      ['context.md', /^createAction\.ts\n```typescript\n|^A comment like/],
      ['context.xml', /^(<note>|<file path="createAction\.ts")/],
    ] as const) {
      await vscode.commands.executeCommand('namm.saveAs', fileUri(name));
      const text = readFileSync(fileUri(name).fsPath, 'utf8');
      rmSync(fileUri(name).fsPath);
      assert.match(text, begins);
      assert.match(text, /\d+… #[a-z2-7]{4}/);
    }
  });

  test('a menu gives the command a place in the window: that is no answer of the chat', async () => {
    const { document } = await open('auth.go');
    await vscode.commands.executeCommand('namm.compress');
    await vscode.env.clipboard.writeText('');
    await whileDoing(vscode.commands.executeCommand('namm.handOver', document.uri, { groupId: 0 }), async () => {
      // The clipboard is the last but one. Twice, so that it is chosen too if the list comes while this goes on.
      for (let i = 0; i < 2; i++) {
        await vscode.commands.executeCommand('quickInput.last');
        await vscode.commands.executeCommand('quickInput.previous');
      }
      await accept();
    });
    assert.match(await vscode.env.clipboard.readText(), /auth\.go/);
  });

  test('what was copied before and did not change is copied as the same bytes, in front of what did', async () => {
    const files = ['createAction.ts', 'auth.go', 'background.py'].map(fileUri);
    const copied = async (): Promise<Map<string, string>> => {
      await vscode.commands.executeCommand('namm.compressFiles', undefined, files);
      await vscode.commands.executeCommand('namm.copy');
      const blocks = (await vscode.env.clipboard.readText()).split(/^(?=\S+\.(?:ts|go|py)\n```)/m).slice(1);
      return new Map(blocks.map((text) => [text.slice(0, text.indexOf('\n')), text.trimEnd()]));
    };
    const before = await copied();
    const editor = await open('createAction.ts');
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), 'export const added = 1;\n'));
    const after = await copied();
    assert.deepEqual([...before.keys()], ['createAction.ts', 'auth.go', 'background.py']);
    assert.deepEqual([...after.keys()], ['auth.go', 'background.py', 'createAction.ts']);
    for (const path of ['auth.go', 'background.py']) assert.equal(after.get(path), before.get(path));
  });

  test('a limit in tokens holds for all that is copied or saved, and the total is what leaves', async () => {
    const seen = await api();
    const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
      vscode.commands.executeCommand(command, ...args);
    const set = (key: string, value: unknown): Thenable<void> =>
      vscode.workspace.getConfiguration('namm').update(key, value, vscode.ConfigurationTarget.Workspace);
    const copied = async (): Promise<number> => counterFor('o200k').count(await vscode.env.clipboard.readText());
    const within = (tokens: number): void => assert.ok(tokens <= 500 && tokens > 400, String(tokens));
    try {
      await set('maxTokens', 500);
      for (const format of ['xml', 'markdown']) {
        await set('format', format);
        await open('createAction.ts');
        await run('namm.compress');
        await run('namm.copy');
        within(await copied());
        for (const name of ['limit.xml', 'limit.md']) {
          await run('namm.saveAs', fileUri(name));
          const text = readFileSync(fileUri(name).fsPath, 'utf8');
          rmSync(fileUri(name).fsPath);
          within(counterFor('o200k').count(text));
        }
        await startClean();
      }
      await run('namm.contextAdd', undefined, [fileUri('createAction.ts')]);
      await run('namm.contextCompress');
      await until('a total', () => /→.*window/.test(seen.contextTotal() ?? ''));
      await run('namm.contextCopy');
      assert.equal(Number(/→ (\d+)/.exec(seen.contextTotal()!)![1]), await copied());
    } finally {
      for (const key of ['maxTokens', 'format']) await set(key, undefined);
      await run('namm.contextClear');
      await wait(300); // the rerun after the settings change must not reach the next test
    }
  });
});
