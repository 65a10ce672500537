// Tests that an untrusted folder cannot choose what the native runtime loads.
import * as assert from 'node:assert/strict';
import { TextEncoder } from 'node:util';
import * as vscode from 'vscode';
import { api, fileUri, open, startClean } from './support';

suite('a foreign folder', () => {
  const settings = fileUri('.vscode/settings.json');
  setup(startClean);
  suiteTeardown(async () => {
    await vscode.workspace.fs.delete(fileUri('.vscode'), { recursive: true });
    await startClean();
  });

  test('cannot point to a model: its setting is not even read', async () => {
    const seen = await api();
    // A harmless setting of the folder shows that its settings file was read.
    const read = new Promise<void>((resolve) => {
      const listener = vscode.workspace.onDidChangeConfiguration((e) => {
        if (!e.affectsConfiguration('namm.keepRatio')) return;
        listener.dispose();
        resolve();
      });
    });
    await vscode.workspace.fs.writeFile(
      settings,
      new TextEncoder().encode(JSON.stringify({ 'namm.modelPath': '/nowhere', 'namm.keepRatio': 0.37 })),
    );
    await read;
    const config = vscode.workspace.getConfiguration('namm', fileUri('view.js'));
    assert.equal(config.get('keepRatio'), 0.37);
    assert.equal(config.get('modelPath'), '');
    const { document } = await open('view.js');
    const messagesBefore = seen.messages.length;
    await vscode.commands.executeCommand('namm.compress');
    assert.ok(seen.struck(document.uri).length);
    assert.equal(seen.messages.length, messagesBefore);
    await assert.rejects(async () => config.update('modelPath', '/nowhere', vscode.ConfigurationTarget.Workspace));
  });
});
