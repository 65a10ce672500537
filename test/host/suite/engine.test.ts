// Tests a dying, busy or cancelled engine: at most one message, and no effect on the editor.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, open, startClean, until } from './support';

suite('engine', () => {
  setup(startClean);
  suiteTeardown(startClean);

  /** Invalidates the cached reading, so that the next run takes seconds. */
  const freshLong = async (): Promise<vscode.TextEditor> => {
    const editor = await open('long.ts');
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), `// ${Math.random()}\n`));
    return editor;
  };

  test('killed in mid-run: another process does the work, and nobody notices', async () => {
    const seen = await api();
    const { document } = await freshLong();
    const messagesBefore = seen.messages.length;
    const running = vscode.commands.executeCommand('namm.compress');
    // While it parses, its end would be taken for that of the grammar, and nobody would be told.
    await until('an engine that reads', () => /NAMM [1-9]\d?\D/.test(seen.statusText() ?? ''));
    const pid = seen.enginePid()!;
    process.kill(pid, 'SIGKILL');
    await running;
    assert.deepEqual(seen.messages.slice(messagesBefore), []);
    assert.ok(seen.struck(document.uri).length);
    assert.notEqual(seen.enginePid(), pid);
  });

  test('killed between two commands: nobody notices', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    await vscode.commands.executeCommand('namm.compress');
    const messagesBefore = seen.messages.length;
    process.kill(seen.enginePid()!, 'SIGKILL');
    await until('its end', () => seen.engineState() === 'stopped');
    await vscode.commands.executeCommand('namm.clear');
    await vscode.commands.executeCommand('namm.compress');
    assert.ok(seen.struck(document.uri).length);
    assert.equal(seen.messages.length, messagesBefore);
  });

  test('cancel is silent and leaves nothing', async () => {
    const seen = await api();
    const { document } = await freshLong();
    const messagesBefore = seen.messages.length;
    const running = vscode.commands.executeCommand('namm.compress');
    await until('a run', () => seen.activity() === 'running');
    await vscode.commands.executeCommand('namm.cancel');
    await running;
    assert.equal(seen.activity(), 'idle');
    assert.equal(seen.messages.length, messagesBefore);
    assert.deepEqual(seen.struck(document.uri), []);
  });

  test('a second command replaces the first', async () => {
    const seen = await api();
    await freshLong();
    const first = vscode.commands.executeCommand('namm.compress');
    const { document } = await open('view.js');
    const second = vscode.commands.executeCommand('namm.compress');
    await Promise.all([first, second]);
    assert.ok(seen.struck(document.uri).length);
    assert.equal(seen.activity(), 'idle');
  });
});
