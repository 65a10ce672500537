// Knows the text that is handed over, whoever takes it.

export interface FormatFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

const NOTE = 'Some lines are left out. A comment like "…12 #k3fa" stands for 12 of them; ask for the id to get them back.';

/**
 * One file alone is its text, byte for byte. Several become blocks with path and language, under a note on how to read
 * them when something was left out.
 */
export function formatContext(files: readonly FormatFile[]): string {
  if (files.length === 1) return files[0]!.text;
  const cut = files.some((f) => /…\d+ #[a-z2-7]{4}/.test(f.text));
  const blocks = files.map(({ path, languageId, text }) => {
    // A fence longer than any run of backticks inside cannot be closed from inside.
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
    const fence = '`'.repeat(longest + 1);
    return `${path}\n${fence}${languageId}\n${text}${/[\r\n]$/.test(text) || !text ? '' : '\n'}${fence}\n`;
  });
  return [...(cut ? [`${NOTE}\n`] : []), ...blocks].join('\n');
}
