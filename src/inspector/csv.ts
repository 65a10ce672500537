// Writes a report as CSV (RFC 4180): one row per token.
import { TOKEN_CLASSES, type InspectReport } from '../core/context';
import { Lines } from '../core/lines';
import { short } from '../core/report';
import type { Outcome } from './outcome';
import { layersThatKept } from './summary';

/**
 * Columns: index, start, end, line, text, class, retention, layers that kept it; 1 where a scorer leaves it under the budget;
 * then score, keep and evictedAt of every cache.
 * @param text the inspected text
 * @param outcomes by the name of their scorer
 */
export function reportCsv(
  report: InspectReport,
  text: string,
  outcomes: Readonly<Record<string, Outcome>> = {},
): string {
  const { bounds, ids, layers, heads } = report;
  const tokens = ids.length;
  const caches = Array.from({ length: layers * heads }, (_, c) => `L${Math.floor(c / heads)}H${c % heads}`);
  const head = [
    'index',
    'start',
    'end',
    'line',
    'text',
    'class',
    'retention',
    'layers',
    ...Object.keys(outcomes).map((scorer) => `stays ${scorer}`),
    ...['score', 'keep', 'evictedAt'].flatMap((k) => caches.map((c) => `${k} ${c}`)),
  ];
  const kept = layersThatKept(report);
  const rows = [head.join(',')];
  const lines = new Lines(text);
  for (let t = 0; t < tokens; t++) {
    const [start, end] = [bounds[t]!, bounds[t + 1]!];
    const perCache = (data: ArrayLike<number>): number[] => caches.map((_, c) => short(data[c * tokens + t]!));
    rows.push(
      [
        t,
        start,
        end,
        lines.at(start) + 1,
        quoted(text.slice(start, end)),
        TOKEN_CLASSES[report.classes[t]!]!,
        short(report.retention[t]!),
        kept[t]!,
        ...Object.values(outcomes).map((stays) => stays[t]!),
        ...perCache(report.scores),
        ...perCache(report.keeps),
        ...perCache(report.evictedAt),
      ].join(','),
    );
  }
  return `${rows.join('\r\n')}\r\n`;
}

/** In quotes; a leading ' keeps spreadsheets from reading the text as a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
