// Compresses a context for a chat, a tool or an endpoint: with a question, and with a budget of its own.
import type { Budget } from '../../src/core/budget';
import type { CompressionService, CompressRequest, FormatStyle } from '../../src/core/context';
import { CompressionError } from '../../src/core/errors';
import { MAX_QUERY_UNITS } from '../../src/core/limits';
import type { Marks } from './marks';
import type { Run, Source } from './run';
import { requestFor } from './request';
import { readSettings } from '../platform/settings';
import type { Elisions } from './elisions';

export interface ContextOptions {
  readonly query?: string | undefined;
  /** Default: the user's setting. */
  readonly budget?: Budget | undefined;
}

export class Contexts {
  constructor(
    private readonly service: CompressionService,
    private readonly marks: Marks,
    private readonly elisions: Elisions,
  ) {}

  /** Every elision of the result can be expanded. @throws CompressionError; CancelledError */
  async compress(sources: readonly Source[], wish: ContextOptions, signal: AbortSignal): Promise<Run> {
    if (!sources.length) throw new CompressionError('emptyInput');
    const settings = readSettings(sources.length === 1 ? sources[0] : undefined);
    const request: CompressRequest = {
      ...requestFor(sources, settings, this.marks),
      ...(wish.budget ? { budget: wish.budget } : {}),
      markers: true, // without them the model cannot ask for elisions
      // A chat's question may hold a whole log; its beginning tells what is asked.
      ...(wish.query ? { query: wish.query.slice(0, MAX_QUERY_UNITS) } : {}),
    };
    const context = await this.service.compress(request, signal);
    const requestedUris = [...new Map(sources.map((s) => [s.uri.toString(), s.uri])).values()];
    const run: Run = { request, scope: { kind: 'texts', sources }, requestedUris, context, sources };
    await this.elisions.remember(run);
    return run;
  }

  /** The run in another style; a limit in tokens holds for that style, too. @throws CompressionError */
  async styled(run: Run, style: FormatStyle): Promise<Run> {
    const { budget, frame } = run.request;
    if (budget.kind !== 'maxTokens' || frame?.style === style) return run;
    const request: CompressRequest = { ...run.request, frame: { ...frame, style }, priority: 'user' };
    const styled: Run = { ...run, request, context: await this.service.compress(request) };
    await this.elisions.remember(styled);
    return styled;
  }
}
