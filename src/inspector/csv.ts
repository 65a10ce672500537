// Writes a report as CSV (RFC 4180): one row per token.
import { TOKEN_CLASSES, type InspectReport } from '../core/context';
import { layersThatKept } from './summary';

/**
 * Columns: index, start, end, line, text, class, retention, layers that kept it; then score, keep and evictedAt of every
 * cache.
 * @param text the inspected text
 */
export function reportCsv(report: InspectReport, text: string): string {
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
    ...['score', 'keep', 'evictedAt'].flatMap((k) => caches.map((c) => `${k} ${c}`)),
  ];
  const kept = layersThatKept(report);
  const lines = [head.join(',')];
  let line = 1;
  let at = 0;
  for (let t = 0; t < tokens; t++) {
    const [start, end] = [bounds[t]!, bounds[t + 1]!];
    for (; at < start; at++) if (isBreak(text, at)) line++;
    const perCache = (data: ArrayLike<number>): string[] => caches.map((_, c) => short(data[c * tokens + t]!));
    lines.push(
      [
        t,
        start,
        end,
        line,
        quoted(text.slice(start, end)),
        TOKEN_CLASSES[report.classes[t]!]!,
        short(report.retention[t]!),
        kept[t]!,
        ...perCache(report.scores),
        ...perCache(report.keeps),
        ...perCache(report.evictedAt),
      ].join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n');
}

function short(x: number): string {
  return Number.isInteger(x) ? String(x) : String(Number(x.toPrecision(6)));
}

/** In quotes; a leading ' keeps spreadsheets from reading the text as a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
