// Knows the namm command: reads, runs the engine in this process, prints.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CompressedContext, CompressRequest, InspectReport, Progress, SourceText } from '../core/context';
import { CancelledError, CompressionError } from '../core/errors';
import { ElisionStore, type Original } from '../engine/elisionStore';
import { formatContext } from '../text/format';
import { languageOf } from '../text/languages';
import { parseCommand, USAGE, UsageError, type CompressCommand } from './arguments';
import { collect, readText, type Skipped } from './collect';
import { sentenceFor } from './messages';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime

const modelDir = process.env.NAMM_MODEL_DIR ?? join(__dirname, '..', 'media', 'model');
const grammarDir = join(__dirname, 'grammars');

/** Where elisions are remembered. */
function stateDir(): string {
  const { NAMM_STATE_DIR, XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (NAMM_STATE_DIR) return NAMM_STATE_DIR;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'namm');
  return join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'namm');
}

async function withEngine<T>(work: (engine: import('../compress').Compressor, signal: AbortSignal, progress: (p: Progress) => void) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { Compressor } = await import('../compress');
  const engine = await Compressor.create({ modelDir, grammarDir });
  const tty = process.stderr.isTTY;
  const progress = (p: Progress): void => {
    if (tty) process.stderr.write(`\r\x1b[K${p.stage === 'read' ? `reading ${p.path} ${p.done}/${p.total} tokens` : `${p.stage}…`}`);
  };
  try {
    return await work(engine, stop.signal, progress);
  } finally {
    if (tty) process.stderr.write('\r\x1b[K');
    await engine.dispose();
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.includes(0)) throw new CompressionError('binaryFile', 'Standard input');
  return bytes.toString('utf8');
}

async function compress(command: CompressCommand): Promise<void> {
  const originals = new Map<string, Original>();
  const sources: SourceText[] = [];
  let skipped: Skipped[] = [];
  if (command.paths[0] === '-') {
    const source = { path: 'stdin', languageId: command.languageId ?? 'plaintext', text: await readStdin() };
    sources.push(source);
    originals.set(source.path, { text: source.text });
  } else {
    const collected = await collect(command.paths, process.cwd());
    skipped = collected.skipped;
    for (const f of collected.files) {
      sources.push({ path: f.path, languageId: command.languageId ?? languageOf(f.path), text: f.text });
      originals.set(f.path, { file: f.file, text: f.text });
    }
  }
  for (const s of skipped) process.stderr.write(`skipped ${s.path}: ${s.reason}\n`);
  if (sources.length === 0) throw new CompressionError('emptyInput');
  if (command.pins.length && sources.length > 1) throw new UsageError('--pin goes with a single file.');
  const request: CompressRequest = {
    sources,
    budget: command.budget,
    scorer: command.scorer,
    counter: command.counter,
    markers: command.markers,
    ...(command.query ? { query: command.query } : {}),
    ...(command.pins.length ? { pins: [command.pins.map((p) => linesToSpan(sources[0]!.text, p.from, p.to))] } : {}),
  };
  const result = await withEngine((engine, signal, progress) => engine.compress(request, signal, progress));
  // Ids that cannot be remembered are still printed: the text is on the user's disk.
  await new ElisionStore(stateDir()).put(result, originals).catch((e: Error) => process.stderr.write(`elisions were not stored: ${e.message}\n`));
  if (command.format === 'json') print(`${JSON.stringify({ ...result, skipped }, null, 1)}\n`);
  else print(formatContext(result.files));
  process.stderr.write(summary(result));
}

function summary(result: CompressedContext): string {
  const { before, after } = result.readerTokens;
  const floor = result.files.some((f) => f.floor !== undefined) ? '; pins or syntax keep it above the budget' : '';
  const files = result.files.length === 1 ? result.files[0]!.path : `${result.files.length} files`;
  const seconds = Object.values(result.timings).reduce((a: number, b: number) => a + b, 0) / 1000;
  return `${files}: ${before} → ${after} tokens (${(100 * result.keepRatio).toFixed(1)} % kept, ${result.scorer}, ${seconds.toFixed(1)} s)${floor}\n`;
}

/** 1-based inclusive lines as a span; lines behind the end pin nothing. */
function linesToSpan(text: string, from: number, to: number): { start: number; end: number } {
  const starts = [0];
  for (const m of text.matchAll(/\r\n|\r|\n/g)) starts.push(m.index + m[0].length);
  return { start: starts[from - 1] ?? text.length, end: starts[to] ?? text.length };
}

/** Typed arrays as plain ones, scores and keeps nested by layer and head. */
function plainReport(r: InspectReport): unknown {
  const n = r.retention.length;
  const nested = (data: ArrayLike<number>, digits: number): number[][][] =>
    Array.from({ length: r.layers }, (_, l) =>
      Array.from({ length: r.heads }, (_, h) => Array.from({ length: n }, (_, t) => Number(data[(l * r.heads + h) * n + t]!.toFixed(digits)))),
    );
  return {
    ...r,
    bounds: Array.from(r.bounds),
    ids: Array.from(r.ids),
    classes: Array.from(r.classes),
    scores: nested(r.scores, 4),
    keeps: nested(r.keeps, 0),
    retention: Array.from(r.retention, (x) => Number(x.toFixed(4))),
  };
}

function print(text: string): void {
  process.stdout.write(text);
}

async function run(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  switch (command.command) {
    case 'help':
      return print(USAGE);
    case 'version':
      return print(`${(JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version}\n`);
    case 'compress':
      return compress(command);
    case 'expand': {
      const found = await new ElisionStore(stateDir()).expand(command.id);
      process.stderr.write(found.startLine ? `${found.path}:${found.startLine}-${found.endLine}\n` : `${found.path}\n`);
      return print(found.text);
    }
    case 'inspect': {
      const text = await readText(command.path);
      const source = { path: command.path, languageId: command.languageId ?? languageOf(command.path), text };
      const report = await withEngine((engine, signal, progress) =>
        engine.inspect({ source, scorer: command.scorer, ...(command.query ? { query: command.query } : {}) }, signal, progress),
      );
      return print(`${JSON.stringify(plainReport(report))}\n`);
    }
  }
}

process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code === 'EPIPE') process.exit(0); // the reader has seen enough
  throw e;
});

run().catch((error: unknown) => {
  if (error instanceof CancelledError) process.exitCode = 130;
  else if (error instanceof UsageError || CompressionError.is(error, 'noThreshold')) {
    process.stderr.write(`namm: ${error instanceof UsageError ? error.message : sentenceFor('noThreshold', error.detail)}\n`);
    process.exitCode = 2;
  } else {
    const known = CompressionError.is(error);
    process.stderr.write(`namm: ${known ? sentenceFor(error.reason, error.detail) : sentenceFor('internal', String((error as Error)?.stack ?? error))}\n`);
    process.exitCode = 1;
  }
});
