// Types of release.mjs, which runs without a compiler.

export interface ReleaseState {
  readonly current: string;
  readonly branch: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly changelog: string;
}

export function isAbove(a: string, b: string): boolean;
/** Whether a version is for the pre-release channel. */
export function isPreRelease(version: string): boolean;
export function releaseChangelog(changelog: string, version: string, date: string): string;
export function refusals(version: string | undefined, state: ReleaseState): string[];
