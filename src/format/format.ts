// Formats files as the text that is handed over, for every recipient.
import type { FormatOptions, GrammarFault } from '../core/context';
import { hasNote, markersIn, notesIn } from '../elisions/markers';
import { oneLine } from '../core/printable';
import { patchParts, type PatchPart } from '../texts/patch';
import { withSign } from './bareJson';
import { fenceFor } from './fence';

export interface FormatFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
  /** Its elisions; absent if the text was not compressed. */
  readonly elisions?: readonly {
    readonly id: string;
    readonly marker: string;
    readonly line?: number;
    readonly silent?: true;
    readonly partial?: true;
  }[];
  readonly grammarFault?: GrammarFault;
}

/** How a recipient finds the id of a marker. Every surface uses these words. */
export const HOW_TO_READ =
  'A comment like "120…" stands for code left out from line 120 on. Its id is "k3fa:120" if the last such comment of the file ends in "#k3fa".';
export const UNMARKED = 'Comments may be left out without a sign.';

const SILENT_LISTED = 20;
const NOTE = `${HOW_TO_READ} Ask for the id to get the code back. ${UNMARKED}`;

/**
 * A single file is its text, byte for byte; in a language without comments it has a sign of what was left out. Several files become blocks with path and language, under a note on how to
 * read the markers if there are any. The head of a block names source text that only looks like a marker, and elisions
 * that no marker shows. A file that was left out does not count.
 * @example
 * formatContext([{ path: 'a.ts', languageId: 'typescript', text: 'let a;\n' }], { alone: 'block' });
 * // a.ts\n```typescript\nlet a;\n```\n
 */
export function formatContext(
  given: readonly FormatFile[],
  { style = 'markdown', alone = 'text', note = true }: FormatOptions = {},
): string {
  const files = given.filter((f) => f.grammarFault !== 'leftOut');
  if (files.length === 1 && alone === 'text') return bareText(files[0]!);
  const marked = files.some((f) => (f.elisions ? markersOf(f) : markersIn(f.text)).length > 0);
  // Without markers no text can be mistaken for one.
  const warning = (f: FormatFile): string =>
    [marked && f.elisions ? lookalikeWarning(f) : '', silentWarning(f), patchWarning(f)].filter(Boolean).join('; ');
  const block = style === 'xml' ? xmlBlock(files, warning) : (f: FormatFile) => markdownBlock(f, warning(f));
  return [
    ...(note && marked ? [style === 'xml' ? `<note>${NOTE}</note>\n` : `${NOTE}\n`] : []),
    ...files.map(block),
  ].join('\n');
}

function bareText({ text, elisions = [] }: FormatFile): string {
  const silent = elisions.filter((e) => e.silent);
  return silent.length
    ? withSign(
        text,
        silent.map((e) => e.id),
      )
    : text;
}

/** JSON with markers has comments. */
function labelOf(file: FormatFile): string {
  return file.languageId === 'json' && markersOf(file).length > 0 ? 'jsonc' : file.languageId;
}

function markdownBlock(file: FormatFile, warning: string): string {
  const { path, text } = file;
  const languageId = labelOf(file);
  const fence = fenceFor(text, 3);
  return `${oneLine(path)}${warning && ` (${warning})`}\n${fence}${languageId}\n${closed(text)}${fence}\n`;
}

/** The text is not escaped: the tag is chosen so that no text contains its end. */
function xmlBlock(files: readonly FormatFile[], warningOf: (file: FormatFile) => string): (file: FormatFile) => string {
  const tag = freeTag(files.map((f) => f.text));
  return (file) => {
    const warning = warningOf(file);
    const { path, text } = file;
    return `<${tag} path="${attribute(path)}" language="${attribute(labelOf(file))}"${warning && ` warning="${attribute(warning)}"`}>\n${closed(text)}</${tag}>\n`;
  };
}

/** A tag whose end no text contains: "file", else "file-2", "file-3" and so on. */
function freeTag(texts: readonly string[]): string {
  const taken = new Set<string>();
  for (const text of texts)
    for (const [, number = ''] of text.matchAll(/<\/file(?:-(\d{0,9}))?/g))
      for (let digits = 0; digits <= number.length; digits++) taken.add(number.slice(0, digits)); // each begins alike
  if (!taken.size) return 'file';
  for (let n = 2; ; n++) if (!taken.has(`${n}`)) return `file-${n}`;
}

function closed(text: string): string {
  return `${text}${/[\r\n]$/.test(text) || !text ? '' : '\n'}`;
}

function attribute(value: string): string {
  return oneLine(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** Source text in a compressed file that only looks like a marker, as it is written. */
export function lookalikes(file: FormatFile): string[] {
  const real = markersOf(file);
  const out = new Set<string>();
  let next = 0; // markers are in the order of their elisions
  for (const { start, end, place, tag } of notesIn(file.text)) {
    const [ownTag, ownPlace] = real[next]?.id.split(':') ?? [];
    if (place === ownPlace && (tag === undefined || tag === ownTag)) next++;
    else out.add(file.text.slice(start, end));
  }
  return [...out];
}

/** Warns the recipient of source text that looks like a marker; empty if there is none. */
export function lookalikeWarning(file: FormatFile): string {
  const found = lookalikes(file);
  if (!found.length) return '';
  const [first] = markersOf(file);
  const own = first ? `; all real ids of this file begin with ${first.id.split(':')[0]!}` : '';
  return `its own text imitates markers, these stand for nothing: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}${own}`;
}

/** Tells the recipient which lines were left out without a marker, because the language has no comments; empty if none were. */
export function silentWarning({ path, elisions = [] }: FormatFile): string {
  const lines = [...new Set(elisions.filter((e) => e.silent).map((e) => e.line))];
  if (!lines.length) return '';
  const first = `"${oneLine(path)}:${lines[0]!}"`;
  if (lines.length === 1)
    return `without markers: left out from line ${lines[0]!} of the original; ask for ${first} to get it back`;
  return `without markers: left out from lines ${lines.slice(0, SILENT_LISTED).join(', ')}${lines.length > SILENT_LISTED ? ', …' : ''} of the original; ask for each by path and line, like ${first}`;
}

/** Tells the recipient that a patch lost lines inside its hunks, or how it applies without the hunks it lost; empty if it lost neither. */
export function patchWarning({ text, elisions = [] }: Pick<FormatFile, 'text' | 'elisions'>): string {
  if (elisions.some((e) => e.partial)) return 'lines inside hunks are left out: to be read, not to be applied';
  if (!elisions.some((e) => e.marker.startsWith('@@'))) return '';
  const options = hasContext(text) ? '--recount' : '--recount --unidiff-zero';
  return `hunks are left out: it applies with "git apply ${options}"`;
}

/** Whether a hunk of a patch has a line that did not change. */
function hasContext(patch: string): boolean {
  const inner = (parts: readonly PatchPart[]): readonly PatchPart[] => parts.flatMap((p) => p.parts);
  const outer = patchParts(patch);
  const files = [...outer, ...inner(outer)].filter((p) => p.kind === 'file');
  return inner(files).some(({ start, end }) => /\n[ \r\n]/.test(patch.slice(start, end)));
}

function markersOf({ elisions = [] }: FormatFile): { readonly id: string }[] {
  return elisions.filter((e) => hasNote(e.marker));
}
