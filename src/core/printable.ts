// Makes text fit for a line of a terminal, which obeys control characters: a file name could clear the screen or forge a line.

// Control characters (C0, DEL, C1), line and paragraph separators, and the marks that turn the direction of text.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** One line: line breaks are escaped as well. Example: a name with an escape character gives `a\x1b[2J.ts`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (unit) => {
    const code = unit.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Several lines, such as a stack trace. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n');
}

/** Replaces each stretch of white space that has a line break by one blank. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, (blank) => (/[\r\n]/.test(blank) ? ' ' : blank));
}
