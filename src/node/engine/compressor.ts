// Runs the stages in order: tokenize, read with the model, score, order the cuts, fit to the budget, render.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossFileNames } from '../../evidence/crossFileNames';
import { Relevance } from '../../question/relevance';
import { BoundedMap } from '../../core/boundedMap';
import {
  type CompressedContext,
  type CompressedFile,
  type CompressionService,
  type CompressRequest,
  type InspectReport,
  type InspectRequest,
  type LayerRetention,
  type Progress,
  type RequestedSource,
  type SourceText,
  type Timings,
} from '../../core/context';
import { CancelledError, CompressionError, throwIfAborted } from '../../core/errors';
import { keptPerCache } from '../../core/report';
import { checkCompress, checkInspect } from '../../core/request';
import type { CounterId, TokenCounter } from '../../core/token';
import { KnownFaults, nextFault, withGrammarFault } from './grammarFaults';
import { keyOf } from './keys';
import { Ranker, type Rankable } from './ranker';
import { LazyModel } from '../model/lazyModel';
import { Readings } from '../model/readings';
import { channelsOf } from '../../evidence/evidence';
import { scoreText, type ScoredText } from '../../evidence/scored';
import { SCORERS, type Scorer } from '../../scorers/index';
import { Grammars } from '../../parse/grammars';
import type { Rendered } from '../../cut/render';
import { cutUnder, shareBudget, type OnWork, type Shared, type Sharer } from '../../cut/share';
import { GrammarFaultError, type Clock } from '../../parse/boundedParser';
import { parseStructure, type CodeStructure } from '../../parse/structure';

export interface CompressorOptions {
  readonly modelDir: string;
  readonly grammarDir: string;
  readonly threads?: number;
  /** Folder for readings that outlive the process; without it none do. */
  readonly cacheDir?: string;
  /** Whether somebody starts this process again if the runtime of the grammars breaks. */
  readonly restarts?: boolean;
  /** Measures what a parse costs; the processor time of this process if absent. */
  readonly clock?: Clock;
}

/** Most bytes of scored texts that are kept, so that another budget, new pins or another file need no new reading. */
const SCORED_BYTES = 128_000_000;
const PRICE: CounterId = 'o200k'; // the counter that ranking uses for costs
const TEXT_UNITS = 4_000_000; // of all texts whose structure or order is kept, UTF-16

interface Ready extends Sharer {
  readonly source: RequestedSource;
  readonly scored: ScoredText;
  /** JSON, as in `Ranking`. */
  readonly statements: string | undefined;
}

/** Says that a stage of the text under work begins. */
type Tell = (stage: Progress['stage']) => void;

type Stopwatch = { -readonly [Stage in keyof Timings]: number };

/** The engine in this process. It owns native sessions: call `dispose`. */
export class Compressor implements CompressionService {
  private readonly scored = new BoundedMap<ScoredText>(SCORED_BYTES, bytesOf);
  private readonly structures = new BoundedMap<CodeStructure>(TEXT_UNITS, unitsOf);
  private readonly faults = new KnownFaults();
  private readonly crossFileNames = new CrossFileNames();
  private readonly relevance = new Relevance();
  private readonly ranker = new Ranker(() => this.counter(PRICE), this.crossFileNames, TEXT_UNITS);
  private readonly counters = new Map<CounterId, TokenCounter>();

  private constructor(
    readonly model: LazyModel,
    private readonly readings: Readings,
    private readonly grammars: Grammars,
    private loadMs: number,
  ) {}

  /** @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing */
  static async create(options: CompressorOptions): Promise<Compressor> {
    const begun = performance.now();
    const model = await LazyModel.load(options.modelDir, options.threads, options.cacheDir);
    const load = (file: string): Promise<Uint8Array> => readFile(join(options.grammarDir, file));
    const grammars = new Grammars(load, options.clock ?? processorTime, options.restarts);
    return new Compressor(model, new Readings(model, options.cacheDir), grammars, performance.now() - begun);
  }

  async dispose(): Promise<void> {
    for (const cache of [this.scored, this.structures, this.ranker, this.crossFileNames, this.relevance]) cache.clear();
    await this.readings.close();
    await this.model.release();
  }

  /**
   * The result has a file for every source. One that nothing could be done with is empty, and its `grammarFault` is `leftOut`.
   * @throws CompressionError emptyInput | badRequest | fileTooLarge | noThreshold | textFailed; CancelledError; GrammarFaultError failed,
   * if the process can be started again
   */
  async compress(
    request: CompressRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<CompressedContext> {
    checkCompress(request);
    for (let sources = this.faults.apply(request.sources); ;) {
      try {
        const usable = sources.filter((s) => s.grammarFault !== 'leftOut');
        const leftOut = sources.find((s) => s.grammarFault === 'leftOut');
        if (leftOut && usable.every((s) => !s.text)) throw new CompressionError('textFailed', leftOut.path);
        return withLeftOut(await this.compressOnce({ ...request, sources: usable }, signal, onProgress), sources);
      } catch (error) {
        if (!(error instanceof GrammarFaultError) || this.grammars.needRestart) throw error;
        this.faults.add(sources, error);
        sources = withGrammarFault(sources, error);
      }
    }
  }

  private async compressOnce(
    request: CompressRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<CompressedContext> {
    if (request.sources.length === 0 || request.sources.every((s) => s.text.length === 0))
      throw new CompressionError('emptyInput');
    const scorer = SCORERS[request.scorer](this.model.folder);
    const auto = this.model.folder.auto?.[request.scorer];
    if (request.budget.kind === 'auto' && auto === undefined) throw new CompressionError('noThreshold', request.scorer);
    const clock: Stopwatch = { loadMs: this.loadMs, tokenizeMs: 0, observeMs: 0, scoreMs: 0, renderMs: 0 };
    this.loadMs = 0; // only the first request loads
    const texts: ScoredText[] = [];
    const structures: CodeStructure[] = [];
    const total = request.sources.length;
    for (const [done, source] of request.sources.entries()) {
      onProgress?.({ stage: 'parse', path: source.path, done, total });
      await withFault(source, async () => {
        structures.push(await this.structure(source));
        // A text that stays whole needs no reading, and reading may be what failed on it.
        const read = source.grammarFault === 'defect' ? { ...source, text: '' } : source;
        const tell: Tell = (stage) => onProgress?.({ stage, path: source.path, done, total });
        texts.push(await this.observe(read, scorer, request.query, clock, tell, signal, onProgress));
        if (total > 1) this.crossFileNames.wordsIn(structures[done]!);
        if (request.query) this.relevance.wordsIn(structures[done]!);
      });
      throwIfAborted(signal);
    }
    onProgress?.({ stage: 'order', done: 0, total });
    const files: Ready[] = [];
    const previousTokens = request.sources.map((s) => s.previousTokens);
    // The threshold of `auto` was calibrated on single texts: cross-file names would lift too much above it.
    const crossFileNames = request.budget.kind === 'auto' ? [] : this.crossFileNames.of(structures, previousTokens);
    const relevance = request.query ? this.relevance.of(structures, request.query, previousTokens) : [];
    const counter = await this.counter(request.counter);
    const { alone, commented: wanted = false } = request.frame ?? {};
    const commented = wanted && (total > 1 || alone === 'block');
    for (const [i, source] of request.sources.entries()) {
      const begun = performance.now();
      onProgress?.({ stage: 'order', path: source.path, done: i, total });
      const scored = texts[i]!;
      await withFault(source, async () => {
        const text: Rankable = {
          source,
          structure: structures[i]!,
          scored,
          scorer,
          request,
          names: crossFileNames[i],
          relevance: relevance[i],
        };
        const order = await this.ranker.order(text);
        clock.scoreMs += performance.now() - begun;
        const retention = { bounds: scored.tokens.bounds, values: scored.retention };
        const before = counter.count(source.text);
        files.push({
          source,
          scored,
          order,
          statements: request.ranking ? await this.ranker.statementsIn(order, text) : undefined,
          before,
          options: { markers: request.markers, commented, counter, retention },
        });
      });
      throwIfAborted(signal);
    }
    const begun = performance.now();
    let at: SourceText | undefined;
    const onWork: OnWork = (file) => {
      at = file?.source;
      const done = file ? files.indexOf(file as Ready) : 0;
      onProgress?.({ stage: file ? 'fit' : 'render', ...(at ? { path: at.path } : {}), done, total });
    };
    const byNeed = relevance.length > 0 && files.length > 1;
    const share = (): Shared =>
      request.budget.kind === 'auto'
        ? cutUnder(files, auto!, counter, request.frame, onWork)
        : shareBudget(files, request.budget, previousTokens, counter, request.frame, onWork, byNeed);
    const { rendered, before, after, ...floor } = await withFault(() => at, share);
    clock.renderMs = performance.now() - begun;
    const compressed = files.map((f, i) => compressedFile(f, rendered[i]!));
    const isFramed = compressed.length === 1 && request.frame?.alone === 'block'; // a ratio does not count what stands around one text
    return {
      version: 2,
      scorer: request.scorer,
      model: { name: this.model.folder.name, sha256: this.model.folder.sha256 },
      budget: request.budget,
      keepRatio: shareOf(isFramed ? compressed[0]!.recipientTokens : { before, after }),
      recipientTokens: { before, after, counter: request.counter },
      files: compressed,
      ...floor,
      layers: layerRetention(files.map((f) => f.scored)),
      timings: roundAll(clock),
    };
  }

  /** @throws CompressionError emptyInput | badRequest | fileTooLarge | textFailed; CancelledError */
  async inspect(
    request: InspectRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<InspectReport> {
    checkInspect(request);
    if (request.source.text.length === 0) throw new CompressionError('emptyInput');
    for (let [source] = this.faults.apply([request.source]) as [SourceText]; ;) {
      if (source.grammarFault === 'leftOut') throw new CompressionError('textFailed', source.path);
      try {
        return await this.inspectOnce({ ...request, source }, signal, onProgress);
      } catch (error) {
        if (!(error instanceof GrammarFaultError) || this.grammars.needRestart) throw error;
        this.faults.add([source], error);
        [source] = withGrammarFault([source], error) as [SourceText];
      }
    }
  }

  private async inspectOnce(
    request: InspectRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<InspectReport> {
    const { source, scorer } = request;
    const clock: Stopwatch = { loadMs: 0, tokenizeMs: 0, observeMs: 0, scoreMs: 0, renderMs: 0 };
    const judge = SCORERS[scorer](this.model.folder);
    onProgress?.({ stage: 'parse', path: source.path, done: 0, total: 1 });
    const tell: Tell = (stage) => onProgress?.({ stage, path: source.path, done: 0, total: 1 });
    const [structure, scored] = await withFault(source, async () => [
      await this.structure(source),
      await this.observe(source, judge, request.query, clock, tell, signal, onProgress),
    ]);
    return {
      version: 1,
      path: source.path,
      languageId: source.languageId,
      scorer,
      model: { name: this.model.folder.name, sha256: this.model.folder.sha256 },
      layers: scored.scores.layers,
      heads: scored.scores.heads,
      bounds: scored.tokens.bounds,
      ids: scored.tokens.ids,
      classes: structure.classes(scored.tokens.bounds),
      scores: scored.scores.data,
      keeps: scored.keeps,
      retention: scored.retention,
      ...(judge.threshold === undefined ? {} : { threshold: judge.threshold }),
      evictedAt: scored.seen.evictedAt,
      ...(judge.explain
        ? {
            parts: judge.explain(
              scored.seen,
              channelsOf(structure, scored.tokens, {
                ...request,
                others: request.among ? this.crossFileNames.lastOf(structure)?.names : undefined,
                relevance: request.query ? this.relevance.lastOf(structure, request.query) : undefined,
              }),
            ),
          }
        : {}),
      updates: scored.seen.updates,
      read: this.readings.progress(source.path, scored.tokens.length, scored.seen.updates),
      meanCacheLength: scored.seen.meanCacheLength,
    };
  }

  /** The structure of a text, parsed once. Never throws on a text. */
  async structure(source: SourceText): Promise<CodeStructure> {
    const key = keyOf(source.path, source.languageId, source.text, source.grammarFault ?? '');
    const known = this.structures.get(key);
    if (known) return known;
    const structure = await parseStructure(source, this.grammars);
    this.structures.set(key, structure, source.path);
    return structure;
  }

  /** One counter of each kind: it caches the pieces that it counted. It is loaded after the first reading, because its tables are large. */
  private async counter(id: CounterId): Promise<TokenCounter> {
    const { counterFor, modelCounter } = await import('../../tokens/counters');
    let counter = this.counters.get(id);
    if (!counter)
      this.counters.set(id, (counter = id === 'model' ? modelCounter(this.model.tokenizer) : counterFor(id)));
    return counter;
  }

  private async observe(
    source: SourceText,
    scorer: Scorer,
    query: string | undefined,
    clock: Stopwatch,
    tell: Tell,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<ScoredText> {
    const question = scorer.needsNoQuestion ? undefined : query;
    const key = keyOf(source.path, source.text, scorer.id, question ?? '');
    const known = this.scored.get(key);
    if (known) return known;
    let begun = performance.now();
    tell('tokenize');
    const tokens = this.model.tokenizer.tokenize(source.text);
    clock.tokenizeMs += performance.now() - begun;
    begun = performance.now();
    onProgress?.({ stage: 'read', path: source.path, done: 0, total: tokens.length });
    const request = { path: source.path, tokens, needs: scorer.needs, ...(question ? { question } : {}) };
    const seen = await this.readings.read(request, signal, (done, total) =>
      onProgress?.({ stage: 'read', path: source.path, done, total, readTo: tokens.bounds[done]! }),
    );
    const openMs = this.model.takeOpenMs();
    clock.loadMs += openMs;
    clock.observeMs += performance.now() - begun - openMs;
    begun = performance.now();
    tell('score');
    const scored = scoreText(scorer, tokens, seen);
    clock.scoreMs += performance.now() - begun;
    this.scored.set(key, scored, `${source.path}\0${scorer.id}`);
    return scored;
  }
}

function compressedFile(file: Ready, rendered: Rendered & { floor?: number }): CompressedFile {
  const asked = file.source.drops?.length;
  return {
    path: file.source.path,
    languageId: file.source.languageId,
    recipientTokens: { before: file.before, after: rendered.recipientTokens },
    text: rendered.text,
    spans: rendered.spans,
    elisions: rendered.elisions,
    ...(file.statements ? { ranking: { statements: file.statements, kept: keptOf(file, rendered) } } : {}),
    ...(asked ? { drops: file.order.drops.slice(0, asked) } : {}), // without those of comments and patterns
    ...(rendered.floor !== undefined ? { floor: rendered.floor } : {}),
    ...(file.order.structure.grammarFault ? { grammarFault: file.order.structure.grammarFault } : {}),
  };
}

/** Number of ranked statements that stay: the steps that were not taken. */
function keptOf({ order }: Ready, { steps }: Rendered): number {
  return order.steps.length - Math.max(order.forced, steps);
}

function shareOf({ before, after }: { readonly before: number; readonly after: number }): number {
  return before === 0 ? 1 : after / before;
}

/** Puts an empty file where a source was left out. @param context of the other sources */
function withLeftOut(context: CompressedContext, sources: readonly SourceText[]): CompressedContext {
  if (context.files.length === sources.length) return context;
  const rest = context.files.values();
  return {
    ...context,
    files: sources.map((source) => (source.grammarFault === 'leftOut' ? nothingOf(source) : rest.next().value!)),
  };
}

function nothingOf({ path, languageId, text }: SourceText): CompressedFile {
  return {
    path,
    languageId,
    recipientTokens: { before: 0, after: 0 },
    text: '',
    spans: text ? [{ start: 0, end: text.length, kept: false, reason: 'failed', retention: 0 }] : [],
    elisions: [],
    grammarFault: 'leftOut',
  };
}

/**
 * Names the source of an unexpected error, so that one text does not take the others with it.
 * @param source the text under work, or what tells it when the error comes: undefined if it is none alone
 * @throws GrammarFaultError with what to try next; any other error as it is, if it is a refusal or belongs to no text
 */
async function withFault<T>(
  source: SourceText | (() => SourceText | undefined),
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const at = typeof source === 'function' ? source() : source;
    const expected =
      cause instanceof GrammarFaultError || cause instanceof CancelledError || CompressionError.is(cause);
    if (expected || !at) throw cause;
    throw new GrammarFaultError(at.path, nextFault(at.grammarFault), { cause });
  }
}

/** Processor time of this process, in milliseconds: a busy machine does not count against a text. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Share of tokens kept per layer and head, over all files. */
function layerRetention(all: readonly ScoredText[]): LayerRetention[] {
  const { layers, heads } = all[0]!.scores;
  const total = all.reduce((sum, e) => sum + e.tokens.length, 0);
  const kept = all.map(({ tokens: { ids }, keeps }) => keptPerCache({ layers, heads, ids, keeps }));
  return Array.from({ length: layers }, (_, layer) => ({
    layer,
    heads: Array.from({ length: heads }, (_, head) => {
      const ofCache = kept.reduce((sum, text) => sum + text[layer]![head]!, 0);
      return total === 0 ? 1 : Math.round((ofCache / total) * 1e4) / 1e4;
    }),
  }));
}

/** Size of a scored text in bytes. */
function bytesOf({ tokens, scores, keeps, retention, seen }: ScoredText): number {
  const grids = [seen.nammScore, seen.attentionSum, seen.windowAttention, seen.lastAttention, seen.keyNorm].map(
    (g) => g?.data,
  );
  const arrays = [
    tokens.ids,
    tokens.bounds,
    keeps,
    retention,
    seen.logProb,
    seen.forecast?.codes,
    seen.evictedAt,
    ...new Set([scores.data, ...grids]),
  ];
  return arrays.reduce((sum, a) => sum + (a?.byteLength ?? 0), 0);
}

function unitsOf({ source }: { readonly source: SourceText }): number {
  return source.text.length;
}

function roundAll(clock: Stopwatch): Stopwatch {
  return Object.fromEntries(
    Object.entries(clock).map(([k, v]) => [k, Math.round(v * 10) / 10]),
  ) as unknown as Stopwatch;
}
