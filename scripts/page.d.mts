// Types of page.mjs, which runs at build time without a compiler.
export function targetsOf(markdown: string): {
  readonly links: readonly string[];
  readonly pictures: readonly string[];
  readonly html: boolean;
};
export function pageOf(file: string, repository: string, linked?: boolean): string;
export function pageFaults(page: string, repository: string): string[];
