// Knows the messages between the inspector's page and its panel: two closed unions, and what the page remembers.
import type { InspectReport, ScorerId } from '../core/context';
import type { CounterId } from '../core/token';
import type { DroppedEdges } from './changes';
import type { Scope } from './scope';

/** The text under inspection: [start, end) of a document. */
export interface Subject {
  readonly uri: string;
  readonly path: string;
  readonly start: number; // UTF-16 units of the document
  readonly end: number;
  readonly text: string;
}

/** What a budget makes of the run that the text belongs to. */
export interface BudgetView {
  /** Asked for, 0…1; what was reached where the budget is no ratio. */
  readonly keepRatio: number;
  readonly counter: CounterId;
  readonly before: number; // recipient tokens of the whole run
  readonly after: number;
  /** floor: why it is above the budget, in words. */
  readonly files: readonly {
    readonly before: number;
    readonly after: number;
    readonly floor?: string;
    readonly dropped: DroppedEdges;
  }[];
  /** Which of the files is the subject. */
  readonly index: number;
}

export type ColourMode = 'layers' | 'scope' | 'evicted' | 'difference';

/** Survives a reload of the window, and the page's own end when its tab is hidden. */
export interface PageState {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  readonly whole: boolean; // all of the document
  readonly scorer: ScorerId;
  readonly compared: ScorerId | undefined;
  readonly scope: Scope;
  readonly mode: ColourMode;
  readonly token: number | undefined;
  readonly keepRatio: number | undefined;
  /** Which tables are open. */
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
  | { readonly kind: 'budget'; readonly budget: BudgetView; readonly opened: boolean } // opened: what later budgets are held against
  | { readonly kind: 'compared'; readonly report: InspectReport | undefined }
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
  | { readonly kind: 'compare'; readonly scorer: ScorerId | undefined }
  | { readonly kind: 'readAgain' }
  | { readonly kind: 'save'; readonly format: SaveFormat; readonly content: string | Uint8Array };

/** What the page's markup carries: the translations, and what there is to compare with. */
export interface PageStart {
  readonly words: Readonly<Record<string, string>>;
  readonly scorers: readonly ScorerId[];
}
