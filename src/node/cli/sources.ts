// The texts that a compress command names, read from standard input or from paths, and the request that is made of them.
import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { CompressRequest, SourceText } from '../../core/context';
import { CompressionError } from '../../core/errors';
import { MAX_FILE_BYTES } from '../../core/limits';
import { Lines } from '../../core/lines';
import type { Span } from '../../core/span';
import { matchingLines } from '../../cut/constraints';
import { matches, withoutBraces } from '../../files/globs';
import { codeLanguage, hasGrammar, languageOf } from '../../languages/languages';
import { wholeText, type Original } from '../../elisions/elision';
import { spanOfLines } from '../../session/lines';
import { textsOf } from '../../session/texts';
import { notebookOf } from '../../texts/notebook';
import { collect, decode, readText, type Skipped } from '../files/collect';
import { UsageError, type CompressCommand, type Constraint } from './arguments';

/** A text, and where it stands. */
export interface GivenSource extends SourceText {
  readonly original: Original;
}

/** What a command gave to compress, and what was left out of it. */
export interface Gathered {
  readonly sources: readonly GivenSource[];
  readonly skipped: Skipped[];
  /** Sentences for standard error: what the user may not have meant. */
  readonly warnings: string[];
}

/**
 * @param output absolute file of the result, links resolved: it is not read
 * @throws CompressionError notFound | unreadable | binaryFile | fileTooLarge | emptyInput | tooManyFiles | badRequest (nothing left);
 * UsageError if the output is one of the named files
 */
export async function gatherSources(command: CompressCommand, output?: string): Promise<Gathered> {
  const {
    sources: given,
    skipped,
    warnings,
  } = command.paths[0] === '-' ? await fromStdin(command) : await fromPaths(command, output);
  for (const [option, constraints] of Object.entries({ pin: command.pins, drop: command.drops }))
    for (const c of constraints)
      if (matchesNothing(c, given)) warnings.push(`--${option} ${inWords(c)} matches nothing`);
  const droppedGlobs = command.drops.flatMap((c) => (c.kind === 'files' ? [c.glob] : []));
  const sources = given.filter((s) => !matches(droppedGlobs, notebookOf(s.path)));
  for (const s of given) if (!sources.includes(s)) skipped.push({ path: s.path, reason: 'excluded' });
  return { sources, skipped, warnings };
}

async function fromPaths(command: CompressCommand, output: string | undefined): Promise<Gathered> {
  const { languageId, paths } = command;
  const globs = (given: readonly string[]): string[] => withoutBraces(given.map((g) => g.split(sep).join('/')));
  const names = await listedPaths(command.filesFrom);
  const { files, skipped } = await collect(paths, process.cwd(), {
    include: globs(command.include),
    exclude: globs(command.exclude),
    names,
  });
  const isOutput = async (file: string): Promise<boolean> =>
    output !== undefined && (await realpath(file).catch(() => resolve(file))) === output;
  for (const path of [...paths, ...names])
    if (await isOutput(path)) throw new UsageError(`--output would replace ${path}, which is to be compressed.`);
  const outputs = await Promise.all(files.map(({ file }) => isOutput(file)));
  const sources = files
    .filter((_, i) => !outputs[i])
    .flatMap((found) => {
      const { texts, hasOutputs } = textsOf(found, languageId);
      if (hasOutputs) skipped.push({ path: found.path, reason: 'outputs' });
      return texts;
    });
  return { sources, skipped, warnings: languageWarnings(languageId) };
}

/**
 * A command with the question that stands in a file or on standard input, without the blanks around it.
 * @throws CompressionError as `readText`; badRequest for no question
 */
export async function withQuestion<C extends Pick<CompressCommand, 'query' | 'queryFile'>>(command: C): Promise<C> {
  const { queryFile } = command;
  if (queryFile === undefined) return command;
  const query = (queryFile === '-' ? await readStdin() : await readText(queryFile)).replace(/^\ufeff/, '').trim();
  if (!query) throw new CompressionError('badRequest', `${queryFile === '-' ? STDIN : queryFile} has no question`);
  return { ...command, query };
}

/** The paths in a file, or on standard input: one a line, blank lines left out. @throws CompressionError as `readText`; badRequest for none */
async function listedPaths(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const name = file === '-' ? STDIN : file;
  const list = file === '-' ? await readStdin() : await readText(file);
  const paths = list
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (!paths.length) throw new CompressionError('badRequest', `${name} names no file`);
  return paths;
}

async function fromStdin({ languageId }: CompressCommand): Promise<Gathered> {
  const text = await readStdin();
  const warnings = languageWarnings(languageId);
  const known = languageOf('', text, languageId);
  if (languageId === undefined && known === 'plaintext' && text)
    warnings.push('standard input has no name that tells its language, so it is cut by lines; --language ID names one');
  return { sources: [{ path: 'stdin', languageId: known, text, original: wholeText(text) }], skipped: [], warnings };
}

/** A language without a grammar is no error, but a typing mistake in its name should be seen. */
export function languageWarnings(name: string | undefined): string[] {
  if (name === undefined) return [];
  const languageId = codeLanguage(name);
  if (languageId === undefined)
    return [`"${name}" is no known language: the name and the first line of a text tell it`];
  return ['plaintext', 'markdown'].includes(languageId) || hasGrammar(languageId)
    ? []
    : [`no grammar for "${name}": the text is cut by lines`];
}

const STDIN = 'Standard input'; // in messages

/** @throws CompressionError fileTooLarge | emptyInput | binaryFile */
async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length;
    if (size > MAX_FILE_BYTES) throw new CompressionError('fileTooLarge', STDIN);
    chunks.push(chunk as Buffer);
  }
  return decode(Buffer.concat(chunks), STDIN);
}

/** Lines have an error of their own. @throws CompressionError badRequest for what is no regular expression */
function matchesNothing(constraint: Constraint, sources: readonly SourceText[]): boolean {
  if (constraint.kind === 'lines') return false;
  if (constraint.kind === 'files') return !sources.some((s) => matches([constraint.glob], notebookOf(s.path)));
  return !sources.some((s) => matchingLines(s.text, new Lines(s.text), [constraint.pattern]).length);
}

const inWords = (constraint: Constraint): string =>
  constraint.kind === 'files' ? constraint.glob : constraint.kind === 'pattern' ? `/${constraint.pattern}/` : '';

/** @throws UsageError for lines of several files; CompressionError linesOutside */
export function requestOf(command: CompressCommand, sources: readonly GivenSource[]): CompressRequest {
  if (sources.length > 1 && [...command.pins, ...command.drops].some((c) => c.kind === 'lines'))
    throw new UsageError('Lines after --pin and --drop go with a single file.');
  const patterns = (constraints: readonly Constraint[]): string[] =>
    constraints.flatMap((c) => (c.kind === 'pattern' ? [c.pattern] : []));
  return {
    sources: sources.map(({ path, languageId, text }) => ({
      path,
      languageId,
      text,
      pins: command.pins.flatMap((c) => spansOf(c, path, text)),
      // Files that are dropped were left out before.
      drops: command.drops.flatMap((c) => (c.kind === 'lines' ? spansOf(c, path, text) : [])),
    })),
    budget: command.budget,
    scorer: command.scorer,
    counter: command.counter,
    markers: command.markers,
    ...(command.query ? { query: command.query } : {}),
    protectedPatterns: patterns(command.pins),
    droppedPatterns: patterns(command.drops),
    inlineMarkers: command.inlineMarkers,
    frame: { ...(command.style ? { style: command.style } : {}), commented: command.format === 'text' },
  };
}

function spansOf(constraint: Constraint, path: string, text: string): Span[] {
  if (constraint.kind === 'lines') return [spanOfLines(text, constraint, path)];
  return constraint.kind === 'files' && matches([constraint.glob], notebookOf(path))
    ? [{ start: 0, end: text.length }]
    : [];
}
