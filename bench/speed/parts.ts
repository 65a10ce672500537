// The parts of the speed bench. Each runs in a process of its own, so that none affects the memory of another.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import type { CompressRequest, SourceText } from '../../src/core/context';
import { EngineClient } from '../../src/node/engine/client';
import { openModel, type LocalModel } from '../../src/node/model/model';
import type { Products } from '../../src/node/model/products';
import type { Reader } from '../../src/node/model/reader';
import { SCORERS } from '../../src/scorers';
import { counter } from '../cases/compressed';
import { agreement, choose, neededFiles, recall } from './choices';
import { GRAPHS, PROFILE, REPOMIX } from './prepare';
import type { Command, Eviction, Graph, Int8, Length, Loss, Recall, Rerun, Spent, Throughput } from './report';
import { gpt2Tokens, mbertTokensAtLeast, openRivals } from './rivals';
import { longText, sourcePaths } from './texts';

export interface Setting {
  readonly modelDir: string;
  readonly quick: boolean;
}

/** The arguments that give a process the same setting. */
export const argumentsFor = ({ modelDir, quick }: Setting): string[] => [
  '--model',
  modelDir,
  ...(quick ? ['--quick'] : []),
];

const CHARS_A_TOKEN = 4; // an estimate for our tokenizer on code
const MAX_ROUNDS_MS = 45_000; // a busy machine gets fewer rounds
const FILES = 30; // files whose choices are compared

const requestFor = (sources: readonly SourceText[], keepRatio = 0.5): CompressRequest => ({
  sources,
  budget: { kind: 'keepRatio', keepRatio },
  scorer: 'extended',
  counter: 'o200k',
  markers: true,
});
const foldersOf = ({ modelDir }: Setting) => ({ modelDir, grammarDir: join(__dirname, 'grammars') });
const report = (words: string): void => void process.stderr.write(`  ${words}\n`);

async function timed(work: () => Promise<unknown>): Promise<number> {
  return (await clocked(work)).ms;
}

/** Wall time, and processor time over all threads, because other processes may run at the same time. */
async function clocked(work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const begun = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - begun, cpuMs: (user + system) / 1000 };
}

const readingOf = (model: LocalModel, ids: Int32Array) => {
  const { needs } = SCORERS.extended(model.folder);
  return { header: Int32Array.of(model.folder.shape.fileToken), text: ids, question: new Int32Array(0), needs };
};

function withoutEviction(model: LocalModel): Reader {
  const { namm, reading } = model.folder;
  return model.withMemory({ ...namm, threshold: -Infinity }, undefined, { ...reading, cacheSize: 1e9 }).reader;
}

/** The models take turns, so that a busy minute slows all of them; the best round of each counts. */
async function reading(setting: Setting): Promise<Throughput[]> {
  const model = await openModel(setting.modelDir);
  const float32 = await openModel(setting.modelDir, undefined, 'float32');
  const rivals = await openRivals(GRAPHS);
  const text = longText(200_000);
  const tokens = model.tokenizer.tokenize(text);
  const perToken = {
    ours: text.length / tokens.length,
    gpt2: text.length / gpt2Tokens(text),
    mbert: text.length / mbertTokensAtLeast(text),
  };
  const own = setting.quick ? 2048 : 8192;
  const times = new Map<string, Spent[]>();
  const add = (name: string, spent: Spent): void => void times.set(name, [...(times.get(name) ?? []), spent]);
  const owns = new Map([
    ['ours', model],
    ['ours, products in float32', float32],
  ]);
  for (const { reader } of owns.values()) await reader.read(readingOf(model, tokens.ids.subarray(0, 1024))); // warm
  for (const r of rivals) await r.run();
  const rounds = setting.quick ? 1 : 5;
  const begun = performance.now();
  for (let round = 0; round < rounds && performance.now() - begun < MAX_ROUNDS_MS; round++) {
    for (const [name, { reader }] of owns)
      add(name, await clocked(() => reader.read(readingOf(model, tokens.ids.subarray(0, own)))));
    for (const r of rivals) add(r.name, await clocked(() => r.run()));
    report(`round ${round + 1} of ${rounds}`);
  }
  const row = (name: string, n: number, charsPerToken: number, atMost = false): Throughput => {
    const seen = times.get(name)!;
    const perSecond = (1000 * n) / Math.min(...seen.map((t) => t.ms));
    const perCpuSecond = (1000 * n) / Math.min(...seen.map((t) => t.cpuMs));
    return {
      name,
      tokensPerSecond: perSecond,
      charsPerToken,
      charsPerSecond: perSecond * charsPerToken,
      charsPerCpuSecond: perCpuSecond * charsPerToken,
      atMost,
    };
  };
  for (const r of [...rivals, model, float32]) await r.release();
  return [
    ...[...owns.keys()].map((name) => row(name, own, perToken.ours)),
    ...rivals.map((r) =>
      r.name.startsWith('mBERT') ? row(r.name, r.window, perToken.mbert, true) : row(r.name, r.window, perToken.gpt2),
    ),
  ];
}

/** Our own graph with eviction and without. */
async function eviction(setting: Setting): Promise<Eviction[]> {
  const model = await openModel(setting.modelDir);
  const fullReader = withoutEviction(model);
  const { ids } = model.tokenizer.tokenize(longText(80_000));
  const out: Eviction[] = [];
  for (const tokens of setting.quick ? [1024, 2048] : [1024, 4096, 8192]) {
    const request = readingOf(model, ids.subarray(0, tokens));
    out.push({
      tokens,
      with: await clocked(() => model.reader.read(request)),
      without: await clocked(() => fullReader.read(request)),
    });
    report(`${tokens} tokens`);
  }
  await model.release();
  return out;
}

/** Compresses one text of about this many model tokens from start to end; wants a process of its own. */
export async function oneLength(setting: Setting, tokens: number): Promise<Length> {
  const engine = await Compressor.create(foldersOf(setting));
  let text = longText(tokens * CHARS_A_TOKEN);
  text = text.slice(0, Math.floor((text.length * tokens) / engine.model.tokenizer.tokenize(text).length));
  const source = { path: 'long.ts', languageId: 'typescript', text };
  let renderMs = 0;
  const { ms, cpuMs } = await clocked(
    async () => (renderMs = (await engine.compress(requestFor([source]))).timings.renderMs),
  );
  const peakMB = peakMemory();
  const budgetMs = await timed(() => engine.compress(requestFor([source], 0.3)));
  const { meanCacheLength, ids } = await engine.inspect({ source, scorer: 'extended' });
  await engine.dispose();
  return { tokens: ids.length, ms, cpuMs, fitMs: renderMs, budgetMs, peakMB, meanCacheLength };
}

/** Peak memory in MB. On Linux `maxRSS` includes the peak of the process that forked this one, so the kernel is asked. */
function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

function lengths(setting: Setting): Promise<Length[]> {
  const all = setting.quick ? [1024, 4096] : [1024, 4096, 16_384, 65_536, 131_072];
  return Promise.resolve(
    all.map((n) => {
      const { stdout, status } = spawnSync(
        process.execPath,
        [__filename, '--length', String(n), ...argumentsFor(setting)],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 150_000, killSignal: 'SIGKILL' },
      );
      if (status !== 0) throw new Error(`${n} tokens: exit code ${status}`);
      report(`${n} tokens: ${stdout}`);
      return JSON.parse(stdout) as Length;
    }),
  );
}

/** Compresses ten files of 2,000 tokens: cold, again with one line changed, and five of them with other budgets. */
async function rerun(setting: Setting): Promise<Rerun> {
  const engine = await Compressor.create(foldersOf(setting));
  const sources = Array.from({ length: 10 }, (_, i) => ({
    path: `file${i}.ts`,
    languageId: 'typescript',
    text: longText(120_000).slice(i * 8000, (i + 1) * 8000),
  }));
  await engine.compress(requestFor([{ path: 'warm.ts', languageId: 'typescript', text: 'export const a = 1;\n' }]));
  const coldMs = await timed(() => engine.compress(requestFor(sources)));
  report('ten files, cold');
  const editMs: number[] = [];
  for (const where of [1000, 4000, 7000]) {
    const edited = sources.map((s, i) =>
      i === 4 ? { ...s, text: `${s.text.slice(0, where)}\n// changed ${where}\n${s.text.slice(where)}` } : s,
    );
    editMs.push(await timed(() => engine.compress(requestFor(edited))));
  }
  report('edits');
  const five = sources.slice(0, 5);
  await engine.compress(requestFor(five));
  const budgetMs: number[] = [];
  for (const ratio of [0.45, 0.4, 0.35, 0.3, 0.25])
    budgetMs.push(await timed(() => engine.compress(requestFor(five, ratio))));
  await engine.dispose();
  return { coldMs, editMs, budgetMs };
}

/** From the start of the engine's process to the first chunk and to the first result of a small text. */
async function start(setting: Setting): Promise<{ firstMs: number[]; resultMs: number[] }> {
  const firstMs: number[] = [];
  const resultMs: number[] = [];
  for (let i = 0; i < (setting.quick ? 1 : 5); i++) {
    const client = new EngineClient({ enginePath: join(__dirname, 'engine.js'), ...foldersOf(setting) });
    const begun = performance.now();
    let first = 0;
    await client.compress(
      requestFor([{ path: 'a.ts', languageId: 'typescript', text: 'export const a = 1;\n' }]),
      undefined,
      (p) => (first ||= p.stage === 'read' && p.done ? performance.now() - begun : 0),
    );
    resultMs.push(performance.now() - begun);
    await client.dispose();
    firstMs.push(first);
  }
  return { firstMs, resultMs };
}

/** The same files by both command lines, from a cold start to a result on disk or in a pipe. */
function commands(): Promise<Command[]> {
  const dir = mkdtempSync(join(tmpdir(), 'namm-speed-'));
  const files = sourcePaths();
  const before = counter.count(files.map((f) => readFileSync(f, 'utf8')).join('\n'));
  const run = (name: string, args: string[], output: (stdout: string) => string): Command => {
    const begun = performance.now();
    const { stdout, status, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, NAMM_CACHE_DIR: join(dir, 'cache'), NAMM_STATE_DIR: join(dir, 'state') },
    });
    const ms = performance.now() - begun;
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    report(`${name}: ${Math.round(ms)} ms`);
    return { name, ms, kept: counter.count(output(stdout)) / before };
  };
  try {
    const target = join(dir, 'packed.xml');
    const own = [join(__dirname, 'cli.js'), 'compress', '--keep-ratio', '0.4', ...files];
    return Promise.resolve([
      ...(existsSync(REPOMIX)
        ? [
            run(
              'repomix --compress',
              [
                REPOMIX,
                '--compress',
                '--no-security-check',
                '--quiet',
                '--no-git-sort-by-changes',
                '-o',
                target,
                '--include',
                'src/**/*.ts',
                '.',
              ],
              () => readFileSync(target, 'utf8'),
            ),
          ]
        : []),
      run('namm compress', own, (s) => s),
      run('namm compress, files unchanged', own, (s) => s),
    ]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The loss of the same tokens far into a long text, and after no more context than the model was trained on. */
async function loss(setting: Setting): Promise<Loss> {
  const model = await openModel(setting.modelDir);
  const tokens = setting.quick ? 8192 : 65_536;
  const { trainedContext } = model.folder.shape;
  const { ids } = model.tokenizer.tokenize(longText(tokens * CHARS_A_TOKEN));
  const far = await model.reader.read(
    readingOf(model, ids.subarray(0, tokens)),
    undefined,
    (done, total) => void (done % 16_384 === 0 && report(`${done} of ${total} tokens`)),
  );
  const half = trainedContext / 2;
  let sum = { far: 0, near: 0, count: 0 };
  for (let end = tokens; end > Math.max(trainedContext, tokens - 12 * half); end -= half) {
    const near = await model.reader.read(readingOf(model, ids.subarray(end - trainedContext, end)));
    for (let i = 0; i < half; i++)
      sum = {
        far: sum.far - far.logProb![end - half + i]!,
        near: sum.near - near.logProb![half + i]!,
        count: sum.count + 1,
      };
  }
  await model.release();
  return { tokens, trainedContext, compared: sum.count, far: sum.far / sum.count, near: sum.near / sum.count };
}

/** Needed names that survive, with eviction and without. */
async function names(setting: Setting): Promise<Recall> {
  const model = await openModel(setting.modelDir);
  const files = neededFiles(setting.quick ? 3 : FILES);
  const evicting = await choose(model, model.reader, files);
  report('with eviction');
  const all = await choose(model, withoutEviction(model), files);
  const tokens = files.map((f) => model.tokenizer.tokenize(f.text).length);
  await model.release();
  return {
    files: files.length,
    names: files.reduce((sum, f) => sum + f.names.size, 0),
    tokens,
    withEviction: recall(files, evicting),
    without: recall(files, all),
  };
}

/** What the same model keeps with its products in float32. */
async function int8(setting: Setting): Promise<Int8> {
  const files = neededFiles(setting.quick ? 3 : FILES);
  const read = async (products: Products) => {
    const model = await openModel(setting.modelDir, undefined, products);
    if (model.products !== products) throw new Error('this processor cannot compute products in int8 without loss');
    const choices = await choose(model, model.reader, files);
    const { logProb } = await model.reader.read(readingOf(model, model.tokenizer.tokenize(longText(16_000)).ids));
    await model.release();
    report(products);
    return { choices, loss: -logProb!.reduce((a, b) => a + b, 0) / logProb!.length };
  };
  const [small, full] = [await read('int8'), await read('float32')];
  return {
    files: files.length,
    agreement: agreement(full.choices, small.choices),
    recall: { float32: recall(files, full.choices), int8: recall(files, small.choices) },
    loss: { float32: full.loss, int8: small.loss },
  };
}

/** The profile that profile.py has written. */
function graph(): Promise<Graph> {
  if (!existsSync(PROFILE)) throw new Error('no profile was written');
  return Promise.resolve(JSON.parse(readFileSync(PROFILE, 'utf8')) as Graph);
}

/** Parts by name, in the order in which they run, with the seconds after which each is stopped. */
export const PARTS = {
  reading: { seconds: 150, run: reading },
  graph: { seconds: 10, run: graph },
  eviction: { seconds: 90, run: eviction },
  rerun: { seconds: 60, run: rerun },
  start: { seconds: 30, run: start },
  commands: { seconds: 90, run: commands },
  lengths: { seconds: 240, run: lengths },
  loss: { seconds: 120, run: loss },
  names: { seconds: 240, run: names },
  int8: { seconds: 180, run: int8 },
} as const satisfies Record<string, { seconds: number; run: (setting: Setting) => Promise<unknown> }>;
export type PartName = keyof typeof PARTS;
