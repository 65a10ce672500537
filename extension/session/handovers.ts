// Knows what was handed over last, so that what has not changed since goes again in the same place and as the same bytes.
import type { CompressRequest, SourceText } from '../../src/core/context';
import { lastHandoverOf, orderForCache, type LastHandover } from '../../src/handover/cacheOrder';
import type { Run, Scope, Source } from './run';

/** A receiver's cache of what it has read lasts minutes: nothing is kept beyond the window. */
export class Handovers {
  private last: (LastHandover & { readonly shape: string; readonly wishes: ReadonlyMap<string, string> }) | undefined;

  /** Of one text alone there is nothing to arrange. */
  note({ request, context, sources }: Run): void {
    if (sources.length > 1)
      this.last = {
        ...lastHandoverOf(context, request.sources),
        shape: shapeOf(request),
        wishes: new Map(request.sources.map((s, i) => [s.path, wishesFor(request, i)])),
      };
  }

  forget(): void {
    this.last = undefined;
  }

  /** In the order to send them. The files of the view and the cells of a notebook stand as the user has them. @param pinned by path */
  inOrder(scope: Scope, sources: readonly Source[], pinned: (path: string) => boolean): readonly Source[] {
    if ((scope.kind !== 'editors' && scope.kind !== 'files') || sources.length < 2) return sources;
    return orderForCache(sources.map(textOf), this.last, { pinned: (s) => pinned(s.path) }).order.map(
      (i) => sources[i]!,
    );
  }

  /** Shares that unchanged files keep, where the same is asked of them as last time: another budget or a question is another cut of every file. */
  previousTokensFor(request: CompressRequest): Pick<CompressRequest, 'previousTokens'> {
    const { last } = this;
    if (!last || request.sources.length < 2 || request.budget.kind === 'auto' || shapeOf(request) !== last.shape)
      return {};
    const { order, previousTokens } = orderForCache(request.sources, last);
    const given: (number | undefined)[] = [];
    order.forEach(
      (i, at) =>
        (given[i] =
          last.wishes.get(request.sources[i]!.path) === wishesFor(request, i) ? previousTokens[at] : undefined),
    );
    return given.some((h) => h !== undefined) ? { previousTokens: given } : {};
  }
}

const textOf = ({ path, languageId, document, start, end }: Source): SourceText => ({
  path,
  languageId,
  text: document.slice(start, end),
});

const wishesFor = ({ pins, drops }: CompressRequest, i: number): string =>
  JSON.stringify([pins?.[i] ?? [], drops?.[i] ?? []]);

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
