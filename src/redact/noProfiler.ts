// Replaces the secret detector's profiler in the bundles: the original keeps every mark in memory for ever.

export const secretLintProfiler = { mark: (): void => undefined };
