// Tests several folders, virtual files, split editors, and files that git reports as changed.
import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { markersIn } from '../../../src/elisions/markers';
import { MemoryFiles, SCHEME } from './memoryFiles';
import { api, fileUri, open, startClean, until } from './support';

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);
const sample = (name: string): string => readFileSync(fileUri(name).fsPath, 'utf8');
const show = async (uri: vscode.Uri): Promise<vscode.TextEditor> => {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  editor.selection = new vscode.Selection(0, 0, 0, 0);
  return editor;
};

/** Adds a second folder to the window for the time of the work. */
async function withFolder(uri: vscode.Uri, name: string, work: () => Promise<void>): Promise<void> {
  const turned = (): Promise<void> =>
    new Promise((resolve) => {
      const listener = vscode.workspace.onDidChangeWorkspaceFolders(() => {
        listener.dispose();
        resolve();
      });
    });
  const added = turned();
  assert.ok(vscode.workspace.updateWorkspaceFolders(1, 0, { uri, name }));
  await added;
  try {
    await work();
  } finally {
    await startClean();
    await run('namm.contextClear');
    const removed = turned();
    vscode.workspace.updateWorkspaceFolders(1, 1);
    await removed;
  }
}

suite('several folders', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'namm-second-')));
  const second = (name: string): vscode.Uri => vscode.Uri.file(join(folder, name));
  suiteSetup(() => {
    mkdirSync(join(folder, 'lib/private'), { recursive: true });
    writeFileSync(join(folder, 'view.js'), `${sample('view.js')}\nexport const second = true;\n`);
    writeFileSync(join(folder, 'lib/background.py'), sample('background.py'));
    writeFileSync(join(folder, 'lib/private/secret.js'), 'const hidden = 1;\n');
    writeFileSync(join(folder, '.gitignore'), 'private/\n');
  });
  setup(startClean);
  suiteTeardown(() => rmSync(folder, { recursive: true }));

  test('files of the same name stay apart, each under its folder, with the settings of its folder', () =>
    withFolder(vscode.Uri.file(folder), 'second', async () => {
      const seen = await api();
      const first = (await open('view.js')).document.uri;
      const other = (await show(second('view.js'))).document.uri;
      await run('namm.compressOpenEditors');
      assert.ok(seen.tokens(first)!.before < seen.tokens(other)!.before);
      await run('namm.copy');
      const copied = await vscode.env.clipboard.readText();
      assert.match(copied, /^workspace\/view\.js$/m);
      assert.match(copied, /^second\/view\.js$/m);
      // An id leads to the right one of the two files.
      const [marker] = markersIn(copied.slice(copied.indexOf('\nsecond/view.js\n')));
      await run('namm.expand', `second/view.js:${marker!.id.split(':')[1]!}`);
      const original = vscode.window.activeTextEditor!.document;
      assert.equal(original.uri.scheme, 'namm-compressed');
      assert.ok((await vscode.workspace.openTextDocument(other)).getText().includes(original.getText()));

      const config = vscode.workspace.getConfiguration('namm', other);
      await config.update('keepRatio', 0.2, vscode.ConfigurationTarget.WorkspaceFolder);
      try {
        await show(other);
        await run('namm.compress');
        assert.ok(seen.tokens(other)!.after <= seen.tokens(other)!.before * 0.2, JSON.stringify(seen.tokens(other)));
        assert.match(seen.budgetText(), /20 %/);
        await open('view.js');
        await run('namm.compress');
        assert.ok(seen.tokens(first)!.after > seen.tokens(first)!.before * 0.4, JSON.stringify(seen.tokens(first)));
      } finally {
        await config.update('keepRatio', undefined, vscode.ConfigurationTarget.WorkspaceFolder);
      }
    }));

  test('two of one name are told apart by what is above them', () =>
    withFolder(vscode.Uri.file(folder), vscode.workspace.workspaceFolders![0]!.name, async () => {
      await run('namm.contextAdd', undefined, [fileUri('view.js'), vscode.Uri.file(join(folder, 'view.js'))]);
      await run('namm.contextCopy');
      const heads = (await vscode.env.clipboard.readText()).match(/^.*\/view\.js$/gm)!;
      assert.equal(new Set(heads).size, 2, heads.join());
    }));

  test('the context takes from all of them, by the rules of each', () =>
    withFolder(vscode.Uri.file(folder), 'second', async () => {
      const seen = await api();
      await run('namm.contextAdd', undefined, [fileUri('folder'), vscode.Uri.file(folder)]);
      const paths = seen.contextRows().map((r) => r.path);
      for (const p of ['workspace/folder/view.js', 'second/view.js', 'second/lib/background.py'])
        assert.ok(paths.includes(p), `${p} of ${paths.join()}`);
      assert.ok(!paths.some((p) => /ignored|secret|node_modules/.test(p)), paths.join());
      await run('namm.contextCompress');
      for (const row of seen.contextRows())
        if (/\.(js|py)$/.test(row.path)) assert.ok(row.after! <= row.before!, row.path);
    }));
});

suite('virtual files', () => {
  const files = new MemoryFiles();
  let registered: vscode.Disposable;
  suiteSetup(() => {
    registered = vscode.workspace.registerFileSystemProvider(SCHEME, files, { isCaseSensitive: true });
    files.put('/project/view.js', sample('view.js'));
    files.put('/project/lib/background.py', sample('background.py'));
    files.put('/project/lib/main.ts', "import { helper } from './helper';\nhelper();\n");
    files.put('/project/lib/helper.ts', 'export const helper = () => 1;\n');
    files.put('/project/node_modules/dep/index.js', 'const vendored = 1;\n');
    files.put('/project/.gitignore', 'private/\n');
    files.put('/project/private/secret.js', 'const hidden = 1;\n');
  });
  setup(startClean);
  suiteTeardown(async () => {
    await startClean();
    registered.dispose();
  });

  test('the whole way: strikes, pin, copy, diff, expand, an edit that is saved', async () => {
    const seen = await api();
    const uri = vscode.Uri.from({ scheme: SCHEME, path: '/project/view.js' });
    const editor = await show(uri);
    await run('namm.compress');
    const [first] = seen.struck(uri);
    assert.ok(first);
    const line = editor.document.positionAt(first.start).line;
    editor.selection = new vscode.Selection(line, 0, line, 0);
    await run('namm.pin');
    await until(
      'the pinned line is shown',
      () =>
        seen.tokens(uri) !== undefined && !seen.struck(uri).some((s) => s.start <= first.start && s.end > first.start),
    );
    await run('namm.clearMarks');
    await run('namm.copy');
    const copied = await vscode.env.clipboard.readText();
    await run('namm.showCompressed');
    await until(
      'a diff',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    await run('namm.expand', markersIn(copied).at(-1)!.id); // the first marker is the example in the note
    assert.ok(editor.document.getText().includes(vscode.window.activeTextEditor!.document.getText()));
    await run('workbench.action.closeAllEditors'); // a diff has no decorations
    const again = await show(uri);
    await again.edit((e) => e.insert(new vscode.Position(0, 0), '// edited\n'));
    assert.deepEqual(seen.struck(uri), []);
    await again.document.save();
    await run('namm.compress');
    assert.ok(seen.struck(uri).length);
  });

  test('a folder of them, and what one of them imports', async () => {
    const seen = await api();
    const at = (path: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path });
    try {
      await run('namm.contextAdd', at('/project'));
      const paths = seen.contextRows().map((r) => r.path);
      for (const p of ['/project/view.js', '/project/lib/background.py'])
        assert.ok(paths.includes(p), `${p} of ${paths.join()}`);
      assert.ok(!paths.some((p) => /secret|node_modules/.test(p)), paths.join());
      await run('namm.contextClear');
      await show(at('/project/lib/main.ts'));
      await run('namm.contextAddImports');
      assert.deepEqual(
        seen.contextRows().map((r) => r.path),
        ['/project/lib/helper.ts'],
      );
    } finally {
      await run('namm.contextClear');
    }
  });

  test('with the root as the folder of the workspace, its .gitignore counts for what it names', () => {
    files.put('/.gitignore', '/project/lib/\n');
    return withFolder(vscode.Uri.from({ scheme: SCHEME, path: '/' }), 'root', async () => {
      const seen = await api();
      await run('namm.contextAdd', vscode.Uri.from({ scheme: SCHEME, path: '/project' }));
      assert.deepEqual(
        seen
          .contextRows()
          .map((r) => r.path.split('/').at(-1))
          .filter((name) => name !== '.gitignore'),
        ['view.js'],
      );
    }).finally(() => files.delete(vscode.Uri.from({ scheme: SCHEME, path: '/.gitignore' })));
  });

  test('as a folder of the workspace: under its name, and live', () =>
    withFolder(vscode.Uri.from({ scheme: SCHEME, path: '/project' }), 'virtual', async () => {
      const seen = await api();
      await run('namm.contextAdd', vscode.Uri.from({ scheme: SCHEME, path: '/project/lib' }));
      assert.ok(seen.contextRows().some((r) => r.path === 'virtual/lib/background.py'));
      const config = vscode.workspace.getConfiguration('namm');
      await config.update('live', true, vscode.ConfigurationTarget.Workspace);
      try {
        const { document } = await show(vscode.Uri.from({ scheme: SCHEME, path: '/project/lib/background.py' }));
        await until('a result that nobody asked for', () => seen.struck(document.uri).length > 0);
      } finally {
        await config.update('live', undefined, vscode.ConfigurationTarget.Workspace);
      }
    }));

  test('a document that is no file at all', async () => {
    const seen = await api();
    const provider = vscode.workspace.registerTextDocumentContentProvider('nammtest-read', {
      provideTextDocumentContent: () => sample('createAction.ts'),
    });
    try {
      const { document } = await show(vscode.Uri.from({ scheme: 'nammtest-read', path: '/shown.ts' }));
      await run('namm.compress');
      assert.ok(seen.struck(document.uri).length);
      await run('namm.copy');
      assert.ok(markersIn(await vscode.env.clipboard.readText()).length);
    } finally {
      await startClean();
      provider.dispose();
    }
  });
});

suite('split editors', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('both show what goes, and an edit in one clears both', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    const left = vscode.window.activeTextEditor!;
    const right = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Two, preview: false });
    assert.notEqual(left.viewColumn, right.viewColumn);
    await run('namm.compress');
    const [one, two] = [
      seen.struck(document.uri, vscode.ViewColumn.One),
      seen.struck(document.uri, vscode.ViewColumn.Two),
    ];
    assert.ok(one.length);
    assert.deepEqual(two, one);
    await run('namm.toggleDecorations');
    for (const column of [vscode.ViewColumn.One, vscode.ViewColumn.Two])
      assert.deepEqual(seen.struck(document.uri, column), []);
    await run('namm.toggleDecorations');
    assert.deepEqual(seen.struck(document.uri, vscode.ViewColumn.One), one);
    await right.edit((e) => e.insert(new vscode.Position(0, 0), '// edited\n'));
    for (const column of [vscode.ViewColumn.One, vscode.ViewColumn.Two])
      assert.deepEqual(seen.struck(document.uri, column), []);
    await run('namm.compress');
    // A later split editor has them, too.
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Three, preview: false });
    await until('a third', () => seen.struck(document.uri, vscode.ViewColumn.Three).length > 0);
  });
});

suite('changes that git sees', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'namm-git-')));
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.org', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  const config = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('git');
  suiteSetup(async function () {
    if (!vscode.extensions.getExtension('vscode.git')) this.skip();
    for (const name of ['view.js', 'background.py', 'auth.go', 'createAction.ts'])
      writeFileSync(join(folder, name), sample(name));
    writeFileSync(join(folder, '.gitignore'), 'ignored.js\n');
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(folder, 'view.js'), `${sample('view.js')}\n// changed\n`);
    writeFileSync(join(folder, 'background.py'), `${sample('background.py')}\n# staged\n`);
    git('add', 'background.py');
    writeFileSync(join(folder, 'fresh.ts'), 'export const fresh = 1;\n');
    writeFileSync(join(folder, 'ignored.js'), 'const ignored = 1;\n');
    rmSync(join(folder, 'createAction.ts'));
    await config().update('enabled', true, vscode.ConfigurationTarget.Global);
  });
  suiteTeardown(async () => {
    await config().update('enabled', false, vscode.ConfigurationTarget.Global);
    rmSync(folder, { recursive: true });
  });

  test('changed, staged and new files come in; ignored, deleted and untouched ones do not', async () => {
    await startClean();
    await withFolder(vscode.Uri.file(folder), 'repository', async () => {
      const seen = await api();
      const { exports } = vscode.extensions.getExtension<{
        enabled: boolean;
        getAPI(version: 1): {
          repositories: { rootUri: vscode.Uri; state: { workingTreeChanges: unknown[]; indexChanges: unknown[] } }[];
        };
      }>('vscode.git')!;
      const repository = () =>
        exports.enabled ? exports.getAPI(1).repositories.find((r) => r.rootUri.fsPath === folder) : undefined;
      await until(
        'git has looked',
        () => (repository()?.state.indexChanges.length ?? 0) > 0 && repository()!.state.workingTreeChanges.length > 1,
      );
      await run('namm.contextAddChanges');
      assert.deepEqual(
        seen
          .contextRows()
          .map((r) => r.path)
          .sort(),
        ['repository/background.py', 'repository/fresh.ts', 'repository/view.js'],
      );
      await run('namm.contextCompress');
      assert.ok(seen.contextRows().every((r) => r.after !== undefined));
      const messagesBefore = seen.messages.length;
      await run('namm.contextAddChanges');
      assert.deepEqual(seen.messages.slice(messagesBefore), ['These files are in the context already.']);
    });
  });
});
