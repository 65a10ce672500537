// Writes Markdown tables, and puts generated text between the markers of a page.
import { readFileSync, writeFileSync } from 'node:fs';

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** @returns one line for the head, one for the rule, one for each row */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${'---|'.repeat(head.length)}`,
  ...rows.map((r) => `| ${r.join(' | ')} |`),
];

/**
 * @returns `page` with the text between `<!-- name:begin -->` and `<!-- name:end -->` replaced
 * @throws Error if the page lacks these markers
 */
export function withPart(page: string, name: string, text: string): string {
  const parts = new RegExp(`^([^]*<!-- ${name}:begin -->\\n)[^]*(<!-- ${name}:end -->[^]*)$`).exec(page);
  if (!parts) throw new Error(`no <!-- ${name}:begin --> … <!-- ${name}:end --> in the page`);
  return `${parts[1]}${text}\n${parts[2]}`;
}

/** `withPart` on a file. */
export function writePart(file: string, name: string, text: string): void {
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), name, text));
}
