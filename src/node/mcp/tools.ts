// The work of each tool: reads the sources, runs the session, and puts the result into words.
import { relative, sep } from 'node:path';
import { append } from '../../core/append';
import { budgetOf } from '../../core/budget';
import {
  DEFAULT_SCORER,
  tokenScorer,
  type CompressedContext,
  type CompressionService,
  type FormatOptions,
  type Progress,
  type RequestedSource,
  type SourceText,
} from '../../core/context';
import { CompressionError } from '../../core/errors';
import { LIMITS_IN_WORDS, MAX_FILES, MAX_TOTAL_UNITS } from '../../core/limits';
import { textAt, wholeText, type ElisionStorePort, type Original } from '../../elisions/elision';
import { IssuedElisions } from '../../elisions/issued';
import type { ElisionScope } from '../../elisions/resolve';
import type { SkipReason } from '../../files/walk';
import { grammarFaultSentences } from '../../format/grammarFaults';
import { lookalikeWarning, patchWarning, silentWarning } from '../../format/format';
import { longLineWarning, UNITED } from '../../format/leftOut';
import { languageOf } from '../../languages/languages';
import { describeSecrets, guardFiles, guardPart } from '../../redact/guard';
import { spanOfLines, type LineRange } from '../../session/lines';
import { Session } from '../../session/session';
import { textsOf } from '../../session/texts';
import { digest } from '../elisions/elisionStore';
import { collect, readText, type Collected, type Skipped } from '../files/collect';
import type { HandedOver } from '../usage/entry';
import { handedOver } from '../usage/handedOver';
import type { Ledger } from '../usage/ledger';
import { figuresOf, type Figures } from './figures';
import { isHeldOut } from './holdout';
import type { McpOptions } from './options';
import { retentionOf } from './retention';
import { PathRefused, type RefusalReason, type Roots } from './roots';
import { savings, skippedWords } from './words';

/** Texts for the agent, one block each; the first is the requested text. */
export type Blocks = readonly [string, ...string[]];

/** A compression: its blocks, and what stayed and went. */
export interface Answer {
  readonly blocks: Blocks;
  readonly figures: Figures;
}

/** What every compression is asked for: how much stays, and the question that it is for. */
export interface Wanted {
  readonly keepRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly query?: string | undefined;
}

export interface Call {
  readonly signal: AbortSignal;
  /** How much of the sources is read, in characters. */
  readonly onProgress: (done: number, total: number, path: string) => void;
}

interface Source extends RequestedSource {
  readonly original: Original;
}

const MOST_RECENT = 100; // ids that a client can list

export class Work {
  private readonly session: Session;
  private readonly issued = new IssuedElisions();
  /** The newest ids, for a client that lists resources. */
  readonly recent: { readonly id: string; readonly path: string; readonly lines: number }[] = [];
  /** Hashes of the texts that were handed over: given again, one saves nothing. */
  private readonly given = new Set<string>();

  constructor(
    private readonly engine: CompressionService,
    store: ElisionStorePort,
    private readonly roots: () => Promise<Roots>,
    private readonly options: Pick<McpOptions, 'secrets' | 'secretsEntropy' | 'counter' | 'holdout'>,
    private readonly ledger: Pick<Ledger, 'note'>,
  ) {
    this.session = new Session({ engine, store, guard: () => Promise.resolve({ guardFiles, guardPart }) });
  }

  /** @throws CompressionError; PathRefused; CancelledError */
  async compressFiles(paths: readonly string[], wanted: Wanted, call: Call): Promise<Answer> {
    const roots = await this.roots();
    const files = new Map<string, readonly Source[]>();
    const skipped: Skipped[] = [];
    let units = 0;
    let count = 0;
    for (const path of paths) {
      const found = await gather(roots, path, paths.length > 1, call.signal);
      append(skipped, found.skipped);
      for (const f of found.files) {
        if (files.has(f.file)) continue;
        const { texts, hasOutputs } = textsOf(f);
        if (hasOutputs) skipped.push({ path: f.path, reason: 'outputs' });
        files.set(f.file, texts);
        count += texts.length;
        units += f.text.length;
        // The engine checks this too, but only after everything was read.
        if (count > MAX_FILES || units > MAX_TOTAL_UNITS) throw new CompressionError('tooManyFiles', LIMITS_IN_WORDS);
      }
    }
    if (!files.size)
      throw new CompressionError(
        'badRequest',
        `No source file is left to compress${skipped.length ? `; ${skippedWords(skipped)}` : ''}`,
      );
    return this.compress([...files.values()].flat(), wanted, skipped, call, { alone: 'block', commented: true });
  }

  async compressText(
    text: string,
    path: string,
    language: string | undefined,
    wanted: Wanted,
    call: Call,
  ): Promise<Answer> {
    const { texts, hasOutputs } = textsOf({ path, text }, language);
    return this.compress(texts, wanted, hasOutputs ? [{ path, reason: 'outputs' }] : [], call);
  }

  /** @param keep lines that stay as they are; with them a notebook is one text, because they count its lines. @throws CompressionError linesOutside */
  async readFile(path: string, keep: readonly LineRange[], wanted: Wanted, call: Call): Promise<Answer> {
    const { file, ...source } = await this.source(path);
    const { texts, hasOutputs } = textsOf({ ...source, file }, keep.length ? source.languageId : undefined);
    if (texts.length > 1) return this.compress(texts, wanted, hasOutputs ? [{ path, reason: 'outputs' }] : [], call);
    const pins = keep.map((lines) => spanOfLines(source.text, lines, source.path));
    return this.compress([{ ...source, original: wholeText(source.text, file), pins }], wanted, [], call);
  }

  /** @param id as `k3fa:120`, as a path and a line, or with a path the line of a marker alone */
  async expand(id: string, path: string | undefined): Promise<Blocks> {
    const scope = await this.scope();
    const { secrets, secretsEntropy: entropy } = this.options;
    const found = await this.session.expand({ id, path }, scope, secrets, { entropy }).catch((error: unknown) => {
      throw scope.refusal && CompressionError.is(error, 'unknownElision') ? scope.refusal : error;
    });
    void this.ledger.note({ did: 'expanded', units: found.text.length });
    const redacted = found.secrets.length ? `; redacted: ${describeSecrets(found.secrets)}` : ', byte for byte';
    const lines = `lines ${found.startLine}-${found.endLine} of the original${found.united ? UNITED : ''}`;
    return [found.text, `${await scope.display(found)}, ${lines}${redacted}`];
  }

  async retention(path: string, query: string | undefined, call: Call): Promise<ReturnType<typeof retentionOf>> {
    const { file: _, ...source } = await this.source(path);
    const request = { source, scorer: tokenScorer(DEFAULT_SCORER), ...(query ? { query } : {}) };
    return retentionOf(await this.engine.inspect(request, call.signal, overall([source], call)));
  }

  /** What lies in the roots, and a text in no file that this server was given itself. */
  private async scope(): Promise<ElisionScope & { readonly refusal?: PathRefused }> {
    let roots: Roots;
    try {
      roots = await this.roots();
    } catch (error) {
      if (!(error instanceof PathRefused)) throw error;
      return {
        refusal: error,
        mayHave: (match) => match.file === undefined && this.issued.has(match),
        locate: () => Promise.resolve(undefined),
        display: ({ path }) => Promise.resolve(path),
      };
    }
    return {
      // An unsaved text of an editor belongs to a file in the roots, but it lies in none: only its own window gives it out.
      mayHave: (match) => (match.file === undefined ? this.issued.has(match) : roots.contains(match.file)),
      locate: (path) =>
        roots.place(path).then(
          (place) => place.file,
          () => undefined,
        ),
      display: (match) => {
        const at = textAt(match);
        return at === undefined ? Promise.resolve(match.path) : roots.shown(at);
      },
    };
  }

  private async source(path: string): Promise<SourceText & { readonly file: string }> {
    const place = await (await this.roots()).place(path);
    const text = await readText(place.file, path, place.root);
    const shown = place.prefix + relative(place.root, place.file).split(sep).join('/');
    return { path: shown, languageId: languageOf(shown, text), text, file: place.file };
  }

  private async compress(
    sources: readonly Source[],
    { query, ...size }: Wanted,
    skipped: readonly Skipped[],
    call: Call,
    frame?: FormatOptions,
  ): Promise<Answer> {
    const digests = sources.map((s) => digest(s.text));
    const whole = size.maxTokens === undefined && isHeldOut(digests, this.options.holdout);
    const { context, files, text, secrets, storeError } = await this.session.run(
      {
        sources: sources.map(({ original: _, ...source }) => source),
        budget: budgetOf(whole ? { keepRatio: 1 } : size),
        scorer: DEFAULT_SCORER,
        counter: this.options.counter,
        markers: true,
        ...(query ? { query } : {}),
        ...(frame ? { frame } : {}),
      },
      sources.map((s) => s.original),
      { secrets: this.options.secrets, secretsEntropy: this.options.secretsEntropy, format: frame },
      { signal: call.signal, onProgress: overall(sources, call) },
    );
    if (!storeError) this.noteIssued(context, digests);
    void this.ledger.note(this.used(context, sources, digests, whole));
    const notes = [savings(context)];
    if (storeError) notes.push('The ids could not be stored, so expand will not know them.');
    if (secrets.length) notes.push(`Redacted: ${describeSecrets(secrets)}.`);
    append(notes, grammarFaultSentences(files));
    if (skipped.length) notes.push(`Skipped: ${skippedWords(skipped)}.`);
    if (files.length === 1)
      for (const warning of [
        lookalikeWarning(files[0]!),
        silentWarning(files[0]!),
        patchWarning(files[0]!),
        longLineWarning(files[0]!),
      ])
        if (warning) notes.push(`Careful with ${files[0]!.path}: ${warning}.`);
    const blocks = [text, notes.join(' ')] as const;
    return {
      blocks,
      figures: figuresOf(
        context,
        sources.map((s) => s.text),
        blocks,
      ),
    };
  }

  private used(
    context: CompressedContext,
    sources: readonly Source[],
    digests: readonly string[],
    whole: boolean,
  ): HandedOver {
    const texts = sources.map((s) => s.text);
    const used = handedOver(context, texts, (i) => this.given.has(digests[i]!));
    for (const known of digests) this.given.add(known);
    return whole ? { ...used, whole } : used;
  }

  private noteIssued(context: CompressedContext, digests: readonly string[]): void {
    this.issued.add(context, digests);
    for (const { path, elisions } of context.files)
      for (const { id, lines } of elisions) this.recent.push({ id, path, lines });
    this.recent.splice(0, Math.max(0, this.recent.length - MOST_RECENT));
  }
}

/**
 * The file of a path, or the source files of a folder.
 * @param among whether there are other paths: then one that cannot be read, or lies outside, is skipped
 * @throws PathRefused; CompressionError; CancelledError
 */
async function gather(
  roots: Roots,
  given: string,
  among: boolean,
  signal: AbortSignal,
): Promise<{ files: Collected[]; skipped: Skipped[] }> {
  try {
    const { file, root, prefix } = await roots.place(given);
    const { files, skipped } = await collect([file], root, { inside: root, signal });
    return {
      files: files.map((f) => ({ ...f, path: prefix + f.path })),
      skipped: skipped.map((s) => ({ ...s, path: prefix + s.path })),
    };
  } catch (error) {
    if (!among) throw error;
    if (error instanceof PathRefused && error.reason !== 'noRoot')
      return { files: [], skipped: [{ path: given, reason: skipReasonOf(error.reason) }] };
    if (!CompressionError.is(error)) throw error;
    return { files: [], skipped: [{ path: given, reason: error.reason }] };
  }
}

function skipReasonOf(reason: RefusalReason): SkipReason {
  return reason === 'ambiguous' ? 'ambiguousPath' : reason === 'characters' ? 'invalidPath' : 'outside';
}

/** Turns the progress of one file after another, in tokens, into that of all, in characters: their sum is known at once. */
function overall(
  sources: readonly { readonly path: string; readonly text: string }[],
  { onProgress }: Call,
): (p: Progress) => void {
  const places = new Map<string, { readonly before: number; readonly length: number }>(); // characters, by path
  let total = 0;
  for (const { path, text } of sources) {
    places.set(path, { before: total, length: text.length });
    total += text.length;
  }
  return ({ stage, path = '', done, total: tokens }) => {
    const place = places.get(path);
    if (stage !== 'read' || !place) return;
    onProgress(place.before + Math.round((place.length * done) / Math.max(1, tokens)), total, path);
  };
}
