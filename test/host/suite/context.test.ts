// Knows that files can be collected, counted and handed over together.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MemoryFiles } from './memoryFiles';
import { api, fileUri, note, open, startClean, until } from './support';

const run = (command: string, ...args: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(command, ...args);

suite('the context view', () => {
  setup(async () => {
    await startClean();
    await run('namm.contextClear');
  });
  suiteTeardown(async () => {
    await run('namm.contextClear');
    await startClean();
  });

  test('files come from menus, editors and a drop, each once; folders bring their files', async () => {
    const seen = await api();
    await run('namm.contextAdd', fileUri('auth.go'));
    await open('view.js');
    await run('namm.contextAddEditors');
    await run('namm.contextAdd', undefined, [fileUri('auth.go'), fileUri('folder')]);
    const data = new vscode.DataTransfer();
    data.set('text/uri-list', new vscode.DataTransferItem([fileUri('background.py'), fileUri('view.js')].map(String).join('\r\n')));
    await seen.dropOnContext(data);
    const paths = seen.contextRows().map((r) => r.path);
    assert.equal(new Set(paths).size, paths.length);
    for (const p of ['auth.go', 'view.js', 'background.py', 'folder/view.js']) assert.ok(paths.includes(p), p);
    assert.ok(!paths.some((p) => p.includes('ignored')));
    await run('namm.contextRemove', undefined, [{ uri: fileUri('auth.go') }]);
    assert.ok(!seen.contextRows().some((r) => r.path === 'auth.go'));
    await until('an estimate', () => /≈/.test(seen.contextTotal() ?? ''));
  });

  test('of a diff comes the file that is worked on, not what it was, nor two states of the past', async () => {
    const seen = await api();
    const files = new MemoryFiles();
    const provider = vscode.workspace.registerFileSystemProvider('nammtest-past', files, { isReadonly: true });
    try {
      const [head, index] = ['/head/view.js', '/index/view.js'].map((path) => files.put(path, 'was();\n').with({ scheme: 'nammtest-past' }));
      await run('vscode.diff', head, fileUri('view.js'), 'Working Tree', { preview: false });
      await run('vscode.diff', head, index, 'Index', { preview: false });
      await open('auth.go');
      await run('namm.showCompressed');
      await run('namm.contextAddEditors');
      assert.deepEqual(seen.contextRows().map((r) => r.path).sort(), ['auth.go', 'view.js']);
    } finally {
      await startClean();
      provider.dispose();
    }
  });

  test('rows are dragged to another place, files and folders to a row, and what a row drags is its file', async () => {
    const seen = await api();
    const order = (): string[] => seen.contextRows().map((r) => r.path);
    await run('namm.contextAdd', undefined, ['auth.go', 'view.js', 'background.py'].map(fileUri));
    seen.checkInContext(fileUri('background.py'), false);
    const dragged = seen.dragFromContext([fileUri('background.py')]);
    assert.equal(await dragged.get('text/uri-list')!.asString(), fileUri('background.py').toString()); // what an editor or a chat takes
    await seen.dropOnContext(dragged, fileUri('auth.go'));
    assert.deepEqual(order(), ['background.py', 'auth.go', 'view.js']);
    assert.equal(seen.contextRows()[0]!.checked, false); // it only moved
    await seen.dropOnContext(seen.dragFromContext(['background.py', 'auth.go'].map(fileUri)), fileUri('view.js'));
    assert.deepEqual(order(), ['background.py', 'auth.go', 'view.js']); // they stand there already
    await seen.dropOnContext(seen.dragFromContext([fileUri('auth.go')]), fileUri('auth.go'));
    assert.deepEqual(order(), ['background.py', 'auth.go', 'view.js']); // onto itself
    const fromExplorer = new vscode.DataTransfer();
    fromExplorer.set('text/uri-list', new vscode.DataTransferItem(`# a comment\r\n${fileUri('folder').toString()}\r\n${fileUri('createAction.ts').toString()}`));
    await seen.dropOnContext(fromExplorer, fileUri('view.js'));
    assert.deepEqual(order(), ['background.py', 'auth.go', 'folder/.gitignore', 'folder/background.py', 'folder/picture.bin', 'folder/view.js', 'createAction.ts', 'view.js']);
  });

  test('what is checked is compressed, counted, shown and copied; an edit makes the count go', async () => {
    const seen = await api();
    await run('namm.contextAdd', undefined, ['auth.go', 'view.js', 'background.py'].map(fileUri));
    seen.checkInContext(fileUri('view.js'), false);
    await run('namm.contextCompress');
    const rows = new Map(seen.contextRows().map((r) => [r.path, r]));
    assert.ok(rows.get('auth.go')!.after! < rows.get('auth.go')!.before!);
    assert.equal(rows.get('view.js')!.after, undefined);
    await until('a total', () => /→.*window/.test(seen.contextTotal() ?? ''));
    note(seen.contextTotal()!);
    // The total is that of the inspector: what is handed over, with paths and the reading note.
    await open('auth.go');
    await run('namm.inspect');
    await until('a report', () => seen.inspector.state?.path === 'auth.go');
    const whole = seen.inspector.state!.total;
    const sum = [...rows.values()].reduce((n, r) => n + (r.after ?? 0), 0);
    assert.ok(whole.after > sum, `${whole.after} ${sum}`);
    assert.ok(seen.contextTotal()!.startsWith(`${whole.before.toLocaleString('en')} → ${whole.after.toLocaleString('en')} tokens`), `${seen.contextTotal()!} ${JSON.stringify(whole)}`);
    seen.checkInContext(fileUri('view.js'), true); // another context: nobody knows what would come of it
    await until('an estimate', () => /^≈/.test(seen.contextTotal() ?? ''));
    seen.checkInContext(fileUri('view.js'), false);
    await until('the total again', () => /→.*window/.test(seen.contextTotal() ?? ''));
    await run('namm.contextCopy');
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /auth\.go/);
    assert.match(copied, /background\.py/);
    assert.doesNotMatch(copied, /view\.js/);
    await run('namm.contextShow');
    assert.equal(vscode.window.activeTextEditor!.document.uri.scheme, 'namm-compressed');
    const editor = await open('auth.go');
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// edited\n'));
    assert.equal(seen.contextRows().find((r) => r.path === 'auth.go')!.after, undefined);
  });

  test('the count of an edited text stays away until undoing gives it back, whatever becomes of the others', async () => {
    const seen = await api();
    const after = (path: string): number | undefined => seen.contextRows().find((r) => r.path === path)!.after;
    await run('namm.contextAdd', undefined, ['auth.go', 'view.js'].map(fileUri));
    await run('namm.contextCompress');
    for (const name of ['auth.go', 'view.js']) {
      const editor = await open(name); // closed when it was compressed
      await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// edited\n'));
    }
    assert.deepEqual([after('auth.go'), after('view.js')], [undefined, undefined]);
    await run('undo');
    await until('the count', () => after('view.js') !== undefined);
    assert.equal(after('auth.go'), undefined);
  });

  test('a folder that is renamed takes its files and their marks along, one that is deleted takes them away', async () => {
    const seen = await api();
    const at = (path: string): vscode.Uri => fileUri(`moving/${path}`);
    await vscode.workspace.fs.writeFile(at('old/in/a.js'), await vscode.workspace.fs.readFile(fileUri('view.js')));
    try {
      await run('namm.contextAdd', undefined, [at('old'), fileUri('auth.go')]);
      const { document } = await open('moving/old/in/a.js');
      await run('namm.drop', { uri: document.uri.toString(), start: 0, end: document.getText().length });
      await run('workbench.action.closeAllEditors');
      const rename = new vscode.WorkspaceEdit();
      rename.renameFile(at('old'), at('new'));
      assert.ok(await vscode.workspace.applyEdit(rename));
      await until('new rows', () => seen.contextRows().map((r) => r.path).join() === 'moving/new/in/a.js,auth.go');
      const moved = await open('moving/new/in/a.js');
      await run('namm.compress');
      const goes = seen.struck(moved.document.uri).reduce((n, { start, end }) => n + end - start, 0);
      assert.ok(goes > moved.document.getText().length * 0.9, `${goes} of ${moved.document.getText().length}`);
      await run('namm.clearMarks');
      await run('workbench.action.closeAllEditors');
      const remove = new vscode.WorkspaceEdit();
      remove.deleteFile(at('new'), { recursive: true });
      assert.ok(await vscode.workspace.applyEdit(remove));
      await until('no row', () => seen.contextRows().map((r) => r.path).join() === 'auth.go');
    } finally {
      await vscode.workspace.fs.delete(fileUri('moving'), { recursive: true });
    }
  });

  test('with the view emptied its run ends: what is inspected or copied then is the text in front alone', async () => {
    const seen = await api();
    await run('namm.contextAdd', undefined, ['auth.go', 'view.js'].map(fileUri));
    await run('namm.contextCompress');
    const { document } = await open('view.js');
    const shared = seen.tokens(document.uri)!;
    await run('namm.contextClear');
    assert.equal(seen.tokens(document.uri), undefined);
    await run('namm.inspect');
    await until('a report', () => seen.inspector.state?.path === 'view.js');
    assert.ok(seen.inspector.state!.total.before < shared.before + 100, JSON.stringify([seen.inspector.state!.total, shared]));
    await run('namm.clear');
    await run('namm.contextAdd', fileUri('auth.go'));
    await run('namm.contextCompress');
    await run('workbench.action.closeAllEditors');
    await run('namm.contextClear');
    const told = seen.told.length;
    await run('namm.copy');
    assert.deepEqual(seen.told.slice(told), ['Open a text file first: there is nothing to compress.']);
  });

  test('imports of a file', async () => {
    const seen = await api();
    const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'imports');
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'a.ts'), Buffer.from("import { b } from './b.js';\nimport fs from 'node:fs';\nb(fs);\n"));
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'b.ts'), Buffer.from('export const b = console.log;\n'));
    try {
      await open('imports/a.ts');
      await run('namm.contextAddImports');
      assert.deepEqual(seen.contextRows().map((r) => r.path), ['imports/b.ts']);
    } finally {
      await run('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });

  test('nothing to compress is said, not done', async () => {
    const seen = await api();
    const told = seen.told.length;
    await run('namm.contextCopy');
    assert.deepEqual(seen.told.slice(told), ['The context is empty. Add files from the Explorer, the open editors or the changes.']);
  });
});
