// Tests that repeated compressions after edits leak nothing: memory, listeners, decorations, files.
// 20 compressions in every run of the suite, 500 with `npm run soak`.
import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { api, note, open, startClean } from './support';

const TIMES = Number(process.env.NAMM_SOAK ?? 20);
const WARM = Math.min(10, Math.floor(TIMES / 3));
const HEAP_MB = 10; // of the extension host
const ENGINE_MB = 60; // growth of the maximum from the first to the second half; the engine collects garbage late

function filesBelow(dir: string): number {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) =>
      statSync(join(dir, f), { throwIfNoEntry: false })?.isFile(),
    ).length;
  } catch {
    return 0;
  }
}

/** Heap of the extension host after a garbage collection, in MB. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Memory of a process in MB; undefined if the system does not tell. */
function residentOf(pid: number): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
  } catch {
    return undefined;
  }
}

suite('soak', () => {
  setup(startClean);
  suiteTeardown(startClean);

  test('many compressions with edits between them leave no more than the first few', async function () {
    this.timeout(600_000 + TIMES * 30_000);
    const seen = await api();
    const editor = await open('view.js');
    const { document } = editor;
    const warnings: string[] = [];
    const onWarning = (w: Error): void => void warnings.push(w.name);
    process.on('warning', onWarning); // Node warns about an emitter with too many listeners
    const messagesBefore = seen.messages.length;
    const listeners = (): number => process.eventNames().reduce((n, e) => n + process.listenerCount(e), 0);
    const engine: number[] = [];
    let base: { heap: number; pid: number | undefined; temporary: number; listeners: number } | undefined;
    const measure = () => ({
      heap: heap(),
      pid: seen.enginePid(),
      temporary: filesBelow(tmpdir()),
      listeners: listeners(),
    });
    for (let i = 0; i < TIMES; i++) {
      const line = (i * 7) % document.lineCount;
      await editor.edit((e) => e.insert(new vscode.Position(line, 0), `// edit ${i % 2 ? 'one' : 'two'}\n`));
      assert.deepEqual(seen.struck(document.uri), [], 'an edit takes the old result away');
      await vscode.commands.executeCommand('namm.compress');
      const struck = seen.struck(document.uri);
      assert.ok(struck.length > 0 && struck.length <= document.lineCount, `${struck.length} ranges`);
      // The text returns to its size, so memory that grows with the text is no leak.
      if (i % 2) for (let n = 0; n < 2; n++) await vscode.commands.executeCommand('undo');
      engine.push(residentOf(seen.enginePid()!) ?? 0);
      if (i + 1 === WARM) base = measure();
    }
    process.off('warning', onWarning);
    const end = measure();
    const growth = end.heap - base!.heap;
    const [first, second] = [engine.slice(0, TIMES / 2), engine.slice(TIMES / 2)].map((half) => Math.max(...half)) as [
      number,
      number,
    ];
    note(
      `${TIMES} compressions: heap ${base!.heap.toFixed(1)} → ${end.heap.toFixed(1)} MB, engine at most ${first.toFixed(0)}, then ${second.toFixed(0)} MB, ${end.temporary - base!.temporary} temporary files`,
    );
    assert.ok(growth < HEAP_MB, `the heap grew by ${growth.toFixed(1)} MB`);
    assert.equal(end.pid, base!.pid, 'the engine lived through it');
    assert.ok(second - first < ENGINE_MB, `the engine grew from ${first} to ${second} MB`);
    assert.ok(end.temporary <= base!.temporary + 5, `${end.temporary - base!.temporary} more temporary files`);
    assert.ok(end.listeners <= base!.listeners, 'more listeners');
    assert.deepEqual(
      warnings.filter((w) => w.includes('MaxListeners')),
      [],
    );
    assert.equal(seen.messages.length, messagesBefore, 'nothing was said');
  });
});
