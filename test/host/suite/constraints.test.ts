// Tests the user's constraints: pinned and excluded lines, the question, the budget, the profile; the views follow each change.
import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { api, open, startClean, until } from './support';

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

suite('what the user decides', () => {
  const config = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('namm');
  setup(startClean);
  teardown(async () => {
    await run('namm.clearMarks');
    await run('namm.setQuestion', '');
    for (const key of ['keepRatio', 'profile', 'droppedPatterns', 'excludedFiles', 'auto', 'live'])
      for (const target of [vscode.ConfigurationTarget.Workspace, vscode.ConfigurationTarget.Global])
        await config().update(key, undefined, target);
  });
  suiteTeardown(startClean);

  const struckText = async (document: vscode.TextDocument): Promise<string> => {
    const seen = await api();
    return seen
      .struck(document.uri)
      .map(({ start, end }) => document.getText().slice(start, end))
      .join('\n');
  };

  test('lines to keep and lines to leave out, shown without asking again, and following the text', async () => {
    const seen = await api();
    const editor = await open('view.js');
    const { document } = editor;
    await run('namm.compress');
    const [first] = seen.struck(document.uri);
    const line = document.positionAt(first!.start).line;
    const kept = document.lineAt(line).text;
    editor.selection = new vscode.Selection(line, 0, line, kept.length);
    await run('namm.pin');
    await until(
      'the pinned line is shown',
      () =>
        seen.tokens(document.uri) !== undefined &&
        !seen.struck(document.uri).some((s) => s.start <= first!.start && s.end > first!.start),
    );
    // The pin moves with an edit above it.
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// one more line\n'));
    editor.selection = new vscode.Selection(0, 0, 0, 0); // else only the selection would be compressed
    await run('namm.compress');
    assert.ok(
      !seen
        .struck(document.uri)
        .some(
          (s) =>
            s.start <= document.offsetAt(new vscode.Position(line + 1, 1)) &&
            s.end > document.offsetAt(new vscode.Position(line + 1, 1)),
        ),
    );
    const at = document.getText().search(/^ {2}return/m);
    editor.selection = new vscode.Selection(document.positionAt(at), document.positionAt(at));
    await config().update('keepRatio', 1, vscode.ConfigurationTarget.Workspace);
    await until('everything is back', () => seen.struck(document.uri).length === 0);
    await run('namm.drop');
    await until('the line is gone', () => seen.struck(document.uri).length > 0);
    assert.match(await struckText(document), /return/);
    await run('namm.unmark');
    await until('the line is back', () => seen.struck(document.uri).length === 0);
  });

  test('marks outlive other line ends, another branch, and another language of an unsaved text', async () => {
    const seen = await api();
    const editor = await open('createAction.ts');
    const { document } = editor;
    const text = document.getText();
    const [eol, path] = [document.eol, document.uri.fsPath];
    const at = text.indexOf('export function isActionCreator');
    const place = { uri: document.uri.toString(), start: at, end: text.indexOf('\n}', at) + 2 };
    await config().update('keepRatio', 1, vscode.ConfigurationTarget.Workspace);
    await run('namm.drop', place);
    const goes = async (): Promise<void> => {
      await run('namm.compress');
      assert.match(await struckText(document), /hasMatchFunction\(action as any\)/);
    };
    try {
      await goes();
      await editor.edit((e) =>
        e.setEndOfLine(eol === vscode.EndOfLine.LF ? vscode.EndOfLine.CRLF : vscode.EndOfLine.LF),
      );
      await goes();
      await document.save();
      await editor.edit((e) => e.setEndOfLine(eol));
      await document.save();
      writeFileSync(path, `// another branch\n${text.slice(0, place.start)}export const none = 1;\n`);
      await until('the other branch', () => document.getText().includes('another branch'));
      await run('namm.compress');
      assert.deepEqual(seen.struck(document.uri), []);
      writeFileSync(path, text);
      await until('the first branch', () => !document.getText().includes('another branch'));
      await goes();
    } finally {
      await run('namm.clearMarks');
      writeFileSync(path, text);
    }
    const unsaved = await vscode.workspace.openTextDocument({
      language: 'javascript',
      content: 'const a = 1;\nexport const b = 2;\n',
    });
    await vscode.window.showTextDocument(unsaved);
    await run('namm.drop', { uri: unsaved.uri.toString(), start: 0, end: 12 });
    await vscode.languages.setTextDocumentLanguage(unsaved, 'typescript');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await run('namm.compress');
    assert.match(await struckText(unsaved), /const a/);
    await run('workbench.action.revertAndCloseActiveEditor');
  });

  test('what must stay is more than the budget: the status bar has a sign for it', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    await run('namm.compress');
    assert.doesNotMatch(seen.statusText()!, /\$\(info\)/);
    await run('namm.pin', { uri: document.uri.toString(), start: 0, end: document.getText().length });
    await until('the sign', () => /→.*\$\(info\)$/.test(seen.statusText() ?? ''));
    await run('namm.clearMarks');
    await until('no sign', () => /→ [\d,]+$/.test(seen.statusText() ?? ''));
  });

  test('patterns, markers, and files that are left out', async () => {
    const seen = await api();
    const { document } = await open('createAction.ts');
    await config().update('keepRatio', 1, vscode.ConfigurationTarget.Workspace);
    await config().update('droppedPatterns', ['^import '], vscode.ConfigurationTarget.Workspace);
    await run('namm.compress');
    assert.match(await struckText(document), /^import /);
    const marked = await vscode.workspace.openTextDocument({
      language: 'typescript',
      content: 'const a = 1; // namm:drop\nexport const b = 2;\n',
    });
    await vscode.window.showTextDocument(marked);
    await run('namm.compress');
    assert.match(await struckText(marked), /const a/);
    assert.doesNotMatch(await struckText(marked), /const b/);
    await run('workbench.action.revertAndCloseActiveEditor');
    await config().update('excludedFiles', ['*.js'], vscode.ConfigurationTarget.Workspace);
    await open('view.js');
    await open('auth.go');
    await run('namm.compressOpenEditors');
    const names = vscode.window.tabGroups.all.flatMap((g) => g.tabs).map((t) => t.label);
    assert.ok(names.includes('view.js'));
    await open('view.js');
    assert.equal(seen.tokens(vscode.window.activeTextEditor!.document.uri), undefined);
    await open('auth.go');
    assert.ok(seen.tokens(vscode.window.activeTextEditor!.document.uri));
  });

  test('a question changes what stays', async () => {
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const before = await struckText(document);
    const seen = await api();
    await run('namm.setQuestion', 'how are the keys of an action checked by isFSA?');
    await until('another result', () => seen.activity() === 'idle' && seen.struck(document.uri).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await until('a result for the question', () => seen.activity() === 'idle');
    assert.notEqual(await struckText(document), before);
    assert.match(seen.budgetText(), /\$\(question\)/);
  });

  test('a profile comes before the settings, a diff that is open follows, and the budget is told', async () => {
    const seen = await api();
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    await run('namm.showCompressed');
    await until(
      'a diff',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    const { modified } = vscode.window.tabGroups.activeTabGroup.activeTab!.input as vscode.TabInputTextDiff;
    const right = await vscode.workspace.openTextDocument(modified);
    const before = right.getText();
    await config().update('profile', 'Overview', vscode.ConfigurationTarget.Workspace);
    await until('the diff follows', () => right.getText().length < before.length * 0.7);
    const tokens = seen.tokens(document.uri)!;
    assert.ok(tokens.after <= tokens.before * 0.2, JSON.stringify(tokens));
    assert.match(seen.budgetText(), /Overview: 20 %/);
    await config().update('profile', 'What matters', vscode.ConfigurationTarget.Workspace);
    await until('auto', () => /auto/.test(seen.budgetText()));
    await until(
      'a result by the threshold',
      () => seen.activity() === 'idle' && seen.tokens(document.uri)?.after !== tokens.after,
    );
  });

  test('live: a pause is enough, an edit takes it away, and it comes back', async () => {
    const seen = await api();
    const editor = await open('background.py');
    await config().update('live', true, vscode.ConfigurationTarget.Workspace);
    await until('a result that nobody asked for', () => seen.struck(editor.document.uri).length > 0);
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '# edited\n'));
    assert.equal(seen.struck(editor.document.uri).length, 0);
    await until('a result for the new text', () => seen.struck(editor.document.uri).length > 0);
  });
});
