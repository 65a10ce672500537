// Knows what goes into a compression and what comes out: the vocabulary of every border.
import type { Budget } from './budget';
import type { EvidenceParts } from './evidence';
import type { Span } from './span';
import type { CounterId } from './token';

export const SCORER_IDS = [
  'extended',
  'namm',
  'h2o',
  'snapKV',
  'tova',
  'keyNorm',
  'surprisal',
  'recency',
  'random',
] as const;
export type ScorerId = (typeof SCORER_IDS)[number];
export const DEFAULT_SCORER: ScorerId = 'extended';

/** Whose scores a token shows: the extended memory decides about statements, its token scores are the network's. */
export function tokenScorer(scorer: ScorerId): ScorerId {
  return scorer === 'extended' ? 'namm' : scorer;
}

/** One text as the editor or the disk gave it: the last value that remembers where it came from. */
export interface SourceText {
  /** Shown to the reader and read by the model: relative path with forward slashes, or a name for unsaved text. */
  readonly path: string;
  /** VS Code language id ("typescript", "python", …); "plaintext" when unknown. */
  readonly languageId: string;
  readonly text: string;
  /** 1-based line of its file at which the text begins; 1 when absent. Markers count from it. */
  readonly firstLine?: number;
}

/** Why a token is what it is: the classes shown in the inspector. */
export const TOKEN_CLASSES = [
  'blank',
  'comment',
  'docstring',
  'import',
  'signature',
  'body',
  'literal',
  'punctuation',
  'licence',
  'generated',
] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** Why a span was kept or dropped. */
export type SpanReason =
  | 'score' // its rank under the budget decided
  | 'pinned' // the user asked for it
  | 'excluded' // the user asked for it to go
  | 'protected' // pragma-like line, shebang, …
  | 'syntax' // cutting it would break the code, or it closes something kept
  | 'unparsed' // stands in or beside what the grammar cannot read
  | 'absorbed' // blank space or punctuation that went with its neighbours
  | 'untouched'; // the file went through as it was

/** One piece of a file. The spans of a file tile its text in UTF-16 units. */
export interface RetainedSpan extends Span {
  readonly kept: boolean;
  readonly reason: SpanReason;
  /** Mean share of (layer, head) caches that kept its tokens, 0…1. */
  readonly retention: number;
  /** Id of the elision that holds it, when dropped. */
  readonly elision?: string;
}

/** One place where text was left out, and the way back to it. */
export interface Elision extends Span {
  /** `tag:line`, stable for unchanged text: the tag names path and text ([a-z2-7]{4}), the line is the first that went. */
  readonly id: string;
  /** 1-based, in the file that the text was taken from. */
  readonly line: number;
  readonly lines: number;
  readonly recipientTokens: number;
  /** What stands in its place in the compressed text, with its line break. Empty where only comments went: the code is whole. */
  readonly marker: string;
  /** The language has no comments: nothing in the text shows that something is missing here. */
  readonly silent?: true;
}

export interface CompressedFile {
  readonly path: string;
  readonly languageId: string;
  readonly recipientTokens: { readonly before: number; readonly after: number };
  /** Kept source, byte for byte, with elision markers between. */
  readonly text: string;
  readonly spans: readonly RetainedSpan[];
  readonly elisions: readonly Elision[];
  /** Set when the smallest valid text is larger than the budget; recipient tokens of that text. */
  readonly floor?: number;
}

/** Why a text cannot get smaller: what most of the smallest text is. */
export type FloorReason =
  | 'kept' // pins and protected lines, with what encloses them
  | 'markers' // markers, paths and the reading note, and what costs as much to mark as it saves
  | 'syntax' // what is left would not parse without it
  | 'unparsed'; // stands in or beside what the grammar cannot read, and stays whole

/** Why a text is above its budget. */
export interface Floor {
  readonly floorReason?: FloorReason;
  /** First place that the grammar cannot read, near enough, where that is the reason; the line is 1-based. */
  readonly floorAt?: { readonly path: string; readonly line: number };
}

/** Share of tokens that each KV head of a layer kept, 0…1. */
export interface LayerRetention {
  readonly layer: number;
  readonly heads: readonly number[];
}

export interface Timings {
  readonly loadMs: number;
  readonly tokenizeMs: number;
  readonly observeMs: number;
  readonly scoreMs: number;
  readonly renderMs: number;
}

/** With a floor reason where a file has a floor. */
export interface CompressedContext extends Floor {
  readonly version: 2;
  readonly scorer: ScorerId;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly budget: Budget;
  /** Reached: of several files the share of `recipientTokens` that is left; of one file that of its own text. */
  readonly keepRatio: number;
  /** Of the whole text that is handed over, markers and what the request says stands around the files included. */
  readonly recipientTokens: { readonly before: number; readonly after: number; readonly counter: CounterId };
  readonly files: readonly CompressedFile[];
  readonly layers: readonly LayerRetention[];
  readonly timings: Timings;
}

export const FORMAT_STYLES = ['markdown', 'xml'] as const;
export type FormatStyle = (typeof FORMAT_STYLES)[number];

/** What stands around the texts where they are handed over. */
export interface FormatOptions {
  /** Default markdown. */
  readonly style?: FormatStyle;
  /** One file alone: its bare text (default), or a block like any other. */
  readonly alone?: 'text' | 'block';
  /** False where the receiver is told elsewhere how to read it. */
  readonly note?: boolean;
}

/** What nobody waits for gives way to what somebody asked for; it goes on afterwards, where it stood. */
export type Priority = 'user' | 'background';

/** One text of a request, with what the user decided about it. Spans and offsets are UTF-16 units of `text`. */
export interface RequestedSource extends SourceText {
  /** Spans that must stay. A span may reach behind the end of the text. */
  readonly pins?: readonly Span[];
  /** Spans that go whatever the budget: the statements in them, without what is pinned. */
  readonly drops?: readonly Span[];
  /** Cursor position: code near it is worth more. */
  readonly focus?: number;
  /**
   * Recipient tokens that the file got last time and shall get again: an unchanged file then renders to the same bytes.
   * Given up only if the budget or the share of the other files would suffer too much.
   */
  readonly previousTokens?: number;
}

export interface CompressRequest {
  readonly sources: readonly RequestedSource[];
  readonly budget: Budget;
  readonly scorer: ScorerId;
  readonly counter: CounterId;
  /** Closes the reading with a question. */
  readonly query?: string;
  /** Regular expressions, each tried on single lines: lines that match stay. */
  readonly protectedPatterns?: readonly string[];
  /** Regular expressions, each tried on single lines: statements that begin on one that matches go. */
  readonly droppedPatterns?: readonly string[];
  /** False: `namm:keep` and `namm:drop` in comments do not count. */
  readonly inlineMarkers?: boolean;
  /** False leaves no trace of what was cut, except where syntax needs a placeholder. */
  readonly markers: boolean;
  /** How the result is handed over: a limit in tokens holds with all that stands around the texts. */
  readonly frame?: FormatOptions;
  /** Default 'user'. */
  readonly priority?: Priority;
}

/** Token-level evidence for one text, for hover and inspector. */
export interface InspectReport {
  readonly version: 1;
  readonly path: string;
  readonly languageId: string;
  readonly scorer: ScorerId;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly layers: number;
  readonly heads: number;
  /** [tokens + 1] UTF-16 bounds; token i covers [bounds[i], bounds[i + 1]). */
  readonly bounds: Int32Array;
  /** [tokens] vocabulary ids. */
  readonly ids: Int32Array;
  /** [tokens] index into TOKEN_CLASSES. */
  readonly classes: Uint8Array;
  /** [layers][heads][tokens] scores, higher = keep. */
  readonly scores: Float32Array;
  /** [layers][heads][tokens] 1 where the cache keeps the token. */
  readonly keeps: Uint8Array;
  /** [tokens] share of caches that keep the token. */
  readonly retention: Float32Array;
  /** Score at which a cache keeps a token; absent where each cache shows the better half of its own. */
  readonly threshold?: number;
  /** [layers][heads][tokens] update (0-based) in which the reading evicted the token; -1 where it stayed to the end. */
  readonly evictedAt: Int16Array;
  /** What the evidence for each token is made of; absent for scorers that know attention or surprisal alone. */
  readonly parts?: EvidenceParts;
  readonly updates: number;
  readonly meanCacheLength: number;
}

export interface InspectRequest {
  readonly source: SourceText;
  readonly scorer: ScorerId;
  readonly query?: string;
  /** As it was compressed with: UTF-16 offset of the place of work. */
  readonly focus?: number;
  /** Whether other texts were compressed with it, not by `auto`: what they use of it counts as it did then. */
  readonly among?: boolean;
  /** Default 'user'. */
  readonly priority?: Priority;
}

export interface Progress {
  readonly stage: 'load' | 'read' | 'render';
  /** File under work, and how far: done and total are model tokens for 'read'. */
  readonly path?: string;
  readonly done: number;
  readonly total: number;
}

/** What every edge talks to: in-process, over a pipe, or a test double. */
export interface CompressionService {
  compress(
    request: CompressRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<CompressedContext>;
  inspect(request: InspectRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<InspectReport>;
}
