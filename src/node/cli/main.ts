// Knows the namm command: reads, runs the engine in this process, prints.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { CompressRequest, Progress, SourceText } from '../../core/context';
import { CancelledError, CompressionError, throwIfAborted } from '../../core/errors';
import type { Span } from '../../core/span';
import { ElisionStore } from '../elisions/elisionStore';
import { describeSecrets, guardFiles, guardPart, wholeText, type FoundSecret } from '../../redact/guard';
import { formatContext } from '../../format/format';
import { matches } from '../../files/globs';
import { hasGrammar, languageOf } from '../../parse/languages';
import { UNITED } from '../../format/leftOut';
import { Lines } from '../../core/lines';
import { matchingLines } from '../../cut/constraints';
import { parseCommand, USAGE, UsageError, type CompressCommand, type Constraint } from './arguments';
import { collect, decode, MAX_FILE_BYTES, readText, type Skipped } from '../files/collect';
import { sentenceFor } from './messages';
import { reportJson } from '../../core/report';
import { contextJson, progressLine, skippedLines, summary } from './output';
import { cacheDir, stateDir } from '../files/folders';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime

const modelDir = process.env.NAMM_MODEL_DIR || join(__dirname, '..', 'media', 'model');
const grammarDir = join(__dirname, 'grammars');

async function withEngine<T>(
  work: (
    engine: import('../engine/compressor').Compressor,
    signal: AbortSignal,
    progress: (p: Progress) => void,
  ) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { Compressor } = await import('../engine/compressor');
  const engine = await Compressor.create({ modelDir, grammarDir, cacheDir: cacheDir() });
  const tty = process.stderr.isTTY;
  const progress = (p: Progress): void => {
    if (tty) process.stderr.write(`\r\x1b[K${progressLine(p)}`);
  };
  try {
    throwIfAborted(stop.signal); // loading cannot be interrupted
    return await work(engine, stop.signal, progress);
  } finally {
    if (tty) process.stderr.write('\r\x1b[K');
    await engine.dispose();
  }
}

async function readStdin(): Promise<string> {
  const name = 'Standard input';
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length;
    if (size > MAX_FILE_BYTES) throw new CompressionError('fileTooLarge', name);
    chunks.push(chunk as Buffer);
  }
  return decode(Buffer.concat(chunks), name);
}

/** A text, and the absolute file that it lies in; standard input lies in none. */
interface Given extends SourceText {
  readonly file?: string;
}

async function compress(command: CompressCommand): Promise<void> {
  const sources: Given[] = [];
  let skipped: Skipped[] = [];
  if (command.paths[0] === '-') {
    const text = await readStdin();
    sources.push({ path: 'stdin', languageId: command.languageId ?? 'plaintext', text });
    if (command.languageId === undefined && text)
      process.stderr.write(
        'standard input has no name that tells its language, so it is cut by lines; --language ID names one\n',
      );
  } else {
    const collected = await collect(command.paths, process.cwd());
    skipped = collected.skipped;
    for (const { path, file, text } of collected.files)
      sources.push({ path, languageId: command.languageId ?? languageOf(path), text, file });
  }
  for (const [option, wishes] of [
    ['pin', command.pins],
    ['drop', command.drops],
  ] as const)
    for (const w of wishes) if (isIdle(w, sources)) process.stderr.write(`--${option} ${inWords(w)} matches nothing\n`);
  const left = withoutDropped(sources, command.drops);
  for (const s of sources) if (!left.includes(s)) skipped.push({ path: s.path, reason: 'excluded' });
  sources.splice(0, sources.length, ...left);
  process.stderr.write(skippedLines(skipped));
  if (sources.length === 0)
    throw new CompressionError('badRequest', `No source file is left to compress in ${command.paths.join(', ')}`);
  noteLanguage(command.languageId);
  const spans = (wishes: readonly Constraint[], s: SourceText): Span[] =>
    wishes.flatMap((w) =>
      w.kind === 'lines'
        ? [linesToSpan(s, w)]
        : w.kind === 'files' && matches([w.glob], s.path)
          ? [{ start: 0, end: s.text.length }]
          : [],
    );
  const patterns = (wishes: readonly Constraint[]): string[] =>
    wishes.flatMap((w) => (w.kind === 'pattern' ? [w.pattern] : []));
  if (sources.length > 1 && [...command.pins, ...command.drops].some((w) => w.kind === 'lines'))
    throw new UsageError('Lines after --pin and --drop go with a single file.');
  const request: CompressRequest = {
    sources: sources.map((s) => ({
      path: s.path,
      languageId: s.languageId,
      text: s.text,
      pins: spans(command.pins, s),
      drops: spans(
        command.drops.filter((w) => w.kind === 'lines'),
        s,
      ),
    })),
    budget: command.budget,
    scorer: command.scorer,
    counter: command.counter,
    markers: command.markers,
    ...(command.query ? { query: command.query } : {}),
    protectedPatterns: patterns(command.pins),
    droppedPatterns: patterns(command.drops),
    inlineMarkers: command.inlineMarkers,
  };
  const result = await withEngine((engine, signal, progress) => engine.compress(request, signal, progress));
  const { value: files, found } = await guardFiles(
    result.files,
    sources.map((s) => wholeText(s.text)),
    command.secrets,
  );
  // Ids that cannot be remembered are still printed: the text is on the user's disk.
  await new ElisionStore(stateDir())
    .put(result, sources)
    .catch((e: Error) => process.stderr.write(`elisions were not stored: ${e.message}\n`));
  if (command.format === 'json') print(contextJson({ ...result, files }, skipped));
  else print(formatContext(files));
  process.stderr.write(summary(result));
  sayRedacted(found);
}

function sayRedacted(found: readonly FoundSecret[]): void {
  if (found.length) process.stderr.write(`redacted: ${describeSecrets(found)}\n`);
}

function withoutDropped(sources: readonly Given[], drops: readonly Constraint[]): Given[] {
  const globs = drops.flatMap((w) => (w.kind === 'files' ? [w.glob] : []));
  return sources.filter((s) => !matches(globs, s.path));
}

/** A wish that nothing fits is more often a slip than meant. Lines have an error of their own. @throws CompressionError badRequest for what is no regular expression */
function isIdle(wish: Constraint, sources: readonly SourceText[]): boolean {
  if (wish.kind === 'lines') return false;
  if (wish.kind === 'files') return !sources.some((s) => matches([wish.glob], s.path));
  return !sources.some((s) => matchingLines(s.text, new Lines(s.text), [wish.pattern]).length);
}

const inWords = (wish: Constraint): string =>
  wish.kind === 'files' ? wish.glob : wish.kind === 'pattern' ? `/${wish.pattern}/` : '';

/** 1-based inclusive lines as a span in UTF-16 units. @throws UsageError when the text has no such lines */
function linesToSpan(source: SourceText, { from, to }: { readonly from: number; readonly to: number }): Span {
  const starts = [0];
  for (const m of source.text.matchAll(/\r\n|\r|\n/g)) starts.push(m.index + m[0].length);
  if (starts.length > 1 && starts.at(-1) === source.text.length) starts.pop(); // the last line break ends the last line
  if (from > starts.length)
    throw new UsageError(`The lines ${from}-${to} lie behind the ${starts.length} lines of ${source.path}.`);
  return { start: starts[from - 1]!, end: starts[to] ?? source.text.length };
}

/** A language without a grammar is no error, but a typing mistake in its name should not go unseen. */
function noteLanguage(languageId: string | undefined): void {
  if (languageId !== undefined && !['plaintext', 'markdown'].includes(languageId) && !hasGrammar(languageId))
    process.stderr.write(`no grammar for "${languageId}": the text is cut by lines\n`);
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
      return print(
        `${(JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version}\n`,
      );
    case 'compress':
      return compress(command);
    case 'expand': {
      const found = await new ElisionStore(stateDir()).expand(command.id);
      const place = found.file === undefined ? found.path : relative(process.cwd(), found.file);
      const more = found.united ? UNITED : '';
      process.stderr.write(`${place}:${found.startLine}-${found.endLine}${more}\n`);
      const { value, found: secrets } = await guardPart(found.path, found.source, command.secrets);
      sayRedacted(secrets);
      return print(value);
    }
    case 'mcp': // a bundle of its own: nobody else pays for the protocol
      return (createRequire(__filename)('./mcp.js') as typeof import('../mcp/main')).serve(command.options);
    case 'inspect': {
      const text = await readText(command.path);
      noteLanguage(command.languageId);
      const source = { path: command.path, languageId: command.languageId ?? languageOf(command.path), text };
      const report = await withEngine((engine, signal, progress) =>
        engine.inspect(
          { source, scorer: command.scorer, ...(command.query ? { query: command.query } : {}) },
          signal,
          progress,
        ),
      );
      return print(reportJson(report));
    }
  }
}

process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code === 'EPIPE') process.exit(0); // the reader has seen enough
  process.stderr.write(`namm: The result could not be written (${e.code ?? e.message}).\n`);
  process.exit(1);
});
process.stderr.on('error', () => undefined); // nobody listens; the result still counts

/** One sentence, and the exit code: 2 for what another command line would mend, 1 for everything else. */
function failed(error: unknown): void {
  if (error instanceof CancelledError) {
    process.exitCode = 130;
    return;
  }
  if (process.env.NAMM_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const sentence =
    error instanceof UsageError
      ? error.message
      : CompressionError.is(error)
        ? sentenceFor(error.reason, error.detail)
        : sentenceFor('internal', error instanceof Error ? error.message : String(error));
  process.stderr.write(`namm: ${sentence}\n`);
  process.exitCode = error instanceof UsageError || CompressionError.is(error, 'noThreshold') ? 2 : 1;
}

run().catch(failed);
