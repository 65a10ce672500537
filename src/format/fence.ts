// Backticks that enclose code in Markdown.

/**
 * A run of backticks that is longer than any run in `text`, so that nothing in the text closes it.
 * @param least 3 for a block, 1 for inline code
 */
export function fenceFor(text: string, least: number): string {
  let length = least;
  for (const [run] of text.matchAll(/`+/g)) length = Math.max(length, run.length + 1);
  return '`'.repeat(length);
}
