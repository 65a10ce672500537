// The closed list of failures. The words for them belong to the edges: command line, MCP server, extension.

/** Cancellation is no failure: it has an error of its own. */
export type FailureReason =
  | 'emptyInput' // nothing to compress
  | 'binaryFile' // the bytes are not text
  | 'fileTooLarge' // above the limit of a single text
  | 'unreadable' // the file cannot be read
  | 'notFound' // no such path
  | 'tooManyFiles' // more files or characters than one request may hold
  | 'modelMissing' // a model file is absent
  | 'modelCorrupt' // a checksum or a shape disagrees with the manifest
  | 'grammarCorrupt' // a grammar is absent or not the one this version was made with
  | 'modelUnsupported' // manifest format or reading record this engine does not know
  | 'runtimeMissing' // no native runtime for this platform
  | 'engineStopped' // the engine process ended while it worked
  | 'engineUnresponsive' // the engine process did not start in time
  | 'textFailed' // work on a text failed, whatever was tried, and no other is left; `detail` is its path
  | 'noThreshold' // --auto with a scorer that has no calibrated threshold
  | 'badRequest' // an argument outside its range
  | 'linesOutside' // line numbers that the text does not have
  | 'unknownElision' // an id that was never issued, or has been forgotten
  | 'ambiguousElision' // an id, or a path and a line, that stands in several files
  | 'elisionStale' // the file behind an id has changed
  | 'elisionDamaged' // a stored text is not the one that was stored
  | 'secretsFound' // credentials in what was to be handed over, and the rule is to block
  | 'internal'; // a defect of NAMM Context

/** A failure with a machine-readable reason. `detail` goes into the log and into the sentence at the edge. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
  constructor(
    readonly reason: FailureReason,
    readonly detail: string = '',
    options?: { cause?: unknown },
  ) {
    super(detail ? `${reason}: ${detail}` : reason, options);
  }

  /** Compares by name, because each bundle has a class of its own. */
  static is(error: unknown, ...reasons: readonly FailureReason[]): error is CompressionError {
    return (
      error instanceof Error &&
      error.name === 'CompressionError' &&
      (reasons.length === 0 || reasons.includes((error as CompressionError).reason))
    );
  }
}

/** Every stage throws it when its signal was aborted. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('cancelled');
  }
}

export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw new CancelledError();
}
