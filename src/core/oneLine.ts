// Puts a text on one line.

/** Replaces each stretch of white space that has a line break by one blank. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, (blank) => (/[\r\n]/.test(blank) ? ' ' : blank));
}
