// Tests bad input: the user gets one clear sentence, and the next command works.
import * as assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { MAX_FILES } from '../../../src/core/limits';
import { api, fileUri, open, startClean, until } from './support';

suite('bad input', () => {
  setup(startClean);
  suiteTeardown(startClean);

  /** The messages that a command shows. */
  const messagesOf = async (command: string, ...args: unknown[]): Promise<readonly string[]> => {
    const seen = await api();
    const before = seen.messages.length;
    await vscode.commands.executeCommand(command, ...args);
    return seen.messages.slice(before);
  };
  const works = async (): Promise<void> => {
    const seen = await api();
    const { document } = await open('view.js');
    assert.deepEqual(await messagesOf('namm.compress'), []);
    assert.ok(seen.struck(document.uri).length);
  };

  test('no editor at all', async () => {
    assert.deepEqual(await messagesOf('namm.compress'), ['Open a text file first: there is nothing to compress.']);
    await works();
  });

  test('an empty file, open and from the Explorer', async () => {
    const sentence = ['There is nothing to compress: the text is empty.'];
    await open('empty.ts');
    assert.deepEqual(await messagesOf('namm.compress'), sentence);
    assert.deepEqual(await messagesOf('namm.compressFiles', fileUri('empty.ts')), sentence);
    await works();
  });

  test('a binary file, open and from the Explorer', async () => {
    assert.deepEqual(await messagesOf('namm.compressFiles', fileUri('folder/picture.bin')), [
      'folder/picture.bin is not a text file.',
    ]);
    await vscode.commands.executeCommand('vscode.open', fileUri('folder/picture.bin')); // an editor without text
    await until('a tab', () => vscode.window.tabGroups.activeTabGroup.activeTab !== undefined);
    assert.deepEqual(await messagesOf('namm.compress'), ['Open a text file first: there is nothing to compress.']);
    await works();
  });

  test('a closed file that is not UTF-8 is read by the encoding that is set, or named', async () => {
    const files = vscode.workspace.getConfiguration('files');
    const own = vscode.workspace.getConfiguration('namm');
    const uris = ['latin1.py', 'set.py'].map(fileUri);
    for (const uri of uris)
      writeFileSync(
        uri.fsPath,
        Buffer.from(`${'def ouvre(porte):\n    return porte\n\n\n'.repeat(9)}été = 1\n`, 'latin1'),
      );
    try {
      for (let i = 0; i < 2; i++)
        assert.deepEqual(await messagesOf('namm.compressFiles', uris[0]), ['latin1.py is not a text file.']); // the editor has opened it in the meantime
      await files.update('encoding', 'iso88591', vscode.ConfigurationTarget.Workspace);
      await own.update('keepRatio', 1, vscode.ConfigurationTarget.Workspace);
      assert.deepEqual(await messagesOf('namm.compressFiles', uris[1]), []);
      await until('the text', () =>
        vscode.window.visibleTextEditors.some(
          (e) => e.document.uri.scheme === 'namm-compressed' && /^été = 1$/m.test(e.document.getText()),
        ),
      );
    } finally {
      await files.update('encoding', undefined, vscode.ConfigurationTarget.Workspace);
      await own.update('keepRatio', undefined, vscode.ConfigurationTarget.Workspace);
      for (const uri of uris) rmSync(uri.fsPath);
    }
    await works();
  });

  test('a file of 10 MB, open and from the Explorer', async () => {
    assert.ok(statSync(fileUri('huge.ts').fsPath).size > 9.9e6);
    const sentence = ['The text is too large to compress: huge.ts.'];
    assert.deepEqual(await messagesOf('namm.compressFiles', fileUri('huge.ts')), sentence);
    await open('huge.ts');
    assert.deepEqual(await messagesOf('namm.compress'), sentence);
    await works();
  });

  test('one bad file among good ones is named, the rest is done', async () => {
    const seen = await api();
    const messages = await messagesOf('namm.compressFiles', undefined, ['auth.go', 'huge.ts', 'view.js'].map(fileUri));
    assert.deepEqual(messages, ['Skipped: The text is too large to compress: huge.ts.']);
    const { document } = await open('auth.go');
    assert.ok(seen.tokens(document.uri));
  });

  test('a failure is told beside the text that it concerns, and nowhere else', async () => {
    const seen = await api();
    await open('huge.ts');
    await messagesOf('namm.compress');
    assert.match(seen.statusText()!, /warning/);
    await open('view.js');
    await until('nothing about another text', () => seen.statusText() === undefined);
    await open('huge.ts');
    await until('the failure', () => /warning/.test(seen.statusText() ?? ''));
    await open('empty.ts');
    await open('auth.go'); // the empty file stays open: a run over several files skips and names it
    assert.deepEqual(await messagesOf('namm.compressFiles', undefined, ['auth.go', 'empty.ts'].map(fileUri)), [
      'Skipped: empty.ts is empty.',
    ]);
  });

  test('an empty text: one message, whatever the command', async () => {
    const seen = await api();
    await open('empty.ts');
    for (const command of ['namm.compress', 'namm.copy', 'namm.showCompressed', 'namm.inspect', 'namm.showWhy']) {
      assert.deepEqual(await messagesOf(command), ['There is nothing to compress: the text is empty.'], command);
      assert.equal(seen.statusText(), undefined, command);
    }
  });

  test('a failure that concerns no text is told until another is in front', async () => {
    const seen = await api();
    const many = vscode.Uri.joinPath(fileUri('folder'), 'many');
    for (let i = 0; i <= MAX_FILES; i++)
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(many, `${i}.js`), Buffer.from('f();\n'));
    try {
      await open('view.js');
      assert.match((await messagesOf('namm.compressFiles', many)).join(), /more than can be compressed/);
      assert.match(seen.statusText()!, /warning/);
      await open('auth.go');
      await until('it is gone', () => seen.statusText() === undefined);
    } finally {
      await vscode.workspace.fs.delete(many, { recursive: true });
    }
  });

  test('a language that nobody knows is cut by lines', async () => {
    const seen = await api();
    const { document } = await open('recipe.unknown');
    assert.deepEqual(await messagesOf('namm.compress'), []);
    const tokens = seen.tokens(document.uri)!;
    assert.ok(tokens.after <= tokens.before / 2, JSON.stringify(tokens));
    for (const { start, end } of seen.struck(document.uri)) {
      assert.equal(document.positionAt(start).character, 0);
      assert.equal(document.positionAt(end).character, document.lineAt(document.positionAt(end)).text.length);
    }
  });

  suite('with a model folder of its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'namm-model-'));
    const setting = (value: string | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration('namm').update('modelPath', value, vscode.ConfigurationTarget.Global);
    const bundled = (): string =>
      join(vscode.extensions.getExtension('namm-context.namm-context')!.extensionPath, 'media/model');
    setup(() => cpSync(bundled(), folder, { recursive: true }));
    teardown(() => setting(undefined)); // later tests use the bundled model
    suiteTeardown(() => rmSync(folder, { recursive: true }));

    test('whole: it works', async () => {
      await setting(folder);
      await works();
    });

    test('missing', async () => {
      await setting(join(folder, 'nowhere'));
      await open('view.js');
      const messages = await messagesOf('namm.compress');
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /^A file of the model is missing: .*manifest\.json\.$/);
      await setting(undefined);
      await works();
    });

    test('one file of it missing', async () => {
      rmSync(join(folder, 'tokenizer.json'));
      await setting(folder);
      await open('view.js');
      const messages = await messagesOf('namm.compress');
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /^A file of the model is missing: .*tokenizer\.json\.$/);
    });

    for (const [how, damage] of [
      ['cut short', (f: string) => truncateSync(f, 1000)],
      ['with one wrong byte', (f: string) => writeFileSync(f, '!', { flag: 'r+' })],
    ] as const)
      test(`damaged: ${how}`, async () => {
        damage(join(folder, 'observer.onnx'));
        await setting(folder);
        await open('view.js');
        const messages = await messagesOf('namm.compress');
        assert.equal(messages.length, 1);
        assert.match(
          messages[0]!,
          /^The model is damaged \(.*observer\.onnx.*\)\. Reinstall the extension or check the model folder\.$/,
        );
        await setting(undefined);
        await works();
      });

    test('a manifest that is no JSON', async () => {
      writeFileSync(join(folder, 'manifest.json'), '{"format": 1,');
      await setting(folder);
      await open('view.js');
      const messages = await messagesOf('namm.compress');
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /^The model is damaged \(.*manifest\.json.*\)\./);
    });
  });
});
