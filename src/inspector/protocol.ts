// Defines the messages between the inspector's page and its panel, and the state that the page saves.
import type { Budget } from '../core/budget';
import type { CompressedFile, InspectReport, ScorerId } from '../core/context';
import type { Span } from '../core/span';
import type { CounterId } from '../core/token';
import type { DroppedEdges } from './changes';
import type { LayerOrder } from './layers';
import type { Scope } from './scope';

/** The text under inspection: a span of a document. */
export interface Subject extends Span {
  readonly uri: string;
  readonly path: string;
  readonly text: string;
}

/** The result of a budget for the run that the text belongs to. */
export interface BudgetView {
  /** Keep ratio asked for, 0…1; for other budgets the one reached. */
  readonly keepRatio: number;
  readonly budget: Budget;
  readonly scorer: ScorerId;
  readonly counter: CounterId;
  readonly before: number; // recipient tokens of the whole run
  readonly after: number;
  /** Per file recipient tokens; `floor`: a sentence that says why the file is above the budget. */
  readonly files: readonly {
    readonly before: number;
    readonly after: number;
    readonly floor?: string;
    readonly dropped: DroppedEdges;
  }[];
  /** Index of the subject in `files`. */
  readonly index: number;
  /** What decided about the subject. */
  readonly subject: Pick<CompressedFile, 'spans' | 'ranking' | 'recipientTokens'>;
}

/** Another scorer on the same text, under the same budget. */
export interface Compared {
  readonly report: InspectReport;
  readonly dropped: DroppedEdges;
}

export type ColourMode = 'layers' | 'scope' | 'evicted' | 'difference';

/** Saved, so that it survives a reload of the window and the end of the page when its tab is hidden. The span is that of the subject. */
export interface PageState extends Span {
  readonly uri: string;
  readonly whole: boolean; // whether the subject is the whole document
  readonly scorer: ScorerId;
  readonly compared: ScorerId | undefined;
  readonly scope: Scope;
  readonly mode: ColourMode;
  readonly order?: LayerOrder; // absent in a state of an earlier version
  readonly token: number | undefined;
  readonly keepRatio: number | undefined;
  /** Ids of the open tables. */
  readonly open: readonly string[];
}

export type ToPage =
  | {
      readonly kind: 'subject';
      readonly subject: Subject;
      readonly whole: boolean;
      readonly scorer: ScorerId;
      readonly report: InspectReport;
      readonly stale: boolean;
    }
  | { readonly kind: 'budget'; readonly budget: BudgetView; readonly opened: boolean } // opened: later budgets are compared with this one
  | { readonly kind: 'compared'; readonly compared: Compared | undefined }
  | { readonly kind: 'token'; readonly index: number }
  | { readonly kind: 'mask'; readonly scope: Scope | undefined }
  | { readonly kind: 'stale'; readonly stale: boolean }
  | { readonly kind: 'busy'; readonly busy: boolean }
  | { readonly kind: 'failed'; readonly text: string };

export type SaveFormat = 'json' | 'csv' | 'png';

export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'mask'; readonly scope: Scope | undefined }
  | { readonly kind: 'budget'; readonly keepRatio: number }
  | { readonly kind: 'token'; readonly index: number }
  | ({ readonly kind: 'span' } & Span) // of the subject's text
  | { readonly kind: 'compare'; readonly scorer: ScorerId | undefined }
  | { readonly kind: 'readAgain' }
  | { readonly kind: 'save'; readonly format: SaveFormat; readonly content: string | Uint8Array };

/** Data in the page's markup: the translations, and the scorers to compare with. */
export interface PageStart {
  readonly words: Readonly<Record<string, string>>;
  readonly scorers: readonly ScorerId[];
}
