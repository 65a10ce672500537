// Knows the messages between the engine process and its client: two closed unions, matched by id.
import type { CompressedContext, CompressRequest, InspectReport, InspectRequest, Progress } from '../core/context';
import type { FailureReason } from '../core/errors';

export type EngineRequest =
  | { readonly kind: 'compress'; readonly id: number; readonly request: CompressRequest }
  | { readonly kind: 'inspect'; readonly id: number; readonly request: InspectRequest }
  | { readonly kind: 'cancel'; readonly id: number };

export type EngineReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'result'; readonly id: number; readonly result: CompressedContext | InspectReport }
  | { readonly kind: 'failure'; readonly id: number; readonly reason: FailureReason; readonly detail: string }
  | { readonly kind: 'cancelled'; readonly id: number };

/** Where the engine finds its files; handed over as process arguments. */
export interface EngineFolders {
  readonly modelDir: string;
  readonly grammarDir: string;
}
