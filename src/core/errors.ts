// Knows every way a compression can fail; the words for the user belong to the edges (CLI, extension).

/** Closed list of failures. Cancellation is not among them: it is signalled by `AbortSignal`. */
export type FailureReason =
  | 'emptyInput' // nothing to compress
  | 'binaryFile' // the bytes are not text
  | 'fileTooLarge' // over the stated cap
  | 'unreadable' // the file cannot be read
  | 'notFound' // no such path
  | 'tooManyFiles' // a folder holds more than the stated cap
  | 'modelMissing' // a model file is absent
  | 'modelCorrupt' // a checksum or a shape disagrees with the manifest
  | 'grammarCorrupt' // a grammar is absent or not the one this version was made with
  | 'modelUnsupported' // manifest format or reading record this engine does not know
  | 'runtimeMissing' // no native runtime for this platform
  | 'engineStopped' // the engine process ended while it worked
  | 'engineUnresponsive' // the engine process did not start in time
  | 'noThreshold' // --auto with a scorer that has no calibrated threshold
  | 'badRequest' // an argument outside its range
  | 'linesOutside' // line numbers that the text does not have
  | 'unknownElision' // an id that was never issued, or has been forgotten
  | 'ambiguousElision' // a path and a line that stand for parts of several files
  | 'elisionStale' // the file behind an id has changed
  | 'secretsFound' // credentials in what was to be handed over, and the rule is to block
  | 'internal'; // a defect of ours

/** Failure with a machine-readable reason; `detail` is for logs and for the sentence at the edge. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
  constructor(
    readonly reason: FailureReason,
    readonly detail: string = '',
    options?: { cause?: unknown },
  ) {
    super(detail ? `${reason}: ${detail}` : reason, options);
  }

  /** By name: a bundle that is loaded apart has a class of its own. */
  static is(error: unknown, ...reasons: readonly FailureReason[]): error is CompressionError {
    return (
      error instanceof Error &&
      error.name === 'CompressionError' &&
      (reasons.length === 0 || reasons.includes((error as CompressionError).reason))
    );
  }
}

/** The error that every stage throws when its signal was aborted. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('cancelled');
  }
}

export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw new CancelledError();
}
