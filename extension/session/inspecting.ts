// Knows how a text that was compressed gets its token-level report: once per scorer, question, cursor and company, when first asked for.
import type { CompressionService, InspectReport, ScorerId } from '../../src/core/context';
import type { Result, Source } from './documents';

interface Asked {
  readonly report: Promise<InspectReport>;
  readonly signal: AbortSignal;
  answered: boolean;
}

export class Inspecting {
  /** A moved budget makes a new result of the same source: its report stays. */
  private readonly known = new WeakMap<Source, Map<string, Asked>>();

  constructor(private readonly service: CompressionService) {}

  /** @throws CompressionError, CancelledError */
  report(
    { source, run, gone }: Pick<Result, 'source' | 'run' | 'gone'>,
    scorer: ScorerId = run.context.scorer,
  ): Promise<InspectReport> {
    let reports = this.known.get(source);
    if (!reports) this.known.set(source, (reports = new Map()));
    const focus = run.request.focus?.[run.sources.indexOf(source)];
    const among = run.sources.length > 1 && run.request.budget.kind !== 'auto';
    const key = `${scorer} ${focus ?? ''} ${run.query ?? ''} ${among}`;
    const known = reports.get(key);
    if (known && (known.answered || !known.signal.aborted)) return known.report; // else whoever asked first wants it no more
    const { path, languageId, document, start, end } = source;
    const text = document.slice(start, end);
    const report = this.service.inspect(
      {
        source: { path, languageId, text },
        scorer,
        ...(run.query ? { query: run.query } : {}),
        ...(focus === undefined ? {} : { focus }),
        ...(among ? { among } : {}),
      },
      gone.signal,
    );
    const asked: Asked = { report, signal: gone.signal, answered: false };
    const all = reports;
    all.set(key, asked);
    report.then(
      () => (asked.answered = true),
      () => all.get(key) === asked && all.delete(key), // the next question asks again
    );
    return report;
  }
}
