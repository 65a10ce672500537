// Tests notebooks: cells are compressed one by one and together.
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { api, fileUri, startClean, until } from './support';

suite('notebooks', () => {
  setup(startClean);
  suiteTeardown(startClean);

  const cell = (source: string): object => ({
    cell_type: 'code',
    metadata: {},
    execution_count: null,
    outputs: [],
    source: source.split(/(?<=\n)/),
  });
  /** Writes a notebook in Python. */
  const notebookOf = async (name: string, ...cells: string[]): Promise<vscode.Uri> => {
    const metadata = { language_info: { name: 'python' } };
    const content = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(cell) });
    await vscode.workspace.fs.writeFile(fileUri(name), Buffer.from(content));
    return fileUri(name);
  };

  test('all cells together, or the one with the cursor', async () => {
    const seen = await api();
    const code = readFileSync(fileUri('background.py').fsPath, 'utf8');
    const uri = await notebookOf('made.ipynb', code, '', `${code}\n# again\n`);
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

  test('cells in the Context view are read also when their notebook is closed', async () => {
    const seen = await api();
    const code = readFileSync(fileUri('background.py').fsPath, 'utf8');
    const uri = await notebookOf('closed.ipynb', code, 'print("second")\n');
    try {
      // As a user opens it: what an extension opens stays open for minutes.
      await vscode.commands.executeCommand('vscode.open', uri);
      const isOpen = (): boolean => vscode.workspace.notebookDocuments.some((n) => n.uri.toString() === uri.toString());
      await until('an open notebook', isOpen);
      await vscode.commands.executeCommand('namm.contextAddEditors');
      await until('both cells', () => seen.contextRows().length === 2);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until('a closed notebook', () => !isOpen());
      await vscode.commands.executeCommand('namm.contextCompress');
      await vscode.commands.executeCommand('namm.contextCopy');
      const copied = await vscode.env.clipboard.readText();
      assert.match(copied, /closed\.ipynb#cell-1[\s\S]*closed\.ipynb#cell-2/);
      assert.match(copied, /print\("second"\)/);
      assert.ok(seen.contextRows().every((row) => row.after !== undefined));
    } finally {
      await vscode.commands.executeCommand('namm.contextClear');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(uri);
    }
  });
});
