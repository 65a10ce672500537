// Knows how to add up an inspect report: shares kept by layer, head, token class and run length.
import { TOKEN_CLASSES, type InspectReport, type TokenClass } from '../src/core/context';

export const RUN_BUCKETS = ['1', '2–3', '4–7', '8–15', '16–31', '32+'] as const;

export interface HeadRow {
  readonly layer: number;
  readonly head: number;
  readonly kept: number; // share 0…1
  readonly meanScore: number;
  /** Share kept per class; undefined where the text has no such token. */
  readonly byClass: readonly (number | undefined)[];
  /** Share of the dropped tokens that lie in runs of each length; undefined when nothing was dropped. */
  readonly byRun: readonly (number | undefined)[];
}

export interface ReportTables {
  readonly tokens: number;
  readonly classes: readonly { readonly name: TokenClass; readonly tokens: number; readonly kept: number }[];
  readonly rows: readonly HeadRow[];
}

export function reportTables(report: InspectReport): ReportTables {
  const tokens = report.ids.length;
  const present = TOKEN_CLASSES.map((name, id) => ({ name, id, tokens: 0, kept: 0 }));
  for (let i = 0; i < tokens; i++) {
    const c = present[report.classes[i]!]!;
    c.tokens++;
    c.kept += report.retention[i]!;
  }
  const classes = present.filter((c) => c.tokens > 0);
  const rows: HeadRow[] = [];
  for (let layer = 0; layer < report.layers; layer++)
    for (let head = 0; head < report.heads; head++) {
      const at = (layer * report.heads + head) * tokens;
      const keeps = report.keeps.subarray(at, at + tokens);
      const keptBy = new Float64Array(TOKEN_CLASSES.length);
      const runs = new Float64Array(RUN_BUCKETS.length);
      let [kept, sum, run] = [0, 0, 0];
      for (let i = 0; i <= tokens; i++) {
        if (i < tokens) sum += report.scores[at + i]!;
        if (i < tokens && !keeps[i]) {
          run++;
          continue;
        }
        if (run) runs[Math.min(RUN_BUCKETS.length - 1, Math.floor(Math.log2(run)))]! += run;
        run = 0;
        if (i < tokens) {
          kept++;
          keptBy[report.classes[i]!]!++;
        }
      }
      rows.push({
        layer,
        head,
        kept: kept / tokens,
        meanScore: sum / tokens,
        byClass: classes.map((c) => keptBy[c.id]! / c.tokens),
        byRun: [...runs].map((n) => (kept < tokens ? n / (tokens - kept) : undefined)),
      });
    }
  return { tokens, classes: classes.map((c) => ({ name: c.name, tokens: c.tokens, kept: c.kept / c.tokens })), rows };
}

export interface TokenFacts {
  readonly start: number;
  readonly end: number;
  readonly class: TokenClass;
  readonly meanScore: number;
  readonly retention: number;
  /** Share of the heads of each layer that kept it. */
  readonly keptPerLayer: readonly number[];
}

/** The token that covers an offset of the inspected text. */
export function tokenAt(report: InspectReport, offset: number): TokenFacts | undefined {
  const { bounds, layers, heads } = report;
  const tokens = report.ids.length;
  let [low, high] = [0, tokens];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (bounds[mid + 1]! <= offset) low = mid + 1;
    else high = mid;
  }
  if (low >= tokens || offset < bounds[low]!) return undefined;
  let sum = 0;
  const keptPerLayer = Array.from({ length: layers }, (_, layer) => {
    let kept = 0;
    for (let head = 0; head < heads; head++) {
      const at = (layer * heads + head) * tokens + low;
      sum += report.scores[at]!;
      kept += report.keeps[at]!;
    }
    return kept / heads;
  });
  return {
    start: bounds[low]!,
    end: bounds[low + 1]!,
    class: TOKEN_CLASSES[report.classes[low]!]!,
    meanScore: sum / (layers * heads),
    retention: report.retention[low]!,
    keptPerLayer,
  };
}
