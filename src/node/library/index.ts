// The library: `import { compress } from 'namm-context'`. Node.js only; everything runs on this machine.
import { budgetOf } from '../../core/budget';
import {
  DEFAULT_SCORER,
  type CompressionService,
  type CompressRequest,
  type FormatOptions,
  type Progress,
  type RequestedSource,
  type ScorerId,
} from '../../core/context';
import { CompressionError } from '../../core/errors';
import { oneOf } from '../../core/oneOf';
import type { CounterId } from '../../core/token';
import { wholeText, type Original } from '../../elisions/elision';
import { languageOf } from '../../languages/languages';
import { textsOf } from '../../session/texts';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../redact/secretsRule';
import { spanOfLines, type LineRange } from '../../session/lines';
import type { GuardedElision, SessionResult } from '../../session/session';
import { collect, type Skipped } from '../files/collect';
import { openSession, type OpenOptions } from './open';
import { OWN_SCOPE, sessionOver } from './ownSession';

export { CancelledError, CompressionError, type FailureReason } from '../../core/errors';
export type {
  CompressedContext,
  CompressedFile,
  DropEffect,
  DropFault,
  Elision,
  FormatOptions,
  Progress,
  ScorerId,
} from '../../core/context';
export type { CounterId } from '../../core/token';
export type { FoundSecret } from '../../redact/guard';
export type { SecretsRule } from '../../redact/secretsRule';
export type { LineRange } from '../../session/lines';
export type { GuardedElision } from '../../session/session';
export type { Skipped } from '../files/collect';
export type { OpenOptions } from './open';

/** A text that lies in no file. */
export interface TextSource {
  /** As the recipient shall know it; its ending tells the language. */
  readonly path: string;
  readonly text: string;
  /** VS Code language id; by `path` if absent. */
  readonly languageId?: string;
  /** Lines that must stay. */
  readonly keep?: readonly LineRange[];
  /** Lines that must go, with their statements. `files[].drops` of the result says what went for each, and which lines stay. */
  readonly drop?: readonly LineRange[];
  /** Cursor position, UTF-16 offset: code near it is worth more. */
  readonly focus?: number;
}

/** A path of a file or a folder, relative to the working folder; or a text. */
export type LibrarySource = string | TextSource;

export interface CompressOptions {
  /** Share of the recipient tokens that may stay, above 0 and at most 1. Default 0.5. */
  readonly keepRatio?: number;
  /** Most recipient tokens of all files together; counts instead of `keepRatio`. */
  readonly maxTokens?: number;
  /** The calibrated threshold decides instead of a budget. */
  readonly auto?: boolean;
  /** What the context is compressed for: names in it come first. */
  readonly query?: string;
  readonly scorer?: ScorerId;
  /** Whose tokens count. Default `o200k`. */
  readonly counter?: CounterId;
  /** False leaves no markers. Default true. */
  readonly markers?: boolean;
  /** Regular expressions, tried on each line: lines that match stay, or go with their statement. */
  readonly keepPatterns?: readonly string[];
  readonly dropPatterns?: readonly string[];
  /** What happens to credentials in the kept text. Default `redact`. */
  readonly secrets?: SecretsRule;
  /** Values that only look random are credentials, too; ids and checksums can look random. Default false. */
  readonly secretsEntropy?: boolean;
  readonly format?: FormatOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface CompressResult extends SessionResult {
  /** Files of folders that were not read, with the reason. */
  readonly skipped: readonly Skipped[];
}

/** An open model: use one for many calls. */
export interface Namm {
  compress(sources: LibrarySource | readonly LibrarySource[], options?: CompressOptions): Promise<CompressResult>;
  /** Token scores of one text. */
  readonly inspect: CompressionService['inspect'];
  /** Releases the model; nothing can be compressed afterwards. */
  dispose(): Promise<void>;
}

/**
 * Loads the model once for many calls.
 * @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing
 * @example
 * const namm = await open();
 * try {
 *   const { text } = await namm.compress('src', { maxTokens: 8000, query: 'where is the cache cleared?' });
 * } finally {
 *   await namm.dispose();
 * }
 */
export async function open(options: OpenOptions = {}): Promise<Namm> {
  const { session, engine, dispose } = await openSession(options);
  let disposed: Promise<void> | undefined;
  return {
    compress: async (sources, own = {}) => {
      if (disposed) throw new CompressionError('badRequest', 'this model was disposed');
      const secrets = oneOf(SECRETS_RULES, own.secrets ?? DEFAULT_SECRETS);
      if (!secrets) throw new CompressionError('badRequest', `secrets is one of ${SECRETS_RULES.join(', ')}`);
      const { requested, originals, skipped } = await read([sources].flat() as LibrarySource[], own.signal);
      const run = await session.run(
        requestOf(requested, own),
        originals,
        { secrets, secretsEntropy: own.secretsEntropy, format: own.format },
        own,
      );
      return { ...run, skipped };
    },
    inspect: (request, signal, onProgress) => engine.inspect(request, signal, onProgress),
    dispose: () => (disposed ??= dispose()),
  };
}

/**
 * Compresses files, folders and texts to a budget. It loads the model and releases it: for many calls use `open`.
 * @throws CompressionError with a `reason`; CancelledError
 * @example
 * const { text, context } = await compress(['src/server.ts', 'src/routes'], { keepRatio: 0.3 });
 * console.log(context.recipientTokens); // { before: 5120, after: 1533, counter: 'o200k' }
 */
export async function compress(
  sources: LibrarySource | readonly LibrarySource[],
  options: CompressOptions & OpenOptions = {},
): Promise<CompressResult> {
  const namm = await open(options);
  try {
    return await namm.compress(sources, options);
  } finally {
    await namm.dispose();
  }
}

/**
 * The original text behind an elision. No model is loaded.
 * @param id such as `k3fa:120`; or a path and the line of a marker, such as `src/a.ts:120`
 * @param path of the file whose marker it is, if the id alone does not tell
 * @throws CompressionError badRequest | unknownElision | ambiguousElision | elisionStale | elisionDamaged | notFound | unreadable
 */
export async function expand(
  id: string,
  {
    path,
    secrets = DEFAULT_SECRETS,
    secretsEntropy,
  }: { readonly path?: string } & Pick<CompressOptions, 'secrets' | 'secretsEntropy'> = {},
): Promise<GuardedElision> {
  return sessionOver().expand({ id, path }, OWN_SCOPE, secrets, { entropy: secretsEntropy });
}

interface ReadSources {
  readonly requested: readonly RequestedSource[];
  readonly originals: readonly Original[];
  readonly skipped: readonly Skipped[];
}

/** Files of all paths first, each once, then the texts. */
async function read(sources: readonly LibrarySource[], signal: AbortSignal | undefined): Promise<ReadSources> {
  sources.forEach(checkSource);
  const paths = sources.filter((s) => typeof s === 'string');
  const texts = sources.filter((s) => typeof s !== 'string');
  const { files, skipped } = paths.length
    ? await collect(paths, process.cwd(), { signal })
    : { files: [], skipped: [] };
  const read = files.map((f) => ({ path: f.path, ...textsOf(f) }));
  const ofFiles = read.flatMap((r) => r.texts);
  return {
    requested: [...ofFiles.map(({ original: _, ...source }) => source), ...texts.map(requestedText)],
    originals: [...ofFiles.map((t) => t.original), ...texts.map((t) => wholeText(t.text))],
    skipped: [...skipped, ...read.flatMap((r) => (r.hasOutputs ? [{ path: r.path, reason: 'outputs' as const }] : []))],
  };
}

/** @throws CompressionError badRequest */
function checkSource(source: unknown): void {
  const { path, text } = (source ?? {}) as { path?: unknown; text?: unknown };
  if (typeof source !== 'string' && !(typeof path === 'string' && typeof text === 'string'))
    throw new CompressionError('badRequest', 'a source is a path, or an object with a path and a text');
}

function requestedText({ path, text, languageId, keep = [], drop = [], focus }: TextSource): RequestedSource {
  return {
    path,
    text,
    languageId: languageOf(path, text, languageId),
    pins: keep.map((lines) => spanOfLines(text, lines, path)),
    drops: drop.map((lines) => spanOfLines(text, lines, path)),
    ...(focus === undefined ? {} : { focus }),
  };
}

function requestOf(sources: readonly RequestedSource[], options: CompressOptions): CompressRequest {
  const { query, keepPatterns, dropPatterns, format } = options;
  return {
    sources,
    budget: budgetOf(options),
    scorer: options.scorer ?? DEFAULT_SCORER,
    counter: options.counter ?? 'o200k',
    markers: options.markers ?? true,
    ...(query ? { query } : {}),
    ...(keepPatterns ? { protectedPatterns: keepPatterns } : {}),
    ...(dropPatterns ? { droppedPatterns: dropPatterns } : {}),
    ...(format ? { frame: format } : {}),
  };
}
