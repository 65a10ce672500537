// Writes inline code in Markdown.
import { fenceFor } from '../../src/format/fence';

/** Inline code, also for text with backticks. Line breaks become spaces. */
export function inCode(text: string): string {
  const line = text.replace(/[\r\n]/g, ' ');
  const fence = fenceFor(line, 1);
  return line.includes('`') ? `${fence} ${line} ${fence}` : `\`${line}\``;
}
