// Types of sbom.mjs, which runs at build time without a compiler.

export interface Component {
  readonly type: string;
  readonly name: string;
  readonly licenses?: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly components?: readonly Component[];
}

/** The npm packages that ship beside the bundles. */
export const NATIVE: readonly string[];
export function isPermissive(licence: unknown): boolean;
export function packageFolders(inputs: readonly string[]): string[];
export function sbom(inputs: readonly string[]): { readonly components: readonly Component[] };
export function strangeLicences(bom: { readonly components: readonly Component[] }): string[];
