// Knows the text that is handed over, whoever takes it.
import { markersIn } from './markers';

export interface FormatFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

const NOTE =
  'Some lines are left out. A comment like "…120 #k3fa" stands for code from line 120 on; "…140" further down for more of the same file. ' +
  'Ask for "k3fa:120" or "k3fa:140" to get it back. Comments may be left out without a sign.';

/**
 * One file alone is its text, byte for byte. Several become blocks with path and language, under a note on how to read
 * them when something was left out.
 */
export function formatContext(files: readonly FormatFile[]): string {
  if (files.length === 1) return files[0]!.text;
  const cut = files.some((f) => markersIn(f.text).length > 0);
  const blocks = files.map(({ path, languageId, text }) => {
    // A fence longer than any run of backticks inside cannot be closed from inside.
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
    const fence = '`'.repeat(longest + 1);
    return `${path}\n${fence}${languageId}\n${text}${/[\r\n]$/.test(text) || !text ? '' : '\n'}${fence}\n`;
  });
  return [...(cut ? [`${NOTE}\n`] : []), ...blocks].join('\n');
}
