// Turns the mask of some caches into stretches of text.
import type { InspectReport } from '../core/context';
import type { Span } from '../core/span';
import { cachesOf, keptBy, type Scope } from './scope';

export type MaskKind = 'kept' | 'partly' | 'dropped';

/** A span of the inspected text. */
export interface MaskStretch extends Span {
  readonly kind: MaskKind;
}

/**
 * Joins neighbouring tokens with the same mask; the stretches tile the text. `partly`: some caches of the scope kept
 * it.
 */
export function maskStretches(report: InspectReport, scope: Scope): MaskStretch[] {
  const all = cachesOf(report, scope).length;
  const out: { start: number; end: number; kind: MaskKind }[] = [];
  keptBy(report, scope).forEach((kept, t) => {
    const kind: MaskKind = kept === all ? 'kept' : kept ? 'partly' : 'dropped';
    const end = report.bounds[t + 1]!;
    const last = out.at(-1);
    if (last?.kind === kind) last.end = end;
    else out.push({ start: report.bounds[t]!, end, kind });
  });
  return out.filter((s) => s.end > s.start);
}
