// Knows how an editor's cancellation token becomes an AbortSignal, and lets go of it afterwards.
import type { CancellationToken } from 'vscode';

/** Runs `work` with a signal that fires with any of the tokens or signals. */
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
