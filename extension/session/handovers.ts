// Remembers the last hand-over, so that unchanged files keep their place and their bytes: an assistant's prompt cache stays valid.
import type { CompressRequest, RequestedSource } from '../../src/core/context';
import { lastHandoverOf, orderForCache, type LastHandover } from '../../src/handover/cacheOrder';
import { textOf, type Run, type Scope, type Source } from './run';

/** Prompt caches last minutes, so nothing is stored beyond the window. */
export class Handovers {
  private last:
    (LastHandover & { readonly shape: string; readonly constraints: ReadonlyMap<string, string> }) | undefined;

  /** Notes a hand-over of several files; a single file has no order. */
  note({ request, context, sources }: Run): void {
    if (sources.length > 1)
      this.last = {
        ...lastHandoverOf(context, request.sources),
        shape: shapeOf(request),
        constraints: new Map(request.sources.map((s) => [s.path, constraintsKey(s)])),
      };
  }

  forget(): void {
    this.last = undefined;
  }

  /** The sources in the order to send them. Files of the Context view and cells of a notebook keep the user's order. @param pinned by path */
  inOrder(scope: Scope, sources: readonly Source[], pinned: (path: string) => boolean): readonly Source[] {
    if ((scope.kind !== 'editors' && scope.kind !== 'files') || sources.length < 2) return sources;
    return orderForCache(sources.map(textOf), this.last, { pinned: (s) => pinned(s.path) }).map(
      ({ index }) => sources[index]!,
    );
  }

  /**
   * The request with the shares that unchanged files keep. Another budget or a question is another cut of every file:
   * then none keeps its share.
   */
  withPreviousTokens(request: CompressRequest): CompressRequest {
    const { last } = this;
    if (!last || request.sources.length < 2 || request.budget.kind === 'auto' || shapeOf(request) !== last.shape)
      return request;
    const previous = new Map(orderForCache(request.sources, last).map((a) => [a.index, a.previousTokens]));
    return {
      ...request,
      sources: request.sources.map((s, i) => {
        const previousTokens = last.constraints.get(s.path) === constraintsKey(s) ? previous.get(i) : undefined;
        return previousTokens === undefined ? s : { ...s, previousTokens };
      }),
    };
  }
}

const constraintsKey = ({ pins = [], drops = [] }: RequestedSource): string => JSON.stringify([pins, drops]);

const shapeOf = ({
  budget,
  scorer,
  counter,
  query,
  markers,
  frame,
  protectedPatterns,
  droppedPatterns,
  inlineMarkers,
}: CompressRequest): string =>
  JSON.stringify([budget, scorer, counter, query, markers, frame, protectedPatterns, droppedPatterns, inlineMarkers]);
