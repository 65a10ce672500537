// The one use case of every edge: compress, guard credentials, remember what was left out, format; and expand.
import type { CompressedContext, CompressionService, CompressRequest, Progress } from '../core/context';
import type { ElisionStorePort, ExpandedElision, Original } from '../elisions/elision';
import { resolveElision, type ElisionRequest, type ElisionScope } from '../elisions/resolve';
import type { FoundSecret } from '../redact/guard';
import type { SearchOptions } from '../redact/secrets';
import type { SecretsRule } from '../redact/secretsRule';
import { payloadOf, type LoadGuard, type Payload, type PayloadOptions } from './payload';

export interface SessionParts {
  readonly engine: Pick<CompressionService, 'compress'>;
  readonly store: ElisionStorePort;
  readonly guard: LoadGuard;
}

export interface SessionResult extends Payload {
  readonly context: CompressedContext;
  /** Why the elisions could not be stored. The text is good all the same; only `expand` does not know its ids. */
  readonly storeError?: Error;
}

/** How a caller follows a run and stops it. */
export interface Call {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Without the text around it, which may hold credentials. */
export interface GuardedElision extends Omit<ExpandedElision, 'source'> {
  /** What was redacted. */
  readonly secrets: readonly FoundSecret[];
}

export class Session {
  constructor(private readonly parts: SessionParts) {}

  /**
   * Compresses, guards, remembers and formats: what the command line, the MCP server and the library do.
   * @param originals of each source, in the order of the request
   * @throws CompressionError; CancelledError; secretsFound under the rule `block`: then nothing is remembered
   */
  async run(
    request: CompressRequest,
    originals: readonly Original[],
    options: PayloadOptions,
    { signal, onProgress }: Call = {},
  ): Promise<SessionResult> {
    const context = await this.parts.engine.compress(request, signal, onProgress);
    const payload = await payloadOf({ context, originals }, options, this.parts.guard);
    const redacted = { ...context, files: payload.files };
    try {
      await this.parts.store.put(context, originals);
      return { context: redacted, ...payload };
    } catch (storeError) {
      return { context: redacted, ...payload, storeError: storeError as Error };
    }
  }

  /**
   * The original text behind an elision, without credentials.
   * @throws CompressionError badRequest | unknownElision | ambiguousElision | elisionStale | elisionDamaged | notFound | unreadable | secretsFound
   */
  async expand(
    request: ElisionRequest,
    scope: ElisionScope,
    secrets: SecretsRule,
    search: SearchOptions = {},
  ): Promise<GuardedElision> {
    const match = await resolveElision(request, this.parts.store, scope);
    const { source, ...expanded } = await match.expand();
    const { guardPart } = await this.parts.guard();
    const { value, found } = await guardPart(expanded.path, source, secrets, search);
    return { ...expanded, text: value, secrets: found };
  }
}
