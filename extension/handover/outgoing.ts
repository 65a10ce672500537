// Knows the text that leaves: formatted, guarded against credentials, counted.
import type { FoundSecret } from '../../src/handover/guard';
import { formatContext, type FormatOptions } from '../../src/text/format';
import type { Run } from '../documents';
import { readHandoverSettings } from '../settings';

export interface Outgoing {
  readonly text: string;
  /** Redacted in it. */
  readonly secrets: readonly FoundSecret[];
}

/** @throws CompressionError secretsFound, where credentials are set to block */
export async function outgoing(run: Run, options: FormatOptions = {}): Promise<Outgoing> {
  const { guardFiles } = await import('./heavy');
  const { secrets, format } = readHandoverSettings();
  const originals = new Map(run.sources.map((s) => [s.path, s.document.slice(s.start, s.end)]));
  const { value, found } = await guardFiles(run.context.files, originals, secrets);
  return { text: formatContext(value, { style: format, ...options }), secrets: found };
}
