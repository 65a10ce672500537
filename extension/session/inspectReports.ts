// Keeps the token-level report of each compressed text: one per scorer, question and cursor, made when it is first asked for.
import type { CompressionService, InspectReport, ScorerId } from '../../src/core/context';
import { getOrMake } from '../../src/core/getOrMake';
import type { Result } from './results';
import { textOf, type Source } from './run';

interface StoredReport {
  readonly report: Promise<InspectReport>;
  readonly signal: AbortSignal;
  isComplete: boolean;
}

export class InspectReports {
  /** By source: a new budget makes a new result of the same source, whose report stays valid. */
  private readonly bySource = new WeakMap<Source, Map<string, StoredReport>>();

  constructor(private readonly service: CompressionService) {}

  /**
   * @param scorer undefined = the scorer of the run
   * @throws CompressionError, CancelledError
   */
  report(
    { source, run, discarded }: Pick<Result, 'source' | 'run' | 'discarded'>,
    scorer: ScorerId = run.context.scorer,
  ): Promise<InspectReport> {
    const reports = getOrMake(this.bySource, source, () => new Map<string, StoredReport>());
    const { sources, query, budget } = run.request;
    const focus = sources[run.sources.indexOf(source)]?.focus;
    const among = sources.length > 1 && budget.kind !== 'auto';
    const key = `${scorer} ${focus ?? ''} ${query ?? ''} ${among}`;
    const known = reports.get(key);
    if (known && (known.isComplete || !known.signal.aborted)) return known.report; // else its first request was cancelled
    const report = this.service.inspect(
      {
        source: textOf(source),
        scorer,
        ...(query ? { query } : {}),
        ...(focus === undefined ? {} : { focus }),
        ...(among ? { among } : {}),
      },
      discarded.signal,
    );
    const stored: StoredReport = { report, signal: discarded.signal, isComplete: false };
    reports.set(key, stored);
    report.then(
      () => (stored.isComplete = true),
      () => reports.get(key) === stored && reports.delete(key), // the next call tries again
    );
    return report;
  }
}
