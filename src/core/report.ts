// Reads an inspection report token by token, and writes it as JSON.
import { TOKEN_CLASSES, type InspectReport, type TokenClass } from './context';
import { firstIndexWhere } from './search';
import type { Span } from './span';

/** What a report says of one token. */
export interface TokenFacts extends Span {
  readonly index: number;
  readonly class: TokenClass;
  readonly meanScore: number;
  readonly retention: number;
  /** Share of the heads of each layer that kept it. */
  readonly keptPerLayer: readonly number[];
}

/** @returns [layers][heads] number of tokens that each cache kept */
export function keptPerCache({
  layers,
  heads,
  ids,
  keeps,
}: Pick<InspectReport, 'layers' | 'heads' | 'ids' | 'keeps'>): number[][] {
  return Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: heads }, (_, head) => {
      const at = (layer * heads + head) * ids.length;
      return keeps.subarray(at, at + ids.length).reduce((sum, kept) => sum + kept, 0);
    }),
  );
}

/**
 * Index of the token that covers an offset; undefined outside the text.
 * Example: with bounds [0, 3, 5] the offset 3 is in token 1, and 5 in none.
 * @param bounds [tokens + 1] UTF-16 offsets
 */
export function tokenIndexAt(bounds: Int32Array, offset: number): number | undefined {
  const index = firstIndexWhere(bounds, (bound) => bound > offset) - 1;
  return index < 0 || index === bounds.length - 1 ? undefined : index;
}

/** The token that covers an offset (UTF-16) of the inspected text; undefined outside it. */
export function tokenAt(report: InspectReport, offset: number): TokenFacts | undefined {
  const index = tokenIndexAt(report.bounds, offset);
  return index === undefined ? undefined : tokenFacts(report, index);
}

/** @param index of a token: 0 … tokens - 1 */
export function tokenFacts(report: InspectReport, index: number): TokenFacts {
  const { bounds, layers, heads, ids } = report;
  let sum = 0;
  const keptPerLayer = Array.from({ length: layers }, (_, layer) => {
    let kept = 0;
    for (let head = 0; head < heads; head++) {
      const at = (layer * heads + head) * ids.length + index;
      sum += report.scores[at]!;
      kept += report.keeps[at]!;
    }
    return kept / heads;
  });
  return {
    index,
    start: bounds[index]!,
    end: bounds[index + 1]!,
    class: TOKEN_CLASSES[report.classes[index]!]!,
    meanScore: sum / (layers * heads),
    retention: report.retention[index]!,
    keptPerLayer,
  };
}

/** The JSON of docs/cli.md "inspect": typed arrays as plain ones, values per cache nested [layers][heads][tokens]. */
export function reportJson(report: InspectReport): string {
  const n = report.retention.length;
  const nested = (data: ArrayLike<number>): number[][][] =>
    Array.from({ length: report.layers }, (_, l) =>
      Array.from({ length: report.heads }, (_, h) =>
        Array.from({ length: n }, (_, t) => short(data[(l * report.heads + h) * n + t]!)),
      ),
    );
  return `${JSON.stringify({ ...report, scores: nested(report.scores), keeps: nested(report.keeps), evictedAt: nested(report.evictedAt) }, plain)}\n`;
}

/** Replacer for JSON.stringify: writes typed arrays as plain ones. */
export function plain(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>, short) : value;
}

/** Rounds to six significant digits: a 32-bit float holds no more at a score's size. */
export function short(x: number): number {
  return Number.isInteger(x) ? x : Number(x.toPrecision(6));
}
