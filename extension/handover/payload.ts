// Knows the text that leaves: formatted, guarded against credentials, counted.
import type { FormatOptions } from '../../src/core/context';
import type { FoundSecret } from '../../src/redact/guard';
import { silentWarning } from '../../src/format/format';
import { payloadOf as guardedPayload } from '../../src/session/payload';
import type { Run } from '../session/run';
import { readHandoverSettings } from '../platform/settings';

export interface Payload {
  readonly text: string;
  /** Blocks with heads; false for the bare text of one file. */
  readonly framed: boolean;
  /** Redacted in it. */
  readonly secrets: readonly FoundSecret[];
}

/**
 * One file alone gets a block, too, when nothing else could tell its reader that something is missing.
 * @throws CompressionError secretsFound, where credentials are set to block
 */
export async function payloadOf(run: Run, options: FormatOptions = {}): Promise<Payload> {
  const { secrets: rule, format: style } = readHandoverSettings();
  const originals = run.sources.map(({ document, start, end }) => ({ text: document, start, end }));
  const { files } = run.context;
  const alone = options.alone ?? (files.some((f) => silentWarning(f)) ? 'block' : 'text');
  const { text, secrets } = await guardedPayload(
    { context: run.context, originals },
    { secrets: rule, format: { style, ...options, alone } },
    () => import('../platform/lazyBundle'),
  );
  return { text, framed: files.length > 1 || alone === 'block', secrets };
}
