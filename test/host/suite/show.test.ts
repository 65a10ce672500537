// Tests the views of a result and the ways to hand it over.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { markersIn } from '../../../src/elisions/markers';
import { api, fileUri, open, startClean, until } from './support';

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

suite('show and hand over', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('the diff is read-only, and the clipboard gets the same text with its path and what its markers mean', async () => {
    await open('createAction.ts');
    await vscode.commands.executeCommand('namm.compress');
    await vscode.commands.executeCommand('namm.copy');
    const copied = await vscode.env.clipboard.readText();
    await vscode.commands.executeCommand('namm.showCompressed');
    await until(
      'a diff',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    const { modified } = vscode.window.tabGroups.activeTabGroup.activeTab!.input as vscode.TabInputTextDiff;
    assert.equal(modified.scheme, 'namm-compressed');
    const right = await vscode.workspace.openTextDocument(modified);
    assert.equal(right.languageId, 'typescript');
    assert.ok(copied.endsWith(`\ncreateAction.ts\n\`\`\`typescript\n${right.getText()}\`\`\`\n`), copied.slice(0, 300));
    assert.match(copied, /^A comment like "120…" stands for code left out/);
    assert.match(copied, /\d+… #[a-z2-7]{4,}/);
  });

  test('a result in front is one to work with: its count, and its own run to copy and to inspect', async () => {
    const seen = await api();
    const copied = async (): Promise<string> => {
      await run('namm.copy');
      return vscode.env.clipboard.readText();
    };
    await run('namm.compressFiles', undefined, ['auth.go', 'view.js'].map(fileUri));
    const several = vscode.window.activeTextEditor!.document;
    assert.match(several.uri.path, /compressed-context/);
    await until('the count', () => /→/.test(seen.statusText() ?? ''));
    const count = seen.statusText();
    await open('createAction.ts');
    await run('namm.compress');
    assert.match(await copied(), /createAction\.ts/);
    await run('namm.showCompressed');
    await until('a diff with its count', () => /→/.test(seen.statusText() ?? '') && seen.statusText() !== count);
    assert.match(await copied(), /createAction\.ts/);
    await run('namm.inspect');
    await until('the inspector of it', () => /createAction/.test(JSON.stringify(seen.inspector.state) ?? ''));
    await vscode.window.showTextDocument(several);
    await until('the count of both files', () => seen.statusText() === count);
    const both = await copied();
    assert.match(both, /auth\.go/);
    assert.match(both, /view\.js/);
    assert.doesNotMatch(both, /createAction/);
  });

  test('a text to try it on, where no file is open', async () => {
    const seen = await api();
    await run('namm.trySample');
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.isDirty, false);
    assert.equal(document.languageId, 'typescript');
    assert.ok(seen.struck(document.uri).length > 3);
    assert.match(seen.statusText()!, /^\$\(fold\) [\d,]+ → [\d,]+$/);
    await run('namm.showWhy');
    const at = document.offsetAt(vscode.window.activeTextEditor!.selection.active);
    assert.ok(seen.struck(document.uri).some(({ start, end }) => at >= start && at <= end));
  });

  test('with no editor in front, the last run is what is shown', async () => {
    await open('createAction.ts');
    await vscode.commands.executeCommand('namm.compress');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('namm.showCompressed');
    await until(
      'a diff',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    const { original } = vscode.window.tabGroups.activeTabGroup.activeTab!.input as vscode.TabInputTextDiff;
    assert.equal(original.toString(), fileUri('createAction.ts').toString());
  });

  test('an untitled text that is discarded takes its run along', async () => {
    const seen = await api();
    const untitled = await vscode.workspace.openTextDocument({
      language: 'javascript',
      content: (await open('view.js')).document.getText(),
    });
    await vscode.window.showTextDocument(untitled);
    await vscode.commands.executeCommand('namm.compress');
    assert.ok(seen.tokens(untitled.uri));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('it is closed', () => untitled.isClosed);
    const messagesBefore = seen.messages.length;
    await vscode.commands.executeCommand('namm.copy');
    assert.deepEqual(seen.messages.slice(messagesBefore), ['Open a text file first: there is nothing to compress.']);
  });

  test('an id from the compressed text brings its original back', async () => {
    const { document } = await open('createAction.ts');
    await vscode.commands.executeCommand('namm.compress');
    await vscode.commands.executeCommand('namm.copy');
    const id = markersIn(await vscode.env.clipboard.readText()).at(-1)!.id; // the first marker is the example in the note
    await vscode.commands.executeCommand('namm.expand', id);
    const shown = vscode.window.activeTextEditor!.document;
    assert.equal(shown.uri.scheme, 'namm-compressed'); // read-only, so nothing has to be saved
    assert.equal(shown.languageId, 'typescript');
    assert.ok(shown.getText().length > 0 && document.getText().includes(shown.getText()));
    const seen = await api();
    const messagesBefore = seen.messages.length;
    await vscode.commands.executeCommand('namm.expand', 'zzzz:9');
    assert.deepEqual(seen.messages.slice(messagesBefore), ['Nothing is known under the id zzzz:9.']);
  });

  test('every marker in the compressed text is a link to its original', async () => {
    await open('auth.go');
    await vscode.commands.executeCommand('namm.compress');
    await vscode.commands.executeCommand('namm.showCompressed');
    await until(
      'a diff',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    const { modified } = vscode.window.tabGroups.activeTabGroup.activeTab!.input as vscode.TabInputTextDiff;
    const right = await vscode.workspace.openTextDocument(modified);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', modified);
    const targets = links.flatMap((l) => (l.target?.scheme === 'command' ? [l.target] : []));
    const ids = markersIn(right.getText()).map((m) => m.id);
    assert.ok(ids.length > 1);
    assert.deepEqual(
      targets.map((u) => [u.path, ...JSON.parse(u.query)]),
      ids.map((id) => ['namm.expand', id]),
    );
  });

  test('copy without a result compresses first, and again after an edit', async () => {
    const editor = await open('view.js');
    await vscode.commands.executeCommand('namm.copy');
    const first = await vscode.env.clipboard.readText();
    assert.ok(first.length > 0 && first.length < editor.document.getText().length);
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), "import { fresh } from './fresh';\n"));
    await vscode.commands.executeCommand('namm.copy');
    assert.notEqual(await vscode.env.clipboard.readText(), first);
  });

  test('the hover says why in plain words, the number that decides, and how the model read the whole word', async () => {
    const { document } = await open('createAction.ts');
    await vscode.commands.executeCommand('namm.compress');
    const hoverAt = async (needle: string): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        document.positionAt(document.getText().indexOf(needle) + needle.length - 1),
      );
      return hovers.flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
    };
    // A busy engine may be late with the reading, and the hover does not wait for it.
    let kept = '';
    for (const end = Date.now() + 120_000; Date.now() < end && !kept.includes('How the model read it');)
      kept = await hoverAt('export type PayloadAction');
    assert.match(kept, /\*\*Kept\*\*: it declares `PayloadAction`[;,] /);
    assert.match(kept, /\*\*\d+ of \d+ · \d+\.\d+ a token · cut at \d+\.\d+\*\*/);
    assert.match(kept, /How the model read it\*\* .*`PayloadAction`: kept by (none|\d+) of \d+ caches/);
    assert.match(kept, /had no part in the cut/);
    // Which comments go depends on the model; most do.
    const comments = await Promise.all(
      [
        'Basic type for all action creators',
        'A "prepare" method to be used as the second parameter',
        'Internal version of',
        'Returns true if value is an RTK-like',
        'If this is given, the resulting action creator',
      ].map(hoverAt),
    );
    const dropped = comments.find((hover) => hover.includes('**Left out**')) ?? comments.join('\n');
    assert.match(dropped, /\*\*Left out\*\*: documentation; nothing uses it/);
    assert.match(dropped, /What would keep it: a share of about \d+ %/);
    assert.doesNotMatch(dropped, /\+0\.00|nearness to the end/);
  });

  test('no hover of ours without a result', async () => {
    const { document } = await open('auth.go');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 2),
    );
    assert.equal(hovers.length, 0);
  });

  test('the inspector opens beside', async () => {
    await open('background.py');
    await vscode.commands.executeCommand('namm.inspect');
    const shown = (t: vscode.Tab): boolean =>
      t.input instanceof vscode.TabInputWebview && t.input.viewType.endsWith('namm.inspector');
    await until('an inspector tab', () => vscode.window.tabGroups.all.some((g) => g.tabs.some(shown)));
  });

  test('send to chat says so when there is no chat', async () => {
    await open('background.py');
    // code-server runs without the chat view; a desktop may have it.
    const off = vscode.workspace.getConfiguration('chat').get<boolean>('disableAIFeatures');
    const taken = await vscode.commands.executeCommand<boolean>('namm.sendToChat');
    assert.equal(typeof taken, 'boolean');
    if (off) assert.equal(taken, false);
  });

  test('nothing was written to the settings', () => {
    const config = vscode.workspace.getConfiguration('namm');
    const manifest = vscode.extensions.getExtension('namm-context.namm-context')!.packageJSON as {
      contributes: { configuration: { properties: object }[] };
    };
    for (const key of manifest.contributes.configuration.flatMap((c) => Object.keys(c.properties))) {
      const seen = config.inspect(key.replace(/^namm\./, ''))!;
      assert.notEqual(seen.defaultValue, undefined, key);
      assert.deepEqual(
        [seen.globalValue, seen.workspaceValue, seen.workspaceFolderValue],
        [undefined, undefined, undefined],
        key,
      );
    }
  });
});
