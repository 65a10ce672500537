// Tests a folder of hostile files in the editor: the good ones are compressed, each hostile one is named with its reason.
import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import * as vscode from 'vscode';
import { COMPRESSED, makeHostileFolder, SKIPPED } from '../../support/hostileFolder';
import { api, fileUri, note, startClean } from './support';

const GOOD = 200;
/** The editor's own file system does not list a link to itself, so nothing can be said about it. */
const { 'loop.ts': _, ...NAMED } = SKIPPED;
/** The sentence for each reason, as a person reads it. */
const WORDS: Readonly<Record<string, string>> = {
  notRegular: 'a pipe, a socket or a device',
  link: 'links are not followed',
  binaryFile: 'no text',
  fileTooLarge: 'too large',
  rulesUnreadable: 'its .gitignore cannot be read',
};

suite('a folder of hostile files', () => {
  const folder = fileUri('hostile');
  let good: readonly string[];
  const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(command, ...args);
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('namm');

  suiteSetup(async () => {
    mkdirSync(folder.fsPath);
    good = makeHostileFolder(folder.fsPath, GOOD);
    // This scorer reads nothing with the model, which would take minutes.
    await settings().update('scorer', 'recency', vscode.ConfigurationTarget.Global);
  });
  setup(startClean);
  suiteTeardown(async () => {
    await startClean();
    await settings().update('scorer', undefined, vscode.ConfigurationTarget.Global);
    rmSync(folder.fsPath, { recursive: true, force: true });
  });

  /** Fails unless the message names each hostile file beside its reason. */
  function namesAll(message: string): void {
    const listed = new Map<string, string>();
    for (const [, paths, reason] of message.replace(/^Skipped: /, '').matchAll(/(.+?) \((.+?)\)(?:; |\.$)/g))
      for (const path of paths!.split(', ')) listed.set(path, reason!);
    const expected = Object.entries(NAMED).map(([name, reason]) => [`hostile/${name}`, WORDS[reason]!] as const);
    assert.deepEqual(Object.fromEntries(listed), Object.fromEntries(expected), message);
  }

  test('added to the context and compressed there', async () => {
    const seen = await api();
    const before = seen.messages.length;
    await run('namm.contextAdd', folder);
    const messages = seen.messages.slice(before);
    assert.equal(messages.length, 1, messages.join('\n'));
    namesAll(messages[0]!);
    const rows = seen.contextRows().map((r) => r.path);
    for (const name of [...good, ...COMPRESSED]) assert.ok(rows.includes(`hostile/${name}`), name);
    for (const name of Object.keys(SKIPPED)) assert.ok(!rows.includes(`hostile/${name}`), name);
    await run('namm.contextCompress');
    assert.deepEqual(seen.messages.slice(before + 1), []);
    for (const row of seen.contextRows()) assert.ok(row.after !== undefined, row.path);
    note(seen.contextTotal()!);
    await run('namm.contextCopy');
    const text = await vscode.env.clipboard.readText();
    for (const name of good) assert.ok(text.includes(`hostile/${name}`), name);
  });

  test('compressed as it is', async () => {
    const seen = await api();
    const before = seen.messages.length;
    await run('namm.compressFiles', folder);
    const messages = seen.messages.slice(before);
    assert.equal(messages.length, 1, messages.join('\n'));
    namesAll(messages[0]!);
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, 'namm-compressed');
    for (const name of [...good, 'fenced/inside.ts']) assert.ok(document.getText().includes(`hostile/${name}`), name);
    assert.ok(!document.getText().includes('hostile/huge.ts'));
    // Nothing is wrong with the next command.
    const text = readFileSync(vscode.Uri.joinPath(folder, 'good0.ts').fsPath, 'utf8');
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, 'good0.ts'));
    await run('namm.compress');
    assert.equal(vscode.window.activeTextEditor!.document.getText(), text);
    assert.deepEqual(seen.messages.slice(before + 1), []);
  });
});
