// Knows the text that leaves: formatted, guarded against credentials, counted.
import type { FormatOptions } from '../../src/core/context';
import type { FoundSecret } from '../../src/redact/guard';
import { formatContext, silentWarning } from '../../src/format/format';
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
  const { guardFiles } = await import('../platform/lazyBundle');
  const { secrets, format } = readHandoverSettings();
  const originals = run.sources.map(({ document, start, end }) => ({ text: document, start, end }));
  const { value, found } = await guardFiles(run.context.files, originals, secrets);
  const alone = options.alone ?? (value.some((f) => silentWarning(f)) ? 'block' : 'text');
  return {
    text: formatContext(value, { style: format, ...options, alone }),
    framed: value.length > 1 || alone === 'block',
    secrets: found,
  };
}
