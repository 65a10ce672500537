// Knows how a result gets its token-level report: once, when first asked for, and only while it is shown.
import type { CompressionService, InspectReport } from '../src/core/context';
import type { Result } from './documents';

export class Inspecting {
  constructor(private readonly service: CompressionService) {}

  report(result: Result): Promise<InspectReport> {
    if (!result.report) {
      const { source, run } = result;
      const asked = this.service.inspect(
        {
          source: { path: source.path, languageId: source.languageId, text: source.document.slice(source.start, source.end) },
          scorer: run.context.scorer,
          ...(run.query ? { query: run.query } : {}),
        },
        result.gone.signal,
      );
      result.report = asked;
      asked.catch(() => delete result.report); // the next question asks again
    }
    return result.report;
  }
}
