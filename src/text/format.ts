// Knows the text that is handed over, whoever takes it.
import { markersIn } from './markers';

export interface FormatFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

export const FORMAT_STYLES = ['markdown', 'xml'] as const;
export type FormatStyle = (typeof FORMAT_STYLES)[number];

export interface FormatOptions {
  /** Default markdown. */
  readonly style?: FormatStyle;
  /** One file alone: its bare text (default), or a block like any other. */
  readonly alone?: 'text' | 'block';
  /** False where the receiver is told elsewhere how to read it. */
  readonly note?: boolean;
}

const NOTE =
  'Some lines are left out. A comment like "…120 #k3fa" stands for code from line 120 on; "…140" further down for more of the same file. ' +
  'Ask for "k3fa:120" or "k3fa:140" to get it back. Comments may be left out without a sign.';

/**
 * One file alone is its text, byte for byte. Several become blocks with path and language, under a note on how to read
 * them when something was left out.
 */
export function formatContext(files: readonly FormatFile[], { style = 'markdown', alone = 'text', note = true }: FormatOptions = {}): string {
  if (files.length === 1 && alone === 'text') return files[0]!.text;
  const noted = note && files.some((f) => markersIn(f.text).length > 0);
  const block = style === 'xml' ? xmlBlock(files) : markdownBlock;
  return [...(noted ? [style === 'xml' ? `<note>${NOTE}</note>\n` : `${NOTE}\n`] : []), ...files.map(block)].join('\n');
}

function markdownBlock({ path, languageId, text }: FormatFile): string {
  // A fence longer than any run of backticks inside cannot be closed from inside.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${oneLine(path)}\n${fence}${languageId}\n${closed(text)}${fence}\n`;
}

/** The text stays as it is: a tag that stands in none of the texts cannot be closed from inside. */
function xmlBlock(files: readonly FormatFile[]): (file: FormatFile) => string {
  let tag = 'file';
  for (let n = 2; files.some((f) => f.text.includes(`</${tag}`)); n++) tag = `file-${n}`;
  return ({ path, languageId, text }) => `<${tag} path="${attribute(path)}" language="${attribute(languageId)}">\n${closed(text)}</${tag}>\n`;
}

function closed(text: string): string {
  return `${text}${/[\r\n]$/.test(text) || !text ? '' : '\n'}`;
}

/** A file may be called anything; its name is no place to break out of. */
function oneLine(path: string): string {
  return path.replace(/[\r\n]/g, ' ');
}

function attribute(value: string): string {
  return oneLine(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
