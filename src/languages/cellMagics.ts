// Reads the magic at the head of a notebook cell (`%%html`), which says in which language the rest of the cell is.
import { ownValue } from '../core/ownValue';
import { languageOf } from './languages';

/** The language of a cell whose magic does not change it. */
const KERNEL = 'kernel';

const LANGUAGES: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  sh: 'shellscript',
  sx: 'shellscript',
  system: 'shellscript',
  '!': 'shellscript',
  cmd: 'bat',
  html: 'html',
  svg: 'xml',
  javascript: 'javascript',
  js: 'javascript',
  latex: 'latex',
  markdown: 'markdown',
  perl: 'perl',
  ruby: 'ruby',
  python: 'python',
  python2: 'python',
  python3: 'python',
  pypy: 'python',
  sql: 'sql',
  bigquery: 'sql',
  r: 'r',
  julia: 'julia',
  time: KERNEL,
  timeit: KERNEL,
  capture: KERNEL,
  prun: KERNEL,
  debug: KERNEL,
  memit: KERNEL,
};
/** Commands of `%%script` that switch a cell off. */
const OFF = new Set(['false', 'true', 'echo']);
const LINE_UNITS = 1000; // UTF-16 units of a magic that are read

interface CellMagic {
  /** UTF-16 offset behind its lines. */
  readonly end: number;
  /** Of the text below; undefined if nobody knows it. */
  readonly languageId: string | undefined;
}

/** The magic of a cell, behind blank lines; below one that leaves the language alone (`%%time`) another one may follow. */
function magicOf(text: string): CellMagic | undefined {
  let found: CellMagic | undefined;
  let at = text.search(/\S/);
  while (at >= 0 && at < text.length) {
    const magic = /^%%(!|[A-Za-z_]\w*)(?![\w?])([^\r\n]*)/.exec(text.slice(at, at + LINE_UNITS));
    if (!magic) break;
    const feed = text.indexOf('\n', at);
    at = feed < 0 ? text.length : feed + 1;
    found = { end: at, languageId: languageBelow(magic[1]!, magic[2]!.trim(), text.slice(at, at + LINE_UNITS)) };
    if (found.languageId !== KERNEL) break;
  }
  return found;
}

function languageBelow(name: string, words: string, below: string): string | undefined {
  if (name === 'writefile' || name === 'file') return known(languageOf(words.replace(/^-a\s+|["']/g, ''), below));
  if (name !== 'script') return ownValue(LANGUAGES, name.toLowerCase());
  const command = words.split(/\s+/).find((word) => !word.startsWith('-')) ?? '';
  return OFF.has(command) ? KERNEL : known(languageOf('', `#!/usr/bin/env ${command.replace(/^.*\//, '')}`));
}

const known = (languageId: string): string | undefined => (languageId === 'plaintext' ? undefined : languageId);

/**
 * The language of a code cell.
 * @param told by the notebook or the editor; a magic that is known counts more
 * @returns 'plaintext' below a magic that nobody knows, unless somebody told another language than that of IPython itself
 * @example
 * languageOfCell('%%html\n<p>a</p>\n', 'python'); // 'html'
 */
export function languageOfCell(text: string, told: string): string {
  const magic = magicOf(text);
  if (!magic || magic.languageId === KERNEL) return told;
  return magic.languageId ?? (told === 'python' ? 'plaintext' : told);
}

/** UTF-16 offset behind the lines of a magic: they are no text of the cell's language; 0 if there is none. */
export const magicEnd = (text: string): number => magicOf(text)?.end ?? 0;

/** Whether nobody knows what the text below the magic of a cell is, so that no marker is right in it. */
export function isForeignCell(text: string, languageId: string): boolean {
  const magic = magicOf(text);
  return languageId === 'plaintext' && magic !== undefined && magic.languageId === undefined;
}
