// The types of a compression's request and result, which every room shares.
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

/** The scorer whose token scores are shown: the extended memory ranks statements, its token scores are those of `namm`. */
export function tokenScorer(scorer: ScorerId): ScorerId {
  return scorer === 'extended' ? 'namm' : scorer;
}

/** One text, as the editor or the disk gave it. */
export interface SourceText {
  /** Shown to the recipient and read by the model: relative path with forward slashes, or a name for unsaved text. */
  readonly path: string;
  /** VS Code language id ("typescript", "python", …); "plaintext" when unknown. */
  readonly languageId: string;
  readonly text: string;
  /** 1-based line of its file at which the text begins; default 1. Markers count from it. */
  readonly firstLine?: number;
  /** What failed on it before is not tried again. */
  readonly grammarFault?: GrammarFault;
}

export const GRAMMAR_FAULTS = [
  'slow', // a parse cost far more than the length of the text explains
  'failed', // the grammar or its runtime broke, or did not answer
  'defect', // dividing it by its lines failed as well, or reading it did: it stays whole, and the model does not read it
  'leftOut', // even that failed: nothing of it is in the result
] as const;
/** Why less was done with a text than with others, from the mildest to the last resort. `slow` and `failed`: it is divided by its lines. */
export type GrammarFault = (typeof GRAMMAR_FAULTS)[number];

/** The classes of tokens, as the inspector shows them. */
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
  | 'unparsed' // in or beside text that the grammar cannot read
  | 'absorbed' // blank space or punctuation that was cut with its neighbours
  | 'untouched' // the file went through as it was
  | 'failed'; // work on the file failed, so nothing of it is there

/** One piece of a file. The spans of a file tile its text in UTF-16 units. */
export interface RetainedSpan extends Span {
  readonly kept: boolean;
  readonly reason: SpanReason;
  /** Mean share of (layer, head) caches that kept its tokens, 0…1. */
  readonly retention: number;
  /** Id of the elision that contains it, if it was dropped. */
  readonly elision?: string;
}

/** One place where text was left out. */
export interface Elision extends Span {
  /** `tag:line`, stable for unchanged text: the tag ([a-z2-7]{4}) is a hash of path and text, the line is the first dropped line. */
  readonly id: string;
  /** 1-based, in the file that the text was taken from. */
  readonly line: number;
  readonly lines: number;
  readonly recipientTokens: number;
  /** Its replacement in the compressed text, with the line break. Empty if only comments were dropped: the code is whole. */
  readonly marker: string;
  /** The language has no comments, so the text cannot show the elision. */
  readonly silent?: true;
  /** A patch lost lines inside a hunk here: it can be read, but not applied. */
  readonly partial?: true;
}

/** A name that gave a statement a part of its worth. */
export interface WorthyName {
  readonly name: string;
  /** Whether it is what the statement declares: of several names the first. */
  readonly declared: boolean;
  /** Occurrences in the code of the text outside the statement. */
  readonly elsewhere: number;
  /** Other texts of the context that use it. */
  readonly files: number;
  /** What the question has of it: the name itself, a word of it, or a declaration that uses it. */
  readonly asked?: 'name' | 'word' | 'declaration';
}

/** What the worth of a statement is made of, each 0…1; together 1, or 0 if it has none. */
export interface WorthParts {
  readonly names: number;
  /** Pairs of tokens that no statement of more worth has. */
  readonly pairs: number;
  readonly cursor: number;
  /** Attention that later code will probably give it. */
  readonly future: number;
  /** What the question asks for: a declaration, or a line with its words. */
  readonly question: number;
}

/** A statement that the budget decides about. */
export interface RankedStatement extends Span {
  /** Worth per recipient token with `extended`, the mean score of its model tokens with every other scorer. */
  readonly worth: number;
  /** Of its first token. */
  readonly class: TokenClass;
  /** Recipient tokens of its own text, without the statements in it. Only with `extended`, as all that follows. */
  readonly tokens?: number;
  readonly parts?: WorthParts;
  /** Share of what it would be worth alone that statements of more worth took from it, because they say the same; 0…1. */
  readonly repeated?: number;
  /** The names of most worth, the first one most; with what the statement declares, if that has worth. */
  readonly names?: readonly WorthyName[];
  /** Words of it that the question asks for, as they stand in it; only where the question gave it worth. */
  readonly asked?: readonly string[];
  /** Names that would be worth most if statements of more worth did not have them. */
  readonly known?: readonly string[];
}

/** How the statements of a file rank. */
export interface Ranking {
  /**
   * JSON of `RankedStatement[]`, the one that the smallest budget keeps first. What stays or goes whatever the budget is not
   * among them. As one string, thousands of statements cost next to nothing between processes; `statementsIn` unpacks it.
   */
  readonly statements: string;
  /** So many of them stay: the first ones. */
  readonly kept: number;
}

/** Why a line that the user leaves out stays. */
export type DropFault =
  | 'part' // it is a part of a statement that goes whole or not at all
  | 'pinned' // the statement holds something that the user keeps
  | 'unparsed' // the grammar cannot read what stands there or beside it
  | 'syntax' // the code would not parse without it
  | 'blank'; // nothing stands there

/** What becomes of one span that the user leaves out. */
export interface DropEffect {
  /** What goes for it: whole statements, possibly larger than the span. */
  readonly goes: readonly Span[];
  /** Set if some of its lines stay. */
  readonly fault?: DropFault;
  /** The smallest statement around the first of these lines that can go; `line` is 1-based, in its file. */
  readonly around?: Span & { readonly line: number; readonly lines: number };
}

export interface CompressedFile {
  readonly path: string;
  readonly languageId: string;
  readonly recipientTokens: { readonly before: number; readonly after: number };
  /** Kept source, byte for byte, with elision markers between. */
  readonly text: string;
  readonly spans: readonly RetainedSpan[];
  readonly elisions: readonly Elision[];
  /** Only if the request asks for it. */
  readonly ranking?: Ranking;
  /** Of each span in the `drops` of its source, in their order; absent without any. */
  readonly drops?: readonly DropEffect[];
  /** Recipient tokens of the smallest valid text; set if they exceed the budget. */
  readonly floor?: number;
  /** Set if its grammar could not be used, or if work on it failed. With `leftOut` its text is empty and its tokens count nowhere. */
  readonly grammarFault?: GrammarFault;
}

/** Why a text cannot get smaller: what the smallest text mostly consists of. */
export type FloorReason =
  | 'kept' // pins and protected lines, with the code around them
  | 'small' // so small that it stays whole: markers, paths and the note would cost as much as they save
  | 'code' // with less, no code of a text would be left
  | 'markers' // markers, paths and the note, and units whose marker costs as much as they save
  | 'syntax' // the rest would not parse without it
  | 'unparsed'; // text in or beside a syntax error, which stays whole

/** Why a text is above its budget. */
export interface Floor {
  readonly floorReason?: FloorReason;
  /** Approximate place of the first syntax error, if that is the reason; the line is 1-based. */
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

/** It has a floor reason if a file has a floor. With `auto` no file has one: the reason says why nothing was left out. */
export interface CompressedContext extends Floor {
  readonly version: 2;
  readonly scorer: ScorerId;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly budget: Budget;
  /** The reached ratio, after/before of `recipientTokens`; of a single file in a block that of its own text. */
  readonly keepRatio: number;
  /** Of the whole handed-over text: markers and the frame of the request included. */
  readonly recipientTokens: { readonly before: number; readonly after: number; readonly counter: CounterId };
  readonly files: readonly CompressedFile[];
  readonly layers: readonly LayerRetention[];
  readonly timings: Timings;
}

export const FORMAT_STYLES = ['markdown', 'xml'] as const;
export type FormatStyle = (typeof FORMAT_STYLES)[number];

/** The frame around the texts when they are handed over. */
export interface FormatOptions {
  /** Default markdown. */
  readonly style?: FormatStyle;
  /** A single file: its bare text (default), or a block with path and language. */
  readonly alone?: 'text' | 'block';
  /** False if the recipient learns elsewhere how to read markers. */
  readonly note?: boolean;
  /**
   * Whether JSON in a block has comments as markers, which say where something is missing: somebody reads it, and no program
   * parses it. Default false: the head of the block names the lines.
   */
  readonly commented?: boolean;
}

/** A background job makes way for a user's job and continues afterwards. */
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
  /** What the context is compressed for; the model reads it last. */
  readonly query?: string;
  /** Regular expressions, tried on each line: matching lines stay. */
  readonly protectedPatterns?: readonly string[];
  /** Regular expressions, tried on each line: statements that begin on a matching line go. */
  readonly droppedPatterns?: readonly string[];
  /** False ignores `namm:keep` and `namm:drop` in comments. */
  readonly inlineMarkers?: boolean;
  /** False leaves no markers; placeholders that the syntax needs stay. */
  readonly markers: boolean;
  /** The frame of the handed-over text: a limit in tokens includes it. */
  readonly frame?: FormatOptions;
  /** Whether each file says how its statements rank. Default false. */
  readonly ranking?: boolean;
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
  /** Score at which a cache keeps a token; absent if each cache keeps the better half of its tokens. */
  readonly threshold?: number;
  /** [layers][heads][tokens] update (0-based) in which the reading evicted the token; -1 if it stayed to the end. */
  readonly evictedAt: Int16Array;
  /** The parts of each token's evidence; absent for scorers with a single signal. */
  readonly parts?: EvidenceParts;
  readonly updates: number;
  /** [updates] text tokens that were read when the update ended. */
  readonly read: Int32Array;
  readonly meanCacheLength: number;
}

export interface InspectRequest {
  readonly source: SourceText;
  readonly scorer: ScorerId;
  readonly query?: string;
  /** Cursor position of the compression, UTF-16 offset. */
  readonly focus?: number;
  /** Whether it was compressed among other texts (not with `auto`): names that they use count as they did then. */
  readonly among?: boolean;
  /** Default 'user'. */
  readonly priority?: Priority;
}

export interface Progress {
  /** In this order, once for each file; 'fit' comes several times, and 'render' is the work on all files together. */
  readonly stage: 'parse' | 'tokenize' | 'read' | 'score' | 'order' | 'fit' | 'render';
  /** File under work, and how far: done and total are model tokens for 'read', files for the other stages. Absent: all files. */
  readonly path?: string;
  readonly done: number;
  readonly total: number;
  /** With 'read': UTF-16 offset up to which the text is read. */
  readonly readTo?: number;
}

/** The engine, in this process or behind a pipe. */
export interface CompressionService {
  compress(
    request: CompressRequest,
    signal?: AbortSignal,
    onProgress?: (p: Progress) => void,
  ): Promise<CompressedContext>;
  inspect(request: InspectRequest, signal?: AbortSignal, onProgress?: (p: Progress) => void): Promise<InspectReport>;
}
