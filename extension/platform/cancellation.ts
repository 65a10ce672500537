// Turns the editor's cancellation tokens into an AbortSignal for the duration of some work, and the other way round.
import { CancellationTokenSource, type CancellationToken } from 'vscode';

/** Runs `work` with a signal that is aborted as soon as any of the tokens or signals is. */
export async function withSignal<T>(
  sources: readonly (CancellationToken | AbortSignal)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const release = sources.map((source) => {
    if (source instanceof AbortSignal) {
      if (source.aborted) abort();
      source.addEventListener('abort', abort, { once: true });
      return () => source.removeEventListener('abort', abort);
    }
    if (source.isCancellationRequested) abort();
    const listener = source.onCancellationRequested(abort);
    return () => listener.dispose();
  });
  try {
    return await work(controller.signal);
  } finally {
    for (const r of release) r();
  }
}

/** Runs `work` with a token that is cancelled when the signal is aborted. */
export async function withToken<T>(signal: AbortSignal, work: (token: CancellationToken) => Promise<T>): Promise<T> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}
