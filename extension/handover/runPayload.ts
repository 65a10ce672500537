// The text of a run that is handed over: guarded against credentials, and formatted by the user's settings.
import type { FormatOptions } from '../../src/core/context';
import type { FoundSecret } from '../../src/redact/guard';
import { silentWarning } from '../../src/format/format';
import { payloadOf as guardedPayload } from '../../src/session/payload';
import type { Run } from '../session/run';
import { readHandoverSettings } from '../platform/settings';

export interface Payload {
  readonly text: string;
  /** Whether it consists of blocks with heads; false for the bare text of one file. */
  readonly framed: boolean;
  /** Credentials that were redacted. */
  readonly secrets: readonly FoundSecret[];
}

/**
 * A single file becomes a block if its language has no comments: only the head can tell the recipient what is missing.
 * @throws CompressionError secretsFound, if credentials are set to block
 */
export async function payloadOf(run: Run, options: FormatOptions = {}): Promise<Payload> {
  const { secrets: rule, secretsEntropy, format: style } = readHandoverSettings();
  const originals = run.sources.map(({ document, start, end }) => ({ text: document, start, end }));
  const { files } = run.context;
  const alone = options.alone ?? (files.some((f) => silentWarning(f)) ? 'block' : 'text');
  const { text, secrets } = await guardedPayload(
    { context: run.context, originals },
    { secrets: rule, secretsEntropy, format: { style, ...options, alone } },
    () => import('../platform/lazyBundle'),
  );
  return { text, framed: files.length > 1 || alone === 'block', secrets };
}
