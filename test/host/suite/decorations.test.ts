// Tests the decorations: modes, long texts, folds, hover links, and the cost of a key press.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, note, open, startClean, until } from './support';

/** Real files of as many languages. */
const FILES = [
  'Breadcrumb.vue',
  'Cart.php',
  'Cart.ps1',
  'CommandDefinition.cs',
  'ConfirmDialog.tsx',
  'JsonArray.java',
  'auth.go',
  'background.py',
  'cart.css',
  'cart.rb',
  'chart-code-viewer.svelte',
  'concurrency.py',
  'createAction.ts',
  'deploy.sh',
  'endpoints.tf',
  'extension.rs',
  'form-validation.html',
  'jv_alloc.c',
  'os.cc',
  'view.js',
];

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

suite('decorations', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('one switch for all, another for the heat map', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    await run('namm.compress');
    assert.ok(seen.struck(document.uri).length);
    await run('namm.toggleDecorations');
    assert.equal(seen.decorationMode(), 'off');
    assert.deepEqual(seen.struck(document.uri), []);
    await run('namm.toggleHeatMap');
    assert.equal(seen.decorationMode(), 'heat');
    await run('namm.toggleHeatMap');
    assert.ok(seen.struck(document.uri).length);
  });

  test('what goes can be folded, and the cursor stays', async () => {
    const editor = await open('JsonArray.java');
    await run('namm.compress');
    const before = editor.visibleRanges.length;
    await run('namm.foldElisions');
    await until('folds', () => editor.visibleRanges.length > before);
    assert.deepEqual([editor.selection.active.line, editor.selections.length], [0, 1]);
    await run('namm.unfoldElisions');
  });

  for (const file of FILES)
    test(`folds leave the view and the folds of the user alone, and only they are opened again: ${file}`, async () => {
      const seen = await api();
      const editor = await open(file);
      const { document } = editor;
      await run('namm.compress');
      const dropped = seen.struck(document.uri).map(({ start, end }) => ({
        from: document.positionAt(start).line,
        to: document.positionAt(end).line,
      }));
      const hidden = (line: number): boolean =>
        !editor.visibleRanges.some((r) => r.start.line <= line && r.end.line >= line);
      const top = (): number => editor.visibleRanges[0]!.start.line;
      /** The first line in view, once it has been the same for a while: the editor scrolls in steps. */
      const rest = async (): Promise<number> => {
        for (let line = top(), same = 0; ; same = top() === line ? same + 1 : 0) {
          if (same === 6) return line;
          line = top();
          await new Promise((resolve) => setTimeout(resolve, 20));
          await run('editorScroll', { to: 'up', by: 'wrappedLine', value: 0 }); // then the view is known, however busy the editor is
        }
      };
      /** The user's own fold, three lines that stay, in view. */
      const own = Array.from({ length: document.lineCount - 3 }, (_, line) => line).find(
        (line) => line > 0 && dropped.every(({ from, to }) => to < line - 1 || from > line + 3),
      );
      assert.ok(own !== undefined, file);
      editor.selection = new vscode.Selection(own, 0, own + 2, 1);
      await run('editor.createFoldingRangeFromSelection');
      editor.revealRange(new vscode.Range(own, 0, own, 0), vscode.TextEditorRevealType.AtTop);
      await until(`${file}: the user's fold`, () => hidden(own + 1) && !hidden(own));
      // The view is somewhere below, and so is the cursor.
      for (const line of [own, Math.floor(document.lineCount / 2)]) {
        editor.selection = new vscode.Selection(own, 0, own, 0);
        editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
        await until(`${file}: line ${line + 1} in view`, () => !hidden(line));
        const before = await rest();
        await run('namm.foldElisions');
        const inFold = dropped.find(({ from, to }) => from < before && before <= to && to - from > 2);
        assert.equal(await rest(), inFold ? inFold.from : before, `${file}: the view after folding`);
        const folded = await rest();
        await run('namm.unfoldElisions');
        assert.equal(await rest(), folded, `${file}: the view after unfolding`);
      }
      editor.revealRange(new vscode.Range(own, 0, own, 0), vscode.TextEditorRevealType.AtTop);
      await until(`${file}: the user's fold is still closed`, () => hidden(own + 1) && !hidden(own));
      const long = dropped.find(({ from, to }) => to - from > 5 && (to < own || from > own + 3));
      if (long) {
        editor.revealRange(new vscode.Range(long.from, 0, long.from, 0), vscode.TextEditorRevealType.AtTop);
        await until(`${file}: line ${long.from + 1} is open again`, () => !hidden(long.from + 1));
      }
      const messages = seen.messages.length;
      await run('namm.unfoldElisions');
      assert.deepEqual(seen.messages.slice(messages), ['Nothing is folded here by this extension.']);
      note(`${dropped.filter(({ from, to }) => to - from > 2).length} folded`);
      await run('workbench.action.closeActiveEditor');
    });

  test('the hover on code that stays and the status bar can be switched off', async () => {
    const seen = await api();
    const set = (key: string, value: unknown): Thenable<void> =>
      vscode.workspace.getConfiguration('namm').update(key, value, vscode.ConfigurationTarget.Global);
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const hoversAt = async (offset: number): Promise<number> => {
      const at = document.positionAt(offset);
      const all = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
      return all.length;
    };
    const struck = seen.struck(document.uri);
    const goes = struck[0]!.start;
    const stays = Array.from({ length: document.lineCount }, (_, n) =>
      document.offsetAt(document.lineAt(n).range.start),
    ).find((at) => struck.every(({ start, end }) => at < start || at > end));
    assert.ok(stays !== undefined);
    try {
      assert.deepEqual([await hoversAt(stays), await hoversAt(goes)], [1, 1]);
      await set('hoverOnKept', false);
      assert.deepEqual([await hoversAt(stays), await hoversAt(goes)], [0, 1]);
      assert.match(seen.statusText() ?? '', /→/);
      await set('statusBar', false);
      await until('no status', () => seen.statusText() === undefined);
      await set('statusBar', undefined);
      await until('the status', () => /→/.test(seen.statusText() ?? ''));
    } finally {
      await set('hoverOnKept', undefined);
      await set('statusBar', undefined);
    }
  });

  test('hover links name only what may be run, and pin the line', async () => {
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const at = document.positionAt(document.getText().indexOf('import') + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const ours = hovers
      .flatMap((h) => h.contents)
      .filter(
        (c): c is vscode.MarkdownString => c instanceof vscode.MarkdownString && c.value.includes('command:namm.'),
      );
    assert.equal(ours.length, 1);
    assert.deepEqual((ours[0]!.isTrusted as { enabledCommands: string[] }).enabledCommands, [
      'namm.pin',
      'namm.drop',
      'namm.unmark',
      'namm.expand',
      'namm.inspect',
    ]);
    const [, args] = /command:namm\.pin\?([^ )"]+)/.exec(ours[0]!.value)!;
    await run('namm.pin', ...(JSON.parse(decodeURIComponent(args!)) as unknown[]));
    const again = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
    await run('namm.clearMarks');
    assert.match(
      again.flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value))).join(),
      /namm\.unmark/,
    );
  });

  test('a long text is decorated where it is looked at, and a key press takes it all away', async () => {
    const seen = await api();
    const content = Array.from({ length: 2800 }, (_, i) =>
      i % 5 ? `  call${i % 7}(${i});` : i % 10 ? '}' : `function f${i}() {`,
    ).join('\n');
    const document = await vscode.workspace.openTextDocument({ language: 'javascript', content });
    const editor = await vscode.window.showTextDocument(document);
    editor.revealRange(new vscode.Range(1200, 0, 1210, 0), vscode.TextEditorRevealType.AtTop); // the first occurrences stay; the dropped repetitions are further down
    await run('namm.compress');
    await until(
      'what is visible',
      () =>
        seen.struck(document.uri).length > 0 &&
        seen.struck(document.uri).every((s) => Math.abs(document.positionAt(s.start).line - 1200) < 500),
    );
    editor.revealRange(new vscode.Range(2600, 0, 2610, 0), vscode.TextEditorRevealType.AtTop);
    await until('what is visible now', () =>
      seen.struck(document.uri).some((s) => document.positionAt(s.start).line > 2500),
    );
    await editor.edit((e) => e.insert(new vscode.Position(2605, 0), 'x'));
    assert.deepEqual(seen.struck(document.uri), []);
    await run('workbench.action.revertAndCloseActiveEditor');
  });
});
