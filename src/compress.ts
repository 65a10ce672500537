// Knows the order of the stages, only the order: tokenize, protect, observe, score, select, merge, snap, render.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bounded } from './core/bounded';
import { allowedTokens } from './core/budget';
import {
  MAX_TEXT_UNITS,
  type CompressedContext,
  type CompressedFile,
  type CompressionService,
  type CompressRequest,
  type InspectReport,
  type InspectRequest,
  type LayerRetention,
  type Progress,
  type SourceText,
} from './core/context';
import { CompressionError, throwIfAborted } from './core/errors';
import type { TextChannels, TokenEvidence } from './core/evidence';
import type { CacheGrid, Observation, TokenScores } from './core/observation';
import { checkCompress, checkInspect } from './core/request';
import { keepTop } from './core/select';
import type { CounterId, TokenCounter, TokenList } from './core/token';
import { openModel, type LocalModel } from './model/model';
import { Readings } from './model/readings';
import { SCORERS, type Learned, type Scorer } from './scorers';
import { unpackExtended } from './scorers/extended';
import { counterFor } from './text/counters';
import { fitToTokens, stepsUnder } from './text/fit';
import { formatContext } from './text/format';
import { Grammars } from './text/grammars';
import { askedNames, namesOf } from './text/names';
import { orderCuts, type CutOrder } from './text/order';
import { renderPrefix, type Rendered, type RenderOptions } from './text/render';
import { parseStructure, type CodeStructure } from './text/structure';
import { wishesOf, type Asked } from './text/wishes';

export interface CompressorOptions {
  readonly modelDir: string;
  readonly grammarDir: string;
  readonly threads?: number;
  /** Folder for readings that outlive the process; none without it. */
  readonly cacheDir?: string;
}

/** Most bytes held for a moved budget, new pins or another text beside the old ones: evidence, and what the text side made of it. */
const EVIDENCE_BYTES = 128_000_000;
const TEXT_UNITS = 4_000_000; // of all texts whose structure or order is held

/** Share of the budget that may stay unused before it is offered to the files once more. */
const SLACK = 0.02;
/** The same while files keep the shares they had: a prompt cache is worth more than the last tokens. */
const HELD_SLACK = 0.05;
/** Least part of its fair share that a changed file gets before the others have to give up theirs. */
const LEAST_SHARE = 0.75;

interface Evidence {
  readonly tokens: TokenList;
  readonly scores: TokenScores;
  readonly keeps: Uint8Array; // [layers][heads][tokens]
  readonly retention: Float32Array; // [tokens]
  readonly seen: Observation;
}

interface Ready {
  readonly source: SourceText;
  readonly evidence: Evidence;
  readonly order: CutOrder;
  readonly before: number; // reader tokens
}

interface Clock {
  loadMs: number;
  tokenizeMs: number;
  observeMs: number;
  scoreMs: number;
  renderMs: number;
}

/** The engine in this process. Owns native sessions: dispose it. */
export class Compressor implements CompressionService {
  private readonly evidence = new Bounded<Evidence>(EVIDENCE_BYTES, bytesOf);
  private readonly structures = new Bounded<CodeStructure>(TEXT_UNITS, unitsOf);
  private readonly orders = new Bounded<CutOrder>(TEXT_UNITS, unitsOf);
  private readonly counters = new Map<CounterId, TokenCounter>();
  private readonly learned: Learned;

  private constructor(
    readonly model: LocalModel,
    private readonly readings: Readings,
    private readonly grammars: Grammars,
    private loadMs: number,
  ) {
    const { shape, extended } = model.folder;
    this.learned = { extended: unpackExtended(extended, shape.layers * shape.kvHeads) };
  }

  /** @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing */
  static async create(options: CompressorOptions): Promise<Compressor> {
    const begun = performance.now();
    const model = await openModel(options.modelDir, options.threads);
    const grammars = new Grammars((file) => readFile(join(options.grammarDir, file)));
    return new Compressor(model, new Readings(model, options), grammars, performance.now() - begun);
  }

  async dispose(): Promise<void> {
    for (const cache of [this.evidence, this.structures, this.orders]) cache.clear();
    await this.readings.close();
    await this.model.release();
  }

  /** @throws CompressionError emptyInput | badRequest | fileTooLarge | noThreshold; CancelledError */
  async compress(request: CompressRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<CompressedContext> {
    checkCompress(request);
    if (request.sources.length === 0 || request.sources.every((s) => s.text.length === 0)) throw new CompressionError('emptyInput');
    const scorer = SCORERS[request.scorer](this.learned);
    const auto = this.model.folder.auto?.[request.scorer];
    if (request.budget.kind === 'auto' && auto === undefined) throw new CompressionError('noThreshold', request.scorer);
    const clock: Clock = { loadMs: this.loadMs, tokenizeMs: 0, observeMs: 0, scoreMs: 0, renderMs: 0 };
    this.loadMs = 0; // loading is paid once
    const counter = this.counter(request.counter);
    const files: Ready[] = [];
    for (const [i, source] of request.sources.entries()) {
      const evidence = await this.observe(source, scorer, request.query, clock, signal, onProgress);
      throwIfAborted(signal);
      const begun = performance.now();
      const order = await this.order(source, evidence, askedOf(request, i), scorer, request.query, request.focus?.[i]);
      clock.scoreMs += performance.now() - begun;
      files.push({ source, evidence, order, before: counter.count(source.text) });
    }
    throwIfAborted(signal);
    onProgress?.({ stage: 'render', done: 0, total: files.length });
    const begun = performance.now();
    const { rendered, before, after } =
      request.budget.kind === 'auto'
        ? this.renderAuto(files, auto!, counter, request.markers)
        : this.renderTo(files, request, counter);
    clock.renderMs = performance.now() - begun;
    return {
      version: 1,
      scorer: request.scorer,
      model: { name: this.model.folder.name, sha256: this.model.folder.sha256 },
      budget: request.budget,
      keepRatio: before === 0 ? 1 : after / before,
      readerTokens: { before, after, counter: request.counter },
      files: files.map((f, i) => compressedFile(f, rendered[i]!)),
      layers: layerRetention(files.map((f) => f.evidence)),
      timings: roundAll(clock),
    };
  }

  /** @throws CompressionError emptyInput | badRequest | fileTooLarge; CancelledError */
  async inspect(request: InspectRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<InspectReport> {
    checkInspect(request);
    const { source, scorer } = request;
    if (source.text.length === 0) throw new CompressionError('emptyInput');
    const clock: Clock = { loadMs: 0, tokenizeMs: 0, observeMs: 0, scoreMs: 0, renderMs: 0 };
    const judge = SCORERS[scorer](this.learned);
    const evidence = await this.observe(source, judge, request.query, clock, signal, onProgress);
    const structure = await this.structure(source);
    return {
      version: 1,
      path: source.path,
      languageId: source.languageId,
      scorer,
      model: { name: this.model.folder.name, sha256: this.model.folder.sha256 },
      layers: evidence.scores.layers,
      heads: evidence.scores.heads,
      bounds: evidence.tokens.bounds,
      ids: evidence.tokens.ids,
      classes: structure.classes(evidence.tokens.bounds),
      scores: evidence.scores.data,
      keeps: evidence.keeps,
      retention: evidence.retention,
      ...(judge.threshold === undefined ? {} : { threshold: judge.threshold }),
      evictedAt: evidence.seen.evictedAt,
      ...(judge.explain ? { parts: judge.explain(evidence.seen, channelsOf(structure, evidence.tokens.bounds, request.query)) } : {}),
      updates: evidence.seen.updates,
      meanCacheLength: evidence.seen.meanCacheLength,
    };
  }

  /** Structure of one text. */
  async structure(source: SourceText): Promise<CodeStructure> {
    const key = keyOf(source.path, source.languageId, source.text);
    const known = this.structures.get(key);
    if (known) return known;
    const structure = await parseStructure(source, this.grammars);
    this.structures.set(key, structure);
    return structure;
  }

  /** One of each kind: they remember the pieces that they counted. */
  private counter(id: CounterId): TokenCounter {
    let counter = this.counters.get(id);
    if (!counter) {
      counter = id === 'model' ? { id, count: (text) => this.model.tokenizer.tokenize(text).length } : counterFor(id);
      this.counters.set(id, counter);
    }
    return counter;
  }

  private async observe(
    source: SourceText,
    scorer: Scorer,
    query: string | undefined,
    clock: Clock,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<Evidence> {
    if (source.text.length > MAX_TEXT_UNITS) throw new CompressionError('fileTooLarge', source.path);
    const key = keyOf(source.path, source.text, scorer.id, query ?? '');
    const known = this.evidence.get(key);
    if (known) return known;
    let begun = performance.now();
    const tokens = this.model.tokenizer.tokenize(source.text);
    clock.tokenizeMs += performance.now() - begun;
    begun = performance.now();
    onProgress?.({ stage: 'read', path: source.path, done: 0, total: tokens.length });
    const request = { path: source.path, tokens, needs: scorer.needs, ...(query ? { question: query } : {}) };
    const seen = await this.readings.read(request, signal, (done, total) => onProgress?.({ stage: 'read', path: source.path, done, total }));
    clock.observeMs += performance.now() - begun;
    begun = performance.now();
    const evidence = weigh(tokens, scorer, seen);
    clock.scoreMs += performance.now() - begun;
    this.evidence.set(key, evidence);
    return evidence;
  }

  private async order(
    source: SourceText,
    evidence: Evidence,
    asked: Asked,
    scorer: Scorer,
    query?: string,
    focus?: number,
  ): Promise<CutOrder> {
    const key = keyOf(source.path, source.languageId, source.text, scorer.id, query ?? '', JSON.stringify(asked), `${focus ?? ''}`);
    const known = this.orders.get(key);
    if (known) return known;
    const structure = await this.structure(source);
    const { pins, drops, protects } = wishesOf(structure, asked);
    const order = orderCuts(structure, evidenceFor(structure, evidence, scorer, query, focus), pins, { drops, protects });
    this.orders.set(key, order);
    return order;
  }

  private renderAuto(files: readonly Ready[], threshold: number, counter: TokenCounter, markers: boolean): Fitted {
    const rendered = files.map((f) => renderPrefix(f.order, stepsUnder(f.order, threshold), renderOptions(f, counter, markers)));
    return totals(files, rendered, counter, counter.count(formatContext(files.map((f) => f.source))));
  }

  /** Shares the budget by size; what one file cannot give back (its floor) is asked of the others. */
  private renderTo(files: readonly Ready[], request: CompressRequest, counter: TokenCounter): Fitted {
    const before = counter.count(formatContext(files.map((f) => f.source)));
    const allowed = allowedTokens(request.budget, before)!;
    const options = files.map((f) => renderOptions(f, counter, request.markers));
    if (allowed >= before) return totals(files, files.map((f, i) => renderPrefix(f.order, f.order.forced, options[i]!)), counter, before);
    const sizes = files.map((f) => f.before);
    const whole = sizes.reduce((a, b) => a + b, 0);
    // Where not every file can keep its share, those at the end give theirs up first: the beginning is what a cache keeps.
    for (let held = [...(request.held ?? [])]; held.some((h) => h !== undefined); held = held.slice(0, held.findLastIndex((h) => h !== undefined))) {
      const fitted = this.renderHeld(files, held, allowed, before, options, counter);
      if (fitted) return fitted;
    }
    const floors = files.map((): number | undefined => undefined);
    let target = allowed - (files.length > 1 ? before - whole : 0); // headers are part of the budget
    let best: Fitted | undefined;
    let stride = 1; // units are coarse: a little less may change nothing, so a vain step is followed by a longer one
    let previous = -1;
    for (let round = 0; round < 16; round++) {
      const stuck = floors.reduce<number>((sum, f) => sum + (f ?? 0), 0);
      const free = sizes.reduce((sum, s, i) => sum + (floors[i] === undefined ? s : 0), 0);
      let settled = true;
      const rendered = files.map((f, i): Rendered & { floor?: number } => {
        const share = floors[i] !== undefined ? 0 : Math.max(0, Math.floor(((target - stuck) * sizes[i]!) / Math.max(1, free)));
        const fit = fitToTokens(f.order, share, options[i]!);
        if (fit.floor !== undefined && floors[i] === undefined) {
          floors[i] = fit.floor;
          settled = false;
        }
        return { ...fit.rendered, ...(fit.floor !== undefined ? { floor: fit.floor } : {}) };
      });
      const now = totals(files, rendered, counter, before);
      // The fullest text within the budget wins; failing that, the smallest.
      const better = now.after <= allowed ? !best || best.after > allowed || now.after > best.after : !best || now.after < best.after;
      if (better) best = now;
      if (floors.every((f) => f !== undefined)) break;
      const over = now.after - allowed; // the reading note and merged borders; or what the files' next units left unused
      stride = now.after === previous ? stride * 2 : 1;
      previous = now.after;
      if (over > 0) target -= over * stride;
      else if (!settled) continue;
      else if (files.length === 1 || -over < allowed * SLACK) break;
      else target -= Math.ceil(over * 0.8);
    }
    // A floor is worth telling only when the whole missed the budget for it.
    if (best!.after <= allowed) for (const r of best!.rendered) delete (r as { floor?: number }).floor;
    return best!;
  }

  /** Files keep what they had; the others get their fair share of the budget, or what is left of it. @returns undefined when that is too little, or leaves too much unused */
  private renderHeld(
    files: readonly Ready[],
    held: readonly (number | undefined)[],
    allowed: number,
    before: number,
    options: readonly RenderOptions[],
    counter: TokenCounter,
  ): Fitted | undefined {
    const sum = (of: (f: Ready, i: number) => number): number => files.reduce((total, f, i) => total + of(f, i), 0);
    const kept = files.map((f, i) => (held[i] === undefined ? undefined : fitToTokens(f.order, held[i], options[i]!).rendered));
    const free = sum((f, i) => (kept[i] ? 0 : f.before));
    const whole = sum((f) => f.before);
    const headers = files.length > 1 ? before - whole : 0;
    const fair = (allowed - headers) / whole;
    let target = allowed - headers - sum((_, i) => kept[i]?.readerTokens ?? 0);
    for (let round = 0; round < 6; round++) {
      const ratio = free === 0 ? fair : Math.min(fair, target / free);
      if (ratio < fair * LEAST_SHARE) return undefined;
      const rendered = files.map((f, i) => kept[i] ?? fitToTokens(f.order, Math.floor(ratio * f.before), options[i]!).rendered);
      const now = totals(files, rendered, counter, before);
      if (now.after <= allowed) return now.after < allowed * (1 - HELD_SLACK) ? undefined : now;
      if (free === 0) return undefined;
      target = Math.min(target, ratio * free) - (now.after - allowed) * 2 ** round; // the reading note, and units larger than what is over
    }
    return undefined;
  }
}

function askedOf(request: CompressRequest, index: number): Asked {
  return {
    pins: request.pins?.[index] ?? [],
    drops: request.drops?.[index] ?? [],
    protectedPatterns: request.protectedPatterns ?? [],
    droppedPatterns: request.droppedPatterns ?? [],
    inlineMarkers: request.inlineMarkers ?? true,
  };
}

interface Fitted {
  readonly rendered: readonly (Rendered & { floor?: number })[];
  readonly before: number;
  readonly after: number;
}

function totals(files: readonly Ready[], rendered: readonly Rendered[], counter: TokenCounter, before: number): Fitted {
  const texts = files.map((f, i) => ({ path: f.source.path, languageId: f.source.languageId, text: rendered[i]!.text, elisions: rendered[i]!.elisions }));
  return { rendered, before, after: counter.count(formatContext(texts)) };
}

function renderOptions(file: Ready, counter: TokenCounter, markers: boolean): RenderOptions {
  return { markers, counter, retention: { bounds: file.evidence.tokens.bounds, values: file.evidence.retention } };
}

function compressedFile(file: Ready, rendered: Rendered & { floor?: number }): CompressedFile {
  return {
    path: file.source.path,
    languageId: file.source.languageId,
    readerTokens: { before: file.before, after: rendered.readerTokens },
    text: rendered.text,
    spans: rendered.spans,
    elisions: rendered.elisions,
    ...(rendered.floor !== undefined ? { floor: rendered.floor } : {}),
  };
}

/** Scores, the caches' own decisions, and their share. */
function weigh(tokens: TokenList, scorer: Scorer, seen: Observation): Evidence {
  const scores = scorer.score(seen);
  const n = tokens.length;
  const caches = scores.layers * scores.heads;
  const keeps = new Uint8Array(caches * n);
  const retention = new Float32Array(n);
  for (let c = 0; c < caches; c++) {
    const row = scores.data.subarray(c * n, (c + 1) * n);
    if (scorer.threshold !== undefined) for (let t = 0; t < n; t++) keeps[c * n + t] = row[t]! >= scorer.threshold ? 1 : 0;
    // Without a threshold of its own, a cache shows its better half.
    else for (const t of keepTop(row, Math.ceil(n / 2))) keeps[c * n + t] = 1;
    for (let t = 0; t < n; t++) retention[t]! += keeps[c * n + t]! / caches;
  }
  return { tokens, scores, keeps, retention, seen };
}

/** What ranks the text: the scorer's own weighing, or the mean score over all caches. */
function evidenceFor(structure: CodeStructure, { tokens, scores, seen }: Evidence, scorer: Scorer, query?: string, focus?: number): TokenEvidence {
  const { bounds } = tokens;
  return scorer.weigh ? { bounds, ...scorer.weigh(seen, channelsOf(structure, bounds, query, focus)) } : { bounds, values: meanOverCaches(scores) };
}

function channelsOf(structure: CodeStructure, bounds: Int32Array, query?: string, focus?: number): TextChannels {
  const classes = structure.classes(bounds);
  const names = namesOf(structure, bounds, classes);
  return {
    classes,
    names,
    ...(query ? { asked: askedNames(names, structure.source.text, query) } : {}),
    ...(focus === undefined ? {} : { focus: { offset: focus, bounds } }),
  };
}

/** @returns [tokens] */
function meanOverCaches({ layers, heads, tokens, data }: CacheGrid): Float32Array {
  const mean = new Float32Array(tokens);
  data.forEach((x, i) => (mean[i % tokens]! += x / (layers * heads)));
  return mean;
}

/** Share of tokens kept per layer and head, over all files. */
function layerRetention(all: readonly Evidence[]): LayerRetention[] {
  const { layers, heads } = all[0]!.scores;
  const total = all.reduce((sum, e) => sum + e.tokens.length, 0);
  return Array.from({ length: layers }, (_, layer) => ({
    layer,
    heads: Array.from({ length: heads }, (_, head) => {
      let kept = 0;
      for (const e of all) {
        const n = e.tokens.length;
        const at = (layer * heads + head) * n;
        for (let t = at; t < at + n; t++) kept += e.keeps[t]!;
      }
      return total === 0 ? 1 : Math.round((kept / total) * 1e4) / 1e4;
    }),
  }));
}

function keyOf(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const p of parts) hash.update(`${p.length}:`).update(p);
  return hash.digest('base64');
}

/** Bytes of one evidence. */
function bytesOf({ tokens, scores, keeps, retention, seen }: Evidence): number {
  const grids = [seen.nammScore, seen.attentionSum, seen.windowAttention, seen.lastAttention, seen.keyNorm].map((g) => g?.data);
  const arrays = [tokens.ids, tokens.bounds, keeps, retention, seen.logProb, seen.evictedAt, ...new Set([scores.data, ...grids])];
  return arrays.reduce((sum, a) => sum + (a?.byteLength ?? 0), 0);
}

function unitsOf({ source }: { readonly source: SourceText }): number {
  return source.text.length;
}

function roundAll(clock: Clock): Clock {
  return Object.fromEntries(Object.entries(clock).map(([k, v]) => [k, Math.round(v * 10) / 10])) as unknown as Clock;
}
