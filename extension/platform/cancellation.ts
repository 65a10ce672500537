// Turns the editor's cancellation tokens into an AbortSignal for the duration of some work.
import type { CancellationToken } from 'vscode';

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
