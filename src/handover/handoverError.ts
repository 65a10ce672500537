// Lists every reason for which a hand-over can fail. The extension words them for the user.

/** Closed list of failures. Cancellation is not among them: that is CancelledError. */
export type HandoverReason =
  | 'noModel' // no chat model is available
  | 'noPermission' // the user or the organisation refused
  | 'refused' // the provider will not answer this request
  | 'overWindow' // more tokens than the recipient's context window holds
  | 'quota' // nothing left, or too many requests
  | 'unauthorized' // no key, or one that the server does not accept
  | 'unknownModel' // the server does not know the model
  | 'notConfigured' // no address or no model is set
  | 'badAddress' // no http(s) address, or no chat API behind it
  | 'redirected' // the server redirects to another address
  | 'unreachable' // no server listens there, or the host is unknown
  | 'serverFailed' // an error of the server itself
  | 'malformedAnswer' // violates the API, or ends too early
  | 'outsideWorkspace' // a path that leads out of the workspace
  | 'assistantMissing' // not installed, or without the API that we use
  | 'tooManyCalls'; // the model called tools again and again

/** Failure with a machine-readable reason; `detail` is for logs and messages and never holds a key. */
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
