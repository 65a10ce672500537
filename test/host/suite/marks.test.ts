// Tests marks: what a line that is left out takes with it, why it stays, and the quick fixes of struck lines.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, startClean, until } from './support';

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

const CALL = `export function start(): void {
  listen(
    'one',
    options(1)
      .with('two')
      .with('three'),
  );
  const x = 1;
  console.log('the first value of all is', x);
}
`;

suite('marks', () => {
  const keepAll = (ratio: number | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('namm').update('keepRatio', ratio, vscode.ConfigurationTarget.Workspace);
  let seen: Awaited<ReturnType<typeof api>>;
  suiteSetup(async () => (seen = await api()));
  setup(startClean);
  teardown(async () => {
    await run('namm.clearMarks');
    await keepAll(undefined);
    await run('workbench.action.revertAndCloseActiveEditor');
  });
  suiteTeardown(startClean);

  /** Opens a text, of which a ratio stays. */
  const show = async (content: string, ratio: number): Promise<vscode.TextEditor> => {
    await keepAll(ratio);
    const document = await vscode.workspace.openTextDocument({ language: 'typescript', content });
    const editor = await vscode.window.showTextDocument(document);
    await run('namm.compress');
    return editor;
  };
  const struck = ({ document }: vscode.TextEditor): string =>
    seen
      .struck(document.uri)
      .map(({ start, end }) => document.getText().slice(start, end))
      .join('\n');
  const leaveOut = async (editor: vscode.TextEditor, from: number, to = from): Promise<void> => {
    editor.selection = new vscode.Selection(from - 1, 0, to - 1, editor.document.lineAt(to - 1).text.length);
    await run('namm.drop');
  };
  const fixes = async ({ document }: vscode.TextEditor, line: number): Promise<vscode.CodeAction[]> => {
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      document.lineAt(line - 1).range,
      vscode.CodeActionKind.QuickFix.value,
    );
    return found.filter((a) => a.command?.command.startsWith('namm.') || a.title.includes('Left Out'));
  };
  const apply = ({ command }: vscode.CodeAction): Thenable<unknown> =>
    run(command!.command, ...((command!.arguments ?? []) as unknown[]));

  test('a line inside a larger statement takes the statement with it, and says so', async () => {
    const editor = await show(CALL, 1);
    assert.equal(struck(editor), '');
    await leaveOut(editor, 3);
    const statement = CALL.slice(CALL.indexOf('  listen'), CALL.indexOf('\n  const'));
    await until('the statement is struck', () => struck(editor) === statement);
    await until('a sentence', () => /^Lines 2 to 7 go: the smallest statement/.test(seen.messages.at(-1) ?? ''));
    await run('namm.unmark');
    await until('it is back', () => struck(editor) === '');
  });

  test('lines that stay say why, and offer the statement around them', async () => {
    const editor = await show(CALL, 1);
    await leaveOut(editor, 6, 8);
    await until('what lies in the lines is struck', () => /const x/.test(struck(editor)));
    assert.doesNotMatch(struck(editor), /listen/);
    await until('a sentence', () => /^Lines that you left out stay: they are a part/.test(seen.messages.at(-1) ?? ''));
    const [fix, ...others] = await fixes(editor, 6);
    assert.equal(fix?.title, 'Leave Out Lines 2 to 7');
    assert.deepEqual(others, []);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      new vscode.Position(5, 8),
    );
    const said = hovers.flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
    assert.match(said, /\*\*Kept\*\*: you left it out, but its statement goes whole or not at all/);
    await apply(fix);
    await until('the statement is struck', () => /listen[^]*const x/.test(struck(editor)));
    // What the user keeps stays, and the mark says so.
    await run('namm.clearMarks');
    await until('all is back', () => struck(editor) === '');
    await run('namm.pin', {
      uri: editor.document.uri.toString(),
      start: CALL.indexOf("'one'"),
      end: CALL.indexOf("'one'") + 5,
    });
    await leaveOut(editor, 5);
    await until('a sentence', () => /their statement holds something that you keep/.test(seen.messages.at(-1) ?? ''));
    assert.equal(struck(editor), '');
  });

  test('a struck line can be kept, shown and explained by a quick fix', async () => {
    const text = `${CALL}\n${CALL.replace('start', 'stop')}`
      .repeat(3)
      .replace(/function (\w+)/g, (_, name, at) => `function ${name}${at}`);
    const editor = await show(text, 0.5);
    const gone = struck(editor);
    const { document } = editor;
    const line = document.positionAt(text.indexOf(gone.split('\n').find((l) => l.trim().length > 5)!)).line;
    const at = seen.struck(document.uri).find((s) => document.positionAt(s.start).line >= line)!;
    const first = document.positionAt(at.start).line + 1;
    const found = await fixes(editor, first);
    assert.deepEqual(
      // What is left out for the same reason is offered where there is more of it.
      found.map((f) => f.title).filter((title) => !/^Keep All \d+ /.test(title)),
      ['Keep This Line in the Compressed Context', 'Show What Was Left Out Here', 'Show Why It Was Left Out'],
    );
    await apply(found[0]!);
    const isStruck = (): boolean => seen.struck(document.uri).some((s) => s.start <= at.start && s.end > at.start);
    await until('the line is back', () => !isStruck());
    const kept = first;
    assert.deepEqual(
      (await fixes(editor, kept)).map((f) => f.title),
      [],
    );
    assert.ok(found.find((f) => f.title.startsWith('Show What'))!.command!.arguments![0]);
  });
});
