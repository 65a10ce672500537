// Tests what is done at the places that are left out: links above them, going from one to the next, and quick fixes.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Result } from '../../../extension/session/results';
import { HoleLenses } from '../../../extension/holes/holeLenses';
import { api, fileUri, note, open, startClean, until } from './support';

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);
const config = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('namm');
const set = (key: string, value: unknown): Thenable<void> =>
  config().update(key, value, vscode.ConfigurationTarget.Global);
const ALL = 10_000;

interface Target {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** The links above the places of a text. */
async function lensesOf(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, ALL);
  return all.filter(
    (l) => l.command && (l.command.command.startsWith('namm.') || / · \d+ tokens?$/.test(l.command.title)),
  );
}

suite('holes', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('links above places that go: how much, keep, peek, why; none where nothing is shown', async () => {
    const seen = await api();
    const { document } = await open('createAction.ts');
    assert.deepEqual(await lensesOf(document.uri), []);
    await run('namm.compress');
    const large = await lensesOf(document.uri);
    const titles = large.map((l) => l.command!.title);
    assert.ok(titles.length && titles.length % 4 === 0, titles.join());
    for (const [i, title] of titles.entries())
      if (i % 4) assert.equal(title, ['', 'Keep', 'Peek', 'Why'][i % 4]);
      else assert.ok(Number(/^(\d+) lines · [\d,]+ tokens$/.exec(title)?.[1]) >= 8, title);
    const struck = seen.struck(document.uri);
    for (const { range } of large) {
      const at = document.offsetAt(range.start);
      assert.ok(struck.some(({ start, end }) => at >= start && at < end));
    }
    await set('codeLens', 'all');
    const all = await lensesOf(document.uri);
    assert.ok(all.length > large.length);
    note(`${large.length / 4} of ${all.length / 4}`);
    await set('codeLens', 'off');
    assert.deepEqual(await lensesOf(document.uri), []);
    await set('codeLens', undefined);
    await run('namm.toggleDecorations');
    assert.deepEqual(await lensesOf(document.uri), []);
    await run('namm.toggleDecorations');
    assert.equal((await lensesOf(document.uri)).length, large.length);
    await set('live', true);
    assert.deepEqual(await lensesOf(document.uri), []);
    await set('live', undefined);
    await run('namm.clear');
    assert.deepEqual(await lensesOf(document.uri), []);
  });

  test('Keep above a place keeps all of it, and the mark can be removed', async () => {
    const seen = await api();
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const keep = (await lensesOf(document.uri)).find((l) => l.command!.title === 'Keep')!.command!;
    const [target] = keep.arguments as [Target];
    const isStruck = (): boolean =>
      seen.struck(document.uri).some(({ start, end }) => start < target.end && end > target.start);
    assert.ok(isStruck());
    await run(keep.command, target);
    await until('it stays', () => seen.struck(document.uri).length > 0 && !isStruck());
    await run('namm.unmark', target);
    await until('it goes again', isStruck);
  });

  test('Peek shows what goes, by itself', async () => {
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const peek = (await lensesOf(document.uri)).find((l) => l.command!.title === 'Peek')!.command!;
    const [{ start, end }] = peek.arguments as [Target];
    await run(peek.command, ...(peek.arguments as unknown[]));
    const shown = (): vscode.TextDocument | undefined =>
      vscode.window.visibleTextEditors.map((e) => e.document).find((d) => d.uri.scheme === 'namm-compressed');
    await until('the text', () => shown() !== undefined);
    assert.equal(shown()!.getText().trim(), document.getText().slice(start, end));
    assert.equal(shown()!.languageId, 'typescript');
    await run('closeReferenceSearch');
  });

  test('the next and the previous place, around the ends, with nothing selected', async () => {
    const seen = await api();
    const editor = await open('createAction.ts');
    const { document } = editor;
    await run('namm.compress');
    await set('codeLens', 'all');
    const starts = [...new Set((await lensesOf(document.uri)).map((l) => document.offsetAt(l.range.start)))];
    await set('codeLens', undefined);
    assert.ok(starts.length > 3);
    const went: number[] = [];
    const go = async (command: string): Promise<void> => {
      await run(command);
      assert.ok(editor.selections.length === 1 && editor.selection.isEmpty);
      went.push(document.offsetAt(editor.selection.active));
      await until('it is in view', () => editor.visibleRanges.some((r) => r.contains(editor.selection.active)));
    };
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    for (let i = 0; i <= starts.length; i++) await go('namm.nextDropped');
    const first = starts[0] === 0 ? starts.slice(1).concat(starts[0]) : starts;
    assert.deepEqual(went, [...first, first[0]]);
    went.length = 0;
    for (let i = 0; i < starts.length; i++) await go('namm.previousDropped');
    assert.deepEqual(went, [...first].reverse());
    assert.match(seen.statusLabel() ?? '', /→.*places are left out, \d+ of them in view\./);
  });

  test('the status bar says how many places go, and that none is in view', async () => {
    const seen = await api();
    const editor = await open('createAction.ts');
    await run('namm.compress');
    await until('what is in view', () => /places are left out/.test(seen.statusLabel() ?? ''));
    const said = (): string => /(\d+|none) of them in view/.exec(seen.statusLabel() ?? '')?.[1] ?? '';
    const holes = seen.holes(editor.document);
    const inView = (): string => {
      const n = holes.filter(({ from, to }) =>
        editor.visibleRanges.some((r) => from <= r.end.line && to >= r.start.line),
      ).length;
      return n ? String(n) : 'none';
    };
    const all = new Set<string>();
    for (const line of [0, 60, 120, 180, 240, 300]) {
      editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
      await until(`line ${line + 1} in view`, () =>
        editor.visibleRanges.some((r) => r.start.line <= line && r.end.line >= line),
      );
      await until('the words follow the view', () => said() === inView());
      all.add(said());
    }
    assert.ok(all.size > 1, [...all].join());
  });

  test('a quick fix keeps all that is left out for the same reason, and one step takes it back', async () => {
    const seen = await api();
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const before = seen.struck(document.uri);
    const fixesAt = async (offset: number): Promise<vscode.CodeAction[]> => {
      const at = document.positionAt(offset);
      const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
      );
      return all.filter((a) => / the Compressed Context$/.test(a.title));
    };
    let keepAll: vscode.CodeAction | undefined;
    for (const { start } of before) keepAll ??= (await fixesAt(start)).find((a) => a.title.startsWith('Keep All'));
    assert.ok(keepAll, 'a fix for all');
    const [targets] = keepAll.command!.arguments as [Target[]];
    assert.match(keepAll.title, new RegExp(`^Keep All ${targets.length} `));
    assert.ok(targets.length > 1);
    const isStruck = ({ start, end }: Target): boolean =>
      seen.struck(document.uri).some((s) => s.start < end && s.end > start);
    assert.ok(targets.every(isStruck));
    const messages = seen.messages.length;
    await run(keepAll.command!.command, targets);
    await until('all stay', () => seen.struck(document.uri).length > 0 && !targets.some(isStruck));
    assert.equal(seen.messages[messages], `${targets.length} places are marked to stay.`);
    await run('namm.unmark', targets);
    await until('all go again', () => targets.every(isStruck));
    note(keepAll.title);
  });

  test('thousands of places are found once, and a key press finds none again', async () => {
    const lines = 5000;
    const content = Array.from({ length: 2 * lines }, (_, i) => (i % 2 ? `gone(${i});` : `kept(${i});`)).join('\n');
    const document = await vscode.workspace.openTextDocument({ language: 'javascript', content });
    let asked = 0;
    const counted = new Proxy({} as vscode.TextDocument, {
      get: (_, key) => {
        asked++;
        return Reflect.get(document, key) as unknown;
      },
    });
    const spans = Array.from({ length: 2 * lines }, (_, n) => {
      const { start, end } = document.lineAt(n).rangeIncludingLineBreak;
      return {
        start: document.offsetAt(start),
        end: document.offsetAt(end),
        kept: n % 2 === 0,
        reason: 'score',
        retention: 1,
      };
    });
    const file = { spans, elisions: spans.filter((s) => !s.kept).map((s) => ({ ...s, recipientTokens: 4 })) };
    const result = { file, source: { uri: document.uri, document: content, start: 0, end: content.length } };
    const results = {
      onDidChange: () => ({ dispose: () => undefined }),
      forDocument: () => result as unknown as Result,
      size: 1,
    };
    const decorations = { onDidChange: results.onDidChange, isStruck: () => true };
    await set('codeLens', 'all');
    const lenses = new HoleLenses(results as never, decorations);
    const first = lenses.provideCodeLenses(counted);
    assert.equal(first.length, 4 * lines);
    const once = asked;
    assert.ok(once > 0 && once < 20 * lines, `${once} questions to the document`);
    assert.ok(
      first.every((l) => !l.isResolved),
      'only what is in view is resolved',
    );
    assert.equal(lenses.provideCodeLenses(counted).length, first.length);
    assert.equal(asked, once);
    lenses.dispose();
    await set('codeLens', undefined);
  });

  test('two texts of one context have links of their own', async () => {
    await run('namm.compressFiles', undefined, ['auth.go', 'createAction.ts'].map(fileUri));
    for (const name of ['auth.go', 'createAction.ts']) {
      const { document } = await open(name);
      const targets = (await lensesOf(document.uri)).flatMap((l) => (l.command?.arguments ?? []) as Target[]);
      assert.ok(targets.length, name);
      for (const { uri } of targets) assert.equal(uri, document.uri.toString());
    }
  });
});
