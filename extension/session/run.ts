// Describes one compression in the editor: where its texts came from, what was asked, what came back.
import type * as vscode from 'vscode';
import type { Budget } from '../../src/core/budget';
import type { CompressedContext, CompressRequest, SourceText } from '../../src/core/context';
import type { Span } from '../../src/core/span';
import type { Skipped } from '../platform/messages';

/** Where the texts of a run came from. With it the run can be repeated. */
export type Scope =
  | { readonly kind: 'editor'; readonly uri: vscode.Uri; readonly part?: Part } // `part`: the selection, as it was
  | { readonly kind: 'editors' }
  | { readonly kind: 'notebook'; readonly uri: vscode.Uri }
  | { readonly kind: 'context' }
  | { readonly kind: 'files'; readonly uris: readonly vscode.Uri[] }
  | { readonly kind: 'texts'; readonly sources: readonly Source[] }; // exactly these, possibly parts of files

/** A part of a text. `rebaseSpan` finds it again after edits by comparing both versions of the text. */
export type Part = Pick<Source, 'document' | 'start' | 'end'>;

/** One text as it was when the run began. The span is its compressed part. */
export interface Source extends Span {
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly languageId: string;
  /** The whole document. */
  readonly document: string;
  /** Version of the open document; undefined when the text was read from disk. */
  readonly version: number | undefined;
}

export interface Run {
  readonly scope: Scope;
  /** Addresses of every text of the scope, including skipped ones. */
  readonly requestedUris: readonly vscode.Uri[];
  /** The request, so that it can be repeated with another budget. */
  readonly request: CompressRequest;
  readonly context: CompressedContext;
  readonly sources: readonly Source[];
  /** A budget from the inspector's slider. It replaces the budget of the settings. */
  readonly budgetOverride?: Budget;
}

/** The compressed part of a source, as the engine takes it. */
export function textOf({ path, languageId, document, start, end }: Source): SourceText {
  return { path, languageId, text: document.slice(start, end) };
}

/** Recipient tokens: of a single file those of the file, of several those of the whole handed-over text. */
export function tokensOf({ files, recipientTokens }: CompressedContext): CompressedContext['recipientTokens'] {
  return files.length > 1 ? recipientTokens : { ...recipientTokens, ...files[0]!.recipientTokens };
}

/** The files that the engine could not get past. */
export function leftOutOf({ context }: Run): Skipped[] {
  return context.files.filter((f) => f.grammarFault === 'leftOut').map(({ path }) => ({ path, reason: 'textFailed' }));
}
