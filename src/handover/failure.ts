// Knows every way a hand-over can fail; the words for the user belong to the edges.

/** Closed list of failures. Cancellation is not among them: that is CancelledError. */
export type HandoverReason =
  | 'noModel' // no chat model is there to be asked
  | 'noPermission' // the user or the organisation said no
  | 'refused' // the provider will not answer this request
  | 'overWindow' // more tokens than the receiver takes
  | 'quota' // nothing left, or too many requests
  | 'unauthorized' // no key, or one that the server does not accept
  | 'unknownModel' // the receiver does not know the model
  | 'notConfigured' // no address or no model is set
  | 'badAddress' // no http(s) address, or no chat API behind it
  | 'redirected' // the server wants the request elsewhere
  | 'unreachable' // nobody listens, or the name is unknown
  | 'serverFailed' // the server's own fault
  | 'malformedAnswer' // not what the API promises, or cut off
  | 'outsideWorkspace' // a path that leads out of the workspace
  | 'assistantMissing' // not installed, or without the door that we know
  | 'tooManyCalls'; // the model asked for tools without end

/** Failure with a machine-readable reason; `detail` is for logs and for the sentence at the edge, and never holds a key. */
export class HandoverError extends Error {
  override readonly name = 'HandoverError';
  constructor(
    readonly reason: HandoverReason,
    readonly detail: string = '',
    options?: { cause?: unknown },
  ) {
    super(detail ? `${reason}: ${detail}` : reason, options);
  }

  static is(error: unknown, reason?: HandoverReason): error is HandoverError {
    return error instanceof HandoverError && (reason === undefined || error.reason === reason);
  }
}
