// Tests what a user sees of a compression in a real editor, and what must never be shown.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, fileUri, note, open, startClean, until } from './support';

const compress = (): Thenable<unknown> => vscode.commands.executeCommand('namm.compress');

suite('compress', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('every contributed command exists, and activation loads only what it needs', async () => {
    const { activation } = await api();
    const known = new Set(await vscode.commands.getCommands(true));
    const manifest = vscode.extensions.getExtension('namm-context.namm-context')!.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    for (const { command } of manifest.contributes.commands) assert.ok(known.has(command), command);
    note(`${activation.ms.toFixed(1)} ms, at work in ${activation.workMs.toFixed(1)}`);
    assert.deepEqual(activation.bundles, ['extension.js']);
  });

  test('a real file: struck through, within the budget, shown in the status bar', async () => {
    const seen = await api();
    const { document } = await open('createAction.ts');
    await compress();
    const struck = seen.struck(document.uri);
    const tokens = seen.tokens(document.uri);
    assert.ok(tokens && struck.length > 0);
    assert.ok(tokens.after <= tokens.before / 2, JSON.stringify(tokens));
    assert.ok(struck.every((s) => s.start <= s.end && s.end <= document.getText().length));
    assert.match(seen.statusText()!, /→/);
    note(`${tokens.before} → ${tokens.after} tokens, ${struck.length} ranges`);
  });

  test('an edit takes everything away; so does Clear', async () => {
    const seen = await api();
    const editor = await open('view.js');
    await compress();
    assert.ok(seen.struck(editor.document.uri).length);
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// edited\n'));
    assert.deepEqual(seen.struck(editor.document.uri), []);
    assert.match(seen.statusText()!, /edited/);
    await vscode.commands.executeCommand('namm.renew'); // the command of a click on it
    assert.ok(seen.struck(editor.document.uri).length);
    assert.match(seen.statusText()!, /→/);
    await vscode.commands.executeCommand('namm.clear');
    assert.deepEqual(seen.struck(editor.document.uri), []);
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// edited\n'));
    assert.equal(seen.statusText(), undefined); // a cleared result is not reported as edited
    await until('the offer', () => seen.isOffered());
  });

  test('undoing an edit gives back what it took away, redoing it takes it again', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    await compress();
    const struck = seen.struck(document.uri);
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.deepEqual(seen.struck(document.uri), []);
    await vscode.commands.executeCommand('undo');
    assert.ok(struck.length);
    assert.deepEqual(seen.struck(document.uri), struck);
    assert.match(seen.statusText()!, /→/);
    await vscode.commands.executeCommand('redo');
    assert.deepEqual(seen.struck(document.uri), []);
    assert.match(seen.statusText()!, /edited/);
    await vscode.commands.executeCommand('undo');
    assert.deepEqual(seen.struck(document.uri), struck);
  });

  test('what was wished for meanwhile counts when undoing gives the result back', async () => {
    const seen = await api();
    const editor = await open('view.js');
    await compress();
    const before = seen.tokens(editor.document.uri)!.after;
    const settings = vscode.workspace.getConfiguration('namm');
    try {
      await vscode.commands.executeCommand('type', { text: 'x' });
      await settings.update('keepRatio', 0.2, vscode.ConfigurationTarget.Workspace);
      await new Promise((resolve) => setTimeout(resolve, 400)); // time to react to the change: nothing must happen
      await vscode.commands.executeCommand('undo');
      await until('the new budget', () => (seen.tokens(editor.document.uri)?.after ?? before) < before * 0.6);
    } finally {
      await settings.update('keepRatio', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('of a selection that was deleted nothing is left to hand over, least of all the rest', async () => {
    const seen = await api();
    const editor = await open('view.js');
    editor.selection = new vscode.Selection(10, 0, 40, 3);
    await compress();
    await editor.edit((e) => e.delete(new vscode.Range(10, 0, 41, 0)));
    await vscode.env.clipboard.writeText('before');
    await vscode.commands.executeCommand('namm.copy');
    assert.equal(await vscode.env.clipboard.readText(), 'before');
    assert.match(seen.messages.at(-1)!, /nothing to compress/);
  });

  test('a selection stays one when its run is made again after an edit', async () => {
    const seen = await api();
    const editor = await open('view.js');
    editor.selection = new vscode.Selection(10, 0, 90, 3);
    await compress();
    const [first, last] = [10, 90].map((n) => editor.document.lineAt(n).text);
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// one more line\n'));
    await vscode.commands.executeCommand('namm.copy');
    const ranges = seen.struck(editor.document.uri).map((s) => editor.document.positionAt(s.start).line);
    assert.ok(ranges.length && ranges.every((n) => n >= 11 && n <= 91), ranges.join());
    assert.match(await vscode.env.clipboard.readText(), /view\.js#L12-L92/);
    assert.deepEqual(
      [11, 91].map((n) => editor.document.lineAt(n).text),
      [first, last],
    );
  });

  test('with the walkthrough in front, the text that was in front before is meant', async () => {
    const seen = await api();
    await open('auth.go');
    const { document } = await open('view.js');
    await open('background.py');
    await open('view.js');
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'namm-context.namm-context#start', false);
    await until('no text in front', () => vscode.window.activeTextEditor === undefined);
    const messagesBefore = seen.messages.length;
    await compress();
    assert.deepEqual(seen.messages.slice(messagesBefore), []);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    assert.ok(seen.struck(document.uri).length);
  });

  test('after an edit of one of several files, one action renews them all', async () => {
    const seen = await api();
    await open('auth.go');
    const editor = await open('view.js');
    await vscode.commands.executeCommand('namm.compressOpenEditors');
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), 'const edited = 1;\n'));
    await vscode.commands.executeCommand('namm.renew');
    assert.ok(seen.tokens(editor.document.uri));
    await vscode.commands.executeCommand('namm.copy');
    const copied = await vscode.env.clipboard.readText();
    for (const path of ['auth.go', 'view.js']) assert.ok(copied.includes(`\n${path}\n\`\`\``), copied.slice(0, 400)); // still both files together
  });

  test('an edit during the run: nothing stale is ever shown', async () => {
    const seen = await api();
    const editor = await open('JsonArray.java');
    const { uri } = editor.document;
    const type = (): Thenable<boolean> =>
      editor.edit((e) => e.insert(new vscode.Position(3, 0), `// ${Math.random()}\n`));
    await type(); // so that the text is read again
    let shown = 0;
    const watch = setInterval(() => (shown += seen.struck(uri).length), 5);
    try {
      const running = compress();
      await until('a busy engine', () => seen.engineState() === 'busy');
      await type();
      const messagesBefore = seen.messages.length;
      await running;
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(shown, 0);
      assert.equal(seen.tokens(uri), undefined);
      assert.match(seen.statusText()!, /edited/);
      assert.deepEqual(seen.messages.slice(messagesBefore), ['The text was edited meanwhile. Run the command again.']);
    } finally {
      clearInterval(watch);
    }
    await compress();
    assert.ok(seen.struck(uri).length);
  });

  test('an edit during a second run: what the first one showed goes at once', async () => {
    const seen = await api();
    const editor = await open('JsonArray.java');
    const { uri } = editor.document;
    await compress();
    assert.ok(seen.struck(uri).length);
    await vscode.workspace.getConfiguration('namm').update('keepRatio', 0.3, vscode.ConfigurationTarget.Workspace);
    try {
      const running = compress();
      await editor.edit((e) => e.insert(new vscode.Position(3, 0), '// new\n'));
      assert.deepEqual(seen.struck(uri), []);
      await running;
      assert.deepEqual(seen.struck(uri), []);
    } finally {
      await vscode.workspace
        .getConfiguration('namm')
        .update('keepRatio', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('closing and opening again brings the result back', async () => {
    const seen = await api();
    await open('auth.go');
    await compress();
    const before = seen.struck(fileUri('auth.go'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await open('view.js');
    const { document } = await open('auth.go');
    assert.deepEqual(seen.struck(document.uri), before);
  });

  test('a selection: whole lines of it, nothing outside', async () => {
    const seen = await api();
    const editor = await open('JsonArray.java');
    editor.selection = new vscode.Selection(60, 5, 180, 3);
    await compress();
    const from = editor.document.offsetAt(new vscode.Position(60, 0));
    const to = editor.document.offsetAt(new vscode.Position(181, 0));
    const struck = seen.struck(editor.document.uri);
    assert.ok(struck.length);
    assert.ok(struck.every((s) => s.start >= from && s.end <= to));
  });

  test('all open editors, an unsaved one among them', async () => {
    const seen = await api();
    const a = await open('background.py');
    const b = await open('view.js');
    const untitled = await vscode.workspace.openTextDocument({
      language: 'python',
      content: a.document.getText().repeat(2),
    });
    await vscode.window.showTextDocument(untitled, { preview: false });
    await vscode.commands.executeCommand('namm.compressOpenEditors');
    for (const d of [a.document, b.document, untitled]) assert.ok(seen.tokens(d.uri), d.uri.toString());
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('a folder: without ignored, vendored and binary files', async () => {
    const messagesBefore = (await api()).messages.length;
    await vscode.commands.executeCommand('namm.compressFiles', fileUri('folder'), [
      fileUri('folder'),
      fileUri('auth.go'),
    ]);
    const text = vscode.window.activeTextEditor!.document.getText();
    for (const f of ['folder/background.py', 'folder/view.js', 'auth.go']) assert.ok(text.includes(`${f}\n`), f);
    for (const f of ['ignored', 'vendored', 'picture.bin']) assert.ok(!text.includes(f), f);
    assert.deepEqual((await api()).messages.slice(messagesBefore), []); // files without code are left out silently
  });
});
