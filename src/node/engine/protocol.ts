// The messages between the engine process and its client: two closed unions, matched by id.
import type { CompressedContext, CompressRequest, InspectReport, InspectRequest, Progress } from '../../core/context';
import type { FailureReason } from '../../core/errors';

/** A job. Each ends with exactly one result, failure or cancellation. */
export type EngineJob =
  | { readonly kind: 'compress'; readonly id: number; readonly request: CompressRequest }
  | { readonly kind: 'inspect'; readonly id: number; readonly request: InspectRequest };

/** A message of the parent. `cancel` names a job, queued or running; `shutdown` drops all jobs and ends the process. */
export type EngineRequest =
  EngineJob | { readonly kind: 'cancel'; readonly id: number } | { readonly kind: 'shutdown'; readonly id: number };

/**
 * A message of the engine. `ready` comes once, before any job; its id is 0. After `grammarFault` the process ends: its grammars broke
 * in the text of this path.
 */
export type EngineReply =
  | { readonly kind: 'ready'; readonly id: 0 }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'result'; readonly id: number; readonly result: CompressedContext | InspectReport }
  | { readonly kind: 'failure'; readonly id: number; readonly reason: FailureReason; readonly detail: string }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'grammarFault'; readonly id: number; readonly path: string };

/** The folders of the engine, passed as process arguments. */
export interface EngineFolders {
  readonly modelDir: string;
  readonly grammarDir: string;
  /** Folder for readings that outlive the process; without it none do. */
  readonly cacheDir?: string;
}

/**
 * Checks the outer shape of a message. The request inside is checked where the job is done.
 * @returns undefined for anything else: a job needs an id, so that it can be answered
 */
export function readRequest(message: unknown): EngineRequest | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { kind, id, request } = message as { kind?: unknown; id?: unknown; request?: unknown };
  if (!Number.isSafeInteger(id)) return undefined;
  if (kind === 'cancel' || kind === 'shutdown') return { kind, id: id as number };
  if (kind !== 'compress' && kind !== 'inspect') return undefined;
  return { kind, id, request: typeof request === 'object' && request !== null ? request : {} } as EngineJob;
}
