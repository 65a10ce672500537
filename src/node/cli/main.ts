// The namm command: reads arguments, runs the engine in this process, prints.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { Progress } from '../../core/context';
import { CancelledError, CompressionError, throwIfAborted } from '../../core/errors';
import { reportJson } from '../../core/report';
import { wholeText } from '../../elisions/elision';
import { UNITED } from '../../format/leftOut';
import { languageOf } from '../../parse/languages';
import { describeSecrets, type FoundSecret } from '../../redact/guard';
import { readText } from '../files/collect';
import type { OpenSession } from '../library/open';
import { parseCommand, USAGE, UsageError, type Command, type CompressCommand } from './arguments';
import { sentenceFor } from './messages';
import { contextJson, progressLine, skippedLines, summary } from './output';
import { gatherSources, languageWarnings, requestOf } from './sources';

/** Runs `work` with a loaded model, progress on a terminal and Ctrl-C as cancellation. */
async function withEngine<T>(
  work: (open: OpenSession, signal: AbortSignal, onProgress: (p: Progress) => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { openSession } = await import('../library/open');
  const open = await openSession();
  const tty = process.stderr.isTTY;
  const onProgress = (p: Progress): void => {
    if (tty) process.stderr.write(`\r\x1b[K${progressLine(p)}`);
  };
  try {
    throwIfAborted(stop.signal); // loading cannot be interrupted
    return await work(open, stop.signal, onProgress);
  } finally {
    if (tty) process.stderr.write('\r\x1b[K');
    await open.dispose();
  }
}

async function compress(command: CompressCommand): Promise<void> {
  const { sources, skipped, warnings } = await gatherSources(command);
  warn(warnings);
  process.stderr.write(skippedLines(skipped));
  if (sources.length === 0)
    throw new CompressionError('badRequest', `No source file is left to compress in ${command.paths.join(', ')}`);
  const request = requestOf(command, sources);
  const originals = sources.map((s) => wholeText(s.text, s.file));
  const result = await withEngine(({ session }, signal, onProgress) =>
    session.run(request, originals, { secrets: command.secrets }, { signal, onProgress }),
  );
  // Ids that cannot be remembered are still printed: the text is on the user's disk.
  if (result.storeError) warn([`elisions were not stored: ${result.storeError.message}`]);
  print(command.format === 'json' ? contextJson({ ...result.context, files: result.files }, skipped) : result.text);
  process.stderr.write(summary(result.context));
  sayRedacted(result.secrets);
}

async function expand({ id, secrets }: Extract<Command, { command: 'expand' }>): Promise<void> {
  const { OWN_SCOPE, sessionOver } = await import('../library/open');
  const found = await sessionOver().expand({ id }, OWN_SCOPE, secrets);
  const place = found.file === undefined ? found.path : relative(process.cwd(), found.file);
  process.stderr.write(`${place}:${found.startLine}-${found.endLine}${found.united ? UNITED : ''}\n`);
  sayRedacted(found.secrets);
  print(found.text);
}

async function inspect(command: Extract<Command, { command: 'inspect' }>): Promise<void> {
  const text = await readText(command.path);
  warn(languageWarnings(command.languageId));
  const source = { path: command.path, languageId: command.languageId ?? languageOf(command.path), text };
  const report = await withEngine(({ engine }, signal, onProgress) =>
    engine.inspect(
      { source, scorer: command.scorer, ...(command.query ? { query: command.query } : {}) },
      signal,
      onProgress,
    ),
  );
  print(reportJson(report));
}

function warn(sentences: readonly string[]): void {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
}

function sayRedacted(found: readonly FoundSecret[]): void {
  if (found.length) warn([`redacted: ${describeSecrets(found)}`]);
}

function print(text: string): void {
  process.stdout.write(text);
}

function version(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;
}

async function run(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  switch (command.command) {
    case 'help':
      return print(USAGE);
    case 'version':
      return print(`${version()}\n`);
    case 'compress':
      return compress(command);
    case 'expand':
      return expand(command);
    case 'inspect':
      return inspect(command);
    case 'mcp': // a bundle of its own: nobody else pays for the protocol
      return (createRequire(__filename)('./mcp.js') as typeof import('../mcp/main')).serve(command.options);
  }
}

process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code === 'EPIPE') process.exit(0); // the recipient has seen enough
  process.stderr.write(`namm: The result could not be written (${e.code ?? e.message}).\n`);
  process.exit(1);
});
process.stderr.on('error', () => undefined); // nobody listens; the result still counts

/** One sentence, and the exit code: 2 if another command line mends it, 130 for a cancellation, else 1. */
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
  const usage = error instanceof UsageError || CompressionError.is(error, 'noThreshold', 'linesOutside');
  process.exitCode = usage ? 2 : 1;
}

run().catch(failed);
