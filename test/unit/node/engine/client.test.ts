// The engine process may die at any time, and every call still settles.
import { constants, getPriority } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CompressRequest, Progress } from '../../../../src/core/context';
import { EngineClient, type EngineOptions, type EngineState } from '../../../../src/node/engine/client';

const clients: EngineClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((c) => c.dispose())));
const client = (more: Partial<EngineOptions> = {}): EngineClient => {
  const c = new EngineClient({
    enginePath: resolve('dist/engine.js'),
    modelDir: resolve('media/model'),
    grammarDir: resolve('dist/grammars'),
    startMs: 600_000, // a busy machine is no fault: it may take long to start, or over one chunk
    graceMs: 600_000,
    ...more,
  });
  clients.push(c);
  return c;
};
const request = (lines: number, path = 'a.ts'): CompressRequest => ({
  sources: [
    {
      path,
      languageId: 'typescript',
      text: Array.from({ length: lines }, (_, i) => `export const value${i} = compute(${i}, "${i}");\n`).join(''),
    },
  ],
  budget: { kind: 'keepRatio', keepRatio: 0.5 },
  scorer: 'namm',
  counter: 'o200k',
  markers: true,
});

test('compresses in its own process, reports progress, says what state it is in', async () => {
  const c = client();
  const states: EngineState[] = [];
  c.onState((s) => states.push(s));
  let chunks = 0;
  const r = await c.compress(request(60), undefined, () => chunks++);
  expect(r.recipientTokens.after).toBeLessThanOrEqual(r.recipientTokens.before / 2);
  expect(chunks).toBeGreaterThan(1);
  expect(c.pid).not.toBe(process.pid);
  expect(states).toEqual(['starting', 'ready', 'busy', 'ready']);
  const report = await c.inspect({ source: request(60).sources[0]!, scorer: 'namm' });
  expect(report.scores).toBeInstanceOf(Float32Array);
  expect(report.scores.length).toBe(report.layers * report.heads * report.retention.length);
});

test('killed in mid-run: another process does every job', async () => {
  const c = client();
  let killed: number | undefined;
  const kill = ({ stage }: Progress): void => {
    if (stage !== 'read' || killed !== undefined) return;
    killed = c.pid!;
    process.kill(killed, 'SIGKILL');
  };
  const jobs = [c.compress(request(900), undefined, kill), c.compress(request(10)), c.compress(request(10))];
  for (const { files } of await Promise.all(jobs)) expect(files[0]!.grammarFault).toBeUndefined();
  expect(killed).not.toBeUndefined();
  expect(c.pid).not.toBe(killed);
  expect(c.state).toBe('ready');
});

test('killed whenever it reads one text: that text stays whole, the others are cut, nothing reads it again', async () => {
  const c = client();
  const [bad, good] = [request(900, 'bad.ts').sources[0]!, request(60, 'good.ts').sources[0]!];
  let kills = 0;
  const kill = ({ stage, path, done, total }: Progress): void => {
    if (stage !== 'read' || path !== bad.path || done > 0 || total === 0) return; // a text that is not read has no tokens
    kills++;
    process.kill(c.pid!, 'SIGKILL');
  };
  const both = { ...request(1), sources: [bad, good], budget: { kind: 'maxTokens', maxTokens: 100 } as const };
  const { files } = await c.compress(both, undefined, kill);
  expect(kills).toBe(2);
  expect(files.map((f) => [f.path, f.grammarFault])).toEqual([
    ['bad.ts', 'defect'],
    ['good.ts', undefined],
  ]);
  expect(files[0]!.text).toBe(bad.text);
  expect(files[1]!.elisions.length).toBeGreaterThan(0);
  const again = await c.compress(both, undefined, kill);
  expect(again.files[0]!.grammarFault).toBe('defect');
  expect(kills).toBe(2);
});

test('cancelled while it runs, while it waits, before it starts: the engine lives on', async () => {
  const c = client();
  const running = new AbortController();
  const waiting = new AbortController();
  const a = c.compress(request(900), running.signal, () => running.abort());
  const b = c.compress(request(10), waiting.signal);
  b.catch(() => undefined); // it is settled before it is looked at
  waiting.abort();
  await expect(a).rejects.toMatchObject({ name: 'CancelledError' });
  await expect(b).rejects.toMatchObject({ name: 'CancelledError' });
  const pid = c.pid;
  await expect(c.compress(request(1), AbortSignal.abort())).rejects.toMatchObject({ name: 'CancelledError' });
  await c.compress(request(10));
  expect(c.pid).toBe(pid);
});

test('what runs in the background gives way to what is asked for, and goes on where it stood', async () => {
  const c = client();
  const ends: string[] = [];
  const note = (name: string) => (): void => void ends.push(name);
  let asked: Promise<unknown> | undefined;
  const seen: number[] = [];
  const back = c
    .compress({ ...request(300), priority: 'background' }, undefined, (p) => {
      if (p.stage !== 'read') return;
      seen.push(p.done);
      if (p.done > 1000) asked ??= c.compress(request(10, 'b.ts')).then(note('asked'));
    })
    .then(note('background'));
  const later = c.compress({ ...request(20, 'c.ts'), priority: 'background' }).then(note('later'));
  await Promise.all([back, later]);
  await asked;
  expect(ends).toEqual(['asked', 'background', 'later']);
  const again = seen.indexOf(0, 1); // it began a second time …
  expect(again).toBeGreaterThan(0);
  expect(seen[again + 1]).toBeGreaterThan(seen[again - 1]!); // … and read nothing twice
});

test('a job that waits is cancelled at once, whatever the engine is at', async () => {
  const c = client();
  const ends: string[] = [];
  const stop = new AbortController();
  const running = c
    .compress(request(200), undefined, (p) => p.done > 0 && stop.abort())
    .then(() => ends.push('running'));
  const waiting = c.compress(request(10), stop.signal).catch(() => ends.push('cancelled'));
  await Promise.all([running, waiting]);
  expect(ends).toEqual(['cancelled', 'running']);
});

test('messages that nobody should send harm nobody', async () => {
  const c = client();
  await c.compress(request(5));
  const { pid } = c;
  const bad = [
    {},
    { sources: 1 },
    { ...request(1), sources: [null] },
    { ...request(1), budget: null },
    { ...request(1), scorer: 'toString' },
    { ...request(1), sources: [{ ...request(1).sources[0]!, pins: [{ start: -1, end: 2 }] }] },
  ];
  for (const r of bad) await expect(c.compress(r as never)).rejects.toMatchObject({ reason: 'badRequest' });
  for (const r of [{}, { source: 7, scorer: 'namm' }])
    await expect(c.inspect(r as never)).rejects.toMatchObject({ reason: 'badRequest' });
  await c.compress(request(5));
  expect(c.pid).toBe(pid);
});

test.skipIf(process.platform === 'win32')('gives way to the editor, unless NAMM_PRIORITY says otherwise', async () => {
  const before = process.env.NAMM_PRIORITY;
  const priority = async (wanted: string): Promise<number> => {
    process.env.NAMM_PRIORITY = wanted;
    const c = client();
    await c.compress(request(1));
    return getPriority(c.pid);
  };
  try {
    expect(await priority('')).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
    expect(await priority('normal')).toBe(getPriority());
  } finally {
    if (before === undefined) delete process.env.NAMM_PRIORITY;
    else process.env.NAMM_PRIORITY = before;
  }
});

test('ends when idle and starts again', async () => {
  const c = client({ idleMs: 50 });
  await c.compress(request(10));
  await expect.poll(() => c.state).toBe('stopped');
  await c.compress(request(10));
});

test('a missing bundle or a model that is not there is a reason, not a hang', async () => {
  await expect(client({ enginePath: '/nowhere/engine.js' }).compress(request(1))).rejects.toMatchObject({
    reason: 'engineStopped',
  });
  await expect(client({ modelDir: '/nowhere' }).compress(request(1))).rejects.toMatchObject({ reason: 'modelMissing' });
});
