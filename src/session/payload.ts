// The text that is handed over: credentials guarded, formatted for the recipient.
import type { CompressedContext, CompressedFile, FormatOptions } from '../core/context';
import type { Original } from '../elisions/elision';
import { formatContext } from '../format/format';
import type { FoundSecret, guardFiles, guardPart } from '../redact/guard';
import type { SecretsRule } from '../redact/secretsRule';

/** The credential guard. It is large, so an edge may load it when it is first needed. */
export interface Guard {
  readonly guardFiles: typeof guardFiles;
  readonly guardPart: typeof guardPart;
}
export type LoadGuard = () => Promise<Guard>;

/** A compressed context with the texts that it was made of. */
export interface Compression {
  readonly context: CompressedContext;
  /** Of each file of the context, in its order. */
  readonly originals: readonly Original[];
}

export interface PayloadOptions {
  readonly secrets: SecretsRule;
  /** Values that only look random are credentials, too. Default false. */
  readonly secretsEntropy?: boolean | undefined;
  /** What stands around the texts. */
  readonly format?: FormatOptions | undefined;
}

export interface Payload {
  readonly text: string;
  /** The files in it, credentials redacted. */
  readonly files: readonly CompressedFile[];
  /** What was redacted. */
  readonly secrets: readonly FoundSecret[];
}

/** @throws CompressionError secretsFound under the rule `block` */
export async function payloadOf(
  { context, originals }: Compression,
  { secrets, secretsEntropy, format }: PayloadOptions,
  loadGuard: LoadGuard,
): Promise<Payload> {
  const { guardFiles } = await loadGuard();
  const { value: files, found } = await guardFiles(context.files, originals, secrets, {
    entropy: secretsEntropy,
  });
  return { text: formatContext(files, format), files, secrets: found };
}
