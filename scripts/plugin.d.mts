// The types of plugin.mjs, for its test.
export function manifestsOf(own: {
  readonly name: string;
  readonly displayName: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly repository: { readonly url: string };
  readonly homepage: string;
}): Readonly<Record<string, unknown>>;

export function makePlugin(out: string, target: string | undefined): void;
