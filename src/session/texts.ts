// The texts that a file is made of: itself, or the cells of a notebook.
import { MAX_FILES } from '../core/limits';
import { wholeText, type Original } from '../elisions/elision';
import { languageOf } from '../languages/languages';
import { cellPath, readNotebook } from '../texts/notebook';

export interface GivenFile {
  /** As the recipient shall see it. */
  readonly path: string;
  /** Absolute; absent for a text that lies in no file. */
  readonly file?: string | undefined;
  readonly text: string;
}

/** A text to compress, and where it stands. */
export interface FileText {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
  readonly original: Original;
}

export interface FileTexts {
  readonly texts: readonly FileText[];
  /** Whether the file is a notebook with outputs, which are in none of the texts. */
  readonly hasOutputs: boolean;
}

/**
 * A notebook becomes its cells, each in its own language; blank ones and outputs are left out. Every other file is one text.
 * @param language an id that the caller named; then a notebook is one text, too
 */
export function textsOf({ path, file, text }: GivenFile, language?: string): FileTexts {
  const notebook = language === undefined && /\.ipynb$/i.test(path) ? readNotebook(text) : undefined;
  if (notebook && notebook.cells.length <= MAX_FILES)
    return {
      texts: notebook.cells.map(({ number, ...cell }) => ({
        ...cell,
        path: cellPath(path, number),
        // The disk holds another text.
        original: { ...wholeText(cell.text), ...(file === undefined ? {} : { home: file }) },
      })),
      hasOutputs: notebook.hasOutputs,
    };
  return {
    texts: [{ path, languageId: languageOf(path, text, language), text, original: wholeText(text, file) }],
    hasOutputs: false,
  };
}
