// The namm command: reads arguments, has a child process compress, prints.
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { CompressionService, Progress } from '../../core/context';
import { CancelledError, CompressionError } from '../../core/errors';
import { printable, printableLines } from '../../core/printable';
import { reportJson } from '../../core/report';
import { UNITED } from '../../format/leftOut';
import { languageOf } from '../../languages/languages';
import { describeSecrets, type FoundSecret } from '../../redact/guard';
import { readText } from '../files/collect';
import { ConfigChanged } from '../clients/change';
import { stateDir } from '../files/folders';
import { version } from '../files/version';
import { handedOver } from '../usage/handedOver';
import { isWritten, Ledger, readLedger } from '../usage/ledger';
import { savingsOf } from '../usage/savings';
import { parseCommand, UsageError, type Command, type CompressCommand, type WhyCommand } from './arguments';
import { completionsFor } from './completions';
import { doctor } from './doctor';
import { helpFor } from './help';
import { asker, install, NotEdited } from './install';
import { sentenceFor } from './messages';
import { targetAt, writeTo } from './outputFile';
import { contextJson, inJson, progressLine, skippedLines, summary } from './output';
import type { DoctorCommand, StatsCommand } from './setupArguments';
import { gatherSources, languageWarnings, requestOf, withQuestion } from './sources';
import { statsOf } from './stats';
import { OutputError, print } from './stdout';
import { answer } from './why';

/** Runs `work` with the engine in another process, progress on a terminal and Ctrl-C as cancellation. Before it, Ctrl-C ends the process. */
async function withEngine<T>(
  work: (engine: CompressionService, signal: AbortSignal, onProgress: (p: Progress) => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.env.NAMM_PRIORITY ??= 'normal'; // somebody waits for it
  const { bundledEngine } = await import('../engine/bundled');
  const engine = bundledEngine(process.env.NAMM_DEBUG ? (line) => say([line]) : undefined);
  const tty = process.stderr.isTTY;
  const onProgress = (p: Progress): void => {
    if (tty) process.stderr.write(`\r\x1b[K${printable(progressLine(p))}`);
  };
  try {
    return await work(engine, stop.signal, onProgress);
  } finally {
    if (tty) process.stderr.write('\r\x1b[K');
    await engine.dispose();
  }
}

async function compress(command: CompressCommand): Promise<void> {
  const target = command.output === undefined ? undefined : await targetAt(command.output);
  const { sources, skipped, warnings } = await gatherSources(command, target?.path);
  say([...warnings, ...skippedLines(skipped)]);
  if (sources.length === 0)
    throw new CompressionError('badRequest', `No source file is left to compress in ${placesOf(command)}`);
  const request = requestOf(command, sources);
  const originals = sources.map((s) => s.original);
  const { secrets, secretsEntropy, style } = command;
  const options = { secrets, secretsEntropy, ...(style ? { format: { style } } : {}) };
  const { sessionOver } = await import('../library/ownSession');
  const result = await withEngine((engine, signal, onProgress) =>
    sessionOver(engine).run(request, originals, options, { signal, onProgress }),
  );
  // Ids that cannot be remembered are still printed: the text is on the user's disk.
  if (result.storeError) say([`elisions were not stored: ${result.storeError.message}`]);
  const asJson = command.format === 'json';
  const context = asJson ? inJson(result.context) : result.context;
  const output = asJson ? contextJson(context, skipped, result.secrets) : result.text;
  await (target ? writeTo(target, output) : print(output));
  say(summary(context));
  sayRedacted(result.secrets);
  const texts = sources.map((s) => s.text);
  await ledger().note(handedOver(context, texts));
}

async function why(command: WhyCommand): Promise<void> {
  const { sources, skipped, warnings } = await gatherSources(command.compression);
  say([...warnings, ...skippedLines(skipped)]);
  if (sources.length === 0)
    throw new CompressionError('badRequest', `No source file is left to compress in ${placesOf(command.compression)}`);
  const request = { ...requestOf(command.compression, sources), ranking: true };
  const context = await withEngine((engine, signal, onProgress) => engine.compress(request, signal, onProgress));
  await print(answer(command, sources, request, context));
}

const placesOf = ({ paths, filesFrom }: CompressCommand): string =>
  [...paths, ...(filesFrom === undefined ? [] : [`the list ${filesFrom}`])].join(', ');

async function expand({ ids, secrets, secretsEntropy }: Extract<Command, { command: 'expand' }>): Promise<void> {
  const { OWN_SCOPE, sessionOver } = await import('../library/ownSession');
  const session = sessionOver();
  // All are looked up before one is printed: a wrong id among them is no half result.
  const all = [];
  for (const id of ids) all.push(await session.expand({ id }, OWN_SCOPE, secrets, { entropy: secretsEntropy }));
  for (const found of all) {
    const place = found.file === undefined ? found.path : relative(process.cwd(), found.file);
    say([`${place}:${found.startLine}-${found.endLine}${found.united ? UNITED : ''}`]);
    sayRedacted(found.secrets);
    await print(found.text);
    await ledger().note({ did: 'expanded', units: found.text.length });
  }
}

const ledger = (): Ledger => new Ledger(stateDir(), 'cli');

const DAY_MS = 86_400_000;

async function stats(command: StatsCommand): Promise<void> {
  const oldest = command.days === undefined ? 0 : Date.now() - command.days * DAY_MS;
  const entries = (await readLedger(stateDir())).filter((e) => e.at >= oldest);
  await print(statsOf(savingsOf(entries), command, isWritten()));
}

async function inspect(command: Extract<Command, { command: 'inspect' }>): Promise<void> {
  const text = await readText(command.path);
  say(languageWarnings(command.languageId));
  const source = { path: command.path, languageId: languageOf(command.path, text, command.languageId), text };
  const report = await withEngine((engine, signal, onProgress) =>
    engine.inspect(
      { source, scorer: command.scorer, ...(command.query ? { query: command.query } : {}) },
      signal,
      onProgress,
    ),
  );
  await print(reportJson(report));
}

async function examineAll(command: DoctorCommand): Promise<void> {
  const { bundledGrammars: grammars, bundledModel } = await import('../engine/bundled');
  const folders = { model: bundledModel(), grammars };
  const { text, isSound } = command.quick
    ? await doctor(command, folders)
    : await withEngine((engine) => doctor(command, folders, engine));
  await print(text);
  if (!isSound) process.exitCode = 1;
}

/** Lines on standard error, which may be a terminal: a name in them must not control it. */
function say(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${printable(line)}\n`);
}

function sayRedacted(found: readonly FoundSecret[]): void {
  if (found.length) say([`redacted: ${describeSecrets(found)}`]);
}

async function run(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  switch (command.command) {
    case 'help':
      return print(helpFor(command.topic));
    case 'version':
      return print(`${version()}\n`);
    case 'compress':
      return compress(await withQuestion(command));
    case 'expand':
      return expand(command);
    case 'why':
      return why({ ...command, compression: await withQuestion(command.compression) });
    case 'inspect':
      return inspect(await withQuestion(command));
    case 'stats':
      return stats(command);
    case 'doctor':
      return examineAll(command);
    case 'completions':
      return print(completionsFor(command.shell));
    case 'install':
    case 'uninstall': {
      const ask = asker();
      return install(command, { print, say, ...(ask ? { ask } : {}) });
    }
    case 'mcp': // a bundle of its own: nobody else pays for the protocol
      return (createRequire(__filename)('./mcp.js') as typeof import('../mcp/main')).serve(command.options);
  }
}

process.stdout.on('error', () => undefined); // `print` reports it
process.stderr.on('error', () => undefined); // nobody listens; the result still counts

/** One sentence, and the exit code: 2 if another command line mends it, 130 for a cancellation, else 1. */
function failed(error: unknown): void {
  if (error instanceof CancelledError) {
    process.exitCode = 130;
    return;
  }
  if (error instanceof OutputError && error.closed) return; // the recipient has seen enough
  if (process.env.NAMM_DEBUG)
    process.stderr.write(`${printableLines(error instanceof Error ? (error.stack ?? '') : String(error))}\n`);
  const sentence =
    error instanceof UsageError || error instanceof OutputError || error instanceof NotEdited
      ? error.message
      : error instanceof ConfigChanged
        ? `${error.message} has changed in the meantime, so nothing was written; try again.`
        : CompressionError.is(error)
          ? sentenceFor(error.reason, error.detail)
          : sentenceFor('internal', error instanceof Error ? error.message : String(error));
  say([`namm: ${sentence}`]);
  const usage = error instanceof UsageError || CompressionError.is(error, 'noThreshold', 'linesOutside');
  process.exitCode = usage ? 2 : 1;
}

run().catch(failed);
