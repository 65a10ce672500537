// Says which tokens of a file the memory keeps: by class, layer and head.
import { TOKEN_CLASSES, type InspectReport } from '../../core/context';
import { keptPerCache } from '../../core/report';

/** Shares 0…1 of the model's tokens. */
export function retentionOf(report: InspectReport) {
  const n = report.retention.length;
  const sum = (shares: Float32Array): number => shares.reduce((a, b) => a + b, 0);
  const share = (kept: number, of: number): number => Math.round((kept / Math.max(1, of)) * 1e3) / 1e3;
  const layers = keptPerCache(report).map((heads, layer) => ({ layer, heads: heads.map((kept) => share(kept, n)) }));
  const classes = TOKEN_CLASSES.map((name, c) => {
    const ofClass = report.retention.filter((_, t) => report.classes[t] === c);
    return { class: name, tokens: ofClass.length, kept: share(sum(ofClass), ofClass.length) };
  }).filter((c) => c.tokens > 0);
  return {
    path: report.path,
    tokens: n,
    keptByMemory: share(sum(report.retention), n),
    layers,
    classes,
    memoryUpdates: report.updates,
    meanCacheLength: Math.round(report.meanCacheLength),
  };
}
