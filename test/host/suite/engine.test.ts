// Tests a dying, busy or cancelled engine: at most one message, and no effect on the editor.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, fileUri, open, startClean, until } from './support';

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

  test('while the model reads, the lines that it has read are marked', async () => {
    const seen = await api();
    const { document } = await freshLong();
    const running = vscode.commands.executeCommand('namm.compress');
    await until('lines that are read', () => seen.readLines() !== undefined);
    const first = seen.readLines()!;
    assert.equal(first.from, 0);
    assert.ok(first.to > 0 && first.to < document.lineCount, `${first.to} of ${document.lineCount}`);
    await until('more of them', () => (seen.readLines()?.to ?? 0) > first.to || seen.activity() === 'idle');
    await running;
    assert.equal(seen.readLines(), undefined);
    assert.ok(seen.struck(document.uri).length);
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

  test('killed while a result is shown: it stays one to work with', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    await vscode.commands.executeCommand('namm.compress');
    const struck = seen.struck(document.uri);
    const messagesBefore = seen.messages.length;
    process.kill(seen.enginePid()!, 'SIGKILL');
    await until('its end', () => seen.engineState() === 'stopped');
    assert.deepEqual(seen.struck(document.uri), struck);
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('namm.copy');
    assert.match(await vscode.env.clipboard.readText(), /\d+…/);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(struck[0]!.start),
    );
    const said = hovers.flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value)));
    assert.match(said.join(), /Left out/);
    await vscode.commands.executeCommand('namm.showCompressed');
    await until(
      'the diff',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    assert.deepEqual(seen.messages.slice(messagesBefore), []);
  });

  test('a setting that changes while it works counts in the end', async () => {
    const seen = await api();
    const { document } = await freshLong();
    const settings = vscode.workspace.getConfiguration('namm');
    const running = vscode.commands.executeCommand('namm.compress');
    try {
      await until('an engine that reads', () => /NAMM [1-9]\d?\D/.test(seen.statusText() ?? ''));
      await settings.update('keepRatio', 0.2, vscode.ConfigurationTarget.Workspace);
      await running;
      await until('the new share', () => {
        const { before, after } = seen.tokens(document.uri) ?? { before: 0, after: 1 };
        return after <= before * 0.2;
      });
    } finally {
      await settings.update('keepRatio', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('more than 5,000 lines: progress goes by parts, a cancel leaves nothing, and the next command works', async () => {
    const seen = await api();
    const line = (i: number): string =>
      i % 5 ? `  call${i % 97}(${i}, other${i % 89});` : i % 10 ? '}' : `function f${i}() {`;
    const uri = fileUri('lines.js');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(Array.from({ length: 5500 }, (_, i) => line(i)).join('\n')));
    try {
      const { document } = await open('lines.js');
      const messagesBefore = seen.messages.length;
      const running = vscode.commands.executeCommand('namm.compress');
      const shares = new Set<string>();
      await until('two parts', () => {
        const share = /NAMM (\d+) %/.exec(seen.statusText() ?? '')?.[1];
        if (share !== undefined) shares.add(share);
        return shares.size > 2;
      });
      await vscode.commands.executeCommand('namm.cancel');
      await running;
      assert.equal(seen.activity(), 'idle');
      assert.equal(seen.tokens(document.uri), undefined);
      assert.deepEqual(seen.struck(document.uri), []);
      assert.deepEqual(seen.messages.slice(messagesBefore), []);
      const { document: other } = await open('view.js');
      await vscode.commands.executeCommand('namm.compress');
      assert.ok(seen.struck(other.uri).length);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(uri);
    }
  });
});
