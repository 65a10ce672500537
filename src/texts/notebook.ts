// Reads a Jupyter notebook: the text and the language of each cell.
import { languageOfCell } from '../languages/cellMagics';
import { codeLanguage } from '../languages/languages';

export interface Cell {
  /** 1-based, among all cells of the notebook. */
  readonly number: number;
  readonly languageId: string;
  /** As its author wrote it. */
  readonly text: string;
}

export interface Notebook {
  /** Those that are not blank, in order. */
  readonly cells: readonly Cell[];
  /** Whether a cell has the results of a run. */
  readonly hasOutputs: boolean;
}

/** The path of a cell, as a recipient sees it. @param number 1-based */
export const cellPath = (notebook: string, number: number): string => `${notebook}#cell-${number}`;

/** The path of the notebook of a cell; any other path as it is. */
export const notebookOf = (path: string): string => path.replace(/#cell-\d+$/, '');

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** The cells of a notebook; undefined for a text that is none, or has no cell with a text. */
export function readNotebook(text: string): Notebook | undefined {
  let whole: Json;
  try {
    whole = object(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
  const worksheet = Array.isArray(whole.worksheets) ? object(whole.worksheets[0]) : whole; // before format 4
  if (!Array.isArray(worksheet.cells) || typeof whole.nbformat !== 'number') return undefined;
  const metadata = object(whole.metadata);
  const kernel =
    languageNamed(object(metadata.language_info).name) ??
    languageNamed(object(metadata.kernelspec).language) ??
    'python';
  const all = worksheet.cells.map(object);
  const cells = all.flatMap((cell, i): Cell[] => {
    const source = textOf(cell.source ?? cell.input);
    return source.trim() ? [{ number: i + 1, languageId: languageOf(cell, source, kernel), text: source }] : [];
  });
  return cells.length
    ? { cells, hasOutputs: all.some((c) => Array.isArray(c.outputs) && c.outputs.length > 0) }
    : undefined;
}

function languageOf(cell: Json, text: string, kernel: string): string {
  if (cell.cell_type !== 'code') return cell.cell_type === 'markdown' ? 'markdown' : 'plaintext';
  // What an editor says of a cell in another language than the notebook's.
  const told = languageNamed(object(object(cell.metadata).vscode).languageId) ?? kernel;
  return languageOfCell(text, told);
}

const languageNamed = (name: unknown): string | undefined =>
  typeof name === 'string' ? codeLanguage(name) : undefined;

/** A text, or its lines with their line breaks. */
function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === 'string').join('') : '';
}
