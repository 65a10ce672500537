// Tests notebooks: cells are compressed one by one and together.
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { api, fileUri, startClean, until } from './support';

suite('notebooks', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('all cells together, or the one with the cursor', async () => {
    const seen = await api();
    const code = readFileSync(fileUri('background.py').fsPath, 'utf8');
    const cell = (source: string): object => ({
      cell_type: 'code',
      metadata: {},
      execution_count: null,
      outputs: [],
      source: source.split(/(?<=\n)/),
    });
    const uri = fileUri('made.ipynb');
    const language = { language_info: { name: 'python' } };
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from(
        JSON.stringify({
          nbformat: 4,
          nbformat_minor: 5,
          metadata: language,
          cells: [cell(code), cell(''), cell(`${code}\n# again\n`)],
        }),
      ),
    );
    try {
      const notebook = await vscode.workspace.openNotebookDocument(uri);
      const editor = await vscode.window.showNotebookDocument(notebook);
      await vscode.commands.executeCommand('namm.compressNotebook');
      const [first, , third] = notebook.getCells().map((c) => c.document);
      for (const d of [first!, third!]) assert.ok(seen.tokens(d.uri)!.after <= seen.tokens(d.uri)!.before);
      await vscode.commands.executeCommand('namm.copy');
      assert.match(await vscode.env.clipboard.readText(), /made\.ipynb#cell-1[\s\S]*made\.ipynb#cell-3/);
      editor.selection = new vscode.NotebookRange(2, 3);
      await vscode.commands.executeCommand('notebook.cell.edit');
      await until(
        'a cell editor',
        () => vscode.window.activeTextEditor?.document.uri.toString() === third!.uri.toString(),
      );
      await vscode.commands.executeCommand('namm.clear');
      await vscode.commands.executeCommand('namm.compress');
      assert.ok(seen.tokens(third!.uri));
      assert.equal(seen.tokens(first!.uri), undefined);
      assert.ok(seen.struck(third!.uri).length);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(uri);
    }
  });
});
