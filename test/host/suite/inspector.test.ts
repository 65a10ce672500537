// Tests the inspector's answers to its page: masks, selections, budgets, comparisons, outdated reports; and the speed of a budget change.
import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, fileUri, note, open, processorMs, startClean, until } from './support';

const FILES = 8;
const TOKENS = 10_000;

suite('inspector', () => {
  setup(startClean);
  suiteTeardown(startClean);

  const inspect = async (name: string): Promise<vscode.TextEditor> => {
    const editor = await open(name);
    await vscode.commands.executeCommand('namm.inspect');
    const { inspector } = await api();
    await until('a report', () => inspector.state?.path === name && !inspector.state.stale);
    return editor;
  };

  test('a cache shows its mask in the editor in the place of the strikes, and is cleared', async () => {
    const { document } = await inspect('createAction.ts');
    const { inspector, mask, struck } = await api();
    const { report } = inspector.state!;
    assert.ok(struck(document.uri).length);
    await inspector.receive({ kind: 'mask', scope: { kind: 'cache', layer: 2, head: 1 } });
    const shown = mask(document.uri);
    const kept = shown.filter((s) => s.kind === 'kept');
    assert.ok(kept.length && shown.every((s) => s.kind !== 'partly'));
    // Exactly the tokens that the cache kept.
    const tokens = report.ids.length;
    const at = (2 * report.heads + 1) * tokens;
    for (let t = 0; t < tokens; t++) {
      const [start, end] = [report.bounds[t]!, report.bounds[t + 1]!];
      if (start < end)
        assert.equal(
          kept.some((s) => s.start <= start && end <= s.end),
          report.keeps[at + t] === 1,
          `token ${t}`,
        );
    }
    assert.equal(shown.at(-1)!.end, document.getText().length);
    assert.deepEqual(struck(document.uri), []);
    await inspector.receive({ kind: 'mask', scope: { kind: 'layer', layer: 0 } });
    assert.ok(mask(document.uri).some((s) => s.kind === 'partly'));
    await vscode.commands.executeCommand('namm.clearMask');
    assert.deepEqual(mask(document.uri), []);
    assert.ok(struck(document.uri).length);
    await inspector.receive({ kind: 'mask', scope: { kind: 'layer', layer: 99 } }); // from a page that is older than the report
    assert.deepEqual(mask(document.uri), []);
  });

  test('of a selection, the mask lies where the selection was', async () => {
    const editor = await open('createAction.ts');
    editor.selection = new vscode.Selection(100, 0, 200, 0);
    await vscode.commands.executeCommand('namm.inspect');
    const { inspector, mask } = await api();
    await until('a report', () => inspector.state?.path === 'createAction.ts#L101-L200');
    await inspector.receive({ kind: 'mask', scope: { kind: 'layer', layer: 3 } });
    const shown = mask(editor.document.uri);
    assert.equal(shown[0]!.start, editor.document.offsetAt(new vscode.Position(100, 0)));
    assert.equal(shown.at(-1)!.end, editor.document.offsetAt(new vscode.Position(200, 0)));
  });

  test('a token selected in the page is selected in the editor', async () => {
    const editor = await inspect('createAction.ts');
    const { inspector } = await api();
    const { bounds } = inspector.state!.report;
    await inspector.receive({ kind: 'token', index: 500 });
    const shown = vscode.window.visibleTextEditors.find((e) => e.document === editor.document)!;
    assert.equal(shown.document.offsetAt(shown.selection.start), bounds[500]);
    assert.equal(shown.document.offsetAt(shown.selection.end), bounds[501]);
    await inspector.receive({ kind: 'token', index: 1e9 }); // no such token
    assert.equal(shown.document.offsetAt(shown.selection.start), bounds[500]);
  });

  test('lines chosen in the page are selected in the editor, also where a selection is inspected', async () => {
    const editor = await open('createAction.ts');
    editor.selection = new vscode.Selection(100, 0, 200, 0);
    await vscode.commands.executeCommand('namm.inspect');
    const { inspector } = await api();
    await until('a report', () => inspector.state?.path === 'createAction.ts#L101-L200');
    const at = (line: number): number => editor.document.offsetAt(new vscode.Position(line, 0)) - begin;
    const begin = editor.document.offsetAt(new vscode.Position(100, 0));
    await inspector.receive({ kind: 'span', start: at(110), end: at(113) });
    const shown = vscode.window.visibleTextEditors.find((e) => e.document === editor.document)!;
    const wanted = new vscode.Selection(110, 0, 113, 0);
    assert.ok(shown.selection.isEqual(wanted), JSON.stringify(shown.selection));
    await inspector.receive({ kind: 'span', start: at(110), end: at(250) }); // reaches behind what is inspected
    assert.ok(shown.selection.isEqual(wanted), JSON.stringify(shown.selection));
  });

  test('a second scorer on the same text', async () => {
    await inspect('background.py');
    const { inspector } = await api();
    await inspector.receive({ kind: 'compare', scorer: 'h2o' });
    assert.equal(inspector.state!.compared, 'h2o');
    await inspector.receive({ kind: 'compare', scorer: undefined });
    assert.equal(inspector.state!.compared, undefined);
  });

  test('an edit makes it stale: no mask, no budget; read again, it follows the text', async () => {
    const editor = await inspect('view.js');
    const { inspector, mask, tokens } = await api();
    const { report } = inspector.state!;
    await inspector.receive({ kind: 'mask', scope: { kind: 'layer', layer: 0 } });
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), 'const added = 1;\n'));
    await until('a stale mark', () => inspector.state!.stale);
    assert.deepEqual(mask(editor.document.uri), []);
    await inspector.receive({ kind: 'mask', scope: { kind: 'layer', layer: 0 } });
    await inspector.receive({ kind: 'budget', keepRatio: 0.3 });
    assert.deepEqual(mask(editor.document.uri), []);
    assert.equal(tokens(editor.document.uri), undefined);
    await inspector.receive({ kind: 'readAgain' });
    assert.equal(inspector.state!.stale, false);
    assert.ok(inspector.state!.report.ids.length > report.ids.length);
  });

  test('a run from elsewhere takes the stale mark away', async () => {
    const editor = await inspect('view.js');
    const { inspector } = await api();
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), 'const other = 2;\n'));
    await until('a stale mark', () => inspector.state!.stale);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('namm.compress');
    await until('new figures', () => inspector.state?.stale === false);
  });

  test('so does undoing the edit, and the budget moves again', async () => {
    const { document } = await inspect('view.js');
    const { inspector, tokens } = await api();
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('type', { text: 'x' });
    await until('a stale mark', () => inspector.state!.stale);
    await vscode.commands.executeCommand('undo');
    await until('no stale mark', () => !inspector.state!.stale);
    const before = tokens(document.uri)!.after;
    await inspector.receive({ kind: 'budget', keepRatio: 0.2 });
    assert.ok(tokens(document.uri)!.after < before);
  });

  test('a moved budget moves the strikes, and the same text is handed over', async () => {
    const { document } = await inspect('createAction.ts');
    const { inspector, struck, tokens } = await api();
    const cut = (): number => struck(document.uri).reduce((n, s) => n + s.end - s.start, 0);
    const before = cut();
    await inspector.receive({ kind: 'budget', keepRatio: 0.2 });
    assert.ok(cut() > before);
    assert.ok(Math.abs(inspector.state!.keepRatio - 0.2) < 0.05, String(inspector.state!.keepRatio));
    await vscode.window.showTextDocument(document);
    const { statusText, budgetText } = await api();
    await until('one share, that of the slider', () => /20 %/.test(budgetText()) && !/%/.test(statusText() ?? '%'));
    await vscode.commands.executeCommand('namm.copy');
    const copied = await vscode.env.clipboard.readText();
    assert.ok(copied.length < document.getText().length * 0.5);
    assert.equal(tokens(document.uri)!.after / tokens(document.uri)!.before, inspector.state!.keepRatio);
    await inspector.receive({ kind: 'budget', keepRatio: 2 }); // no valid share
    assert.ok(Math.abs(inspector.state!.keepRatio - 0.2) < 0.05);
  });

  test('a line that is kept leaves the budget of the slider as it is; one of the settings takes its place', async () => {
    const { document } = await inspect('view.js');
    const { inspector, tokens } = await api();
    const config = vscode.workspace.getConfiguration('namm');
    const share = (): number => tokens(document.uri)!.after / tokens(document.uri)!.before;
    try {
      await inspector.receive({ kind: 'budget', keepRatio: 0.2 });
      const moved = tokens(document.uri);
      await vscode.commands.executeCommand('namm.pin', { uri: document.uri.toString(), start: 0, end: 1 });
      await until('another result', () => tokens(document.uri) !== undefined && tokens(document.uri) !== moved);
      assert.ok(share() <= 0.2, String(share()));
      await config.update('keepRatio', 0.6, vscode.ConfigurationTarget.Workspace);
      await until('a result by the settings', () => tokens(document.uri) !== undefined && share() > 0.4);
    } finally {
      await config.update('keepRatio', undefined, vscode.ConfigurationTarget.Workspace);
      await vscode.commands.executeCommand('namm.clearMarks');
      await new Promise((resolve) => setTimeout(resolve, 300)); // the rerun after the last change must not reach the next test
      const { activity } = await api();
      await until('no run', () => activity() !== 'running');
    }
  });

  test('closing it takes its mask along', async () => {
    const { document } = await inspect('view.js');
    const { inspector, mask } = await api();
    await inspector.receive({ kind: 'mask', scope: { kind: 'layer', layer: 1 } });
    assert.ok(mask(document.uri).length);
    await until(
      'an inspector in front',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview,
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until('no inspector', () => inspector.state === undefined);
    assert.deepEqual(mask(document.uri), []);
  });

  test('10,000 tokens in eight open files: every budget of a sweep is redrawn', async () => {
    const root = vscode.workspace.workspaceFolders![0]!.uri;
    const folder = vscode.Uri.joinPath(root, 'parts');
    // Real files: the samples and the long file, in parts of whole lines.
    const lines = readdirSync(root.fsPath)
      .filter((f) => /\.(ts|tsx|js)$/.test(f) && f !== 'huge.ts')
      .flatMap((f) => readFileSync(join(root.fsPath, f), 'utf8').split('\n'));
    const piece = (i: number): string => {
      const size = Math.floor(lines.length / 6);
      const from = (i * 67) % (lines.length - size);
      return [`// part ${i}`, ...lines.slice(from, from + size)].join('\n');
    };
    for (let i = 0; i < FILES; i++) {
      const uri = vscode.Uri.joinPath(folder, `part${i}.ts`);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(piece(i)));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    }
    await vscode.commands.executeCommand('namm.compressOpenEditors');
    await vscode.commands.executeCommand('namm.inspect');
    const { enginePid, inspector, tokens } = await api();
    await until('a report', () => inspector.state?.path === `parts/part${FILES - 1}.ts`);
    const total = Array.from(
      { length: FILES },
      (_, i) => tokens(vscode.Uri.joinPath(folder, `part${i}.ts`))?.before ?? 0,
    ).reduce((a, b) => a + b, 0);
    assert.ok(total >= TOKENS, `${total} tokens`);
    const times: number[] = [];
    for (let percent = 20; percent <= 80; percent += 6) {
      const begun = processorMs(enginePid());
      await inspector.receive({ kind: 'budget', keepRatio: percent / 100 });
      times.push(processorMs(enginePid()) - begun);
      const { before, after } = inspector.state!.total;
      assert.ok(after <= (before * percent) / 100, `${after} of ${before} tokens at ${percent} %`);
      assert.ok(after > (before * (percent - 5)) / 100, `${after} of ${before} tokens at ${percent} %`);
    }
    times.sort((a, b) => a - b);
    note(`${total} tokens, median of processor time ${Math.round(times[times.length >> 1]!)} ms`);
    await vscode.workspace.fs.delete(folder, { recursive: true });
    assert.equal(fileUri('parts').fsPath, folder.fsPath);
  });
});
