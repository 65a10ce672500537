// Tests a dying, busy or cancelled engine: at most one message, and no effect on the editor.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, note, open, processorMs, startClean, until } from './support';

const TRIES = 5;
const PROBE_MS = 5;
const MOST_MS = 20_000; // 10 s on two cores

suite('engine', () => {
  setup(startClean);
  suiteTeardown(startClean);

  /** Invalidates the cached reading, so that the next run takes seconds. */
  const freshLong = async (): Promise<vscode.TextEditor> => {
    const editor = await open('long.ts');
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), `// ${Math.random()}\n`));
    return editor;
  };

  test('5,000 tokens in under 10 s, and the extension host is never blocked for 50 ms', async () => {
    const seen = await api();
    await open('background.py');
    await vscode.commands.executeCommand('namm.compress'); // starts the engine
    const tries: { tokens: number; ms: number; work: number }[] = []; // processor time, of both processes and of the host between two probes
    // A single try can be slow by chance. Blocking code would slow down every try.
    while (tries.length < TRIES && !tries.some((t) => t.ms < MOST_MS && t.work <= 50)) {
      const { document } = await freshLong();
      await new Promise((resolve) => setTimeout(resolve, 1000)); // so that opening the file is not measured
      let work = 0;
      let last = performance.now();
      let cpu = processorMs();
      const timer = setInterval(() => {
        const now = performance.now();
        work = Math.max(work, Math.min(now - last - PROBE_MS, processorMs() - cpu));
        last = now;
        cpu = processorMs();
      }, PROBE_MS);
      const pid = seen.enginePid();
      const begun = processorMs(pid);
      await vscode.commands.executeCommand('namm.compress');
      const ms = processorMs(pid) - begun;
      await new Promise((resolve) => setTimeout(resolve, 100)); // time to send the decorations
      clearInterval(timer);
      const tokens = seen.tokens(document.uri)?.before ?? 0;
      assert.ok(tokens >= 5000, `${tokens} tokens`);
      tries.push({ tokens, ms, work });
    }
    note(
      tries
        .map((t) => `${t.tokens} tokens in ${Math.round(t.ms)} ms, at most ${t.work.toFixed(1)} ms at once`)
        .join('; '),
    );
    assert.ok(Math.min(...tries.map((t) => t.ms)) < MOST_MS, 'slower than 10 s in every try');
    assert.ok(Math.min(...tries.map((t) => t.work)) <= 50, 'blocked for more than 50 ms in every try');
  });

  test('killed in mid-run: another process does the work, and nobody notices', async () => {
    const seen = await api();
    const { document } = await freshLong();
    const messagesBefore = seen.messages.length;
    const running = vscode.commands.executeCommand('namm.compress');
    // While it parses, its end would be taken for that of the grammar, and nobody would be told.
    await until('an engine that reads', () => /NAMM [1-9]\d?\D/.test(seen.statusText() ?? ''));
    const pid = seen.enginePid()!;
    process.kill(pid, 'SIGKILL');
    await running;
    assert.deepEqual(seen.messages.slice(messagesBefore), []);
    assert.ok(seen.struck(document.uri).length);
    assert.notEqual(seen.enginePid(), pid);
  });

  test('killed between two commands: nobody notices', async () => {
    const seen = await api();
    const { document } = await open('view.js');
    await vscode.commands.executeCommand('namm.compress');
    const messagesBefore = seen.messages.length;
    process.kill(seen.enginePid()!, 'SIGKILL');
    await until('its end', () => seen.engineState() === 'stopped');
    await vscode.commands.executeCommand('namm.clear');
    await vscode.commands.executeCommand('namm.compress');
    assert.ok(seen.struck(document.uri).length);
    assert.equal(seen.messages.length, messagesBefore);
  });

  test('cancel is silent and leaves nothing', async () => {
    const seen = await api();
    const { document } = await freshLong();
    const messagesBefore = seen.messages.length;
    const running = vscode.commands.executeCommand('namm.compress');
    await until('a run', () => seen.activity() === 'running');
    await vscode.commands.executeCommand('namm.cancel');
    await running;
    assert.equal(seen.activity(), 'idle');
    assert.equal(seen.messages.length, messagesBefore);
    assert.deepEqual(seen.struck(document.uri), []);
  });

  test('a second command replaces the first', async () => {
    const seen = await api();
    await freshLong();
    const first = vscode.commands.executeCommand('namm.compress');
    const { document } = await open('view.js');
    const second = vscode.commands.executeCommand('namm.compress');
    await Promise.all([first, second]);
    assert.ok(seen.struck(document.uri).length);
    assert.equal(seen.activity(), 'idle');
  });
});
