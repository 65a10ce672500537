// Knows how fast the engine is beside what a user would run instead, in one run on one machine.
// Usage: main ROOT [--quick] [--graphs DIR] [--repomix BIN] [--host FILE] [--out DIR]      (bench/speed/run.mjs gives them)
//        main ROOT --child TOKENS                                                         one text, time and peak memory as JSON
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compressor } from '../../src/compress';
import type { CompressRequest, SourceText } from '../../src/core/context';
import { EngineClient } from '../../src/engine/client';
import { openModel } from '../../src/model/model';
import { counterFor } from '../../src/text/counters';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { gpt2Tokens, mbertTokensAtLeast, openRivals } from './rivals';
import { picture, tables, withTables, type Speed, type Throughput } from './report';
import { longText, sourcePaths } from './texts';

const [root, ...rest] = process.argv.slice(2) as [string, ...string[]];
const option = (name: string): string | undefined => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined);
const quick = rest.includes('--quick');
const folders = { modelDir: join(root, 'media/model'), grammarDir: join(root, 'dist/grammars') };
const CHARS_A_TOKEN = 4; // of our tokenizer on code, before it is measured
const LENGTHS = quick ? [1024, 4096] : [1024, 4096, 16_384, 65_536, 131_072];
const WITHOUT = quick ? [1024, 2048] : [1024, 4096, 8192, 16_384];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const ask = (sources: readonly SourceText[], keepRatio = 0.5): CompressRequest => ({ sources, budget: { kind: 'keepRatio', keepRatio }, scorer: 'extended', counter: 'o200k', markers: true });
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

/** Whole way of one text of about this many model tokens, in a process of its own. */
async function child(tokens: number): Promise<void> {
  const engine = await Compressor.create(folders);
  let text = longText(tokens * CHARS_A_TOKEN);
  text = text.slice(0, Math.floor((text.length * tokens) / engine.model.tokenizer.tokenize(text).length));
  const source = { path: 'long.ts', languageId: 'typescript', text };
  const ms = await timed(() => engine.compress(ask([source])));
  const peakMB = peak();
  const { meanCacheLength, ids } = await engine.inspect({ source, scorer: 'extended' });
  process.stdout.write(JSON.stringify({ tokens: ids.length, ms, peakMB, meanCacheLength }));
  await engine.dispose();
}

/** MB. A new process begins with the peak of the one that forked it, unless the kernel is asked for this program's own. */
function peak(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

function bySize(): Speed['lengths'] {
  return LENGTHS.map((n) => {
    const { stdout, status } = spawnSync(process.execPath, [process.argv[1]!, root, '--child', String(n)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
    if (status !== 0) throw new Error(`${n} tokens: exit code ${status}`);
    process.stderr.write(`${n} tokens: ${stdout}\n`);
    return JSON.parse(stdout) as Speed['lengths'][number];
  });
}

/** Rounds of everybody in turn, so that a busy minute hits all alike; the median of each. */
async function beside(): Promise<{ throughput: Throughput[]; without: Speed['withoutEviction'] }> {
  const model = await openModel(folders.modelDir);
  const rivals = option('graphs') ? await openRivals(option('graphs')!) : [];
  const { shape, extended, namm, reading } = model.folder;
  const { needs } = SCORERS.extended({ extended: unpackExtended(extended, shape.layers * shape.kvHeads) });
  const text = longText(200_000);
  const tokens = model.tokenizer.tokenize(text);
  const perToken = { ours: text.length / tokens.length, gpt2: text.length / gpt2Tokens(text), mbert: text.length / mbertTokensAtLeast(text) };
  const request = (n: number) => ({ header: Int32Array.of(shape.fileToken), text: tokens.ids.subarray(0, n), question: new Int32Array(0), needs });
  const own = quick ? 2048 : 8192;
  const times = new Map<string, number[]>();
  const add = (name: string, ms: number): void => void times.set(name, [...(times.get(name) ?? []), ms]);
  await model.reader.read(request(1024)); // warm
  for (const r of rivals) await r.run();
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    add('ours', await timed(() => model.reader.read(request(own))));
    for (const r of rivals) add(r.name, await r.run());
  }
  const row = (name: string, n: number, charsPerToken: number, atMost = false): Throughput => {
    const perSecond = (1000 * n) / median(times.get(name)!);
    return { name, tokensPerSecond: perSecond, charsPerToken, charsPerSecond: perSecond * charsPerToken, atMost };
  };
  const throughput = [
    row('ours', own, perToken.ours),
    ...rivals.map((r) => (r.name.startsWith('mBERT') ? row(r.name, r.window, perToken.mbert, true) : row(r.name, r.window, perToken.gpt2))),
  ];
  for (const r of rivals) await r.release();
  const all = model.withMemory({ ...namm, threshold: -Infinity }, undefined, { ...reading, cacheSize: 1e9 }).reader;
  const without = [];
  for (const n of WITHOUT) without.push({ tokens: n, ms: await timed(() => model.reader.read(request(n))), withoutMs: await timed(() => all.read(request(n))) });
  await model.release();
  return { throughput, without };
}

/** Ten files of 2,000 tokens: cold, the same with one line changed, other budgets over five of them. */
async function again(): Promise<Speed['again']> {
  const engine = await Compressor.create(folders);
  const sources = Array.from({ length: 10 }, (_, i) => ({ path: `file${i}.ts`, languageId: 'typescript', text: longText(120_000).slice(i * 8000, (i + 1) * 8000) }));
  await engine.compress(ask([{ path: 'warm.ts', languageId: 'typescript', text: 'export const a = 1;\n' }]));
  const coldMs = await timed(() => engine.compress(ask(sources)));
  const editMs: number[] = [];
  for (const where of [1000, 4000, 7000]) {
    const edited = sources.map((s, i) => (i === 4 ? { ...s, text: `${s.text.slice(0, where)}\n// changed ${where}\n${s.text.slice(where)}` } : s));
    editMs.push(await timed(() => engine.compress(ask(edited))));
  }
  const five = sources.slice(0, 5);
  await engine.compress(ask(five));
  const budgetMs: number[] = [];
  for (const ratio of [0.45, 0.4, 0.35, 0.3, 0.25]) budgetMs.push(await timed(() => engine.compress(ask(five, ratio))));
  await engine.dispose();
  return { coldMs, editMs, budgetMs };
}

/** From the fork of the engine's process to the first result of a small text. */
async function coldStart(): Promise<number[]> {
  const out: number[] = [];
  for (let i = 0; i < (quick ? 1 : 5); i++) {
    const client = new EngineClient({ enginePath: join(root, 'dist/engine.js'), ...folders });
    const begun = performance.now();
    let first = 0;
    await client.compress(ask([{ path: 'a.ts', languageId: 'typescript', text: 'export const a = 1;\n' }]), undefined, (p) => (first ||= p.stage === 'read' && p.done ? performance.now() - begun : 0));
    await client.dispose();
    out.push(first);
  }
  return out;
}

/** The same files by both command lines, from nothing to a result on disk or in a pipe. */
function commandLines(): Speed['commands'] {
  const dir = mkdtempSync(join(tmpdir(), 'namm-speed-'));
  const files = sourcePaths();
  const counter = counterFor('o200k');
  const before = counter.count(files.map((f) => readFileSync(f, 'utf8')).join('\n'));
  const run = (name: string, args: string[], output: (stdout: string) => string) => {
    const begun = performance.now();
    const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, NAMM_CACHE_DIR: join(dir, 'cache'), NAMM_STATE_DIR: join(dir, 'state') } });
    const ms = performance.now() - begun;
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    return { name, ms, kept: counter.count(output(stdout)) / before };
  };
  try {
    const repomix = option('repomix');
    const target = join(dir, 'packed.xml');
    const own = [join(root, 'dist/cli.js'), 'compress', '--keep-ratio', '0.4', ...files];
    return [
      ...(repomix ? [run('repomix --compress', [repomix, '--compress', '--no-security-check', '--quiet', '--no-git-sort-by-changes', '-o', target, '--include', 'src/**/*.ts', '.'], () => readFileSync(target, 'utf8'))] : []),
      run('namm compress', own, (s) => s),
      run('namm compress, files unchanged', own, (s) => s),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  process.chdir(root);
  if (option('child')) return child(Number(option('child')));
  const load = loadavg()[0]!;
  const { throughput, without } = await beside();
  const host = option('host');
  const speed: Speed = {
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version, load },
    throughput,
    withoutEviction: without,
    again: await again(),
    coldStartMs: await coldStart(),
    commands: commandLines(),
    lengths: bySize(),
    ...(host ? { host } : {}),
  };
  const text = tables(speed);
  process.stdout.write(`${text}\n`);
  const out = option('out');
  if (!out) return;
  writeFileSync(join(out, 'speed.json'), `${JSON.stringify(speed, null, 1)}\n`);
  writeFileSync(join(out, 'speed.svg'), picture(speed));
  const page = join(out, 'speed.md');
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), `![Characters read per second, and time against length](speed.svg)\n\n${text}`));
}

void main();
