// The figures of the bench `editor`, measured inside a real extension host. Each test is a row of its table: the title says what, the note how much.
import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, fileUri, note, open, processorMs, startClean, until } from '../../test/host/suite/support';
import * as measure from './measure';
import { median, ms, pause, workOf } from './measure';

const run = (id: string, ...args: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(id, ...args);

const STRUCK_LINES = 5000;
const LARGE_LINES = 8500; // of which that many go
const LARGE_KEPT = 0.2;
const KEYS = 20;
const TRIES = 5;
const FILES = 20;
const FILE_LINES = 150;
const HOVERS = 30;

const HOME = vscode.extensions.getExtension('namm-context.namm-context')!.extensionPath;
const oursOf = (action: () => Thenable<unknown>): Promise<measure.Ours> => measure.oursOf(HOME, action);

/** Source of this repository, cut off at so many lines. */
function source(lines: number): string {
  const root = join(HOME, 'src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts'))
    .sort();
  const out: string[] = [];
  for (const file of files) if (out.length < lines) out.push(...readFileSync(join(root, file), 'utf8').split('\n'));
  return out.slice(0, lines).join('\n');
}

const type = (): Thenable<unknown> => run('type', { text: 'x' });

suite('editor', () => {
  suiteTeardown(startClean);

  test('start of the extension', async () => {
    const { activation } = await api();
    note(`${ms(activation.ms)}, ${ms(activation.workMs)} of processor time`);
  });

  suite('keys', () => {
    let document: vscode.TextDocument;
    let plain: number; // a key without a result, ms

    const goTo = (line: number): void => {
      const editor = vscode.window.activeTextEditor!;
      editor.selection = new vscode.Selection(line, 0, line, 0);
      editor.revealRange(editor.selection, vscode.TextEditorRevealType.AtTop);
    };
    const isShown = async (): Promise<boolean> => (await api()).struck(document.uri).length > 0;
    const untilStruck = async (): Promise<void> => {
      const { struck: shown } = await api();
      await until('strikes', () => shown(document.uri).length > 0);
    };

    suiteSetup(async () => {
      await vscode.workspace
        .getConfiguration('namm')
        .update('keepRatio', LARGE_KEPT, vscode.ConfigurationTarget.Workspace);
      const uri = fileUri('large.ts');
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(source(LARGE_LINES)));
      document = (await open('large.ts')).document;
    });
    suiteTeardown(async () => {
      await vscode.workspace
        .getConfiguration('namm')
        .update('keepRatio', undefined, vscode.ConfigurationTarget.Workspace);
      await startClean();
      await vscode.workspace.fs.delete(document.uri);
    });

    test(`longest block while ${LARGE_LINES.toLocaleString('en')} lines are compressed`, async () => {
      goTo(0);
      await pause(2000); // opening it is not measured
      const costs: number[] = [];
      goTo(5000);
      for (let i = 0; i < KEYS; i++) costs.push(await workOf(type));
      plain = median(costs);
      for (let i = 0; i < KEYS; i++) await run('undo');
      goTo(0);
      const { longest } = await oursOf(() => run('namm.compress'));
      const { tokens } = await api();
      await untilStruck();
      note(`${tokens(document.uri)!.before.toLocaleString('en')} tokens: ${ms(longest)}`);
    });

    test(`key that takes the strikes of ${STRUCK_LINES.toLocaleString('en')} lines away`, async () => {
      await run('namm.copy');
      const struck = LARGE_LINES - (await vscode.env.clipboard.readText()).split('\n').length;
      assert.ok(struck >= STRUCK_LINES, `${struck} lines`);
      goTo(5000);
      await untilStruck();
      const costs: number[] = [];
      let ours = 0;
      for (let i = 0; i < KEYS; i++) {
        costs.push(await workOf(type));
        assert.ok(!(await isShown()));
        await run('undo');
        await untilStruck();
      }
      for (let i = 0; i < KEYS; i++) {
        ours += (await oursOf(type)).total;
        await run('undo');
        await untilStruck();
      }
      note(
        `${ms(ours / KEYS)} in our code; the extension host in all ${ms(median(costs))}, without a result ${ms(plain)}`,
      );
    });

    test('undo that brings them back', async () => {
      let ours = 0;
      for (let i = 0; i < KEYS; i++) {
        await type();
        await pause(100);
        ours += (
          await oursOf(async () => {
            await run('undo');
            await untilStruck();
          })
        ).total;
      }
      note(`${ms(ours / KEYS)} in our code`);
    });

    test('each key after that', async () => {
      await type();
      const costs: number[] = [];
      for (let i = 0; i < KEYS; i++) costs.push(await workOf(type));
      const { total: ours } = await oursOf(async () => {
        for (let i = 0; i < KEYS; i++) await type();
      });
      note(
        `${ms(ours / KEYS)} in our code; the extension host in all ${ms(median(costs))}, without a result ${ms(plain)}`,
      );
    });

    test('each key with ten marks in the text', async () => {
      for (let i = 0; i < 10; i++) {
        goTo(400 * (i + 1));
        await run('namm.pin');
      }
      await pause(1000);
      goTo(5000);
      await type();
      const { total: ours } = await oursOf(async () => {
        for (let i = 0; i < KEYS; i++) await type();
      });
      await run('namm.clearMarks');
      note(`${ms(ours / KEYS)} in our code`);
    });
  });

  test('longest block while more than 5,000 tokens are compressed', async () => {
    await startClean();
    const { tokens } = await api();
    await open('background.py');
    await run('namm.compress'); // starts the engine
    const blocks: number[] = [];
    let read = 0;
    for (let i = 0; i < TRIES; i++) {
      const editor = await open('long.ts');
      // A changed text, so that it is read again.
      await editor.edit((e) => e.insert(new vscode.Position(0, 0), `// ${Math.random()}\n`));
      await pause(1000); // opening it is not measured
      blocks.push((await oursOf(() => run('namm.compress'))).longest);
      read = tokens(editor.document.uri)?.before ?? 0;
      assert.ok(read >= 5000, `${read} tokens`);
    }
    note(
      `${read.toLocaleString('en')} tokens: median ${ms(median(blocks))}, at most ${ms(Math.max(...blocks))} of ${TRIES} times`,
    );
  });

  test('hover', async () => {
    await startClean();
    const { document } = await open('createAction.ts');
    await run('namm.compress');
    const times: number[] = [];
    const begun = processorMs();
    for (let i = 0; i < HOVERS; i++) {
      const line = Math.floor((i * document.lineCount) / HOVERS);
      const at = performance.now();
      await run('vscode.executeHoverProvider', document.uri, new vscode.Position(line, 4));
      times.push(performance.now() - at);
    }
    note(
      `first ${ms(times[0]!)}, median ${ms(median(times))} by the clock; ${ms((processorMs() - begun) / HOVERS)} of processor time`,
    );
  });

  test('CodeLens of a text', async () => {
    const { document } = await open('createAction.ts');
    const times: number[] = [];
    let own = 0;
    for (let i = 0; i < TRIES; i++) {
      const at = performance.now();
      const all =
        (await vscode.commands.executeCommand<vscode.CodeLens[] | undefined>(
          'vscode.executeCodeLensProvider',
          document.uri,
          1000,
        )) ?? [];
      times.push(performance.now() - at);
      own = all.filter((l) => l.command?.command.startsWith('namm.')).length;
    }
    note(`${own} of ours, median ${ms(median(times))} by the clock`);
  });

  test(`redraw of a budget over ${FILES} files`, async () => {
    await startClean();
    const folder = fileUri('twenty');
    const lines = source(FILES * FILE_LINES).split('\n');
    for (let i = 0; i < FILES; i++) {
      const uri = vscode.Uri.joinPath(folder, `part${i}.ts`);
      const text = [`// file ${i}`, ...lines.slice(i * FILE_LINES, (i + 1) * FILE_LINES)].join('\n');
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    }
    await run('namm.compressOpenEditors');
    await run('namm.inspect');
    const { enginePid, inspector } = await api();
    await until('a report', () => inspector.state?.path === `twenty/part${FILES - 1}.ts`);
    const clock: number[] = [];
    const work: number[] = [];
    for (let percent = 20; percent <= 80; percent += 3) {
      const begun = processorMs(enginePid());
      const at = performance.now();
      await inspector.receive({ kind: 'budget', keepRatio: percent / 100 });
      clock.push(performance.now() - at);
      work.push(processorMs(enginePid()) - begun);
      await pause(20);
    }
    const total = inspector.state!.total.before;
    note(
      `${total.toLocaleString('en')} tokens: median ${ms(median(clock))}, at most ${ms(Math.max(...clock))} by the clock; ${ms(median(work))} of processor time of extension host and engine`,
    );
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });
});
