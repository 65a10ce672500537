// The engine client against an engine that misbehaves on request: no model, milliseconds.
import { resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CompressRequest } from '../../../../src/core/context';
import { CancelledError } from '../../../../src/core/errors';
import { EngineClient, type EngineOptions, type EngineState } from '../../../../src/node/engine/client';

interface Answer {
  pid: number;
  path: string;
  fault?: string;
  faults: (string | undefined)[];
  env: { telemetry: string; asNode: string; args: string[] };
  scores: Float32Array;
}

const clients: EngineClient[] = [];
const states: EngineState[] = [];
const log: string[] = [];
const AMPLE = 600_000; // ms, for what must succeed: a busy machine is no fault
afterEach(async () => {
  await Promise.all(clients.splice(0).map((c) => c.dispose()));
  states.length = log.length = 0;
});

const OPTIONS = {
  enginePath: resolve('test/unit/node/engine/fakeEngine.mjs'),
  modelDir: 'good',
  grammarDir: '-',
  log: (line: string) => log.push(line),
  startMs: AMPLE,
  graceMs: AMPLE,
};
function watched(c: EngineClient): EngineClient {
  c.onState((s) => states.push(s));
  clients.push(c);
  return c;
}
const client = (more: Partial<EngineOptions> = {}): EngineClient => watched(new EngineClient({ ...OPTIONS, ...more }));
const request = (path: string): CompressRequest => ({
  sources: [{ path, languageId: 'plaintext', text: 'x' }],
  budget: { kind: 'keepRatio', keepRatio: 0.5 },
  scorer: 'namm',
  counter: 'o200k',
  markers: true,
});
const run = (c: EngineClient, path: string, signal?: AbortSignal, onProgress?: () => void): Promise<Answer> =>
  c.compress(request(path), signal, onProgress) as unknown as Promise<Answer>;
const stopped = { name: 'CompressionError', reason: 'engineStopped' };
const cancelled = { name: 'CancelledError' };

test('starts with the first call only, once, with its own environment; typed arrays arrive as such', async () => {
  const c = client();
  expect([c.state, c.pid]).toEqual(['stopped', undefined]);
  const [a, b] = await Promise.all([run(c, 'a'), run(c, 'b')]);
  expect(a.env).toEqual({ telemetry: '1', asNode: '1', args: [] });
  expect(a.scores).toEqual(Float32Array.of(0.5, 2));
  expect([b.path, b.pid]).toEqual(['b', a.pid]);
  expect(states).toEqual(['starting', 'ready', 'busy', 'ready']);
});

test('a failure of the engine keeps its reason, and costs no process', async () => {
  const c = client();
  await expect(run(c, 'fail')).rejects.toMatchObject({ reason: 'modelMissing', detail: 'observer.onnx' });
  const { pid } = c;
  expect((await run(c, 'a')).pid).toBe(pid);
});

describe('a crash', () => {
  test('settles every promise with one reason; the next call starts afresh', async () => {
    const c = client();
    const results = await Promise.allSettled([run(c, 'held'), run(c, 'crash'), run(c, 'held')]);
    for (const r of results)
      expect((r as PromiseRejectedResult).reason).toMatchObject({ ...stopped, detail: 'exit code 7' });
    expect(c.state).toBe('failed');
    expect(log.join()).toContain('native trouble');
    expect((await run(c, 'a')).path).toBe('a');
  });

  test('of an idle engine is seen, and the next call gets a new process', async () => {
    const c = client();
    const first = await run(c, 'a');
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => c.pid).toBe(undefined);
    expect((await run(c, 'b')).pid).not.toBe(first.pid);
  });

  test('at the start is told, too', async () => {
    await expect(run(client({ modelDir: 'dies' }), 'a')).rejects.toMatchObject(stopped);
    expect(states).toEqual(['starting', 'failed']);
  });

  test('of a cancelled job only is no failure', async () => {
    const c = client();
    const stop = new AbortController();
    await expect(
      run(c, 'deaf', stop.signal, () => {
        stop.abort();
        process.kill(c.pid!, 'SIGKILL');
      }),
    ).rejects.toMatchObject(cancelled);
    expect(c.state).toBe('stopped');
  });
});

describe('cancelling', () => {
  test('an aborted signal starts nothing', async () => {
    const c = client();
    await expect(run(c, 'a', AbortSignal.abort())).rejects.toMatchObject(cancelled);
    expect(states).toEqual([]);
  });

  test('before the engine is up, and while it works: the process lives on', async () => {
    const c = client();
    const early = new AbortController();
    const a = run(c, 'held', early.signal);
    early.abort();
    await expect(a).rejects.toMatchObject(cancelled);
    const stop = new AbortController();
    await expect(run(c, 'held', stop.signal, () => stop.abort())).rejects.toMatchObject(cancelled);
    const { pid } = c;
    expect((await run(c, 'a')).pid).toBe(pid);
    expect(states).not.toContain('failed');
  });

  test('a deaf engine is ended after the grace period; its other jobs move to a fresh one', async () => {
    const c = client({ graceMs: 150 });
    const stop = new AbortController();
    let old: number | undefined;
    const deaf = run(c, 'deaf', stop.signal, () => {
      old = c.pid;
      stop.abort();
    });
    const other = run(c, 'behind');
    await expect(deaf).rejects.toMatchObject(cancelled);
    expect(log.join()).not.toContain('SIGKILL');
    expect((await other).path).toBe('behind');
    expect((await run(c, 'a')).pid).not.toBe(old);
    expect(states).not.toContain('failed');
  });
});

describe('a text whose grammar ends the process', () => {
  test.each(['hard', 'breaks'])('%s: the job is done by a fresh process, without that grammar', async (path) => {
    const c = client();
    const beside = c.compress(request('slow'));
    const answer = (await c.compress(request(path))) as unknown as Answer;
    expect(answer).toMatchObject({ path, fault: 'failed' });
    expect(((await beside) as unknown as Answer).path).toBe('slow');
    expect(states).not.toContain('failed');
  });
});

describe('a text that no process gets past', () => {
  const withGood = (path: string): CompressRequest => {
    const { sources, ...rest } = request(path);
    return { ...rest, sources: [...request('good').sources, ...sources] };
  };
  const ended = (): number => log.filter((line) => line.includes('SIGKILL')).length;

  test.each([
    ['parse', 'failed', 1],
    ['order', 'failed', 1],
    ['fit', 'failed', 1],
    ['fit', 'defect', 2],
    ['order', 'leftOut', 3],
    // The grammar has no part in these, and most often something else was the cause.
    ['tokenize', 'defect', 2],
    ['read', 'defect', 2],
    ['score', 'defect', 2],
    ['read', 'leftOut', 3],
  ])('in %s, until it is %s: it alone is simplified, and all jobs are done', async (stage, fault, ends) => {
    const c = client();
    const beside = run(c, 'slow');
    const answer = (await c.compress(withGood(`ends ${stage} ${fault}`))) as unknown as Answer;
    expect(answer.faults).toEqual([undefined, fault]);
    expect((await beside).path).toBe('slow');
    expect(ended()).toBe(ends);
    expect(states).not.toContain('failed');
  });

  test('without end: its job fails and names it, the others are done', async () => {
    const c = client();
    const beside = run(c, 'slow');
    const path = 'ends parse never';
    await expect(c.compress(withGood(path))).rejects.toMatchObject({
      ...stopped,
      detail: `it did not get past ${path}`,
    });
    expect((await beside).path).toBe('slow');
    expect(ended()).toBeLessThan(100);
  });

  test('is not the one to blame when its job is done and the process ends', async () => {
    const c = client();
    await run(c, 'parsing');
    await expect(run(c, 'crash')).rejects.toMatchObject({ ...stopped, detail: 'exit code 7' });
    expect(log.filter((line) => line.includes('exit code 7'))).toHaveLength(1);
  });
});

test('what a process says last counts, though it ends at once', async () => {
  const c = client();
  const answer = (await c.compress(request('last words'))) as unknown as Answer;
  expect(answer).toMatchObject({ path: 'last words', fault: 'failed' });
});

test('a text whose grammar ended the process once is not tried again; another text under its path is', async () => {
  const c = client();
  await c.compress(request('hard'));
  const { pid } = c;
  expect((await c.compress(request('hard'))) as unknown as Answer).toMatchObject({ pid, fault: 'failed' });
  const changed = request('hard');
  const other = { ...changed, sources: [{ ...changed.sources[0]!, text: 'changed' }] };
  expect(((await c.compress(other)) as unknown as Answer).pid).not.toBe(pid);
});

test('a job that is moved because another was cancelled keeps its grammar', async () => {
  const c = client({ graceMs: 50 });
  const stop = new AbortController();
  const parsing = c.compress(request('parsing'));
  const deaf = c.compress(request('deaf'), stop.signal, () => stop.abort());
  await expect(deaf).rejects.toBeInstanceOf(CancelledError);
  const answer = (await parsing) as unknown as Answer;
  expect(answer.path).toBe('parsing');
  expect(answer.fault).toBeUndefined();
});

test('a caller hears of its cancellation though the engine never confirms it', async () => {
  const c = client();
  const stop = new AbortController();
  const job = c.compress(request('deaf'), stop.signal, () => stop.abort());
  await expect(job).rejects.toBeInstanceOf(CancelledError);
});

test('an engine that does not report in time is ended; the next one may', async () => {
  const options = { ...OPTIONS, modelDir: 'mute', startMs: 100 };
  const c = watched(new EngineClient(options));
  const results = await Promise.allSettled([run(c, 'a'), run(c, 'b')]);
  for (const r of results) expect((r as PromiseRejectedResult).reason).toMatchObject({ reason: 'engineUnresponsive' });
  expect(c.state).toBe('failed');
  Object.assign(options, OPTIONS); // what each start reads
  expect((await run(c, 'a')).path).toBe('a');
});

test('idle: stops without failure, not while work is pending, and starts again', async () => {
  const c = client({ idleMs: 100 });
  const first = await run(c, 'a');
  expect((await run(c, 'slow')).pid).toBe(first.pid);
  await expect.poll(() => c.state, { interval: 20 }).toBe('stopped');
  expect((await run(c, 'a')).pid).not.toBe(first.pid);
  await expect.poll(() => log.some((l) => l.includes('exit code 0'))).toBe(true);
  expect(states).not.toContain('failed');
});

test('dispose ends the process, settles what is pending and refuses new work', async () => {
  const c = client();
  const a = run(c, 'held', undefined, () => void c.dispose());
  await expect(a).rejects.toMatchObject(stopped);
  await c.dispose();
  expect(c.state).toBe('stopped');
  await expect(run(c, 'a')).rejects.toMatchObject(stopped);
});
