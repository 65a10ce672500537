// Tests that the MCP server is registered with the editor, and that its command line starts a working server.
import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { api, note, open, startClean } from './support';
import type { Json } from '../../support/json';

suite('MCP server', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('the definition provider is registered where the editor has such providers', async () => {
    const { mcpServer } = await api();
    const known = 'registerMcpServerDefinitionProvider' in vscode.lm;
    note(`VS Code ${vscode.version}, ${known ? 'knows' : 'does not know'} MCP providers`);
    assert.equal(mcpServer() !== undefined, known);
    const { packageJSON } = vscode.extensions.getExtension('namm-context.namm-context')!;
    assert.deepEqual(packageJSON.contributes.mcpServerDefinitionProviders, [{ id: 'namm.mcp', label: 'NAMM Context' }]);
  });

  test('what the editor would start knows the ids of this window', async function () {
    const server = (await api()).mcpServer();
    if (!server) return this.skip();
    await open('createAction.ts');
    await vscode.commands.executeCommand('namm.compress');
    await vscode.commands.executeCommand('namm.copy');
    const text = await vscode.env.clipboard.readText();
    const [, line, tag] = /(\d+)… #([a-z2-7]{4})/.exec(text)!;
    const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    const child = spawn(server.command, [...server.args, '--root', folder], {
      env: { ...process.env, ...server.env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const ask = async (message: object): Promise<Json> => {
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
        return JSON.parse((await lines.next()).value as string);
      };
      const hello = await ask({
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      });
      assert.equal(hello.result.serverInfo.name, 'namm-context');
      child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
      const { result } = await ask({
        id: 2,
        method: 'tools/call',
        params: { name: 'expand', arguments: { id: `${tag}:${line}`, path: 'createAction.ts' } },
      });
      const original = vscode.workspace.textDocuments.find((d) => d.uri.path.endsWith('createAction.ts'))!.getText();
      assert.ok(result.content[0].text && original.includes(result.content[0].text), JSON.stringify(result));
    } finally {
      child.kill();
    }
  });
});
